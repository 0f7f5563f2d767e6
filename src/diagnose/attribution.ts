import type { Confidence, Verdict } from '../model/diagnosis.ts'
import type { LevelEvidence, OomRecord, ReportedKill } from '../model/evidence.ts'
import type { EndedBy } from '../model/outcome.ts'

/** Who ended the attempt and whether memory did, from counters first, then signals; words only say that a kill was seen. */
export interface Attribution {
  readonly endedBy: EndedBy
  readonly outOfMemory: Verdict['outOfMemory']
  readonly confidence: Confidence
  /** The record of the kernel log that decided, if one did. */
  readonly record: OomRecord | null
  /** The cgroup whose limit fired, where it is known which. */
  readonly level: LevelEvidence | null
  /** The note of somebody outside the build that decided, if one did. */
  readonly told: ReportedKill | null
}

export function plain(endedBy: EndedBy, outOfMemory: Verdict['outOfMemory'], confidence: Confidence): Attribution {
  return { endedBy, outOfMemory, confidence, record: null, level: null, told: null }
}

/** A death for memory. */
export function memory(
  endedBy: EndedBy,
  confidence: Confidence,
  by: Partial<Pick<Attribution, 'record' | 'level' | 'told'>> = {}
): Attribution {
  return { ...plain(endedBy, 'true', confidence), ...by }
}
