import { write } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Output } from '../ports/output.ts'

/**
 * Our own standard output and error, written in the thread pool: `process.stdout` writes to pipes synchronously, and a
 * receiver that does not read would then stop the sampler, the timeout and the watch along with the build.
 */
export const nodeOutput: Output = {
  async write(stream, chunk) {
    const descriptor = stream === 'stdout' ? 1 : 2
    let rest = chunk
    while (rest.length > 0) rest = rest.subarray(await writeSome(descriptor, rest))
  }
}

async function writeSome(descriptor: number, bytes: Uint8Array): Promise<number> {
  const written = await new Promise<number | 'full'>((resolve, reject) => {
    write(descriptor, bytes, (fault, count) => {
      if (fault === null) resolve(count)
      // Somebody else with the same pipe end made it non-blocking: wait as a blocking write would.
      else if (fault.code === 'EAGAIN') resolve('full')
      else reject(fault)
    })
  })
  if (written !== 'full') return written
  await sleep(5)
  return 0
}
