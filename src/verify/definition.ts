import type { Caution, SourcePlace } from '../model/caution.ts'
import type { Remedy } from '../model/diagnosis.ts'
import type { Prose } from '../model/prose.ts'
import type { GreenRun } from './green-run.ts'

/** One way to be green and wrong: everything that is known about it, and nothing about it anywhere else. */
export interface SilentDefinition {
  readonly id: string
  readonly title: string
  /** One sentence about what follows from it, shown with each finding. */
  readonly why: Prose
  /** One paragraph for its page. */
  readonly meaning: string
  readonly judge: (run: GreenRun) => readonly SilentHit[]
  /** Runs in which it must be found. */
  readonly catches: readonly SilentSample[]
  /** Runs that look like it, and are in order. */
  readonly ignores: readonly SilentSample[]
  readonly links: readonly string[]
}

export interface SilentHit {
  readonly found: Prose
  readonly remedy: Remedy
  readonly place?: SourcePlace
}

/** What it takes to make a run: what it printed, and what was seen of it otherwise. */
export interface SilentSample {
  readonly command: string
  readonly prints: string
  readonly run?: Partial<GreenRun>
}

export function silentCaution({ id, title, why }: SilentDefinition, { found, remedy, place }: SilentHit): Caution {
  return { id, title, found, why, remedy, place: place ?? null }
}
