import type { LogFindings, LogHit } from '../model/evidence.ts'
import type { KeyedPattern } from './search.ts'
import { stripLine } from './strip.ts'
import { Tail } from './tail.ts'
import type { FoundLine } from './test-region.ts'

const TAIL_LINES = 200
const KEPT_HITS = 5

/** What the streams of one scan find together. */
export class Gathered {
  readonly #hits = new Map<string, { count: number; first: FoundLine[] }>()
  readonly tail = new Tail(TAIL_LINES)
  lineCount = 0

  /** Counts a hit. The first few are kept, and described; a line that no test printed takes the place of one of a test. */
  record({ key, pattern }: KeyedPattern, describe: () => FoundLine): void {
    const hit = this.#hits.get(key) ?? { count: 0, first: [] }
    hit.count++
    if (hit.first.length < (pattern.keep ?? KEPT_HITS)) hit.first.push(describe())
    else this.#replaceOneOfTest(hit.first, describe)
    if (hit.count === 1) this.#hits.set(key, hit)
  }

  #replaceOneOfTest(kept: FoundLine[], describe: () => FoundLine): void {
    const passed = kept.findIndex((line) => line.isOfPassedTest === true)
    if (passed >= 0) kept.splice(passed, 1)
    else if (kept.at(-1)?.isOfTest === true) kept.pop()
    else return
    kept.push(describe())
  }

  /** What a test printed that did not fail is evidence of nothing. */
  findings(): LogFindings {
    const found = [...this.#hits].map(([key, { count, first }]): [string, LogHit] => {
      const kept = first.filter((line) => line.isOfPassedTest !== true)
      return [key, { count: count - first.length + kept.length, first: kept }]
    })
    const hits = new Map(found.filter(([, { first }]) => first.length > 0).sort(([a], [b]) => (a < b ? -1 : 1)))
    return { hits, tail: this.tail.lines().map(textOf), lineCount: this.lineCount }
  }
}

const decoder = new TextDecoder()

/** As people read it in the tail of a report. */
function textOf(line: Uint8Array): string {
  return stripLine(decoder.decode(line)).text
}
