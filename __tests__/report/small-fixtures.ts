import { diagnose } from '../../src/diagnose/rank.ts'
import { GIB, MIB } from '../../src/model/bytes.ts'
import type { Plan } from '../../src/model/plan.ts'
import { value } from '../../src/model/reading.ts'
import type { Attempt, Report } from '../../src/model/report.ts'
import type { Survey } from '../../src/model/survey.ts'
import type { Sample } from '../../src/model/timeline.ts'
import { CAGE_PATH, cageV2, counter, evidenceOf, kernelLogOf, logOf, record } from '../diagnose/evidence.ts'
import { attempt, diagnosis, finding, outcome, plan, report, survey } from './build-report.ts'

const PACKAGE = 'example.com/shop/internal/tables'
const CAP_BYTES = 120 * MIB
/** A machine where 120 MiB is a choice, not all there is. */
const WORKSTATION: Survey = {
  ...survey(23.5, { cpus: 4 }),
  binding: { source: 'host', file: '/proc/meminfo', bytes: 23.5 * GIB, usedByOthersBytes: 2 * GIB },
  go: value({ version: 'go1.26.8', minor: 26, mainModule: 'example.com/shop', env: {} })
}

function sampleAt(atMs: number, mib: number): Sample {
  return {
    atMs,
    treeBytes: mib * MIB,
    cacheBytes: 0,
    availableBytes: 20 * GIB,
    processes: [
      { pid: 957, tool: 'compile', package: PACKAGE, bytes: (mib - 21) * MIB },
      { pid: 950, tool: 'go', package: null, bytes: 20 * MIB },
      { pid: 949, tool: 'bash', package: null, bytes: 0.4 * MIB }
    ]
  }
}

/** Looked at some times, never at the moment when the cap was reached. */
function killedAtCap(of: Plan, durationMs: number): Attempt {
  const course = [24, 31, 58, 85].map((mib, i) => sampleAt(20 + i * 450, mib))
  const last = course.at(-1) ?? null
  const verdict = diagnose(
    evidenceOf({
      cage: cageV2({ capBytes: CAP_BYTES, ownLimitHits: counter(0, 1), kills: counter(0, 1) }),
      hostKills: counter(3, 4),
      kernelLog: kernelLogOf([record({ limitCgroup: CAGE_PATH, anonBytes: 93 * MIB })]),
      timeline: { samples: course, peak: last, last, heaviest: [], seen: [], gaps: [] },
      survey: WORKSTATION,
      plan: of,
      log: logOf(`${PACKAGE}: /usr/local/go/pkg/tool/linux_amd64/compile: signal: killed\n`)
    })
  )
  return attempt({
    plan: of,
    outcome: outcome({ endedBy: verdict.endedBy, durationMs }),
    course,
    limitBytes: CAP_BYTES,
    kernelPeakBytes: value(CAP_BYTES),
    heaviest: [
      { tool: 'compile', package: PACKAGE, peakBytes: 64 * MIB, seenMs: 1000 },
      { tool: 'asm', package: 'internal/cpu', peakBytes: 5 * MIB, seenMs: 0 },
      { tool: 'cgo', package: 'runtime/cgo', peakBytes: 0.5 * MIB, seenMs: 0 }
    ],
    diagnoses: verdict.diagnoses,
    findings: verdict.findings,
    outOfMemory: verdict.outOfMemory
  })
}

const SET = { cap: { bytes: CAP_BYTES, swap: 'closed' }, setGoMemoryLimitBytes: 108 * MIB, reasons: [] } as const

/** A small cap that the user chose, and a build that no setting brings below it. */
export const SMALL_CAP: Report = report(
  [
    killedAtCap(plan(1, { ...SET, parallelism: 4, environment: { GOMEMLIMIT: '108MiB' } }), 1640),
    killedAtCap(
      plan(2, {
        ...SET,
        parallelism: 1,
        setParallelism: 1,
        setGcPercent: 25,
        environment: { GOFLAGS: '-p=1', GOMEMLIMIT: '108MiB', GOGC: '25' }
      }),
      2410
    )
  ],
  {
    command: 'set -e\n\ncd tools && \\\n  go generate ./...\n# the rest\ngo build ./...\n',
    survey: WORKSTATION,
    enforcement: {
      inForce: 'cgroup-v2',
      reasons: [
        'cgroup-v2 (direct): mkdir /sys/fs/cgroup/system.slice/actions.runner.service/go-build-guard-1f2e: EACCES',
        'cgroup-v2 /sys/fs/cgroup/system.slice/actions.runner.service/go-build-guard-1f2e, through sudo'
      ],
      limitBytes: CAP_BYTES,
      limitSource: 'memory-limit'
    }
  }
)

/** Over before anybody could look. */
export const UNSAMPLED: Report = report([
  attempt({
    plan: plan(1, { level: 'ample' }),
    outcome: outcome({ exitCode: 1, durationMs: 12 }),
    course: [],
    diagnoses: [
      diagnosis('module.missing', 'No go.mod here', {
        summary: 'There is no `go.mod` in this directory or above it (exit 1).',
        evidence: [
          finding('No module', '`go: go.mod file not found in current directory or any parent directory`', 'cause')
        ]
      })
    ],
    findings: [finding('Out of memory, any limit', 'not sampled; no kill counted', 'ruled out')]
  })
])
