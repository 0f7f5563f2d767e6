/** Where the build's own output goes, byte for byte. */
export interface Output {
  /** Resolves when the receiver has taken the bytes: that is the back-pressure. Rejects when it is gone. */
  write(stream: 'stdout' | 'stderr', chunk: Uint8Array): Promise<void>
}
