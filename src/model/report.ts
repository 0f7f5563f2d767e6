import type { Caution, Preflight } from './caution.ts'
import type { Diagnosis, Finding } from './diagnosis.ts'
import type { EnforcementInForce } from './evidence.ts'
import type { Outcome } from './outcome.ts'
import type { Plan } from './plan.ts'
import type { Reading } from './reading.ts'
import type { StallSnapshot } from './stall.ts'
import type { Steering } from './steering.ts'
import type { Survey } from './survey.ts'
import type { PackageCost, Sample } from './timeline.ts'

/** The one value that every surface renders, and what `report.json` holds (`schema/report.v1.json`). */
export interface Report {
  readonly schemaVersion: 1
  readonly conclusion: Conclusion
  readonly command: string
  readonly workingDirectory: string
  readonly job: { readonly name: string; readonly matrix: Readonly<Record<string, string>> }
  /** ISO 8601, UTC. */
  readonly startedAt: string
  readonly durationMs: number
  readonly survey: Survey
  readonly enforcement: Enforcement
  readonly attempts: readonly Attempt[]
  /** Those of the last failed attempt; empty after a clean success. */
  readonly diagnoses: readonly Diagnosis[]
  readonly outOfMemory: 'true' | 'false' | 'unknown'
  /** Left out where it was off. */
  readonly preflight?: Preflight
  /** Of what came out; only after a success, and left out where it was off. */
  readonly verification?: readonly Caution[]
  /** What the guard could not read or do; none of it changes the result. */
  readonly warnings: readonly string[]
}

export type Conclusion = 'success' | 'recovered' | 'failure' | 'cancelled'

export interface Enforcement {
  readonly inForce: EnforcementInForce
  /** Why this way and no better one, one sentence each. */
  readonly reasons: readonly string[]
  /** The limit in force for the build; `null` where none is. */
  readonly limitBytes: number | null
  /** Where it came from: `memory-limit`, `auto (…)`, a file of a limit above us, `host`. */
  readonly limitSource: string
}

export interface Attempt {
  readonly plan: Plan
  readonly outcome: Outcome
  readonly memory: {
    /** Highest sample of anonymous + shared memory; 0 if the attempt ended before the first one. */
    readonly peakBytes: number
    readonly limitBytes: number | null
    /** The kernel's own high-water mark, page cache included. */
    readonly kernelPeakBytes: Reading<number>
    readonly samples: readonly Sample[]
    /** The moment of the peak, and the last look before the end. */
    readonly peak: Sample | null
    readonly last: Sample | null
  }
  readonly heaviest: readonly PackageCost[]
  /** Only where compile and link were held back and limited one by one. */
  readonly steering?: Steering
  /** Only where the build stood still, or was looked at before a time limit ended it. */
  readonly stall?: StallSnapshot
  readonly diagnoses: readonly Diagnosis[]
  readonly findings: readonly Finding[]
  readonly outOfMemory: 'true' | 'false' | 'unknown'
}
