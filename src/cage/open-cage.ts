import type { Cap } from '../model/plan.ts'
import type { EnforcementChoice } from '../model/settings.ts'
import type { Survey } from '../model/survey.ts'
import type { Cage } from '../ports/cage.ts'
import type { ControlFiles } from '../ports/control-files.ts'
import type { Files } from '../ports/files.ts'
import { cageName } from './cage-name.ts'
import type { CageTools } from './cgroup-directory.ts'
import { type Dialect, openLeaf, type Place } from './cgroup-leaf.ts'
import { cgroupV1 } from './cgroup-v1.ts'
import { cgroupV2 } from './cgroup-v2.ts'
import { openNone, openWatch } from './watch.ts'

/** The tools, with every means of changing cgroups in the order in which they are to be tried; none is watching only. */
export interface CageMaker extends Omit<CageTools, 'control'> {
  readonly means: readonly ControlFiles[]
  /** Stands before `/proc`; empty on the real machine. */
  readonly root: string
  /** Told of a directory before it is made. */
  readonly announce: (directory: string) => void
}

/** What can enforce a cap: the kernel, the guard itself, nobody. */
export type Reach = 'cgroup' | 'watch' | 'none'

export interface CageOrder {
  readonly choice: EnforcementChoice
  readonly survey: Survey
  /** The cap that is planned, once it is known what can enforce it. */
  readonly capFor: (reach: Reach) => Cap | null
  readonly runId: string
}

export interface OpenedCage {
  readonly cage: Cage
  readonly reach: Reach
  /** What made it; `null` for ways without a cgroup. */
  readonly control: ControlFiles | null
  /** Why this way and none before it, one sentence each. */
  readonly reasons: readonly string[]
}

/** An explicit choice that cannot be had: an error for the user, never a silent downgrade. */
export class EnforcementUnavailable extends Error {}

/** Opens the best cage that works, by trying. Throws {@link EnforcementUnavailable}. */
export async function openCage(maker: CageMaker, order: CageOrder): Promise<OpenedCage> {
  if (order.choice === 'off')
    return { cage: openNone(maker, maker.root), reach: 'none', control: null, reasons: ['enforcement is off'] }

  const reasons: string[] = []
  if (order.choice !== 'watch') {
    const opened = await tryCgroups(maker, order, reasons)
    if (opened !== null) return { ...opened, reach: 'cgroup', reasons }
    if (order.choice === 'cgroup')
      throw new EnforcementUnavailable(`enforcement: cgroup cannot be had: ${reasons.join('; ')}`)
  }
  if (order.survey.platform !== 'linux') {
    const reason = `memory of a process tree is not read on ${order.survey.platform}`
    if (order.choice === 'watch') throw new EnforcementUnavailable(`enforcement: watch cannot be had: ${reason}`)
    return { cage: openNone(maker, maker.root), reach: 'none', control: null, reasons: [...reasons, reason] }
  }
  const cage = openWatch(maker, order.survey, order.capFor('watch')?.bytes ?? null, maker.root)
  return { cage, reach: 'watch', control: null, reasons }
}

async function tryCgroups(
  maker: CageMaker,
  order: CageOrder,
  reasons: string[]
): Promise<Pick<OpenedCage, 'cage' | 'control'> | null> {
  const { survey } = order
  const cap = order.capFor('cgroup')
  const dialect = dialectOf(survey)
  if (dialect === null) reasons.push('no memory controller of cgroups is visible')
  else if (cap === null) reasons.push('no cap is set, so no cgroup is made')
  if (dialect === null || cap === null) return null
  for (const place of placesFor(maker.files, survey, cageName(order.runId))) {
    for (const control of maker.means) {
      try {
        maker.announce(place.directory)
        const cage = await openLeaf({ ...maker, control }, dialect, place, cap)
        reasons.push(`${dialect.way} ${place.directory}${control.means === 'sudo' ? ', through sudo' : ''}`)
        return { cage, control }
      } catch (fault) {
        reasons.push(`${dialect.way} (${control.means}): ${fault instanceof Error ? fault.message : String(fault)}`)
      }
    }
  }
  return null
}

function dialectOf(survey: Survey): Dialect | null {
  if (survey.cgroup.version === 'v2') return cgroupV2
  return survey.cgroup.version === 'v1' ? cgroupV1 : null
}

/**
 * Where a leaf of ours can be, nearest to our own cgroup first, so that the limits above us stay above it.
 * v1: below our own. v2: a cgroup with processes in it cannot have children with a memory controller (no-internal-process
 * rule), so beside ours, or beside the nearest ancestor whose children have one.
 */
export function placesFor(files: Files, survey: Survey, name: string): readonly Place[] {
  const { mountPoint, directory, version } = survey.cgroup
  if (mountPoint === null || directory === null) return []
  if (version === 'v1') return [{ directory: `${directory}/${name}`, mountPoint }]
  return ancestors(directory, mountPoint)
    .filter((parent) => {
      const controllers = files.readText(`${parent}/cgroup.subtree_control`)
      return controllers.kind === 'value' && controllers.value.trim().split(' ').includes('memory')
    })
    .map((parent) => ({ directory: `${parent}/${name}`, mountPoint }))
}

/** From the cgroup itself up to the mount point, which is the last. */
function ancestors(directory: string, mountPoint: string): readonly string[] {
  if (directory === mountPoint || !directory.startsWith(`${mountPoint}/`)) return [mountPoint]
  return [directory, ...ancestors(directory.slice(0, directory.lastIndexOf('/')), mountPoint)]
}
