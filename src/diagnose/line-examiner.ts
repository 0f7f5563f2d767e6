import { ownersIn } from './anchors.ts'
import { type ByteRange, textOf } from './byte-range.ts'
import type { OutputEvent } from './events.ts'
import type { Gathered } from './gathered.ts'
import { LastMarker } from './last-marker.ts'
import type { Pattern } from './pattern.ts'
import type { KeyedPattern, Search } from './search.ts'
import type { LineListener, LineSink } from './stream-scanner.ts'
import { plain, stripLine } from './strip.ts'
import type { Tail } from './tail.ts'
import { type FoundLine, TestRegion } from './test-region.ts'

/** Of the text of a kept line; reports cut far below. */
const KEPT_CHARACTERS = 4096
/** Tests that are followed at a time in a stream of events. */
const MOST_SOURCES = 256

/** A line with what may stand in it. */
interface Examined {
  readonly text: string
  readonly lineNumber: number
  /** Of the test or stream that printed it; `null`: the build or the package did. */
  readonly region: TestRegion | null
  /** The patterns whose literals are in the line, by number. */
  readonly found: readonly number[]
}

/** Runs the patterns on the lines of one stream. */
export class LineExaminer implements LineSink {
  readonly #search: Search
  readonly #gathered: Gathered
  readonly tail: Tail
  readonly hear: LineListener
  readonly #ofStream = new TestRegion(false)
  readonly #markers = new LastMarker()
  /** For each test of a stream of events. */
  readonly #ofTests = new Map<string, TestRegion>()
  /** Hits that count only if the next line agrees. */
  #waiting: { readonly describe: () => FoundLine; readonly keyed: KeyedPattern }[] = []
  /** Beginnings of lines whose pieces come in events of their own, for each source. */
  readonly #begun = new Map<string, Omit<Examined, 'found'>>()

  constructor(search: Search, gathered: Gathered, hear: LineListener) {
    this.#search = search
    this.#gathered = gathered
    this.tail = gathered.tail
    this.hear = hear
  }

  nextLine(): number {
    return ++this.#gathered.lineCount
  }

  examine(line: ByteRange, lineNumber: number, found: readonly number[]): boolean {
    if (
      this.#isBusy() ||
      !this.#ofStream.isSettled ||
      !this.#markers.keep(line, lineNumber, this.#ofStream.awaitsEnd)
    ) {
      this.#examineNow(line, lineNumber, found)
    }
    return this.#isBusy()
  }

  #isBusy(): boolean {
    return this.#waiting.length > 0 || this.#begun.size > 0
  }

  #examineNow(line: ByteRange, lineNumber: number, found: readonly number[]): void {
    const marker = this.#markers.take()
    if (marker !== null) this.#examineMarker(marker.line, marker.lineNumber)
    const { text, event } = stripLine(textOf(line))
    if (event === null) this.#runPatterns({ text, lineNumber, region: this.#ofStream, found })
    else this.#examineEvent(event, { text, lineNumber, region: this.#regionOf(event), found })
  }

  #examineMarker(line: ByteRange, lineNumber: number): void {
    const { text } = stripLine(textOf(line))
    const found = ownersIn(this.#search.automaton, line.bytes.subarray(line.start, line.end))
    this.#runPatterns({ text, lineNumber, region: this.#ofStream, found })
  }

  finish(): void {
    for (const begun of this.#begun.values()) this.#runOnJoined(begun)
    this.#begun.clear()
  }

  #regionOf({ source, isOfTest }: OutputEvent): TestRegion | null {
    if (!isOfTest) return null
    const region = this.#ofTests.get(source) ?? new TestRegion(true)
    if (!this.#ofTests.has(source)) makeRoom(this.#ofTests)
    this.#ofTests.set(source, region)
    return region
  }

  #examineEvent({ output, source, endsLine }: OutputEvent, examined: Examined): void {
    const begun = this.#begun.get(source)
    const text = (begun?.text ?? '') + output
    const joined = { text, lineNumber: begun?.lineNumber ?? examined.lineNumber, region: examined.region }
    this.#begun.delete(source)
    if (!endsLine && text.length < KEPT_CHARACTERS) {
      makeRoom(this.#begun)
      this.#begun.set(source, joined)
    } else if (begun === undefined) this.#runPatterns(examined)
    else this.#runOnJoined(joined)
  }

  #runOnJoined({ text: joined, lineNumber, region }: Omit<Examined, 'found'>): void {
    const text = plain(joined)
    const found = ownersIn(this.#search.automaton, new TextEncoder().encode(text))
    this.#runPatterns({ text, lineNumber, region, found })
  }

  #runPatterns({ text, lineNumber, region, found }: Examined): void {
    region?.see(text)
    if (text !== '') this.#settle(text)
    for (const index of found) {
      const keyed = this.#search.patterns[index]
      const match = keyed === undefined ? null : matchOf(keyed.pattern, text)
      if (keyed === undefined || match === null) continue
      const describe = (): FoundLine => {
        const line = { lineNumber, text: text.slice(0, KEPT_CHARACTERS), groups: groupsOf(match) }
        region?.add(line)
        return line
      }
      if (keyed.pattern.next === undefined) this.#gathered.record(keyed, describe)
      else this.#waiting.push({ describe, keyed })
    }
  }

  /** Blank lines do not count as the next one: progress and other jobs leave them. */
  #settle(text: string): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const { describe, keyed } of waiting) {
      if (keyed.pattern.next?.test(text)) this.#gathered.record(keyed, describe)
    }
  }
}

/** Forgets the oldest. */
function makeRoom(sources: Map<string, unknown>): void {
  if (sources.size < MOST_SOURCES) return
  for (const oldest of sources.keys()) {
    sources.delete(oldest)
    return
  }
}

function matchOf({ regex, unless }: Pattern, text: string): RegExpExecArray | null {
  const match = regex.exec(text)
  return match === null || unless?.test(text) === true ? null : match
}

function groupsOf({ groups = {} }: RegExpExecArray): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(groups).filter(([, value]) => value !== undefined))
}
