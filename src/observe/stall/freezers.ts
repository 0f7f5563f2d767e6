import { posix } from 'node:path'
import { numberUnder, parseKeyedLines } from '../../kernel/keyed-lines.ts'
import { directoryIn, type Mount, parseMountinfo } from '../../kernel/mountinfo.ts'
import { parseProcCgroup } from '../../kernel/proc-cgroup.ts'
import type { FrozenCgroup } from '../../model/stall.ts'
import type { Files } from '../../ports/files.ts'

/**
 * The frozen cgroups that hold processes of the build: v2 `cgroup.events` (`frozen 1`, also where a cgroup above is
 * frozen) and `cgroup.freeze`; v1 `freezer.state` (admin-guide/cgroup-v1/freezer-subsystem.rst).
 */
export function readFrozen(files: Files, root: string, pids: readonly number[]): readonly FrozenCgroup[] {
  const mountinfo = files.readText(`${root}/proc/self/mountinfo`)
  const mounts = mountinfo.kind === 'value' ? parseMountinfo(mountinfo.value) : []
  const found = new Map<string, { version: 'v1' | 'v2'; pids: number[] }>()
  for (const pid of pids) {
    for (const { version, directory } of frozenFor(files, root, mounts, pid)) {
      const one = found.get(directory) ?? { version, pids: [] }
      one.pids.push(pid)
      found.set(directory, one)
    }
  }
  return [...found].map(([directory, one]) => ({
    version: one.version,
    directory,
    pids: one.pids,
    holdsOnlyBuild: membersOf(files, root + directory).every((pid) => pids.includes(pid))
  }))
}

type Frozen = Pick<FrozenCgroup, 'version' | 'directory'>

function frozenFor(files: Files, root: string, mounts: readonly Mount[], pid: number): readonly Frozen[] {
  const text = files.readText(`${root}/proc/${pid}/cgroup`)
  if (text.kind !== 'value') return []
  return parseProcCgroup(text.value).flatMap(({ isV2, controllers, path }): readonly Frozen[] => {
    if (!isV2 && !controllers.includes('freezer')) return []
    const version = isV2 ? 'v2' : 'v1'
    const dialect = isV2 ? V2 : V1
    for (const mount of mounts.filter(dialect.isMount)) {
      const directory = directoryIn(mount, path)
      if (directory === null || !dialect.isFrozen(files, root + directory)) continue
      const source = upwards(directory, mount.mountPoint).find((level) => dialect.isSource(files, root + level))
      return [{ version, directory: source ?? directory }]
    }
    return []
  })
}

interface Dialect {
  readonly isMount: (mount: Mount) => boolean
  readonly isFrozen: (files: Files, directory: string) => boolean
  /** Whether it was this level that somebody froze. */
  readonly isSource: (files: Files, directory: string) => boolean
}

const V2: Dialect = {
  isMount: ({ fileSystem }) => fileSystem === 'cgroup2',
  isFrozen(files, directory) {
    const text = files.readText(`${directory}/cgroup.events`)
    const frozen = text.kind === 'value' ? numberUnder(parseKeyedLines(text.value), 'frozen') : null
    return frozen?.kind === 'value' && frozen.value === 1
  },
  isSource: (files, directory) => says(files, `${directory}/cgroup.freeze`, '1')
}

const V1: Dialect = {
  isMount: ({ fileSystem, superOptions }) => fileSystem === 'cgroup' && superOptions.includes('freezer'),
  isFrozen: (files, directory) =>
    ['FROZEN', 'FREEZING'].some((word) => says(files, `${directory}/freezer.state`, word)),
  isSource: (files, directory) => says(files, `${directory}/freezer.self_freezing`, '1')
}

function says(files: Files, path: string, word: string): boolean {
  const text = files.readText(path)
  return text.kind === 'value' && text.value.trim() === word
}

function upwards(directory: string, top: string): readonly string[] {
  return directory === top || directory === '/' ? [directory] : [directory, ...upwards(posix.dirname(directory), top)]
}

/** Processes of a cgroup and of those below it. */
function membersOf(files: Files, directory: string): readonly number[] {
  const text = files.readText(`${directory}/cgroup.procs`)
  const own = text.kind === 'value' ? text.value.split('\n').filter(Boolean).map(Number) : []
  const names = files.list(directory)
  const children = (names.kind === 'value' ? names.value : [])
    .map((name) => `${directory}/${name}`)
    .filter((path) => files.exists(`${path}/cgroup.procs`))
  return [...own, ...children.flatMap((child) => membersOf(files, child))]
}
