import { formatBytes, MIB } from '../../model/bytes.ts'
import { code, figure, prose } from '../../model/prose.ts'
import { advice, type Check, commands, distinct, type Hit } from '../definition.ts'
import type { Storage } from '../setup.ts'
import { buildingCalls, flagOf, isOn } from '../variables.ts'
import { isTight } from './memory.ts'

/** A place that Go may not write. */
export const notWritable: Check = {
  id: 'preflight.not-writable',
  title: 'A directory of the build cannot be written',
  why: 'Go writes every result to its cache and its temporary directory first.',
  when: 'Said where GOCACHE, GOTMPDIR or the temporary directory, or the nearest directory above one that is yet to be made, is no directory or may not be written by this user.',
  examine: ({ storage }) =>
    storage.flatMap(({ name, path, nearest }): readonly Hit[] => {
      if (nearest === null || (nearest.isDirectory && nearest.isWritable)) return []
      const why = nearest.isDirectory
        ? prose`this user may not write there`
        : prose`${code(nearest.path)} is no directory`
      return [
        {
          found: `${prose`${code(`${name}=${path}`)}: `}${why}.`,
          remedy: {
            text: prose`name a place that can be written:`,
            snippet: { language: 'yaml', lines: ['env:', `  ${name}: \${{ runner.temp }}/${name.toLowerCase()}`] }
          }
        }
      ]
    }),
  links: ['https://pkg.go.dev/cmd/go#hdr-Build_and_test_caching']
}

/** A choice, and a low one: nobody's disk is meant to be that full. */
const LEAST_BYTES = 100 * MIB
const LEAST_INODES = 1000

/** A disk that is nearly full. */
export const diskRoom: Check = {
  id: 'preflight.disk-room',
  title: 'A disk of the build is nearly full',
  why: 'A build that finds no room ends with "no space left on device", often in the middle of linking.',
  when: `Said where less than ${LEAST_BYTES / MIB} MiB or fewer than ${LEAST_INODES} inodes are free for GOCACHE, GOTMPDIR or the temporary directory.`,
  examine: ({ storage }) =>
    storage.flatMap(({ name, path, freeBytes, freeInodes }): readonly Hit[] => {
      const isFull = freeBytes !== null && freeBytes < LEAST_BYTES
      const isCrowded = freeInodes !== null && freeInodes < LEAST_INODES
      if (!isFull && !isCrowded) return []
      const left = isFull ? formatBytes(freeBytes) : `${freeInodes} inodes`
      return [
        {
          found: prose`${figure(left)} free for ${code(`${name}=${path}`)}.`,
          remedy: commands(prose`make room before the build:`, 'go clean -cache', 'docker system prune --all --force')
        }
      ]
    }),
  links: ['https://pkg.go.dev/cmd/go#hdr-Remove_object_files_and_cached_files']
}

/** Tests cannot be executed where they are linked. */
export const temporaryNoexec: Check = {
  id: 'preflight.tmp-noexec',
  title: 'The temporary directory is mounted noexec',
  why: '`go test` and `go run` execute programs from the temporary directory.',
  when: 'Said for `go test` (without `-c` or `-exec`) and `go run`, where the mount of GOTMPDIR, or else of the temporary directory, has the option noexec.',
  examine: (setup) => {
    const place =
      setup.storage.find(({ name }) => name === 'GOTMPDIR') ?? setup.storage.find(({ name }) => name === 'TMPDIR')
    const runs = buildingCalls(setup).filter(
      (call) =>
        (call.verb === 'run' || (call.verb === 'test' && !isOn(flagOf(setup, call, 'c')))) &&
        flagOf(setup, call, 'exec') === null
    )
    const isElsewhere = runs.some(({ environment }) => 'GOTMPDIR' in environment || 'TMPDIR' in environment)
    if (place === undefined || runs.length === 0 || isElsewhere || !place.mountOptions.includes('noexec')) return []
    return distinct(
      runs.map(({ verb }) => ({
        found: prose`${code(`${place.name}=${place.path}`)} is on a mount with ${code('noexec')}, and ${code(`go ${verb}`)} executes what it links there.`,
        remedy: {
          text: prose`give Go another place:`,
          snippet: { language: 'yaml' as const, lines: ['env:', '  GOTMPDIR: ${{ runner.temp }}'] }
        }
      }))
    )
  },
  links: ['https://pkg.go.dev/cmd/go#hdr-Environment_variables']
}

/** The cache lies in the memory that the build needs. */
export const cacheInMemory: Check = {
  id: 'preflight.cache-in-memory',
  title: 'The cache lies in memory, and memory is tight',
  why: 'Files on a tmpfs are memory, and what the build writes there counts against its own limit.',
  when: 'Said where GOCACHE, GOTMPDIR or the temporary directory is on a tmpfs and the smallest memory limit found is below 2 GiB for each build action.',
  examine: (setup) => (isTight(setup) ? setup.storage.filter(isInMemory).map(inMemory) : []),
  links: [
    'https://docs.kernel.org/filesystems/tmpfs.html',
    'https://docs.kernel.org/admin-guide/cgroup-v2.html#memory-ownership'
  ]
}

function isInMemory({ fileSystem }: Storage): boolean {
  return fileSystem === 'tmpfs' || fileSystem === 'ramfs'
}

function inMemory({ name, path, fileSystem }: Storage): Hit {
  return {
    found: prose`${code(`${name}=${path}`)} is on a ${code(fileSystem ?? '')}.`,
    remedy: advice(prose`let ${code(name)} name a directory on a disk.`)
  }
}
