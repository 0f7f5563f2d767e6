import type { ByteRange } from './byte-range.ts'

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
  keep(line: ByteRange, lineNumber: number, isEndAwaited: boolean): boolean {
    const kind = kindOf(line)
    const length = line.end - line.start
    if (kind < 0 || length > MOST_BYTES || (isEndAwaited && kind === PACKAGE_END)) return false
    const seen = this.#seen[kind] ?? 0
    this.#seen[kind] = seen + 1
    if (seen < EXAMINED) return false
    for (let i = 0; i < length; i++) this.#bytes[i] = line.bytes[line.start + i] ?? 0
    this.#length = length
    this.#lineNumber = lineNumber
    return true
  }

  /** The marker kept since the last time; `null` for none. */
  take(): { readonly line: ByteRange; readonly lineNumber: number } | null {
    if (this.#length === 0) return null
    const line = { bytes: this.#bytes, start: 0, end: this.#length }
    this.#length = 0
    return { line, lineNumber: this.#lineNumber }
  }
}

/** Index of the marker that the line begins with, behind blanks; -1 for none. */
function kindOf({ bytes, start, end }: ByteRange): number {
  let at = start
  while (at < end && bytes[at] === SPACE) at++
  for (let kind = 0; kind < MARKERS.length; kind++) if (beginsWith(bytes, at, MARKERS[kind])) return kind
  return -1
}

/** No marker holds a line end, so that none is found across one. */
function beginsWith(bytes: Uint8Array, start: number, marker: Uint8Array | undefined): boolean {
  if (marker === undefined) return false
  for (let i = 0; i < marker.length; i++) if (bytes[start + i] !== marker[i]) return false
  return true
}
