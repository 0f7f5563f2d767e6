import type { Cap } from '../model/plan.ts'
import { ABSENT, known } from '../model/reading.ts'
import type { EnforcementChoice } from '../model/settings.ts'
import type { Survey } from '../model/survey.ts'
import type { Cage } from '../ports/cage.ts'
import type { Files } from '../ports/files.ts'
import { cgroupWays } from './cgroup-ways.ts'
import { openElsewhere } from './open-elsewhere.ts'
import { systemdUnavailable, systemdWays } from './systemd-scope.ts'
import { openNone, openWatch } from './watch.ts'
import type { CageMaker, Way } from './way.ts'

/** What can enforce a cap: the kernel, the guard itself, nobody. */
export type Reach = 'cgroup' | 'watch' | 'none'

export interface CageOrder {
  readonly choice: EnforcementChoice
  readonly survey: Survey
  /** The cap that is planned, once it is known what can enforce it. */
  readonly capFor: (reach: Reach) => Cap | null
  readonly runId: string
  /** Ways that could be opened and not be entered, with the reason: to make a cgroup and to enter it are two permissions. */
  readonly refused: readonly Refused[]
}

export interface Refused {
  readonly label: string
  readonly reason: string
}

export interface OpenedCage {
  readonly cage: Cage
  readonly reach: Reach
  /** Whose cage it is; `null` where the kernel enforces nothing. */
  readonly label: string | null
  /** Why this way and none before it, one sentence each. */
  readonly reasons: readonly string[]
}

/** An explicit choice that cannot be had: an error for the user, never a silent downgrade. */
export class EnforcementUnavailable extends Error {}

/** Opens the best cage that works, by trying. Throws {@link EnforcementUnavailable}. */
export async function openCage(maker: CageMaker, order: CageOrder): Promise<OpenedCage> {
  const { choice, survey } = order
  if (survey.platform !== 'linux') return elsewhere(maker, order)
  const watching = { ...maker, runId: order.runId }
  if (choice === 'off') return { cage: openNone(watching, survey), reach: 'none', label: null, reasons: [OFF] }

  const reasons: string[] = []
  if (choice !== 'watch') {
    const opened = await tryWays(maker, order, reasons)
    if (opened !== null) return { ...opened, reach: 'cgroup', reasons }
    if (choice !== 'auto')
      throw new EnforcementUnavailable(`enforcement: ${choice} cannot be had: ${reasons.join('; ')}`)
  }
  const cage = openWatch(watching, survey, order.capFor('watch')?.bytes ?? null)
  return { cage, reach: 'watch', label: null, reasons }
}

const OFF = 'enforcement is off'

async function elsewhere(maker: CageMaker, order: CageOrder): Promise<OpenedCage> {
  const { launcher = ABSENT } = maker
  const opened = await openElsewhere({ ...maker, launcher, runId: order.runId }, order)
  if (!('refusal' in opened)) return opened
  throw new EnforcementUnavailable(`enforcement: ${order.choice} cannot be had: ${opened.refusal}`)
}

async function tryWays(
  maker: CageMaker,
  order: CageOrder,
  reasons: string[]
): Promise<Pick<OpenedCage, 'cage' | 'label'> | null> {
  const cap = order.capFor('cgroup')
  if (order.survey.cgroup.version === 'none') reasons.push('no memory controller of cgroups is visible')
  else if (cap === null) reasons.push('no cap is set, so no cgroup is made')
  if (order.survey.cgroup.version === 'none' || cap === null) return null
  for (const { label, reason } of order.refused) reasons.push(`${label}: entering it: ${reason}`)
  for (const way of waysFor(maker, order, reasons)) {
    if (order.refused.some(({ label }) => label === way.label)) continue
    try {
      const cage = await way.open(cap)
      reasons.push(`${way.name} ${cage.directory}${way.remark}`, ...swapLeftOpen(maker.files, order.survey, cage, cap))
      return { cage, label: way.label }
    } catch (fault) {
      const reason = `${way.label}: ${fault instanceof Error ? fault.message : String(fault)}`
      if (!reasons.includes(reason)) reasons.push(reason)
    }
  }
  return null
}

/** Best first; where systemd is not asked at all, a reason says why. */
function* waysFor(maker: CageMaker, order: CageOrder, reasons: string[]): Generator<Way> {
  if (order.choice !== 'systemd') yield* cgroupWays(maker, order)
  if (order.choice === 'cgroup') return
  const obstacle = systemdUnavailable(maker.files, order.survey)
  if (obstacle === null) yield* systemdWays(maker, order)
  else reasons.push(`systemd: ${obstacle}`)
}

/** A kernel without swap accounting has no such file: the cap holds for RAM, and swap comes on top of it. */
function swapLeftOpen(files: Files, survey: Survey, cage: Cage, cap: Cap): readonly string[] {
  if (cap.swap === 'open' || known(survey.host.swapTotalBytes) === 0) return []
  const file = `${cage.directory}/${survey.cgroup.version === 'v1' ? 'memory.memsw.limit_in_bytes' : 'memory.swap.max'}`
  return files.exists(file) ? [] : [`swap stays open: this kernel has no ${file}`]
}
