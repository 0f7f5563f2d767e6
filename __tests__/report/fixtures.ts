import type { Diagnosis, Finding } from '../../src/model/diagnosis.ts'
import type { Report } from '../../src/model/report.ts'
import { attempt, DISK, diagnosis, finding, LARGE, outcome, plan, remedy, report, samples } from './build-report.ts'
import { PASSED_COURSE } from './memory-fixtures.ts'

export const LINK = {
  serverUrl: 'https://github.com',
  repository: 'acme/shop',
  sha: 'b20c4d1f00f00f00f00f00f00f00f00f00f00f00'
}

const SMALL_COURSE = [0.3, 0.5, 0.7, 0.9, 1.1, 1.2, 0.8]

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
          text: 'memory is ample: 6.6 GiB for 2 build actions, so GOMEMLIMIT is left alone.'
        }
      ]
    }),
    outcome: outcome({ exitCode: 0, durationMs: 94_000 }),
    course: samples(PASSED_COURSE, 94_000)
  })
])

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
