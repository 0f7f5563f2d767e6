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
    if (chunk.length > 0) endsInLine[stream] = chunk.at(-1) !== NEWLINE
  }
}

const NEWLINE = 0x0a
const endsInLine = { stdout: false, stderr: false }

/**
 * What has to come before a line of ours: a line break where the build's last line on that stream has none yet. Glued to
 * it, our line could not be told apart, and a workflow command of ours would not be one.
 */
export function lineBreak(stream: keyof typeof endsInLine): string {
  const text = endsInLine[stream] ? '\n' : ''
  endsInLine[stream] = false
  return text
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
