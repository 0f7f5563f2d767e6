import * as fs from 'node:fs'
import { dirname } from 'node:path'
import { ABSENT, type Reading, unreadable, value } from '../model/reading.ts'
import type { Files } from '../ports/files.ts'

/** Room for the largest kernel log buffer in use, with its record prefixes. */
const MOST_BYTES = 16 * 1024 * 1024

/** The real file system. `ENOENT` and `ENOTDIR` are *absent*, every other refusal is *unreadable* with its errno name. */
export const nodeFiles: Files = {
  readText: (path) => reading(() => readWhole(path)),
  list: (path) => reading(() => fs.readdirSync(path)),
  readLink: (path) => reading(() => fs.readlinkSync(path)),
  exists: (path) => fs.existsSync(path),
  stat: (path) =>
    reading(() => {
      const stats = fs.statSync(path)
      return {
        isDirectory: stats.isDirectory(),
        sizeBytes: stats.size,
        modifiedMs: stats.mtimeMs,
        isWritable: isWritable(path)
      }
    }),
  writeText(path, text) {
    fs.mkdirSync(dirname(path), { recursive: true })
    fs.writeFileSync(path, text)
  },
  appendText: (path, text) => fs.appendFileSync(path, text),
  remove: (path) => fs.rmSync(path, { recursive: true, force: true }),
  freeSpace(path) {
    const stats = reading(() => fs.statfsSync(path))
    if (stats.kind !== 'value') return { bytes: stats, inodes: stats }
    const { bavail, bsize, files, ffree } = stats.value
    return { bytes: value(bavail * bsize), inodes: files > 0 ? value(ffree) : ABSENT }
  }
}

function isWritable(path: string): boolean {
  try {
    fs.accessSync(path, fs.constants.W_OK)
    return true
  } catch {
    return false
  }
}

/** One for all reads, which are synchronous: the sampler reads a dozen files at every look. */
const BUFFER = Buffer.allocUnsafeSlow(64 * 1024)

/** Kernel files have no size to ask for and change between two reads, so they are read in as few calls as possible. */
function readWhole(path: string): string {
  const descriptor = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK)
  try {
    const parts: Buffer[] = []
    let total = 0
    while (total < MOST_BYTES) {
      const count = readSome(descriptor, BUFFER)
      if (count === 0) break
      parts.push(Buffer.from(BUFFER.subarray(0, count)))
      total += count
    }
    return Buffer.concat(parts).toString('utf8')
  } finally {
    fs.closeSync(descriptor)
  }
}

/** `/dev/kmsg` ends with EAGAIN where files end with 0, and EPIPE means that a record was overwritten: the next is fine. */
function readSome(descriptor: number, into: Buffer): number {
  for (;;) {
    try {
      return fs.readSync(descriptor, into)
    } catch (fault) {
      if (errnoOf(fault) === 'EAGAIN') return 0
      if (errnoOf(fault) !== 'EPIPE') throw fault
    }
  }
}

function reading<T>(read: () => T): Reading<T> {
  try {
    return value(read())
  } catch (fault) {
    const errno = errnoOf(fault)
    return errno === 'ENOENT' || errno === 'ENOTDIR' || errno === 'ESRCH' ? ABSENT : unreadable(errno)
  }
}

function errnoOf(fault: unknown): string {
  if (typeof fault === 'object' && fault !== null && 'code' in fault && typeof fault.code === 'string')
    return fault.code
  return String(fault)
}
