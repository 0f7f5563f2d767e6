/** Stored logs of any length. */
export interface Logs {
  /** The bytes in pieces; `-` is standard input. Throws what the system says. */
  read(path: string): AsyncIterable<Uint8Array>
}
