import type { Finding } from '../model/diagnosis.ts'
import type { Prose } from '../model/prose.ts'
import type { Attribution } from './attribution.ts'

/** Rows of one hypothesis. */
export function rowFor(hypothesis: string): (measured: Prose, verdict: Finding['verdict']) => Finding {
  return (measured, verdict) => ({ hypothesis, measured, verdict })
}

/** The parts that are known, in one cell. */
export function join(parts: readonly (Prose | null)[]): Prose {
  return parts.filter((part) => part !== null).join('; ')
}

/** What a row is worth that shows the cause. */
export function causeOf({ confidence }: Attribution): Finding['verdict'] {
  return confidence === 'certain' ? 'cause' : 'likely'
}
