import * as fs from 'node:fs'
import { join } from 'node:path'
import { ABSENT, type Reading, unreadable, value } from '../../src/model/reading.ts'
import type { Files } from '../../src/ports/files.ts'

/** Directory of a machine kept as plain files; stands before every path that is read of it. */
export function hostRoot(name: string): string {
  return join(import.meta.dirname, name)
}

/** Reads plain files; free space is made up, since a fixture has no disk of its own. */
export const fixtureFiles: Files = {
  readText: (path) => present(path, () => fs.readFileSync(path, 'utf8')),
  list: (path) => present(path, () => fs.readdirSync(path)),
  readLink: () => ABSENT,
  exists: (path) => fs.existsSync(path),
  stat: () => ABSENT,
  writeText: refuseWrite,
  appendText: refuseWrite,
  remove: refuseWrite,
  freeSpace: () => ({ bytes: value(20 * 2 ** 30), inodes: value(1_000_000) })
}

/** A machine given as path → text, for what cannot be kept as plain files (a colon in a name) or changes in between. */
export function treeFiles(tree: Readonly<Record<string, string>>): Files {
  const names = Object.keys(tree)
  return {
    ...fixtureFiles,
    readText: (path) => (Object.hasOwn(tree, path) ? value(tree[path] ?? '') : ABSENT),
    list: (path) => value(namesBelow(names, path)),
    exists: (path) => names.some((name) => name === path || name.startsWith(`${path}/`))
  }
}

/** The same machine, where opening the paths that match is refused. */
export function refusing(files: Files, paths: RegExp, errno = 'EACCES'): Files {
  return {
    ...files,
    readText: (path) => (paths.test(path) ? unreadable(errno) : files.readText(path)),
    list: (path) => (paths.test(path) ? unreadable(errno) : files.list(path))
  }
}

function present<T>(path: string, read: () => T): Reading<T> {
  if (!fs.existsSync(path)) return ABSENT
  try {
    return value(read())
  } catch (fault) {
    return unreadable(String(fault))
  }
}

function namesBelow(names: readonly string[], path: string): readonly string[] {
  const below = names.filter((name) => name.startsWith(`${path}/`)).map((name) => name.slice(path.length + 1))
  return [...new Set(below.map((name) => name.split('/')[0] ?? ''))]
}

function refuseWrite(): never {
  throw new Error('a survey writes nothing')
}
