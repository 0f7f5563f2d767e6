/** Of all bytes: half of them are zero in ASCII, fewer where names are in other scripts. */
const MOSTLY = 0.25
/** Of the zeros: U+0100, U+0200 and their like have theirs in the other place. */
const RARELY = 1 / 16
const SNIFFED_BYTES = 4096

/** Turns the pieces of a stored log into UTF-8, whatever encoding it was stored in and wherever the pieces are cut. */
export interface Decoding {
  push(piece: Uint8Array): void
  finish(): void
}

/**
 * UTF-8 passes as it is. Windows PowerShell redirects in UTF-16 with a byte order mark; files whose head was cut off
 * lack the mark, so the first few KiB are looked at before anything is passed on.
 */
export function toUtf8(take: (piece: Uint8Array) => void): Decoding {
  const head = new Uint8Array(SNIFFED_BYTES)
  let headBytes = 0
  let pass: Decoding | null = null
  const settle = (): Decoding => {
    const settled = passageOf(encodingOf(head.subarray(0, headBytes)), take)
    if (headBytes > 0) settled.push(head.subarray(0, headBytes))
    return settled
  }
  return {
    push(piece) {
      const missing = pass === null ? piece.subarray(0, SNIFFED_BYTES - headBytes) : new Uint8Array(0)
      head.set(missing, headBytes)
      headBytes += missing.length
      if (pass === null && headBytes === SNIFFED_BYTES) pass = settle()
      if (pass !== null && piece.length > missing.length) pass.push(piece.subarray(missing.length))
    },
    finish() {
      pass ??= settle()
      pass.finish()
    }
  }
}

type Utf16 = 'utf-16le' | 'utf-16be'

function passageOf(encoding: Utf16 | null, take: (piece: Uint8Array) => void): Decoding {
  if (encoding === null) return { push: take, finish() {} }
  const decoder = new TextDecoder(encoding)
  const encoder = new TextEncoder()
  return {
    push: (piece) => take(encoder.encode(decoder.decode(piece, { stream: true }))),
    finish: () => take(encoder.encode(decoder.decode()))
  }
}

function encodingOf(head: Uint8Array): Utf16 | null {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  const zeros = (parity: number): number => head.filter((byte, i) => byte === 0 && i % 2 === parity).length
  const [even, odd] = [zeros(0), zeros(1)]
  if (odd > MOSTLY * head.length && even < RARELY * odd) return 'utf-16le'
  return even > MOSTLY * head.length && odd < RARELY * even ? 'utf-16be' : null
}
