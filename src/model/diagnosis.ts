import type { EndedBy } from './outcome.ts'
import type { Prose } from './prose.ts'

/** One possible cause with what speaks for it, ready to be shown. */
export interface Diagnosis {
  readonly id: string
  readonly title: string
  readonly confidence: Confidence
  /** 0 to 100, only for ordering and comparison. */
  readonly score: number
  readonly summary: Prose
  readonly evidence: readonly Finding[]
  readonly ruledOut: readonly Finding[]
  readonly remedies: readonly Remedy[]
  /** Where in the sources it is; for annotations. */
  readonly locations: readonly SourceLocation[]
}

export type Confidence = 'certain' | 'likely' | 'possible'

/** A row of the evidence table. */
export interface Finding {
  readonly hypothesis: string
  readonly measured: Prose
  readonly verdict: 'cause' | 'likely' | 'contributed' | 'ruled out' | 'not checked'
}

export interface Remedy {
  readonly text: Prose
  /** To paste: lines of ours with computed values. */
  readonly snippet: { readonly language: 'yaml' | 'sh' | 'text'; readonly lines: readonly string[] } | null
}

export interface SourceLocation {
  /** As the tool printed it, relative to where the tool ran. */
  readonly file: string
  readonly line: number
  readonly column: number | null
  /** Untrusted. */
  readonly message: string
}

/** The answer about one attempt: at most three causes, best first, and every hypothesis that was examined. */
export interface Verdict {
  readonly diagnoses: readonly Diagnosis[]
  /** Cause first, then contributed, ruled out, not checked. There is a table even where no cause was found. */
  readonly findings: readonly Finding[]
  readonly endedBy: EndedBy
  /** Whether memory ended the attempt; `unknown` where the counters that would tell could not be read. */
  readonly outOfMemory: 'true' | 'false' | 'unknown'
}
