/** Lines of a passing test run, which in the output of `go test -v` are most of all. They begin like this, as bytes. */
const MARKERS = ['=== RUN   ', '=== CONT  ', '=== NAME  ', '--- PASS: ', 'ok  \t'].map((text) =>
  new TextEncoder().encode(text)
)

const PACKAGE_END = MARKERS.length - 1

/** Each kind is examined as often as any other line before, so that it is found at all. */
const EXAMINED = 2

const SPACE = 0x20
const MOST_BYTES = 1024

/**
 * Keeps the last test marker instead of examining each: while no found line waits for the report of its test, a marker
 * undoes what the one before said, and only the last one before a line of interest matters.
 */
export class LastMarker {
  readonly #seen = MARKERS.map(() => 0)
  readonly #bytes = new Uint8Array(MOST_BYTES)
  #length = 0
  #lineNumber = 0

  /**
   * Whether the line is a marker, and is kept; otherwise it has to be examined. Where `isEndAwaited`, the end of the
   * package is to say whether the markers found before count.
   */
  keep(line: Uint8Array, lineNumber: number, isEndAwaited: boolean): boolean {
    let start = 0
    while (line[start] === SPACE) start++
    const kind = MARKERS.findIndex((marker) => beginsWith(line, start, marker))
    if (kind < 0 || line.length > MOST_BYTES || (isEndAwaited && kind === PACKAGE_END)) return false
    const seen = this.#seen[kind] ?? 0
    this.#seen[kind] = seen + 1
    if (seen < EXAMINED) return false
    this.#bytes.set(line)
    this.#length = line.length
    this.#lineNumber = lineNumber
    return true
  }

  /** The marker kept since the last time; `null` for none. */
  take(): { readonly line: Uint8Array; readonly lineNumber: number } | null {
    if (this.#length === 0) return null
    const line = this.#bytes.subarray(0, this.#length)
    this.#length = 0
    return { line, lineNumber: this.#lineNumber }
  }
}

function beginsWith(line: Uint8Array, start: number, marker: Uint8Array): boolean {
  for (let i = 0; i < marker.length; i++) if (line[start + i] !== marker[i]) return false
  return true
}
