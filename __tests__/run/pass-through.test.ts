import { PassThrough, Readable } from 'node:stream'
import { describe, expect, test } from '@jest/globals'
import { passThrough } from '../../src/run/pass-through.ts'

function receiver(delay: () => Promise<void> = async () => {}) {
  const chunks: Uint8Array[] = []
  return {
    chunks,
    bytes: () => Buffer.concat(chunks),
    output: {
      async write(_stream: string, chunk: Uint8Array) {
        await delay()
        chunks.push(chunk)
      }
    }
  }
}

describe('passing output through', () => {
  test('changes no byte, whatever they are, and lets the listener read all of them', async () => {
    const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, i) => (i * 31) % 256))
    const heard: Uint8Array[] = []
    const { output, bytes: received } = receiver()
    await passThrough(Readable.from([bytes.subarray(0, 3), bytes.subarray(3)]), 'stdout', output, {
      push: (chunk) => heard.push(chunk)
    })
    expect(received().equals(bytes)).toBe(true)
    expect(Buffer.concat(heard).equals(bytes)).toBe(true)
  })

  test('takes no more from the build than the receiver takes', async () => {
    let release = (): void => {}
    const { output, chunks } = receiver(
      () =>
        new Promise((resolve) => {
          release = resolve
        })
    )
    const from = new PassThrough({ highWaterMark: 1024 })
    const done = passThrough(from, 'stdout', output, { push() {} })
    let written = 0
    for (let tick = 0; tick < 20; tick++) {
      while (!from.writableNeedDrain && written < 1024 * 1024) {
        from.write(Buffer.alloc(512))
        written += 512
      }
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(chunks).toHaveLength(0)
    expect(written).toBeLessThan(16 * 1024)
    from.end()
    const pump = setInterval(() => release(), 0)
    await done
    clearInterval(pump)
  })

  test('goes on when reading along fails', async () => {
    const { output, bytes } = receiver()
    const listener = {
      push() {
        throw new Error('a fault of the scanner')
      }
    }
    await passThrough(Readable.from([Buffer.from('a'), Buffer.from('b')]), 'stderr', output, listener)
    expect(bytes().toString()).toBe('ab')
  })

  test('closes the stream when the receiver has gone, so that the build notices', async () => {
    const from = new PassThrough()
    const done = passThrough(from, 'stdout', { write: () => Promise.reject(new Error('EPIPE')) }, { push() {} })
    from.write('a')
    await done
    expect(from.destroyed).toBe(true)
  })
})
