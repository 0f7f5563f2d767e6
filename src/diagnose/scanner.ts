import type { LogFindings, LogHit, LogLine } from '../model/evidence.ts'
import { type Automaton, buildAutomaton } from './anchors.ts'
import { CONTEXT } from './context.ts'
import type { Pattern, PatternSet } from './pattern.ts'
import { type LineSink, StreamScanner } from './stream-scanner.ts'
import { stripLine } from './strip.ts'
import { Tail } from './tail.ts'

const TAIL_LINES = 200
const KEPT_HITS = 5
/** Of the text of a kept line; reports cut far below. */
const KEPT_CHARACTERS = 4096

/** One stream of output: chunks as they come, cut anywhere. */
interface OutputStream {
  push(chunk: Uint8Array): void
}

/** Reads output once for every diagnosis at a time, in bounded memory. */
export interface OutputScanner extends OutputStream {
  /** A further stream with its own unfinished line: standard error beside standard output. */
  stream(): OutputStream
  /** Ends all streams. Called once, last. */
  finish(): LogFindings
}

/** A pattern under the key of its findings, `diagnosis id/pattern name`. */
interface KeyedPattern {
  readonly key: string
  readonly pattern: Pattern
}

/** What a scan needs of a catalogue, made once for any number of scans. */
interface Search {
  readonly automaton: Automaton
  readonly patterns: readonly KeyedPattern[]
  /** For each literal of the automaton the pattern it belongs to. */
  readonly patternOf: readonly number[]
}

const prepared = new WeakMap<readonly PatternSet[], Search>()

function searchOf(catalogue: readonly PatternSet[]): Search {
  const search = prepared.get(catalogue) ?? prepareSearch(catalogue)
  prepared.set(catalogue, search)
  return search
}

/** The patterns of a catalogue, with those that say where in a test run a line stands. */
function prepareSearch(catalogue: readonly PatternSet[]): Search {
  const patterns = [CONTEXT, ...catalogue].flatMap(({ id, patterns }) =>
    patterns.map((pattern) => ({ key: `${id}/${pattern.name}`, pattern }))
  )
  const anchors = patterns.flatMap(({ pattern }, index) => [pattern.anchor].flat().map((text) => ({ text, index })))
  return {
    automaton: buildAutomaton(anchors.map(({ text }) => text)),
    patterns,
    patternOf: anchors.map(({ index }) => index)
  }
}

/** Starts a scan of one attempt's output. */
export function createScanner(catalogue: readonly PatternSet[]): OutputScanner {
  const search = searchOf(catalogue)
  const gathered = new Gathered()
  const streams: StreamScanner[] = []
  const stream = (): OutputStream => {
    const one = new StreamScanner(search.automaton, new LineExaminer(search, gathered))
    streams.push(one)
    return one
  }
  const main = stream()
  return {
    push: (chunk) => main.push(chunk),
    stream,
    finish() {
      for (const one of streams) one.finish()
      return gathered.findings()
    }
  }
}

/** What the streams of one scan find together. */
class Gathered {
  readonly #hits = new Map<string, { count: number; first: LogLine[] }>()
  readonly tail = new Tail(TAIL_LINES)
  lineCount = 0

  /** Counts a hit; `describe` is asked only for the first few. */
  record({ key, pattern }: KeyedPattern, describe: () => LogLine): void {
    const hit = this.#hits.get(key) ?? { count: 0, first: [] }
    hit.count++
    if (hit.first.length < (pattern.keep ?? KEPT_HITS)) hit.first.push(describe())
    if (hit.count === 1) this.#hits.set(key, hit)
  }

  findings(): LogFindings {
    const hits = new Map<string, LogHit>([...this.#hits].sort(([a], [b]) => (a < b ? -1 : 1)))
    return { hits, tail: this.tail.lines().map(textOf), lineCount: this.lineCount }
  }
}

/** Runs the patterns on the lines of one stream. */
class LineExaminer implements LineSink {
  readonly #search: Search
  readonly #gathered: Gathered
  readonly tail: Tail
  /** Hits that count only if the next line agrees. */
  #waiting: { readonly describe: () => LogLine; readonly keyed: KeyedPattern }[] = []

  constructor(search: Search, gathered: Gathered) {
    this.#search = search
    this.#gathered = gathered
    this.tail = gathered.tail
  }

  nextLine(): number {
    return ++this.#gathered.lineCount
  }

  examine(line: Uint8Array, lineNumber: number, endings: Iterable<number>): boolean {
    const text = textOf(line)
    const waiting = this.#waiting
    this.#waiting = []
    for (const { describe, keyed } of waiting) {
      if (keyed.pattern.next?.test(text)) this.#gathered.record(keyed, describe)
    }
    for (const index of this.#patternsAt(endings)) {
      const keyed = this.#search.patterns[index]
      const match = keyed === undefined ? null : matchOf(keyed.pattern, text)
      if (keyed === undefined || match === null) continue
      const describe = (): LogLine => ({ lineNumber, text: text.slice(0, KEPT_CHARACTERS), groups: groupsOf(match) })
      if (keyed.pattern.next === undefined) this.#gathered.record(keyed, describe)
      else this.#waiting.push({ describe, keyed })
    }
    return this.#waiting.length > 0
  }

  #patternsAt(endings: Iterable<number>): ReadonlySet<number> {
    const indexes = new Set<number>()
    for (const ending of endings) indexes.add(this.#search.patternOf[ending] ?? -1)
    return indexes
  }
}

const decoder = new TextDecoder()

function textOf(line: Uint8Array): string {
  return stripLine(decoder.decode(line))
}

function matchOf({ regex, unless }: Pattern, text: string): RegExpExecArray | null {
  const match = regex.exec(text)
  return match === null || unless?.test(text) === true ? null : match
}

function groupsOf({ groups = {} }: RegExpExecArray): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(groups).filter(([, value]) => value !== undefined))
}
