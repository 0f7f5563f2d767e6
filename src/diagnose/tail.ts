/** Bytes kept of each of the last lines: enough for the 400 characters that a report shows, in any script. */
const LINE_BYTES = 2048

/**
 * The last lines of a stream in pieces, in bounded memory. Within a chunk only places are noted; bytes are copied once
 * per chunk and only for lines that can still be among the last.
 */
export class Tail {
  readonly #size: number
  readonly #lines: Uint8Array[] = []
  readonly #starts: Int32Array
  readonly #ends: Int32Array
  #noted = 0

  constructor(size: number) {
    this.#size = size
    this.#starts = new Int32Array(size)
    this.#ends = new Int32Array(size)
  }

  /** A line of the chunk now being read; {@link keep} must follow before the next chunk. */
  note(start: number, end: number): void {
    const slot = this.#noted++ % this.#size
    this.#starts[slot] = start
    this.#ends[slot] = end
  }

  /** Copies the noted lines that may be among the last. */
  keep(chunk: Uint8Array): void {
    const from = Math.max(0, this.#noted - this.#size)
    for (let i = from; i < this.#noted; i++) {
      const slot = i % this.#size
      this.add(chunk.subarray(this.#starts[slot] ?? 0, this.#ends[slot] ?? 0))
    }
    this.#noted = 0
  }

  /** A line that lies in no single chunk. */
  add(line: Uint8Array): void {
    this.#lines.push(line.slice(0, LINE_BYTES))
    if (this.#lines.length >= 2 * this.#size) this.#lines.splice(0, this.#lines.length - this.#size)
  }

  /** Oldest first. */
  lines(): readonly Uint8Array[] {
    return this.#lines.slice(-this.#size)
  }
}
