import type { Confidence, Verdict } from '../model/diagnosis.ts'
import { type CageEvidence, type Evidence, type OomRecord, rise } from '../model/evidence.ts'
import type { EndedBy, Stop } from '../model/outcome.ts'
import { known } from '../model/reading.ts'
import { decisiveRecord } from './kernel-records.ts'
import { isFatalSignal, type KillTrace, killTrace } from './kill-trace.ts'

/** Who ended the attempt and whether memory did, from counters first, then signals; words only say that a kill was seen. */
export interface Attribution {
  readonly endedBy: EndedBy
  readonly outOfMemory: Verdict['outOfMemory']
  readonly confidence: Confidence
  /** The record of the kernel log that decided, if one did. */
  readonly record: OomRecord | null
}

/** Of the high-water mark: below this share of the cap, the cap cannot have fired (charges are batched). */
const NEAR_CAP = 0.95

/** What the counters mean: cgroup-v2.rst and mm/memcontrol.c of the kernel. */
export function attribute(evidence: Evidence): Attribution {
  if (succeeded(evidence)) return plain('itself', 'false', 'certain')
  if (evidence.stop !== null) return byGuard(evidence.stop)
  return byCage(evidence) ?? byMachine(evidence) ?? bySignal(evidence)
}

/** Whether the command ended well. */
export function succeeded({ exit }: Evidence): boolean {
  return exit?.code === 0
}

/** Whether a counter was read that would have risen, had the kernel killed a process of the build for memory. */
export function countersReadable(evidence: Evidence): boolean {
  return killsInCage(evidence) !== null || rise(evidence.hostKills) !== null
}

/** How much `oom_kill` of the cage rose; `null` without a cage or where it could not be read. */
export function killsInCage({ cage }: Evidence): number | null {
  return cage === null ? null : rise(cage.kills)
}

function plain(endedBy: EndedBy, outOfMemory: Verdict['outOfMemory'], confidence: Confidence): Attribution {
  return { endedBy, outOfMemory, confidence, record: null }
}

function byGuard(stop: Stop): Attribution {
  if (stop.kind === 'died') return plain('unknown', 'unknown', 'certain')
  if (stop.kind === 'cancel') return plain('cancel', 'false', 'certain')
  return plain('guard', stop.kind === 'watch' ? 'true' : 'false', 'certain')
}

/** v2: the cage's own `oom` rose, so its limit fired. Else `oom_kill` alone: the kernel log, or who else could it be. */
function byCage(evidence: Evidence): Attribution | null {
  const { cage } = evidence
  if (cage === null) return null
  const kills = rise(cage.kills)
  const ownHits = rise(cage.ownLimitHits)
  // The last process of a dying tree is no victim: then `oom` rises and `oom_kill` does not (task_will_free_mem).
  const record = decisiveRecord(evidence)
  if (ownHits !== null && ownHits > 0) {
    return { ...plain('kernel-oom-cap', 'true', kills === 0 ? 'likely' : 'certain'), record }
  }
  if (kills === null || kills === 0) return null
  if (record !== null) return byRecord(record, cage)
  return ownHits === null && couldBeItsCap(cage) ? plain('kernel-oom-cap', 'true', 'likely') : byForeignLimit(evidence)
}

function couldBeItsCap({ capBytes, kernelPeakBytes }: CageEvidence): boolean {
  const peakBytes = known(kernelPeakBytes)
  return capBytes !== null && (peakBytes === null || peakBytes >= NEAR_CAP * capBytes)
}

function byRecord(record: OomRecord, cage: CageEvidence | null): Attribution {
  const found = (endedBy: EndedBy, confidence: Confidence): Attribution => ({
    endedBy,
    outOfMemory: 'true',
    confidence,
    record
  })
  if (record.constraint === 'none') return found('kernel-oom-host', 'certain')
  if (record.constraint !== 'memcg') return found('kernel-oom-host', 'likely')
  if (record.limitCgroup === null) return found('kernel-oom-ancestor', 'likely')
  if (cage?.cgroupPath === null || cage === null) return found('kernel-oom-ancestor', 'certain')
  if (record.limitCgroup === cage.cgroupPath) return found('kernel-oom-cap', 'certain')
  // A limit that the build set for a part of itself is nobody's of the list.
  return found(record.limitCgroup.startsWith(`${cage.cgroupPath}/`) ? 'unknown' : 'kernel-oom-ancestor', 'certain')
}

/** A kill without its own limit firing: a limit above the build where one can be, else the machine. */
function byForeignLimit(evidence: Evidence): Attribution {
  return plain(limitsAbove(evidence) ? 'kernel-oom-ancestor' : 'kernel-oom-host', 'true', 'likely')
}

/** Whether survey saw a limit of a cgroup, or a container, whose own limits can be out of sight. */
export function limitsAbove({ survey }: Evidence): boolean {
  if (survey === null) return false
  const { levels, path } = survey.cgroup
  if (levels.some((level) => level.limitBytes.kind === 'value')) return true
  // `/` with limit files is the root of a namespace: the real root has none.
  return path.kind === 'value' && path.value === '/' && levels[0]?.limitBytes.kind === 'unlimited'
}

/** The machine's `oom_kill` counts kills by any limit, of anybody's processes. */
function byMachine(evidence: Evidence): Attribution | null {
  const hostRise = rise(evidence.hostKills)
  if (hostRise === null || hostRise === 0) return null
  if (killsInCage(evidence) === 0) {
    // Ours would have been counted in the cage; but a log may tell of a process outside it, such as a container's.
    const isOfLogOnly = evidence.exit?.signal !== 'SIGKILL' && killTrace(evidence)?.signal === 'SIGKILL'
    return isOfLogOnly ? plain('unknown', 'unknown', 'possible') : null
  }
  const record = decisiveRecord(evidence)
  if (record !== null) return byRecord(record, evidence.cage)
  const wasKilled = killTrace(evidence)?.signal === 'SIGKILL'
  return wasKilled ? byForeignLimit(evidence) : plain('unknown', 'unknown', 'possible')
}

function bySignal(evidence: Evidence): Attribution {
  const trace = killTrace(evidence)
  const memory = memoryByCounters(evidence, trace)
  if (trace === null) return plain('itself', memory, 'certain')
  if (isFatalSignal(trace.signal)) return plain('itself', memory, 'certain')
  if (trace.signal === 'SIGKILL' && !countersReadable(evidence)) return plain('unknown', 'unknown', 'possible')
  return plain('other', memory, memory === 'false' ? 'certain' : 'likely')
}

/** The kernel's counters do not see what systemd-oomd and earlyoom kill. */
function memoryByCounters(evidence: Evidence, trace: KillTrace | null): Verdict['outOfMemory'] {
  if (!countersReadable(evidence)) return 'unknown'
  return trace !== null && !isFatalSignal(trace.signal) && userspaceKillerRuns(evidence) ? 'unknown' : 'false'
}

/** Whether a daemon is known to run that kills for memory with ordinary signals. */
export function userspaceKillerRuns({ survey }: Evidence): boolean {
  return [survey?.killers.systemdOomd, survey?.killers.earlyoom].some((one) => one?.kind === 'value' && one.value)
}
