import type { Reading } from '../model/reading.ts'

/**
 * Reading the machine and writing our own few files. Everything is synchronous: kernel files answer in microseconds,
 * and a tick of the sampler must see one moment. Paths are absolute; a fixture root may stand before them.
 */
export interface Files {
  /** The whole text of a small file (kernel files are read in one go, at most 16 MiB). */
  readText(path: string): Reading<string>
  /** Names in a directory, unsorted. */
  list(path: string): Reading<readonly string[]>
  /** Where a symbolic link points; the place is not touched. Below `/proc/PID/fd` also `pipe:[4711]` and the like. */
  readLink(path: string): Reading<string>
  exists(path: string): boolean
  /** What stands at the path, links followed. */
  stat(path: string): Reading<FileStat>
  /** Creates parent directories. Throws what the system says. */
  writeText(path: string, text: string): void
  /** Appends in one write. Throws what the system says. */
  appendText(path: string, text: string): void
  remove(path: string): void
  /** Free bytes and inodes for this user on the file system of `path`; inodes absent where there is no fixed number. */
  freeSpace(path: string): { readonly bytes: Reading<number>; readonly inodes: Reading<number> }
}

interface FileStat {
  readonly isDirectory: boolean
  readonly sizeBytes: number
  /** Since 1970, with fractions. */
  readonly modifiedMs: number
  /** For this user, and not on a read-only file system. */
  readonly isWritable: boolean
}
