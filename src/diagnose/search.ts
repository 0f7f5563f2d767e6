import { type Automaton, buildAutomaton } from './anchors.ts'
import { CONTEXT } from './context.ts'
import type { Pattern, PatternSet } from './pattern.ts'

/** A pattern under the key of its findings, `diagnosis id/pattern name`. */
export interface KeyedPattern {
  readonly key: string
  readonly pattern: Pattern
}

/** What a scan needs of a catalogue, made once for any number of scans. */
export interface Search {
  readonly automaton: Automaton
  /** The owners of its literals, by number. */
  readonly patterns: readonly KeyedPattern[]
}

const prepared = new WeakMap<readonly PatternSet[], Search>()

/** The search for a catalogue; the same one for the same catalogue. */
export function searchOf(catalogue: readonly PatternSet[]): Search {
  const search = prepared.get(catalogue) ?? prepareSearch(catalogue)
  prepared.set(catalogue, search)
  return search
}

/** The patterns of a catalogue, with those that say where in a test run a line stands. */
function prepareSearch(catalogue: readonly PatternSet[]): Search {
  const patterns = [CONTEXT, ...catalogue].flatMap(({ id, patterns }) =>
    patterns.map((pattern) => ({ key: `${id}/${pattern.name}`, pattern }))
  )
  const literals = patterns.flatMap(({ pattern }, owner) => [pattern.anchor].flat().map((text) => ({ text, owner })))
  return { automaton: buildAutomaton(literals), patterns }
}
