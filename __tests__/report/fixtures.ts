import type { Diagnosis, Finding } from '../../src/model/diagnosis.ts'
import { unreadable, value } from '../../src/model/reading.ts'
import type { Report } from '../../src/model/report.ts'
import {
  attempt,
  CAP_IN_FORCE,
  compiler,
  diagnosis,
  finding,
  gib,
  outcome,
  plan,
  remedy,
  report,
  samples,
  survey
} from './build-report.ts'

export const LINK = {
  serverUrl: 'https://github.com',
  repository: 'acme/shop',
  sha: 'b20c4d1f00f00f00f00f00f00f00f00f00f00f00'
}

const LARGE = 'github.com/DataDog/datadog-api-client-go/v2/api/datadogV2'
const KILLED_COURSE = [0.8, 1.3, 1.4, 1.6, 1.8, 2.0, 2.3, 2.8, 3.1, 3.6, 4.7, 5.1, 5.9, 6.3, 6.5, 6.6]
const SQUEEZED_COURSE = [0.7, 1.2, 1.3, 1.4, 1.4, 1.5, 1.6, 2.1, 2.6, 3.2, 3.9, 4.4, 5.2, 5.8, 6.5, 6.6]
const PASSED_COURSE = [0.6, 1.2, 1.4, 1.5, 1.6, 2.1, 2.9, 3.6, 4.1, 2.4, 3.1, 3.9, 3.6, 1.2, 1.1, 0.9]
const SMALL_COURSE = [0.3, 0.5, 0.7, 0.9, 1.1, 1.2, 0.8]

const DISK = finding('Disk full', '9.8 GiB free for GOCACHE and TMPDIR', 'ruled out')

const CAP_FINDINGS: readonly Finding[] = [
  finding('Build hit its own cap', 'reached its cap of 6.6 GiB; `oom` 0 to 1, `oom_kill` 0 to 1', 'cause'),
  finding('Machine out of memory', '0.4 of 7.8 GiB available at the lowest; no kill outside the cap', 'ruled out'),
  finding('Signal from outside', 'none received; `oom_kill` accounts for the kill', 'ruled out'),
  DISK,
  finding('Kernel log', 'not readable on this runner', 'not checked')
]

const OUT_AT_CAP: Diagnosis = diagnosis('oom.cgroup', 'Out of memory at a cgroup limit', {
  summary: `The kernel killed \`compile\` on \`${LARGE}\`, which held 6.4 GiB, when the build reached its cap of 6.6 GiB (exit 1, \`signal: killed\`).`,
  evidence: CAP_FINDINGS.slice(0, 1),
  ruledOut: CAP_FINDINGS.slice(1, 4),
  remedies: [
    remedy(
      'use more memory, or do without this package. `-p` is already 1 and `GOMEMLIMIT=5900MiB` was exceeded, so neither helps. The need is above 6.6 GiB; it was still growing when killed.',
      ['runs-on: LABEL-OF-A-16-GB-RUNNER']
    ),
    remedy('To see what pulls the package in: `go mod why -m github.com/DataDog/datadog-api-client-go/v2`')
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
        finding('Cancelled, or step timeout', 'no SIGINT or SIGTERM came first; the guard did not act', 'ruled out'),
        finding('Signal from another process', 'fits all other rows; the sender is not visible', 'likely')
      ]
    })
  ],
  { survey: survey(15.6), enforcement: { ...CAP_IN_FORCE, limitBytes: gib(14.2) } }
)

const COMPILE_ERRORS = diagnosis('compile.error', 'Compile error', {
  summary: 'The compiler refused `internal/billing`: `undefined: taxRate` (exit 1).',
  locations: [
    { file: 'internal/billing/invoice.go', line: 42, column: 17, message: 'undefined: taxRate' },
    {
      file: 'internal/billing/invoice.go',
      line: 58,
      column: 9,
      message: 'cannot use total (variable of type float64) as int64 value in return statement'
    },
    { file: 'cmd/server/main.go', line: 19, column: 2, message: '"os" imported and not used' }
  ]
})

export const BRIEF_FINDINGS: readonly Finding[] = [
  finding('Out of memory, any limit', '1.2 of 6.6 GiB; no kill counted', 'ruled out'),
  finding('Signal, timeout, cancel', 'none', 'ruled out'),
  DISK
]

function ordinaryFailure(top: Diagnosis | null, exitCode = 1): Report {
  return report([
    attempt({
      plan: plan(1, { level: 'ample' }),
      outcome: outcome({ exitCode, durationMs: 21_000 }),
      course: samples(SMALL_COURSE, 21_000),
      diagnoses: top === null ? [] : [top],
      findings: BRIEF_FINDINGS
    })
  ])
}

export const COMPILE: Report = ordinaryFailure(COMPILE_ERRORS)

/** A known cause that has no place in the sources. */
export const CHECKSUM: Report = ordinaryFailure(
  diagnosis('module.checksum', 'Checksum mismatch of a module', {
    summary: 'What was downloaded for `github.com/acme/money@v1.4.2` is not what `go.sum` says (exit 1).',
    evidence: [
      finding(
        'Module changed after it was recorded',
        '`verifying github.com/acme/money@v1.4.2: checksum mismatch`',
        'cause'
      )
    ],
    remedies: [
      remedy(
        'find out which of the two is right before changing `go.sum`; if the tag was moved, ask for a new version.',
        ['go clean -modcache', 'go mod verify'],
        'sh'
      )
    ]
  })
)

/** Failed for a reason that nothing in the catalogue knows. */
export const UNKNOWN: Report = ordinaryFailure(null, 3)

export const TIMEOUT: Report = report([
  attempt({
    plan: plan(1, { level: 'ample' }),
    outcome: outcome({ exitCode: 124, signal: 'SIGKILL', endedBy: 'guard', durationMs: 1_800_000 }),
    course: samples([...SMALL_COURSE, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2], 1_800_000),
    diagnoses: [
      diagnosis('timeout', 'Timeout', {
        summary: 'The build was ended after 30 min, as `timeout` says (exit 124).',
        remedies: [remedy('raise the limit if the build needs longer.', ['with:', '  timeout: 45m   # was 30m'])]
      })
    ],
    findings: [finding('Timeout', 'ended by the guard after 30 min', 'cause'), ...BRIEF_FINDINGS.slice(0, 1), DISK]
  })
])

export const CANCELLED: Report = report(
  [
    attempt({
      plan: plan(1, { level: 'ample' }),
      outcome: outcome({ exitCode: 130, signal: 'SIGINT', endedBy: 'cancel', durationMs: 72_000 }),
      course: samples(SMALL_COURSE, 72_000),
      diagnoses: [
        diagnosis('cancelled', 'Cancelled', { summary: 'The workflow was cancelled: SIGINT came after 1 min 12 s.' })
      ]
    })
  ],
  { conclusion: 'cancelled' }
)

export const SUCCESS: Report = report([
  attempt({
    plan: plan(1, {
      level: 'ample',
      reasons: [
        {
          subject: 'cap',
          text: 'Cap 6.6 GiB: limit 7.8 GiB of `/proc/meminfo`, less 0.9 GiB used by others and 0.2 GiB kept back.'
        },
        { subject: 'parallelism', text: "-p is left at 2, Go's own default." },
        {
          subject: 'go-memory-limit',
          text: '6.6 GiB are 2 GiB or more for each build action, so GOMEMLIMIT is left alone.'
        }
      ]
    }),
    outcome: outcome({ exitCode: 0, durationMs: 94_000 }),
    course: samples(PASSED_COURSE, 94_000)
  })
])

/** Told afterwards from what the guard had written down before it was killed with the build. */
export const GUARD_DIED: Report = report(
  [
    attempt({
      plan: plan(1, { cap: null, reasons: [] }),
      outcome: outcome({ exitCode: 137, signal: 'SIGKILL', endedBy: 'unknown', durationMs: 126_000 }),
      course: samples([0.4, 0.9, 1.5, 2.2, 3.0, 3.7], 126_000, {
        total: 4,
        other: 0.2,
        processes: [compiler(LARGE, 2.9)]
      }),
      limitBytes: gib(4),
      kernelPeakBytes: unreadable('ENOENT'),
      diagnoses: [
        diagnosis('guard.died', 'The guard died', {
          confidence: 'likely',
          summary:
            'The guard was killed together with the build. Its last look, at 1:55, saw 3.7 of 4.0 GiB in use; a container whose memory is out kills everything in it at once where `memory.oom.group` is set.',
          remedies: [remedy('raise the memory limit of the container or pod above 4.0 GiB.')]
        })
      ],
      findings: [
        finding('A limit above the build', '3.7 of 4.0 GiB at the last look', 'likely'),
        finding('Kernel log', 'not readable in a container', 'not checked')
      ],
      outOfMemory: 'unknown'
    })
  ],
  {
    survey: survey(15.6, {
      binding: { source: 'cgroup-v2', file: '/sys/fs/cgroup/memory.max', bytes: gib(4), usedByOthersBytes: gib(0.2) },
      limits: [
        { source: 'cgroup-v2', file: '/sys/fs/cgroup/memory.max', limit: value(gib(4)) },
        { source: 'host', file: '/proc/meminfo', limit: unreadable('EACCES') }
      ]
    }),
    enforcement: {
      inForce: 'watch',
      reasons: ['cgroups are read-only in this container'],
      limitBytes: gib(4),
      limitSource: '/sys/fs/cgroup/memory.max'
    },
    warnings: ['the state file ends in the middle of a line']
  }
)

/** The guard ended the build itself before a container's limit could. */
export const WATCHED: Report = report(
  [
    attempt({
      plan: plan(1, { cap: null, reasons: [] }),
      outcome: outcome({ exitCode: 137, signal: 'SIGKILL', endedBy: 'guard', durationMs: 88_000 }),
      course: samples([0.4, 0.9, 1.5, 2.2, 3.0, 3.7], 88_000, {
        total: 15.6,
        other: 0.2,
        processes: [compiler(LARGE, 2.9)]
      }),
      limitBytes: gib(4),
      diagnoses: [
        diagnosis('oom.watch', 'Ended before memory ran out', {
          summary:
            'The guard ended the build at 3.7 GiB, before the limit of 4.0 GiB in `/sys/fs/cgroup/memory.max` could.',
          remedies: [remedy('raise the memory limit of the container or pod above 4.0 GiB.')]
        })
      ],
      findings: [finding('A limit above the build', '3.7 of 4.0 GiB; ended by the guard', 'cause'), DISK],
      outOfMemory: 'true'
    })
  ],
  {
    enforcement: {
      inForce: 'watch',
      reasons: ['cgroups are read-only in this container'],
      limitBytes: gib(4),
      limitSource: '/sys/fs/cgroup/memory.max'
    }
  }
)

/** Nothing was run at all. */
export const NOT_STARTED: Report = report([], {
  conclusion: 'failure',
  outOfMemory: 'false',
  enforcement: { inForce: 'none', reasons: [], limitBytes: null, limitSource: '' },
  warnings: ['enforcement: `cgroup` cannot be had: no memory controller of cgroups is visible.']
})

export const OUTPUT_TAIL: readonly string[] = [
  'go: downloading github.com/DataDog/datadog-api-client-go/v2 v2.31.0',
  `${LARGE}: /opt/hostedtoolcache/go/1.26.1/x64/pkg/tool/linux_amd64/compile: signal: killed`
]

/** Every situation by the name of its golden. */
export const SITUATIONS: Readonly<Record<string, Report>> = {
  recovered: RECOVERED,
  'own-cap': OWN_CAP,
  machine: MACHINE,
  'outside-kill': OUTSIDE_KILL,
  compile: COMPILE,
  checksum: CHECKSUM,
  unknown: UNKNOWN,
  timeout: TIMEOUT,
  cancelled: CANCELLED,
  success: SUCCESS,
  'guard-died': GUARD_DIED,
  watched: WATCHED,
  'not-started': NOT_STARTED
}
