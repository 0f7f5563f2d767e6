import type { Diagnosis, Finding } from '../../src/model/diagnosis.ts'
import { value } from '../../src/model/reading.ts'
import type { Report } from '../../src/model/report.ts'
import {
  attempt,
  CAP_IN_FORCE,
  compiler,
  DISK,
  diagnosis,
  finding,
  gib,
  LARGE,
  outcome,
  plan,
  remedy,
  report,
  samples,
  survey
} from './build-report.ts'

const KILLED_COURSE = [0.8, 1.3, 1.4, 1.6, 1.8, 2.0, 2.3, 2.8, 3.1, 3.6, 4.7, 5.1, 5.4, 5.6, 5.9, 6.1]
const SQUEEZED_COURSE = [0.7, 1.2, 1.3, 1.4, 1.4, 1.5, 1.6, 2.1, 2.6, 3.2, 3.9, 4.4, 5.2, 5.8, 6.3, 6.4]
export const PASSED_COURSE = [0.6, 1.2, 1.4, 1.5, 1.6, 2.1, 2.9, 3.6, 4.1, 2.4, 3.1, 3.9, 3.6, 1.2, 1.1, 0.9]

const CAP_FINDINGS: readonly Finding[] = [
  finding(
    'Build hit its own cap',
    "reached its cap of 6.6 GiB; `oom` 0 to 1, `oom_kill` 0 to 1; kernel log: this cgroup's limit, `task=compile`",
    'cause'
  ),
  finding('Machine out of memory', '0.4 of 7.8 GiB available at the lowest; no kill outside the cap', 'ruled out'),
  finding('Signal from outside', 'none received; `oom_kill` accounts for the kill', 'ruled out'),
  DISK
]

const OUT_AT_CAP: Diagnosis = diagnosis('oom.cgroup', 'Out of memory at a cgroup limit', {
  summary: `The kernel killed \`compile\` on \`${LARGE}\`, which held 6.4 GiB, when the build reached its cap of 6.6 GiB (exit 1, \`signal: killed\`).`,
  evidence: CAP_FINDINGS.slice(0, 1),
  ruledOut: CAP_FINDINGS.slice(1),
  remedies: [
    remedy(
      'use a machine with more memory: this one has 7.8 GiB. `-p` is already 1 and `GOMEMLIMIT=5900MiB` was exceeded, so neither helps.',
      ['runs-on: LABEL-OF-A-16-GB-RUNNER']
    ),
    remedy(`one process holds nearly all of it. To see what pulls its package in: \`go mod why ${LARGE}\``)
  ]
})

const TIGHTER = plan(2, {
  parallelism: 1,
  setParallelism: 1,
  setGoMemoryLimitBytes: 5900 * 1024 * 1024,
  environment: { GOFLAGS: '-p=1', GOMEMLIMIT: '5900MiB' }
})

const FIRST_PLAN = plan(1, {
  setGoMemoryLimitBytes: 2950 * 1024 * 1024,
  environment: { GOMEMLIMIT: '2950MiB' }
})

const firstDeath = attempt({
  plan: FIRST_PLAN,
  outcome: outcome({ endedBy: 'kernel-oom-cap', durationMs: 94_000 }),
  course: samples(KILLED_COURSE, 94_000, {
    processes: [compiler(LARGE, 3.6), compiler('k8s.io/api/core/v1', 2.7, 4712)]
  }),
  kernelPeakBytes: value(gib(6.6)),
  diagnoses: [OUT_AT_CAP],
  findings: CAP_FINDINGS,
  outOfMemory: 'true'
})

const secondDeath = attempt({
  plan: TIGHTER,
  outcome: outcome({ endedBy: 'kernel-oom-cap', durationMs: 132_000 }),
  course: samples(SQUEEZED_COURSE, 132_000, { processes: [compiler(LARGE, 6.4)] }),
  kernelPeakBytes: value(gib(6.6)),
  heaviest: [
    { tool: 'compile', package: LARGE, peakBytes: gib(6.4), seenMs: 96_000 },
    { tool: 'compile', package: 'k8s.io/api/core/v1', peakBytes: gib(0.9), seenMs: 11_000 },
    { tool: 'link', package: './cmd/server', peakBytes: gib(0.7), seenMs: 4000 }
  ],
  diagnoses: [OUT_AT_CAP],
  findings: CAP_FINDINGS,
  outOfMemory: 'true'
})

/** Killed by the own cap in every attempt. */
export const OWN_CAP: Report = report([firstDeath, secondDeath])

/** Killed by the own cap, passed in attempt 2. */
export const RECOVERED: Report = report([
  firstDeath,
  attempt({
    plan: TIGHTER,
    outcome: outcome({ exitCode: 0, durationMs: 187_000 }),
    course: samples(PASSED_COURSE, 187_000, { processes: [compiler(LARGE, 3.7)] }),
    kernelPeakBytes: value(gib(6.4))
  })
])

const MACHINE_FINDINGS: readonly Finding[] = [
  finding(
    'Machine out of memory',
    '0.1 of 6.8 GiB available; `oom_kill` 0 to 1, no limit fired; kernel log: `global_oom`, `task=link`',
    'cause'
  ),
  finding('Memory used outside the build', '2.0 GiB; largest: `mysqld`, 1.1 GiB', 'contributed'),
  finding(
    'Build hit its own cap',
    'no cap in force: 5.6 GiB requested, not enforced (no permission to create a cgroup)',
    'ruled out'
  ),
  finding('Signal from outside', 'none received', 'ruled out'),
  finding('Disk full', '21.4 GiB free for GOCACHE and TMPDIR', 'ruled out')
]

/** The machine ran out of memory while linking; no cap was in force. */
export const MACHINE: Report = report(
  [
    attempt({
      plan: plan(1, {
        cap: null,
        reasons: [{ subject: 'cap', text: 'memory-limit 5.6 GiB is requested, not enforced: no way was found.' }]
      }),
      outcome: outcome({ endedBy: 'kernel-oom-host', durationMs: 222_000 }),
      course: samples([0.5, 0.8, 1.2, 1.6, 2.0, 2.2, 2.3, 2.4, 2.4, 2.4, 2.5, 2.5, 2.5, 3.2, 4.2, 4.7], 222_000, {
        total: 6.8,
        other: 2,
        processes: [
          { pid: 912, tool: 'link', package: './cmd/server', bytes: gib(2.4) },
          { pid: 913, tool: 'link', package: './cmd/worker', bytes: gib(2.1) }
        ]
      }),
      limitBytes: gib(6.8),
      diagnoses: [
        diagnosis('oom.host', 'The machine ran out of memory', {
          summary:
            'The kernel killed `link` for `./cmd/server` (2.4 GiB) with 0.1 GiB available (exit 1, `signal: killed`). The build held 4.7 GiB, everything else 2.0 GiB.',
          remedies: [
            remedy('link one program at a time: about 2.4 + 2.0 = 4.4 of 6.8 GiB (estimate).', [
              'with:',
              '  parallelism: 1   # was 2'
            ])
          ]
        })
      ],
      findings: MACHINE_FINDINGS,
      outOfMemory: 'true'
    })
  ],
  {
    survey: survey(6.8),
    enforcement: {
      inForce: 'none',
      reasons: ['cgroup-v2 (direct): mkdir /sys/fs/cgroup/go-build-guard-1f2e3d4c: EACCES', 'enforcement is off'],
      limitBytes: gib(6.8),
      limitSource: 'host'
    },
    warnings: ['the kernel log could not be followed: `EPERM`']
  }
)

/** SIGKILL from somebody else with plenty of memory left. */
export const OUTSIDE_KILL: Report = report(
  [
    attempt({
      plan: plan(1, { level: 'ample', parallelism: 4, cap: { bytes: gib(14.2), swap: 'open' }, reasons: [] }),
      outcome: outcome({ exitCode: 137, signal: 'SIGKILL', endedBy: 'other', durationMs: 126_000 }),
      course: samples([0.4, 0.8, 1.2, 1.6, 2.2, 2.6, 2.9, 3.0, 2.9, 3.1, 3.0, 3.1], 126_000, {
        total: 15.6,
        other: 0.2
      }),
      limitBytes: gib(14.2),
      diagnoses: [
        diagnosis('signal.kill', 'Killed by a signal from another process', {
          confidence: 'likely',
          summary:
            '`go` itself was killed at 2:06 with 3.1 of 14.2 GiB in use. No out-of-memory kill was counted, so the signal came from elsewhere; Linux does not record the sender.',
          remedies: [
            remedy(
              'find the sender. A larger runner or a lower `-p` will not help.',
              ["git grep -nE 'pkill|kill -9|-s *KILL'"],
              'sh'
            )
          ]
        })
      ],
      findings: [
        finding('Build hit its own cap', '3.1 of 14.2 GiB; `oom_kill` unchanged', 'ruled out'),
        finding(
          'Machine out of memory',
          '12.3 of 15.6 GiB available; `oom_kill` unchanged; stalled 2 ms in all',
          'ruled out'
        ),
        finding('systemd-oomd or earlyoom', 'not running; no kill in the journal', 'ruled out'),
        finding(
          'Cancelled, or step timeout',
          'no SIGINT or SIGTERM came first; no time limit was reached',
          'ruled out'
        ),
        finding('Signal from another process', 'fits all other rows; the sender is not visible', 'likely')
      ]
    })
  ],
  { survey: survey(15.6), enforcement: { ...CAP_IN_FORCE, limitBytes: gib(14.2) } }
)
