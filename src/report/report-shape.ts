import type { Caution, Preflight, SourcePlace } from '../model/caution.ts'
import type { Diagnosis, Finding, Remedy, SourceLocation } from '../model/diagnosis.ts'
import type { Outcome } from '../model/outcome.ts'
import type { Cap, Plan, PlanReason } from '../model/plan.ts'
import type { Attempt, Enforcement, Report } from '../model/report.ts'
import type { SteeredPackage, Steering, SteeringStep } from '../model/steering.ts'
import type { PackageCost, ProcessSample, Sample } from '../model/timeline.ts'
import { amount, type Check, flag, list, nullable, number, object, oneOf, optional, record, text } from './check.ts'
import { stallShape } from './stall-shape.ts'
import { reading, survey } from './survey-shape.ts'

const MANY = 10_000
const SOME = 1000

// Which signals there are depends on the system that wrote the report.
const signal: Check<NodeJS.Signals> = (input, at) => {
  return typeof input === 'string' && /^SIG[A-Z0-9]{2,10}$/.test(input) ? null : at
}

const location = object<SourceLocation>({ file: text, line: amount, column: nullable(amount), message: text })

const finding = object<Finding>({
  hypothesis: text,
  measured: text,
  verdict: oneOf('cause', 'likely', 'contributed', 'ruled out', 'not checked')
})

const remedy = object<Remedy>({
  text,
  snippet: nullable(
    object<NonNullable<Remedy['snippet']>>({ language: oneOf('yaml', 'sh', 'text'), lines: list(text, SOME) })
  )
})

const diagnosis = object<Diagnosis>({
  id: text,
  title: text,
  confidence: oneOf('certain', 'likely', 'possible'),
  score: number,
  summary: text,
  evidence: list(finding, SOME),
  ruledOut: list(finding, SOME),
  remedies: list(remedy, SOME),
  locations: list(location, MANY)
})

const plan = object<Plan>({
  attempt: amount,
  level: oneOf('ample', 'tight', 'unknown'),
  cap: nullable(object<Cap>({ bytes: amount, swap: oneOf('open', 'closed') })),
  parallelism: amount,
  setParallelism: nullable(amount),
  setGoMemoryLimitBytes: nullable(amount),
  setGcPercent: nullable(number),
  isSteered: optional(flag),
  environment: record(text, SOME),
  reasons: list(
    object<PlanReason>({
      subject: oneOf('cap', 'reserve', 'swap', 'parallelism', 'go-memory-limit', 'gc-percent', 'steering'),
      text
    }),
    SOME
  )
})

const outcome = object<Outcome>({
  exitCode: number,
  signal: nullable(signal),
  durationMs: amount,
  endedBy: oneOf(
    'itself',
    'kernel-oom-cap',
    'kernel-oom-ancestor',
    'kernel-oom-host',
    'guard',
    'cancel',
    'other',
    'unknown'
  )
})

const process = object<ProcessSample>({ pid: amount, tool: text, package: nullable(text), bytes: amount })

const sample = object<Sample>({
  atMs: amount,
  treeBytes: amount,
  cacheBytes: nullable(amount),
  availableBytes: nullable(amount),
  processes: list(process, MANY)
})

const outOfMemory = oneOf('true', 'false', 'unknown')

const step = object<SteeringStep>({
  atMs: amount,
  kind: oneOf('limited', 'took back', 'replayed', 'opened swap', 'read archives', 'thrash', 'gave up'),
  tool: text,
  package: text,
  text
})

const steering = object<Steering>({
  steps: list(step, SOME),
  packages: list(
    object<SteeredPackage>({
      tool: text,
      package: text,
      peakBytes: amount,
      cpuMs: amount,
      runs: amount,
      settings: text
    }),
    SOME
  ),
  toolRuns: amount,
  heldBack: amount,
  heldBackMs: amount,
  replayed: amount,
  advice: nullable(text)
})

const attempt = object<Attempt>({
  plan,
  outcome,
  memory: object<Attempt['memory']>({
    peakBytes: amount,
    limitBytes: nullable(amount),
    kernelPeakBytes: reading(amount),
    samples: list(sample, 10 * MANY),
    peak: nullable(sample),
    last: nullable(sample)
  }),
  heaviest: list(object<PackageCost>({ tool: text, package: text, peakBytes: amount, seenMs: amount }), MANY),
  diagnoses: list(diagnosis, SOME),
  findings: list(finding, SOME),
  steering: optional(steering),
  stall: optional(stallShape),
  outOfMemory
})

const enforcement = object<Enforcement>({
  inForce: oneOf('cgroup-v2', 'cgroup-v1', 'systemd', 'job-object', 'watch', 'none'),
  reasons: list(text, SOME),
  limitBytes: nullable(amount),
  limitSource: text
})

const caution = object<Caution>({
  id: text,
  title: text,
  found: text,
  why: text,
  remedy,
  place: nullable(object<SourcePlace>({ file: text, line: amount }))
})

const preflight = object<Preflight>({ findings: list(caution, SOME), notChecked: list(text, SOME) })

/** The shape of `report.json`, field by field as in the model. */
export const reportShape: Check<Report> = object<Report>({
  schemaVersion: oneOf(1),
  conclusion: oneOf('success', 'recovered', 'failure', 'cancelled'),
  command: text,
  workingDirectory: text,
  job: object<Report['job']>({ name: text, matrix: record(text, SOME) }),
  startedAt: text,
  durationMs: amount,
  survey,
  enforcement,
  attempts: list(attempt, SOME),
  diagnoses: list(diagnosis, SOME),
  outOfMemory,
  preflight: optional(preflight),
  verification: optional(list(caution, SOME)),
  warnings: list(text, MANY)
})
