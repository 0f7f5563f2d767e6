import type { Caution, SourcePlace } from '../model/caution.ts'
import type { Remedy } from '../model/diagnosis.ts'
import { code, type Prose, prose } from '../model/prose.ts'
import type { Setup } from './setup.ts'
import type { Variable } from './variables.ts'

/** One thing that can be wrong with a set-up: everything that is known about it, and nothing about it anywhere else. */
export interface Check {
  readonly id: string
  readonly title: string
  /** One sentence about what follows from it, shown with each finding. */
  readonly why: Prose
  /** When exactly it is said, for its page. */
  readonly when: string
  /** Says nothing where anything that it needs is not known. */
  readonly examine: (setup: Setup) => readonly Hit[]
  /** Primary sources. */
  readonly links: readonly string[]
}

/** What a check found. */
export interface Hit {
  readonly found: Prose
  readonly remedy: Remedy
  readonly place?: SourcePlace
}

export function cautionOf({ id, title, why }: Check, { found, remedy, place }: Hit): Caution {
  return { id, title, found, why, remedy, place: place ?? null }
}

/** A remedy in words alone. */
export function advice(text: Prose): Remedy {
  return { text, snippet: null }
}

/** A remedy with commands to paste. */
export function commands(text: Prose, ...lines: readonly string[]): Remedy {
  return { text, snippet: { language: 'sh', lines } }
}

/** A remedy with a line of a file to paste. */
export function lines(text: Prose, ...of: readonly string[]): Remedy {
  return { text, snippet: { language: 'text', lines: of } }
}

/** Takes a variable out of where it is set; `instead` is what to set, or `null` for nothing. */
export function resetVariable(name: string, { setBy }: Variable, instead: string | null): Remedy {
  const assignment = `${name}: ${instead ?? "''"}`
  switch (setBy) {
    case 'command':
      return instead === null
        ? advice(prose`take ${code(name)} out of the command.`)
        : lines(prose`in the command, set`, `${name}=${instead}`)
    case 'environment':
      return { text: prose`set for the step`, snippet: { language: 'yaml', lines: ['env:', `  ${assignment}`] } }
    case 'go env -w':
      return instead === null
        ? commands(prose`take it back, in a step before:`, `go env -u ${name}`)
        : commands(prose`set it anew, in a step before:`, `go env -w ${name}=${instead}`)
    case 'release':
      return { text: prose`set for the step`, snippet: { language: 'yaml', lines: ['env:', `  ${assignment}`] } }
  }
}

/** Each sentence once: two calls of a command often have the same fault. */
export function distinct(hits: readonly Hit[]): readonly Hit[] {
  return hits.filter(({ found }, i) => hits.findIndex((other) => other.found === found) === i)
}
