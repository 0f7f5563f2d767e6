import { createReadStream, readFileSync, statSync } from 'node:fs'
import type { Logs } from '../ports/logs.ts'

const PIECE_BYTES = 256 * 1024

export const nodeLogs: Logs = {
  async *read(path) {
    // In one go what fits into a piece: a stream costs more than the reading itself, and there may be thousands of logs.
    if (path !== '-' && isSmallFile(path)) return yield readFileSync(path)
    const stream = path === '-' ? process.stdin : createReadStream(path, { highWaterMark: PIECE_BYTES })
    for await (const chunk of stream) if (chunk instanceof Uint8Array) yield chunk
  }
}

function isSmallFile(path: string): boolean {
  const stats = statSync(path)
  return stats.isFile() && stats.size > 0 && stats.size <= PIECE_BYTES
}
