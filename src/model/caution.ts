import type { Remedy } from './diagnosis.ts'
import type { Prose } from './prose.ts'

/** Something that nobody may have meant: in the set-up, before the build, or in the result of a green one. */
export interface Caution {
  /** `preflight.…` or `silent.…`; its page is the one of the documentation that {@link pageOf} names. */
  readonly id: string
  readonly title: string
  /** What was found, with the value and where it comes from. */
  readonly found: Prose
  readonly why: Prose
  /** The line to change. */
  readonly remedy: Remedy
  /** The line of a file of the repository that it is about; `null` where it is about none. */
  readonly place: SourcePlace | null
}

export interface SourcePlace {
  /** Absolute. */
  readonly file: string
  /** 1-based. */
  readonly line: number
}

/** What came of looking at the set-up. */
export interface Preflight {
  readonly findings: readonly Caution[]
  /** What could not be looked at in time, or not at all, each with the reason. */
  readonly notChecked: readonly string[]
}

/** The page of the documentation about a caution, relative to the root of this repository. */
export function pageOf(id: string): string {
  // GitHub makes the anchor of a heading by leaving out everything but letters, digits and hyphens.
  return id.startsWith('silent.') ? `docs/diagnoses/${id}.md` : `docs/preflight.md#${id.replaceAll('.', '')}`
}
