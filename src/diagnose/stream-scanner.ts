import { type Automaton, addOwners, CONTROL } from './anchors.ts'
import type { ByteRange } from './byte-range.ts'
import { mayEndMidLine } from './events.ts'
import type { Tail } from './tail.ts'

/** Of a longer line the rest is passed over. */
const LINE_BYTES = 16 * 1024

const LF = 0x0a
const CR = 0x0d
const ESC = 0x1b
const BEL = 0x07
const CLOSING_BRACE = 0x7d

/** Where in a terminal sequence a chunk ended. */
type Sequence = 'none' | 'begun' | 'csi' | 'string'

/** Hears every line, `start` to `end` of `bytes` without its end, long ones cut; must not keep the bytes. */
export type LineListener = (bytes: Uint8Array, start: number, end: number) => void

/** What a stream reports to. */
export interface LineSink {
  readonly hear: LineListener
  readonly tail: Tail
  /** Counts a line; lines are numbered in the order in which they end. */
  nextLine(): number
  /**
   * A line with literals in it, whose owners are `found`, or one that was asked for; both are good until it returns.
   * Returns whether the next line is wanted in any case.
   */
  examine(line: ByteRange, lineNumber: number, found: readonly number[]): boolean
  /** After the last line. */
  finish(): void
}

/**
 * One stream: finds the literals in its bytes, wherever chunks are cut, and hands over the lines that hold one. A line
 * ends at LF, CR or CR LF, as for the runner that shows them; terminal sequences are passed over inside a literal.
 */
export class StreamScanner {
  readonly #automaton: Automaton
  readonly #sink: LineSink
  /** The head of a line that began in an earlier chunk. */
  readonly #carry = new Uint8Array(LINE_BYTES)
  #carried = 0
  /** Bytes of the unfinished line in earlier chunks, kept or not. */
  #begunBytes = 0
  #state = 0
  #sequence: Sequence = 'none'
  #lineStart = 0
  /** The byte before the present line was a CR: an LF now belongs to it. */
  #afterReturn = false
  #found: number[] = []
  #wantsLine = false

  constructor(automaton: Automaton, sink: LineSink) {
    this.#automaton = automaton
    this.#sink = sink
  }

  push(chunk: Uint8Array): void {
    const { next, columnOf } = this.#automaton
    const length = chunk.length
    this.#lineStart = 0
    let state = this.#state
    let at = this.#sequence === 'none' ? 0 : this.#passSequence(chunk, 0)
    for (; at < length; at++) {
      const to = next[state + (columnOf[chunk[at] ?? 0] ?? 0)] ?? 0
      if (to >= 0) {
        state = to
      } else if (to !== CONTROL) {
        state = ~to
        this.#note(state, at)
      } else if (chunk[at] === ESC) {
        this.#sequence = 'begun'
        at = this.#passSequence(chunk, at + 1) - 1
      } else {
        this.#endLine(chunk, at)
        state = 0
      }
    }
    this.#state = state
    this.#carryOver(chunk)
    this.#sink.tail.keep(chunk)
  }

  /** Ends a last line that has no line feed. */
  finish(): void {
    if (this.#begunBytes > 0) {
      const line = { bytes: this.#carry, start: 0, end: this.#carried }
      this.#pass(line)
      this.#deliver(line)
      this.#begunBytes = 0
      this.#carried = 0
    }
    this.#sink.finish()
  }

  /** Literals that end behind the kept head of a line would send their patterns to a text without them. */
  #note(state: number, at: number): void {
    if (this.#begunBytes + at - this.#lineStart >= LINE_BYTES) return
    addOwners(this.#found, this.#automaton.endings[state / this.#automaton.columns] ?? [])
  }

  #endLine(chunk: Uint8Array, at: number): void {
    const isSecondHalf = chunk[at] === LF && this.#afterReturn && this.#begunBytes === 0 && at === this.#lineStart
    this.#afterReturn = chunk[at] === CR
    if (!isSecondHalf) {
      const isWanted = this.#wantsLine || this.#found.length > 0 || this.#isPieceOfLine(chunk, at)
      if (this.#begunBytes > 0) this.#pass(this.#lineOf(chunk, at))
      else {
        this.#sink.tail.note(this.#lineStart, at)
        this.#sink.hear(chunk, this.#lineStart, at)
      }
      this.#deliver(isWanted ? this.#lineOf(chunk, at) : null)
    }
    this.#lineStart = at + 1
    this.#begunBytes = 0
    this.#carried = 0
  }

  /** An event whose output goes on in the next one is wanted whatever it holds: the literals may be cut in two. */
  #isPieceOfLine(chunk: Uint8Array, end: number): boolean {
    if (this.#begunBytes + end - this.#lineStart >= LINE_BYTES) return false
    if (this.#begunBytes === 0 && chunk[end - 1] !== CLOSING_BRACE) return false
    return mayEndMidLine(this.#lineOf(chunk, end))
  }

  /** A line that was put together from two chunks or more. */
  #pass({ bytes, start, end }: ByteRange): void {
    this.#sink.tail.add(bytes, start, end)
    this.#sink.hear(bytes, start, end)
  }

  #deliver(line: ByteRange | null): void {
    const lineNumber = this.#sink.nextLine()
    if (line === null) return
    this.#wantsLine = this.#sink.examine(line, lineNumber, this.#found)
    this.#found = []
  }

  /** The head of the present line, which ends before `end` of the chunk. */
  #lineOf(chunk: Uint8Array, end: number): ByteRange {
    const start = this.#lineStart
    if (this.#begunBytes === 0) return { bytes: chunk, start, end: Math.min(end, start + LINE_BYTES) }
    const room = LINE_BYTES - this.#carried
    const rest = chunk.subarray(start, Math.min(end, start + room))
    this.#carry.set(rest, this.#carried)
    return { bytes: this.#carry, start: 0, end: this.#carried + rest.length }
  }

  #carryOver(chunk: Uint8Array): void {
    const rest = chunk.subarray(this.#lineStart, this.#lineStart + LINE_BYTES - this.#carried)
    this.#carry.set(rest, this.#carried)
    this.#carried += rest.length
    this.#begunBytes += chunk.length - this.#lineStart
  }

  /** Passes over a terminal sequence that has begun; a line end breaks it off. Returns where to go on. */
  #passSequence(chunk: Uint8Array, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0
      if (byte === LF || byte === CR || byte === ESC) {
        this.#sequence = 'none'
        return at
      }
      const after = afterByte(this.#sequence, byte)
      this.#sequence = after
      if (after === 'none') return at + 1
    }
    return chunk.length
  }
}

/** `]`, `_`, `P`, `^` and `X`. */
const STRING_OPENERS: ReadonlySet<number> = new Set([0x5d, 0x5f, 0x50, 0x5e, 0x58])

/** ECMA-48: `ESC [` parameters, final byte 0x40 to 0x7e; `ESC ]` text, BEL or `ESC \`; else one byte after ESC. */
function afterByte(sequence: Sequence, byte: number): Sequence {
  if (sequence === 'begun') return byte === 0x5b ? 'csi' : STRING_OPENERS.has(byte) ? 'string' : 'none'
  if (sequence === 'csi') return byte >= 0x40 && byte <= 0x7e ? 'none' : 'csi'
  return byte === BEL ? 'none' : 'string'
}
