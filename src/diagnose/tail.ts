/** Bytes kept of each of the last lines: enough for the 400 characters that a report shows, in any script. */
const LINE_BYTES = 2048

/**
 * The last lines of all streams, in fixed memory. Within a chunk only places are noted; bytes are copied once per chunk
 * and only for lines that can still be among the last.
 */
export class Tail {
  readonly #size: number
  /** Made when first needed: most logs are short. */
  readonly #slots: Uint8Array[] = []
  readonly #lengths: Int32Array
  #added = 0
  readonly #starts: Int32Array
  readonly #ends: Int32Array
  #noted = 0

  constructor(size: number) {
    this.#size = size
    this.#lengths = new Int32Array(size)
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
    for (let i = Math.max(0, this.#noted - this.#size); i < this.#noted; i++) {
      const slot = i % this.#size
      this.add(chunk, this.#starts[slot] ?? 0, this.#ends[slot] ?? 0)
    }
    this.#noted = 0
  }

  /** Copies a line, or its head. Byte by byte: lines are short, and a view of each costs more than its bytes. */
  add(source: Uint8Array, start: number, end: number): void {
    const slot = this.#added++ % this.#size
    const length = Math.min(end - start, LINE_BYTES)
    const bytes = this.#slots[slot] ?? new Uint8Array(LINE_BYTES)
    this.#slots[slot] = bytes
    for (let i = 0; i < length; i++) bytes[i] = source[start + i] ?? 0
    this.#lengths[slot] = length
  }

  /** Oldest first. */
  lines(): readonly Uint8Array[] {
    const count = Math.min(this.#added, this.#size)
    return Array.from({ length: count }, (_, i) => {
      const slot = (this.#added - count + i) % this.#size
      return this.#slots[slot]?.slice(0, this.#lengths[slot] ?? 0) ?? new Uint8Array(0)
    })
  }
}
