/** A piece of a buffer: less than a view of it, of which a fast log would need millions. */
export interface ByteRange {
  readonly bytes: Uint8Array
  readonly start: number
  /** The first byte behind. */
  readonly end: number
}

const decoder = new TextDecoder()

export function textOf({ bytes, start, end }: ByteRange): string {
  return decoder.decode(bytes.subarray(start, end))
}
