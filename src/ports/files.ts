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
  exists(path: string): boolean
  /** Creates parent directories. Throws what the system says. */
  writeText(path: string, text: string): void
  /** Appends in one write. Throws what the system says. */
  appendText(path: string, text: string): void
  remove(path: string): void
  /** Free bytes and inodes for this user on the file system of `path`; inodes absent where there is no fixed number. */
  freeSpace(path: string): { readonly bytes: Reading<number>; readonly inodes: Reading<number> }
}
