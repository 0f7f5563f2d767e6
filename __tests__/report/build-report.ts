import { GIB } from '../../src/model/bytes.ts'
import type { Diagnosis, Finding, Remedy } from '../../src/model/diagnosis.ts'
import type { Outcome } from '../../src/model/outcome.ts'
import type { Plan } from '../../src/model/plan.ts'
import { ABSENT, type Reading, UNLIMITED, value } from '../../src/model/reading.ts'
import type { Attempt, Enforcement, Report } from '../../src/model/report.ts'
import type { StallSnapshot } from '../../src/model/stall.ts'
import type { Survey } from '../../src/model/survey.ts'
import type { PackageCost, ProcessSample, Sample } from '../../src/model/timeline.ts'

export function gib(amount: number): number {
  return Math.round(amount * GIB)
}

/** A hosted Linux runner with 2 CPUs. */
export function survey(total: number, over: Partial<Survey> = {}): Survey {
  return {
    platform: 'linux',
    cpus: 2,
    host: {
      totalBytes: value(gib(total)),
      availableBytes: value(gib(total - 0.9)),
      swapTotalBytes: value(0),
      swapFreeBytes: value(0)
    },
    cgroup: {
      version: 'v2',
      isHybrid: false,
      path: value('/system.slice/hosted-compute-agent.service'),
      mountPoint: '/sys/fs/cgroup',
      directory: '/sys/fs/cgroup/system.slice/hosted-compute-agent.service',
      levels: [
        {
          directory: '/sys/fs/cgroup/system.slice/hosted-compute-agent.service',
          limitBytes: UNLIMITED,
          highBytes: UNLIMITED,
          swapLimitBytes: UNLIMITED,
          usedBytes: value(gib(0.4)),
          killsAsGroup: value(false)
        }
      ]
    },
    limits: [
      {
        source: 'cgroup-v2',
        file: '/sys/fs/cgroup/system.slice/hosted-compute-agent.service/memory.max',
        limit: UNLIMITED
      },
      { source: 'host', file: '/proc/meminfo', limit: value(gib(total)) }
    ],
    binding: { source: 'host', file: '/proc/meminfo', bytes: gib(total), usedByOthersBytes: gib(0.9) },
    pressure: value({ someAvg10: 0, fullAvg10: 0, someTotalUs: 0, fullTotalUs: 0 }),
    rlimits: [{ name: 'Max open files', soft: value(1024), hard: value(1_048_576), unit: 'files' }],
    killers: { oomScoreAdj: value(500), systemdOomd: value(false), earlyoom: value(false) },
    disks: [
      {
        role: 'workspace',
        path: '/home/runner/work/shop/shop',
        freeBytes: value(gib(9.8)),
        freeInodes: value(1_900_000)
      }
    ],
    go: value({ version: 'go1.26.1', minor: 26, mainModule: 'github.com/acme/shop', env: { GOFLAGS: '' } }),
    ...over
  }
}

export function plan(attempt: number, over: Partial<Plan> = {}): Plan {
  return {
    attempt,
    level: 'tight',
    cap: { bytes: gib(6.6), swap: 'closed' },
    parallelism: 2,
    setParallelism: null,
    setGoMemoryLimitBytes: null,
    setGcPercent: null,
    environment: {},
    reasons: [
      {
        subject: 'cap',
        text: 'Cap 6.6 GiB: limit 7.8 GiB of `/proc/meminfo`, less 0.9 GiB used by others and 0.2 GiB kept back.'
      },
      { subject: 'swap', text: 'This machine has no swap.' },
      { subject: 'parallelism', text: "-p is left at 2, Go's own default." }
    ],
    ...over
  }
}

/** A course of memory in GiB, spread evenly over the time; the last value is the last look before the end. */
export function samples(
  course: readonly number[],
  durationMs: number,
  detail: { readonly total?: number; readonly other?: number; readonly processes?: readonly ProcessSample[] } = {}
): readonly Sample[] {
  const { total = 7.8, other = 0.9, processes = [] } = detail
  return course.map((amount, i) => ({
    atMs: Math.round((durationMs * (i + 0.5)) / course.length),
    treeBytes: gib(amount),
    cacheBytes: gib(0.3),
    availableBytes: gib(Math.max(0, total - other - amount)),
    processes: i === course.length - 1 ? processes : processes.slice(0, 1)
  }))
}

export function compiler(path: string, amount: number, pid = 4711): ProcessSample {
  return { pid, tool: 'compile', package: path, bytes: gib(amount) }
}

export function outcome(over: Partial<Outcome> = {}): Outcome {
  return { exitCode: 1, signal: null, durationMs: 94_000, endedBy: 'itself', ...over }
}

export interface AttemptSpec {
  readonly plan: Plan
  readonly outcome: Outcome
  readonly course: readonly Sample[]
  readonly limitBytes?: number | null
  readonly kernelPeakBytes?: Reading<number>
  readonly heaviest?: readonly PackageCost[]
  readonly stall?: StallSnapshot
  readonly diagnoses?: readonly Diagnosis[]
  readonly findings?: readonly Finding[]
  readonly outOfMemory?: Attempt['outOfMemory']
}

export function attempt(spec: AttemptSpec): Attempt {
  const peak = spec.course.reduce<Sample | null>(
    (most, sample) => (most === null || sample.treeBytes > most.treeBytes ? sample : most),
    null
  )
  return {
    plan: spec.plan,
    outcome: spec.outcome,
    memory: {
      peakBytes: peak?.treeBytes ?? 0,
      limitBytes: spec.limitBytes === undefined ? gib(6.6) : spec.limitBytes,
      kernelPeakBytes: spec.kernelPeakBytes ?? ABSENT,
      samples: spec.course,
      peak,
      last: spec.course.at(-1) ?? null
    },
    heaviest: spec.heaviest ?? [],
    ...(spec.stall === undefined ? {} : { stall: spec.stall }),
    diagnoses: spec.diagnoses ?? [],
    findings: spec.findings ?? [],
    outOfMemory: spec.outOfMemory ?? 'false'
  }
}

export function diagnosis(id: string, title: string, over: Partial<Diagnosis> = {}): Diagnosis {
  return {
    id,
    title,
    confidence: 'certain',
    score: 90,
    summary: '',
    evidence: [],
    ruledOut: [],
    remedies: [],
    locations: [],
    ...over
  }
}

export function remedy(text: string, lines: readonly string[] = [], language: 'yaml' | 'sh' = 'yaml'): Remedy {
  return { text, snippet: lines.length === 0 ? null : { language, lines } }
}

export function finding(hypothesis: string, measured: string, verdict: Finding['verdict']): Finding {
  return { hypothesis, measured, verdict }
}

export const CAP_IN_FORCE: Enforcement = {
  inForce: 'cgroup-v2',
  reasons: ['cgroup-v2 /sys/fs/cgroup/go-build-guard-1f2e3d4c, through sudo'],
  limitBytes: gib(6.6),
  limitSource: 'auto'
}

/** The report about attempts; what follows from the last failed one is taken from it. */
export function report(attempts: readonly Attempt[], over: Partial<Report> = {}): Report {
  const failed = attempts.findLast((candidate) => candidate.outcome.exitCode !== 0)
  const last = attempts.at(-1)
  const isPassed = last !== undefined && last.outcome.exitCode === 0
  return {
    schemaVersion: 1,
    conclusion: isPassed ? (failed === undefined ? 'success' : 'recovered') : 'failure',
    command: 'go build ./...',
    workingDirectory: '/home/runner/work/shop/shop',
    job: { name: 'build', matrix: {} },
    startedAt: '2026-09-14T08:30:00.000Z',
    durationMs: attempts.reduce((sum, { outcome: { durationMs } }) => sum + durationMs, 0),
    survey: survey(7.8),
    enforcement: CAP_IN_FORCE,
    attempts,
    diagnoses: failed?.diagnoses ?? [],
    outOfMemory: attempts.some(({ outOfMemory }) => outOfMemory === 'true') ? 'true' : (failed?.outOfMemory ?? 'false'),
    warnings: [],
    ...over
  }
}

/** A package whose compiler needs several GiB. */
export const LARGE = 'github.com/DataDog/datadog-api-client-go/v2/api/datadogV2'

export const DISK = finding('Disk full', '9.8 GiB free for GOCACHE and TMPDIR', 'ruled out')
