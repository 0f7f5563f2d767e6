import { createReadStream } from 'node:fs'
import type { Logs } from '../ports/logs.ts'

const PIECE_BYTES = 256 * 1024

export const nodeLogs: Logs = {
  async *read(path) {
    const stream = path === '-' ? process.stdin : createReadStream(path, { highWaterMark: PIECE_BYTES })
    for await (const chunk of stream) if (chunk instanceof Uint8Array) yield chunk
  }
}
