import { posix } from 'node:path'
import { directoryIn, isAbove, type Mount, memoryMounts, parseMountinfo } from '../kernel/mountinfo.ts'
import { type CgroupEntry, parseProcCgroup } from '../kernel/proc-cgroup.ts'
import { ABSENT, type Reading, unreadable, value } from '../model/reading.ts'
import type { CgroupLevel, CgroupSurvey } from '../model/survey.ts'
import type { Files } from '../ports/files.ts'
import { reachesParent, readV1Level } from './cgroup-v1.ts'
import { hasMemoryController, readV2Level } from './cgroup-v2.ts'

/**
 * Finds the cgroup whose memory limits hold for this process, and reads every level from there up to the mount point.
 * A v1 memory hierarchy wins over v2: on hybrid machines the v2 tree stands beside it without memory files.
 */
export function readCgroup(files: Files, root: string): CgroupSurvey {
  const first = locate(files, root)
  // The process may have been moved, and its old cgroup removed, between the two files that say where it is.
  const place = first.directory === null || files.exists(root + first.directory) ? first : locate(files, root)
  if (place.version === 'none' || place.mountPoint === null) return { ...place, levels: [] }
  if (place.version === 'v2' && !hasMemoryController(files, root, place.mountPoint)) {
    return { ...nowhere(place.path), levels: [] }
  }
  const { version, mountPoint, directory } = place
  return { ...place, levels: readLevels(files, root, version, mountPoint, directory ?? mountPoint) }
}

type Place = Omit<CgroupSurvey, 'levels'>

function locate(files: Files, root: string): Place {
  const text = files.readText(`${root}/proc/self/cgroup`)
  if (text.kind !== 'value') return nowhere(text)
  const entries = parseProcCgroup(text.value)
  const v1 = entries.find((entry) => entry.controllers.includes('memory'))
  const entry = v1 ?? entries.find((candidate) => candidate.isV2)
  if (entry === undefined) return nowhere(ABSENT)
  const mountinfo = files.readText(`${root}/proc/self/mountinfo`)
  const mounts = mountinfo.kind === 'value' ? parseMountinfo(mountinfo.value) : []
  const version = entry.isV2 ? 'v2' : 'v1'
  const isHybrid = version === 'v1' && memoryMounts(mounts, 'v2').length > 0
  return { version, isHybrid, path: value(entry.path), ...mountOf(files, root, memoryMounts(mounts, version), entry) }
}

function nowhere(path: Reading<string>): Place {
  return { version: 'none', isHybrid: false, path, mountPoint: null, directory: null }
}

/** The first mount that shows our cgroup, preferably one that no later mount hides; else one of an ancestor. */
function mountOf(
  files: Files,
  root: string,
  mounts: readonly Mount[],
  { path }: CgroupEntry
): Pick<Place, 'mountPoint' | 'directory'> {
  const shown = mounts.flatMap(({ mountPoint, ...mount }) => {
    const directory = directoryIn({ mountPoint, ...mount }, path)
    return directory === null ? [] : [{ mountPoint, directory }]
  })
  const best = shown.find(({ directory }) => files.exists(root + directory)) ?? shown[0]
  return best ?? { mountPoint: mounts.find((mount) => isAbove(mount, path))?.mountPoint ?? null, directory: null }
}

/** Levels that exist, innermost first. A removed cgroup (its path ends in ` (deleted)`) is left out, not those above. */
function readLevels(
  files: Files,
  root: string,
  version: 'v1' | 'v2',
  top: string,
  own: string
): readonly CgroupLevel[] {
  const levels: CgroupLevel[] = []
  for (const directory of directoriesUp(own, top)) {
    if (!files.exists(root + directory)) continue
    levels.push(version === 'v2' ? readV2Level(files, root, directory) : readV1Level(files, root, directory))
    if (version === 'v1' && directory !== top && !reachesParent(files, root, posix.dirname(directory))) break
  }
  return levels
}

function directoriesUp(own: string, top: string): readonly string[] {
  return own === top || own === '/' ? [own] : [own, ...directoriesUp(posix.dirname(own), top)]
}

/** On systems without cgroups. */
export function noCgroup(platform: NodeJS.Platform): CgroupSurvey {
  return { ...nowhere(unreadable(`not read on ${platform}`)), levels: [] }
}
