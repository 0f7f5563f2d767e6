import type { LogLine } from '../model/evidence.ts'

/** A line as the scanner keeps it: whether a test printed it, and one that passed, may only show later. */
export type FoundLine = { -readonly [Field in keyof LogLine]: LogLine[Field] } & { isOfPassedTest?: boolean }

/** Every line that one of the others can match: most lines are none. */
const MARKER = /^\s*(?:===|---|PASS|FAIL|ok\s|\?\s|coverage|exit|panic|fatal|signal|SIG)/
const STARTED = /^\s*=== (?:RUN|CONT|NAME)\s+(?<test>\S{1,300})/
const REPORTED = /^\s*--- (?<verdict>PASS|FAIL|SKIP|BENCH): (?<test>\S{1,300})/
/** The package is done: what follows is no test's. */
const ENDED = /^\s*(?:PASS$|FAIL\b|ok\s|\?\s|coverage: )/
const PACKAGE_PASSED = /^\s*ok\s/
const PACKAGE_FAILED = /^\s*FAIL\b/
/** The binary died, or a process that a test started: what is set in below is a trace, not what a test logged. */
const DIED = /^\s*(?:exit status \d|panic: |fatal error: |signal: |SIG[A-Z]{3,5}: )/

/**
 * Which lines of one source a test printed: those between its `=== RUN` and its later `--- PASS` or `--- FAIL`, and those set in
 * below the report. Where the report never comes, the test did not live to print it, and nothing is said about them.
 */
export class TestRegion {
  readonly #isOfOneTest: boolean
  #running: string | null
  /** Below a report: whether it is of a test that did not fail. */
  #reporting: 'passed' | 'failed' | null = null
  #undecided: { readonly line: FoundLine; readonly test: string }[] = []
  /** Starts and reports of tests of the present package. */
  #markers: FoundLine[] = []

  /** `isOfOneTest`: the events of one test, which is running from the beginning, rather than a stream of text. */
  constructor(isOfOneTest: boolean) {
    this.#isOfOneTest = isOfOneTest
    this.#running = isOfOneTest ? '' : null
  }

  /** Whether no line waits for the report of its test: then of several markers in a row only the last one counts. */
  get isSettled(): boolean {
    return this.#undecided.length === 0
  }

  /** Whether the end of the package is to say whether its tests went well. */
  get awaitsEnd(): boolean {
    return this.#markers.length > 0
  }

  /** Reads a line on which test markers can stand. Markers are seen if the scanner looks for them. */
  see(text: string): void {
    if (!MARKER.test(text)) return
    const started = STARTED.exec(text)?.groups?.['test']
    const report = REPORTED.exec(text)?.groups
    if (started !== undefined) {
      this.#running = started
      this.#reporting = null
    } else if (report !== undefined) {
      this.#reporting = report['verdict'] === 'FAIL' ? 'failed' : 'passed'
      this.#decide(report['test'] ?? '', this.#reporting === 'passed')
      this.#running = null
    } else if (ENDED.test(text)) {
      this.#running = null
      this.#reporting = null
      this.#undecided = []
      if (PACKAGE_PASSED.test(text)) for (const line of this.#markers) line.isOfPassedTest = true
      if (PACKAGE_PASSED.test(text) || PACKAGE_FAILED.test(text)) this.#markers = []
    } else if (DIED.test(text)) this.#reporting = null
  }

  /** Notes a line that was found; marks it at once where it is set in below a report. */
  add(line: FoundLine): void {
    if (STARTED.test(line.text) || REPORTED.test(line.text)) this.#addMarker(line)
    if (this.#reporting !== null && /^(?: {3}|\t)/.test(line.text)) {
      line.isOfTest = true
      if (this.#reporting === 'passed') line.isOfPassedTest = true
    } else if (this.#running !== null) this.#undecided.push({ line, test: this.#running })
  }

  /** Where all is well, nothing shows that tests ran: that matters only for what else stands in the log. */
  #addMarker(line: FoundLine): void {
    if (/--- FAIL/.test(line.text)) return
    if (this.#isOfOneTest && REPORTED.test(line.text)) line.isOfPassedTest = true
    this.#markers.push(line)
  }

  /** The report of a test is also that of the tests below it. */
  #decide(test: string, isPassed: boolean): void {
    const isOwn = (other: string): boolean => this.#isOfOneTest || other === test || other.startsWith(`${test}/`)
    for (const { line } of this.#undecided.filter((one) => isOwn(one.test))) {
      line.isOfTest = true
      if (isPassed) line.isOfPassedTest = true
    }
    this.#undecided = this.#undecided.filter((one) => !isOwn(one.test))
  }
}
