import { known } from '../model/reading.ts'
import type { Survey } from '../model/survey.ts'
import type { Files } from '../ports/files.ts'
import { isCage } from './cage-name.ts'
import { attempt, type CageTools } from './cgroup-directory.ts'
import type { Place } from './cgroup-leaf.ts'

/** A place for a leaf, and what has to be done before it can be one. */
export interface LeafPlace extends Place {
  /** The cage of another guard around us, whose processes have to move aside first. */
  readonly crowded: string | null
}

/**
 * Where a leaf of ours can be, nearest to our own cgroup first, so that the limits above us stay above it.
 * v1: below our own. v2: a cgroup with processes in it cannot have children with a memory controller (no-internal-process
 * rule), so beside ours, or beside the nearest ancestor whose children have one; never outside the cage of another guard.
 */
export function placesFor(files: Files, survey: Survey, name: string): readonly LeafPlace[] {
  const { mountPoint, directory, version } = survey.cgroup
  if (mountPoint === null || directory === null) return []
  if (version === 'v1') return [{ directory: `${directory}/${name}`, mountPoint, crowded: null }]
  const reachable = ancestors(directory, mountPoint)
  const places = reachable
    .filter((parent) => handsMemoryOn(files, parent))
    .map((parent) => ({ directory: `${parent}/${name}`, mountPoint, crowded: null }))
  const outer = reachable.at(-1)
  if (places.length > 0 || outer === undefined || !isCage(outer)) return places
  return [{ directory: `${outer}/${name}`, mountPoint, crowded: outer }]
}

/** Whether we are inside the cage of another guard, whose limit has to hold for what we start. */
export function isInsideCage({ cgroup }: Survey): boolean {
  return (known(cgroup.path) ?? '').split('/').some((name) => isCage(`/${name}`))
}

/** From the cgroup itself up to the mount point, or to the cage of another guard. */
function ancestors(directory: string, mountPoint: string): readonly string[] {
  if (directory === mountPoint || !directory.startsWith(`${mountPoint}/`)) return [mountPoint]
  if (isCage(directory)) return [directory]
  return [directory, ...ancestors(directory.slice(0, directory.lastIndexOf('/')), mountPoint)]
}

function handsMemoryOn(files: Files, directory: string): boolean {
  const controllers = files.readText(`${directory}/cgroup.subtree_control`)
  return controllers.kind === 'value' && controllers.value.trim().split(' ').includes('memory')
}

const MOST_ROUNDS = 100

/**
 * Makes the cage around us one that can have limited children: its processes move into a child of it, where its limit
 * holds for them as before. They may have children meanwhile, so that is tried until the kernel agrees. Throws if not.
 */
export async function makeRoom({ files, control, clock }: CageTools, cage: string): Promise<void> {
  const aside = `${cage}/aside`
  if (!files.exists(aside)) await control.makeDirectory(aside)
  for (let round = 1; ; round++) {
    const text = files.readText(`${cage}/cgroup.procs`)
    const pids = text.kind === 'value' ? text.value.split('\n').filter(Boolean) : []
    // One at a time: that is all the kernel takes. Who has ended meanwhile need not move.
    for (const pid of pids) await attempt(() => control.write(`${aside}/cgroup.procs`, pid))
    const fault = await attempt(() => control.write(`${cage}/cgroup.subtree_control`, '+memory'))
    if (fault === null) return
    if (round === MOST_ROUNDS) throw new Error(fault)
    await clock.sleep(10)
  }
}
