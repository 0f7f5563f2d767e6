import { ABSENT, unreadable, value } from '../../src/model/reading.ts'
import type { Files } from '../../src/ports/files.ts'

/** A machine as a map from path to text; directories are what lies above a path. */
export interface MemoryFiles extends Files {
  readonly texts: Map<string, string>
  /** Symbolic links. */
  readonly links: Map<string, string>
  /** Paths whose reading fails, with the errno. */
  readonly refused: Map<string, string>
}

export function memoryFiles(initial: Readonly<Record<string, string>> = {}): MemoryFiles {
  const texts = new Map(Object.entries(initial))
  const links = new Map<string, string>()
  const refused = new Map<string, string>()
  const below = (path: string): string[] => [...texts.keys()].filter((one) => one.startsWith(`${path}/`))
  return {
    texts,
    links,
    refused,
    readText(path) {
      const errno = refused.get(path)
      if (errno !== undefined) return unreadable(errno)
      const text = texts.get(path)
      return text === undefined ? ABSENT : value(text)
    },
    list(path) {
      const names = new Set(below(path).map((one) => one.slice(path.length + 1).split('/')[0] ?? ''))
      return names.size === 0 ? ABSENT : value([...names])
    },
    stat(path) {
      const text = texts.get(path)
      const isDirectory = below(path).length > 0
      if (text === undefined && !isDirectory) return ABSENT
      return value({ isDirectory, sizeBytes: text?.length ?? 0, modifiedMs: 0, isWritable: true })
    },
    readLink(path) {
      const target = links.get(path)
      return target === undefined ? ABSENT : value(target)
    },
    exists: (path) => texts.has(path) || below(path).length > 0,
    writeText: (path, text) => void texts.set(path, text),
    appendText: (path, text) => void texts.set(path, (texts.get(path) ?? '') + text),
    remove(path) {
      for (const one of [path, ...below(path)]) texts.delete(one)
    },
    freeSpace: () => ({ bytes: value(10 * 1024 ** 3), inodes: ABSENT })
  }
}
