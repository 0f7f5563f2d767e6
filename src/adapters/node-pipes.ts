import { spawnSync } from 'node:child_process'
import { closeSync, constants, mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { Socket } from 'node:net'
import { join } from 'node:path'
import type { ByteStream } from '../ports/processes.ts'

/** What a child writes to, and where we read it. */
export interface OutputPipes {
  readonly stdout: ByteStream
  readonly stderr: ByteStream
  /** Descriptors of ours for the child's standard output and error; to be closed once the child has been started. */
  readonly childEnds: readonly [number, number]
  closeChildEnds(): void
}

/**
 * Pipes for the output of a child. What Node makes for `stdio: 'pipe'` are sockets, and those cannot be opened by name:
 * `echo >/dev/stderr` and `tee /dev/stdout`, which work in a `run:` step, would fail with ENXIO. Node cannot make pipes,
 * so these are FIFOs below `scratch` whose names are gone as soon as both ends are open. `null` where they cannot be had.
 */
export function outputPipes(scratch: string): OutputPipes | null {
  const opened: number[] = []
  const open = (path: string, flags: number): number => {
    const descriptor = openSync(path, flags)
    opened.push(descriptor)
    return descriptor
  }
  let directory = ''
  try {
    mkdirSync(scratch, { recursive: true })
    directory = mkdtempSync(join(scratch, 'pipes-'))
    const [first, second] = [join(directory, 'stdout'), join(directory, 'stderr')]
    if (spawnSync('mkfifo', ['-m', '600', first, second], { stdio: 'ignore' }).status !== 0) return null
    // Readers first, and not waiting for a writer: the writers find them there and wait in their writes only.
    const readers = [first, second].map((path) => open(path, constants.O_RDONLY | constants.O_NONBLOCK))
    const childEnds = [open(first, constants.O_WRONLY), open(second, constants.O_WRONLY)] as const
    const [stdout, stderr] = [readerOf(readers[0]), readerOf(readers[1])]
    return { stdout, stderr, childEnds, closeChildEnds: () => childEnds.forEach((end) => void closeSync(end)) }
  } catch {
    for (const descriptor of opened) closeSync(descriptor)
    return null
  } finally {
    if (directory !== '') rmSync(directory, { recursive: true, force: true })
  }
}

const PIECE_BYTES = 64 * 1024

/**
 * Reads into one buffer again and again, and not before the last piece is done with. A stream of Node takes new memory
 * for each piece, which at hundreds of MB/s is more than the collector keeps up with.
 */
function readerOf(descriptor: number | undefined): ByteStream {
  if (descriptor === undefined) throw new Error('the pipe was not opened')
  const buffer = Buffer.allocUnsafeSlow(PIECE_BYTES)
  let filled = 0
  let isOver = false
  let wake = (): void => {}
  const take = (count: number): boolean => {
    filled = count
    wake()
    return false
  }
  const end = (): void => {
    isOver = true
    wake()
  }
  const socket = new Socket({ fd: descriptor, readable: true, writable: false, onread: { buffer, callback: take } })
  socket.once('end', end).once('close', end).on('error', end)
  return {
    destroy: () => void socket.destroy(),
    async *[Symbol.asyncIterator]() {
      for (;;) {
        if (filled === 0 && !isOver) {
          await new Promise<void>((resolve) => {
            wake = resolve
          })
        }
        if (filled === 0) return
        const piece = buffer.subarray(0, filled)
        filled = 0
        yield piece
        socket.resume()
      }
    }
  }
}
