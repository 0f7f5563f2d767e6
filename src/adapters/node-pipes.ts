import { spawnSync } from 'node:child_process'
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'

/** A pipe of the kernel. Both ends are to be closed by whoever made it: the child's once the child has it. */
interface Pipe {
  readonly reader: Readable
  readonly childEnd: number
}

/** What a child writes to. */
export interface OutputPipes {
  readonly stdout: Pipe
  readonly stderr: Pipe
  closeChildEnds(): void
}

/**
 * Pipes for the output of a child. What Node makes for `stdio: 'pipe'` are sockets, and those cannot be opened by name:
 * `echo >/dev/stderr` and `tee /dev/stdout`, which work in a `run:` step, would fail with ENXIO. Node cannot make pipes,
 * so these are FIFOs whose names are gone as soon as both ends are open. `null` where that cannot be had.
 */
export function outputPipes(): OutputPipes | null {
  let directory: string | null = null
  const opened: number[] = []
  try {
    directory = mkdtempSync(join(tmpdir(), 'go-build-guard-pipes-'))
    const names = ['stdout', 'stderr'].map((name) => join(directory ?? '', name))
    if (spawnSync('mkfifo', ['-m', '600', ...names], { stdio: 'ignore' }).status !== 0) return null
    // A reader that does not wait for a writer first; then the writer finds it there, and waits in its writes only.
    const open = (name: string, flags: number): number => {
      const descriptor = openSync(name, flags)
      opened.push(descriptor)
      return descriptor
    }
    const [stdout, stderr] = names.map((name) => {
      const reader = open(name, constants.O_RDONLY | constants.O_NONBLOCK)
      return { reader, childEnd: open(name, constants.O_WRONLY) }
    })
    if (stdout === undefined || stderr === undefined) return null
    return {
      stdout: { reader: readerOf(stdout.reader), childEnd: stdout.childEnd },
      stderr: { reader: readerOf(stderr.reader), childEnd: stderr.childEnd },
      closeChildEnds: () => [stdout, stderr].forEach(({ childEnd }) => void closeSync(childEnd))
    }
  } catch {
    for (const descriptor of opened) closeSync(descriptor)
    return null
  } finally {
    if (directory !== null) rmSync(directory, { recursive: true, force: true })
  }
}

function readerOf(descriptor: number): Readable {
  return new Socket({ fd: descriptor, readable: true, writable: false })
}
