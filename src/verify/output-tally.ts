/** What the output of a green run tells of packages and tests. */
export interface OutputTally {
  /** Patterns that matched nothing, as `go` names them. */
  readonly emptyPatterns: readonly string[]
  /** Packages without test files. */
  readonly withoutTests: number
  /** Packages whose test files held no test that was asked for. */
  readonly withoutMatch: number
  /** Tests that said that they were skipped; shown only by `-v` and `-json`. */
  readonly skipped: number
  /** Whether any test ran, or may have: a package that passed without naming its tests. */
  readonly hasRun: boolean
}

const LETTER_G = 0x67
const COLON = 0x3a
const MOST_BYTES = 4096
/** First bytes of the lines that count: `ok`, `?`, `---`, `===`, `{"`, `DONE`, `FAIL`, `go: `, a tab. */
const BEGINNINGS = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number('o?-={DFg\t'.includes(String.fromCharCode(byte)))
)
const decoder = new TextDecoder()

/** Reads one attempt's output, line by line. Once a test has run, nothing more is looked at but warnings of `go`. */
export class OutputCounter {
  readonly #emptyPatterns: string[] = []
  #withoutTests = 0
  #withoutMatch = 0
  #skipped = 0
  #hasRun = false
  /** `=== RUN` since the last package ended: then its tests are named, and only they count. */
  #isNamingTests = false
  /** Packages that passed in a stream of events. */
  #passedEvents = 0

  hear(bytes: Uint8Array, start: number, end: number): void {
    const first = bytes[start] ?? 0
    if (start === end || (this.#hasRun ? first !== LETTER_G : BEGINNINGS[first] === 0)) return
    // `go: `, and none of the `go tool …` that -x shows.
    if (first === LETTER_G && bytes[start + 2] !== COLON) return
    const text = decoder.decode(bytes.subarray(start, Math.min(end, start + MOST_BYTES)))
    if (text.startsWith('{')) this.#event(text)
    else this.#words(text.trimEnd())
  }

  tally(): OutputTally {
    return {
      emptyPatterns: this.#emptyPatterns,
      withoutTests: this.#withoutTests,
      withoutMatch: this.#withoutMatch,
      skipped: this.#skipped,
      hasRun: this.#hasRun || (this.#passedEvents > this.#withoutMatch && this.#skipped === 0)
    }
  }

  /**
   *     ok  	example.com/a	0.002s [no tests to run]
   *     ?   	example.com/b	[no test files]
   *     	example.com/c		coverage: 0.0% of statements      (before it, without a line end, what has no statements)
   *     go: warning: "./..." matched no packages
   *     DONE 12 tests, 12 skipped in 0.512s          (gotestsum)
   */
  #words(text: string): void {
    const pattern = /^go: warning: "(.{1,200})" matched no packages$/.exec(text)?.[1]
    const [, done, skipped = '0'] = /^DONE (?:\d+ runs, )?(\d+) tests?(?:, (\d+) skipped)?/.exec(text) ?? []
    if (pattern !== undefined) this.#emptyPatterns.push(pattern)
    else if (/^=== RUN /.test(text)) this.#isNamingTests = true
    else if (/^--- SKIP: [^\s/]+ /.test(text)) this.#skipped++
    else if (/^(?:--- (?:PASS|FAIL|BENCH): |FAIL\b)/.test(text)) this.#hasRun = true
    else if (/^\?\s+\S+\s+\[no test files\]$|^(?:\t\S+\t\t)+coverage: 0\.0% of statements$/.test(text))
      this.#withoutTests++
    else if (/^ok\s+\S+\s/.test(text)) {
      if (text.endsWith('[no tests to run]')) this.#withoutMatch++
      else if (!this.#isNamingTests) this.#hasRun = true
      this.#isNamingTests = false
    } else if (done !== undefined && Number(done) > Number(skipped)) this.#hasRun = true
  }

  /** `{"Action":"skip","Package":"p","Test":"TestA",…}` of test2json; without a test it is about the package. */
  #event(text: string): void {
    if (!/"Action":"(?:pass|fail|skip|output|bench)"/.test(text)) return
    const event = parsed(text)
    if (event === null) return
    const { Action: action, Test: test, Output: output } = event
    if (typeof test === 'string') {
      if (action === 'skip' && !test.includes('/')) this.#skipped++
      else if (action === 'pass' || action === 'fail' || action === 'bench') this.#hasRun = true
    } else if (action === 'skip') this.#withoutTests++
    else if (action === 'pass') this.#passedEvents++
    else if (typeof output === 'string' && output.trimEnd().endsWith('[no tests to run]') && output.startsWith('ok'))
      this.#withoutMatch++
  }
}

function parsed(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const event: unknown = JSON.parse(text)
    return typeof event === 'object' && event !== null ? { ...event } : null
  } catch {
    return null
  }
}
