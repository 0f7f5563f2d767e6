import { dirname } from 'node:path'
import { known } from '../model/reading.ts'
import type { GoInstallation } from '../model/survey.ts'
import type { Call, Setup, Storage } from '../preflight/setup.ts'
import type { SetupWorld } from './setup-world.ts'

type Place = Omit<Storage, 'fileSystem' | 'mountOptions'>

/** Where the calls of `go` write; nothing where there are none that can be told, or they choose places of their own. */
export function readStorage(
  world: SetupWorld,
  go: GoInstallation | null,
  calls: readonly Call[] | null
): readonly Place[] {
  if (calls === null || calls.length === 0 || go === null || world.place.platform === 'win32') return []
  const places = [
    { name: 'GOCACHE', path: go.env['GOCACHE'] ?? '' },
    { name: 'GOTMPDIR', path: go.env['GOTMPDIR'] ?? '' },
    { name: 'TMPDIR', path: world.environment['TMPDIR'] || '/tmp' }
  ] as const
  return places
    .filter(({ name, path }) => path.startsWith('/') && !calls.some(({ environment }) => name in environment))
    .map((one) => readPlace(world, one))
}

function readPlace({ files, place }: SetupWorld, { name, path }: Pick<Storage, 'name' | 'path'>): Place {
  let at = path
  while (known(files.stat(place.root + at)) === null && dirname(at) !== at) at = dirname(at)
  const stat = known(files.stat(place.root + at))
  const space = files.freeSpace(place.root + at)
  return {
    name,
    path,
    exists: at === path,
    nearest: stat === null ? null : { path: at, isDirectory: stat.isDirectory, isWritable: stat.isWritable },
    freeBytes: known(space.bytes),
    freeInodes: known(space.inodes)
  }
}

/** `pids.max` of the outermost cgroup that can be seen: the build's own one is made below it, wherever that is. */
export function readPids({ files, place, survey }: SetupWorld): Setup['pids'] {
  const outermost = survey.cgroup.version === 'v2' ? survey.cgroup.levels.at(-1) : undefined
  if (outermost === undefined) return null
  const read = (name: string): number | null => {
    const text = known(files.readText(`${place.root}${outermost.directory}/${name}`))?.trim()
    return text !== undefined && /^\d+$/.test(text) ? Number(text) : null
  }
  const [max, current] = [read('pids.max'), read('pids.current')]
  return max === null || current === null ? null : { file: `${outermost.directory}/pids.max`, max, current }
}

/** Whether anything but the two control files stands in `binfmt_misc`; where it is not mounted, nothing is registered. */
export function runsForeignPrograms({ files, place }: SetupWorld): boolean | null {
  if (place.platform !== 'linux') return null
  const names = files.list(`${place.root}/proc/sys/fs/binfmt_misc`)
  if (names.kind === 'unreadable') return null
  return (known(names) ?? []).some((name) => name !== 'register' && name !== 'status')
}
