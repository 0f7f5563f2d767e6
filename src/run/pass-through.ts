import type { Output } from '../ports/output.ts'
import type { ByteStream } from '../ports/processes.ts'

/** Takes what passes, for whoever reads along; must not keep it. */
export interface Listener {
  push(chunk: Uint8Array): void
}

/**
 * Hands a stream of the build on, byte for byte, as fast as the receiver takes it and no faster. If the receiver goes
 * away the stream is closed, so that the build gets the SIGPIPE that it would have got without us.
 */
export async function passThrough(
  from: ByteStream,
  to: 'stdout' | 'stderr',
  output: Output,
  listener: Listener
): Promise<void> {
  let isFaulty = false
  try {
    for await (const chunk of from) {
      // Handed on first: while the receiver takes it, it is read along.
      const written = output.write(to, chunk)
      if (!isFaulty) isFaulty = !tryPush(listener, chunk)
      await written
    }
  } catch {
    from.destroy()
  }
}

/** Reading along may fail; the output goes on. */
function tryPush(listener: Listener, chunk: Uint8Array): boolean {
  try {
    listener.push(chunk)
    return true
  } catch {
    return false
  }
}
