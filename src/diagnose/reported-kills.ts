import type { Evidence, ReportedKill } from '../model/evidence.ts'
import { known } from '../model/reading.ts'
import { type Attribution, memory, plain } from './attribution.ts'
import { relation, sampledProcess } from './kernel-records.ts'

/** Names in these notes are cut: at 15 bytes on Linux, at 31 on macOS. */
const SHORTEST_CUT = 15

/** A kill of this build that a daemon or the kernel of macOS wrote down. */
export function byReport(evidence: Evidence): Attribution | null {
  const ours = (known(evidence.reportedKills) ?? []).filter((kill) => isOurs(kill, evidence))
  const told = ours.findLast(({ isForMemory }) => isForMemory) ?? ours.at(-1)
  if (told === undefined) return null
  const endedBy = told.by === 'jetsam' ? 'kernel-oom-host' : 'other'
  return told.isForMemory ? memory(endedBy, 'certain', { told }) : { ...plain('other', 'false', 'certain'), told }
}

function isOurs({ victim }: ReportedKill, { cage, survey, timeline }: Evidence): boolean {
  if ('pid' in victim) {
    const seen = sampledProcess(timeline, victim.pid)
    return seen !== null && seen.tool.slice(0, SHORTEST_CUT) === victim.name.slice(0, SHORTEST_CUT)
  }
  const path = cage?.cgroupPath ?? null
  if (path !== null) return isAbove(victim.cgroup, path) || relation(victim.cgroup, path) !== 'elsewhere'
  const own = survey === null ? null : known(survey.cgroup.path)
  return own !== null && own !== '/' && isAbove(victim.cgroup, own)
}

/** Everything in a cgroup dies with it. */
function isAbove(killed: string, path: string): boolean {
  return killed === path || path.startsWith(`${killed}/`)
}

/**
 * Whether a daemon can have killed for memory unseen: `no` where its notes were read, or none runs; `yes` where one runs
 * and its notes were not read; `unknown` where it cannot be seen who runs.
 */
export function couldDaemonsHide({ reportedKills, survey, platform }: Evidence): 'yes' | 'no' | 'unknown' {
  if (reportedKills.kind === 'value' || platform !== 'linux') return 'no'
  const killers = [survey?.killers.systemdOomd, survey?.killers.earlyoom]
  if (killers.some((one) => one?.kind === 'value' && one.value)) return 'yes'
  return killers.every((one) => one?.kind === 'value') ? 'no' : 'unknown'
}

/**
 * Whether the kernel of macOS is known to have killed nobody for memory while the build ran. Any such kill, of whatever
 * pid, leaves it open: not every process of a build lives long enough to be seen.
 */
export function isMacLogSilent({ platform, reportedKills }: Evidence): boolean {
  if (platform !== 'darwin' || reportedKills.kind !== 'value') return false
  return !reportedKills.value.some(({ isForMemory }) => isForMemory)
}
