import type { Evidence } from '../model/evidence.ts'
import { attribute } from './attribute.ts'
import type { Attribution } from './attribution.ts'
import { type KillTrace, killTrace } from './kill-trace.ts'
import { type Victim, victimOf } from './victim.ts'

/** The evidence of one attempt with what every definition asks of it, worked out once. */
export interface Case {
  readonly evidence: Evidence
  readonly attribution: Attribution
  readonly trace: KillTrace | null
  readonly victim: Victim | null
  /** False for a stored log: then nothing was measured, and nothing is said about not having measured. */
  readonly isLive: boolean
}

/** Opens the case about one attempt. */
export function openCase(evidence: Evidence): Case {
  const attribution = attribute(evidence)
  return {
    evidence,
    attribution,
    trace: killTrace(evidence),
    victim: victimOf(evidence, attribution.record),
    isLive: evidence.cage !== null || evidence.survey !== null || evidence.timeline !== null
  }
}
