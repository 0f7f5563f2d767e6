import type { Confidence } from '../model/diagnosis.ts'
import { type CageEvidence, type Evidence, type OomRecord, rise } from '../model/evidence.ts'
import type { EndedBy } from '../model/outcome.ts'
import { known } from '../model/reading.ts'
import { type Attribution, memory, plain } from './attribution.ts'
import { decisiveRecord, recordsOfBuild, relation } from './kernel-records.ts'
import { killTrace } from './kill-trace.ts'
import { canBeLimitedAbove, firedAbove, isEveryLimitCleared, levelsOf, reachedAbove } from './levels.ts'
import { wasAnyHit } from './log-hits.ts'
import { byWindowsStatus } from './windows-status.ts'

/** Of the high-water mark: below this share of the cap, the cap cannot have fired (charges are batched). */
const NEAR_CAP = 0.95

/** A kill by the kernel of Linux; `null` where no counter rose that would be the build's. */
export function byKernel(evidence: Evidence): Attribution | null {
  return byCage(evidence) ?? byMachine(evidence)
}

/** Whether the build has a cgroup to itself. */
function hasCgroup({ cage }: Evidence): boolean {
  return cage !== null && cage.cgroupPath !== null
}

/** How much `oom_kill` of the cage rose; `null` without a cage or where it could not be read. */
export function killsInCage({ cage }: Evidence): number | null {
  return cage === null ? null : rise(cage.kills)
}

/** How much the counter rose that sees every kill of the build: the cage's, else that of the cgroup it shares with the guard. */
export function killsAround(evidence: Evidence): number | null {
  const inCage = killsInCage(evidence)
  const shared = hasCgroup(evidence) ? undefined : evidence.levels[0]
  return inCage ?? (shared === undefined ? null : rise(shared.kills))
}

/**
 * How often the cage's own limit fired, and those that the build had set below it: `memory.events` counts both,
 * `memory.events.local` the first. `null`: no such counter (v1), or not readable.
 */
function hits(evidence: Evidence): { readonly own: number | null; readonly below: number } {
  const own = levelsOf(evidence).own
  const local = own === null ? null : rise(own.ownHits)
  const all = evidence.cage === null ? null : rise(evidence.cage.ownLimitHits)
  return { own: local ?? all, below: local === null || all === null ? 0 : Math.max(0, all - local) }
}

/** How often the cage's own limit fired; `null` where no counter says. */
export function ownLimitHits(evidence: Evidence): number | null {
  return hits(evidence).own
}

/** v2: the cage's own `oom` rose, so its limit fired. Else `oom_kill` alone: the kernel log, or who else could it be. */
function byCage(evidence: Evidence): Attribution | null {
  const { cage } = evidence
  if (cage === null) return null
  const kills = rise(cage.kills)
  const { own, below } = hits(evidence)
  const record = decisiveRecord(evidence)
  if (own !== null && own > 0) return byOwnLimit(evidence, kills, record)
  if (kills === null || kills === 0) return null
  if (record !== null) return byRecord(record, evidence)
  // A limit that the build set for a part of itself is nobody's of the list.
  if (below > 0) return memory('unknown', 'likely')
  return own === null ? byCapOrElse(evidence, cage) : byForeignLimit(evidence, kills)
}

/**
 * The last process of a dying tree is no victim: then `oom` rises and `oom_kill` does not (task_will_free_mem). Where
 * records of all kills are there and none names the cap, it is one of those that killed.
 */
function byOwnLimit(evidence: Evidence, kills: number | null, record: OomRecord | null): Attribution {
  const level = levelsOf(evidence).own
  const isNamed = record !== null && isOwnLimit(record, evidence)
  if (record !== null && !isNamed && kills !== null && kills > 0 && recordsOfBuild(evidence).length >= kills) {
    return byRecord(record, evidence)
  }
  // A job refuses memory, and a program may live with that; the words of its death say that it did not.
  if (evidence.cage?.way === 'job-object') {
    const isTold = wasAnyHit(evidence.log, 'oom.windows-commit') || byWindowsStatus(evidence)?.outOfMemory === 'true'
    return memory('kernel-oom-cap', isTold ? 'certain' : 'likely', { level })
  }
  const isAlone = record === null && firedAbove(evidence).length === 0
  const confidence = kills === 0 || !(isNamed || isAlone) ? 'likely' : 'certain'
  return memory('kernel-oom-cap', confidence, { record, level })
}

function isOwnLimit({ limitCgroup }: OomRecord, { cage }: Evidence): boolean {
  const path = cage?.cgroupPath ?? null
  return limitCgroup !== null && path !== null && relation(limitCgroup, path) === 'same'
}

/** v1 has no counter of its own limit: that usage never stood at it clears it, and the high-water mark may. */
function byCapOrElse(evidence: Evidence, cage: CageEvidence): Attribution {
  const level = levelsOf(evidence).own
  const stoodAtCap = level === null ? null : rise(level.failures)
  if (stoodAtCap !== 0 && couldBeItsCap(cage)) return memory('kernel-oom-cap', 'likely', { level })
  return byForeignLimit(evidence, rise(cage.kills))
}

function couldBeItsCap({ capBytes, kernelPeakBytes }: CageEvidence): boolean {
  const peakBytes = known(kernelPeakBytes)
  return capBytes !== null && (peakBytes === null || peakBytes >= NEAR_CAP * capBytes)
}

function byRecord(record: OomRecord, evidence: Evidence): Attribution {
  const { constraint, limitCgroup } = record
  const found = (endedBy: EndedBy, confidence: Confidence): Attribution => memory(endedBy, confidence, { record })
  if (constraint === 'none') return found('kernel-oom-host', 'certain')
  if (constraint === 'unknown') return { ...byElimination(evidence), record }
  if (constraint !== 'memcg') return found('kernel-oom-host', 'likely')
  if (limitCgroup === null) {
    const left = byElimination(evidence)
    return left.endedBy === 'kernel-oom-host' ? found('kernel-oom-ancestor', 'likely') : { ...left, record }
  }
  if (isOwnLimit(record, evidence)) {
    return { ...found('kernel-oom-cap', 'certain'), level: levelsOf(evidence).own }
  }
  if (isInside(limitCgroup, evidence)) return found('unknown', 'certain')
  const level = levelsOf(evidence).above.find(({ directory }) => directory.endsWith(limitCgroup)) ?? null
  return { ...found('kernel-oom-ancestor', 'certain'), level }
}

/** Whether the build itself made this cgroup: below its cage, or below the cgroup that it shares with the guard. */
function isInside(limitCgroup: string, { cage, survey }: Evidence): boolean {
  const path = cage?.cgroupPath ?? null
  if (path !== null) return relation(limitCgroup, path) === 'inside'
  const own = survey?.cgroup.path
  return own?.kind === 'value' && own.value !== '/' && limitCgroup.startsWith(`${own.value}/`)
}

/** The kernel log has the kill, and not whose limit it was. */
function byElimination(evidence: Evidence): Attribution {
  const { cage } = evidence
  if (cage !== null && hasCgroup(evidence) && hits(evidence).own === null) return byCapOrElse(evidence, cage)
  return byForeignLimit(evidence, killsAround(evidence))
}

/**
 * A kill without the build's own limit firing. A limit above whose own counter rose did it; certainly so where nobody
 * else was killed below it. Else the machine, if every other limit is cleared; else what can be.
 */
function byForeignLimit(evidence: Evidence, kills: number | null): Attribution {
  const fired = firedAbove(evidence)
  const [first] = fired
  if (first !== undefined) {
    const isOnlyOurs = hasCgroup(evidence) && kills !== null && rise(first.kills) === kills
    return memory('kernel-oom-ancestor', fired.length === 1 && isOnlyOurs ? 'certain' : 'likely', {
      level: fired.length === 1 ? first : null
    })
  }
  const reached = reachedAbove(evidence)
  if (reached.length > 0) {
    return memory('kernel-oom-ancestor', 'likely', { level: reached.length === 1 ? (reached[0] ?? null) : null })
  }
  if (isEveryLimitCleared(evidence)) {
    return memory('kernel-oom-host', hasCgroup(evidence) ? 'certain' : 'likely')
  }
  return memory(canBeLimitedAbove(evidence) ? 'kernel-oom-ancestor' : 'kernel-oom-host', 'likely')
}

/** No counter of the build's own: those of the cgroup that it shares with others, and of the machine. */
function byMachine(evidence: Evidence): Attribution | null {
  const around = killsAround(evidence)
  const hostRise = rise(evidence.hostKills)
  const trace = killTrace(evidence)
  if (around === 0) {
    // Ours would have been counted here; but a log may tell of a process elsewhere, such as a container's.
    const isOfLogOnly = evidence.exit?.signal !== 'SIGKILL' && trace?.signal === 'SIGKILL'
    return hostRise !== null && hostRise > 0 && isOfLogOnly ? plain('unknown', 'unknown', 'possible') : null
  }
  if (around === null && (hostRise === null || hostRise === 0)) return null
  const record = decisiveRecord(evidence)
  if (record !== null) return byRecord(record, evidence)
  return trace?.signal === 'SIGKILL' ? byForeignLimit(evidence, around) : plain('unknown', 'unknown', 'possible')
}
