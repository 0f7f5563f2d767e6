import type { Files } from '../../ports/files.ts'

/** Descriptors of the processes, looked up once each: the links tell what is open without touching it. */
export interface OpenFiles {
  /** Descriptor to `socket:[1265224]`, `pipe:[4711]`, or a path; empty where it is not ours to see. */
  of(pid: number): ReadonlyMap<number, string>
  target(pid: number, descriptor: number): string | null
  /** A line of `/proc/PID/fdinfo/N`, such as `ino` or `flags`. */
  info(pid: number, descriptor: number, key: string): string | null
  /** Processes whose descriptors could not be seen. */
  readonly unreadable: ReadonlySet<number>
}

const MOST_DESCRIPTORS = 512

export function openFiles(files: Files, root: string): OpenFiles {
  const seen = new Map<number, ReadonlyMap<number, string>>()
  const unreadable = new Set<number>()
  const read = (pid: number): ReadonlyMap<number, string> => {
    const names = files.list(`${root}/proc/${pid}/fd`)
    if (names.kind === 'unreadable') unreadable.add(pid)
    if (names.kind !== 'value') return new Map()
    return new Map(
      names.value.slice(0, MOST_DESCRIPTORS).flatMap((name): readonly (readonly [number, string])[] => {
        const link = files.readLink(`${root}/proc/${pid}/fd/${name}`)
        return link.kind === 'value' ? [[Number(name), link.value]] : []
      })
    )
  }
  const of = (pid: number): ReadonlyMap<number, string> => {
    const known = seen.get(pid)
    if (known !== undefined) return known
    const links = read(pid)
    seen.set(pid, links)
    return links
  }
  return {
    of,
    unreadable,
    target: (pid, descriptor) => of(pid).get(descriptor) ?? null,
    info(pid, descriptor, key) {
      const text = files.readText(`${root}/proc/${pid}/fdinfo/${descriptor}`)
      if (text.kind !== 'value') return null
      return new RegExp(`^${key}:\\s*(.*)$`, 'm').exec(text.value)?.[1] ?? null
    }
  }
}
