import { formatBytes, formatShare } from '../model/bytes.ts'
import type { Finding } from '../model/diagnosis.ts'
import { rise } from '../model/evidence.ts'
import { code, endOfPath, figure, type Prose, prose } from '../model/prose.ts'
import { countersReadable } from './attribute.ts'
import type { Case } from './case.ts'
import { diskRow } from './disk-row.ts'
import { counterInWords, lowestAvailableBytes, machineBytes, peakInWords } from './figures.ts'
import { killsAround, ownLimitHits } from './kernel-kill.ts'
import { whoseLimit } from './kernel-records.ts'
import { limitsAbove } from './levels.ts'
import { causeOf, join, rowFor } from './rows.ts'
import { launchPolicy, macKernel, memoryDaemon, outsideSignal, stopped } from './sender-rows.ts'
import { stoodStillBefore } from './stall/before.ts'

/** The causes that are examined in every failure, each with what was measured for or against it. */
export const HYPOTHESES = {
  ownCap,
  machine,
  limitAbove,
  memoryDaemon,
  macKernel,
  launchPolicy,
  stopped,
  stoodStillBefore,
  outsideSignal,
  disk: (of: Case) => diskRow(of.evidence.disksAfter),
  kernelLog,
  storedLog
} satisfies Record<string, (of: Case) => Finding | null>

export type HypothesisName = keyof typeof HYPOTHESES

/** The full table of a kill: a row for each hypothesis that can be asked here. */
export function examineAll(of: Case): readonly Finding[] {
  return Object.values(HYPOTHESES).flatMap((row) => row(of) ?? [])
}

function ownCap(of: Case): Finding | null {
  const { evidence, attribution } = of
  const { cage, plan } = evidence
  const row = rowFor('Build hit its own cap')
  if (cage === null) return null
  if (cage.way === 'watch') return watched(of, cage.capBytes)
  if (cage.capBytes === null || cage.way === 'none') return row(noCapInForce(plan?.cap?.bytes ?? null), 'ruled out')
  const isJob = cage.way === 'job-object'
  const counters = isJob
    ? counterInWords('job limit', cage.ownLimitHits)
    : [...v2Counter(of), counterInWords('oom_kill', cage.kills)].join(', ')
  if (attribution.endedBy === 'kernel-oom-cap') {
    const reached = prose`reached its cap of ${figure(formatBytes(cage.capBytes))}`
    return row(join([reached, counters, recordInWords(of)]), causeOf(attribution))
  }
  if (rise(cage.kills) === null && (rise(cage.ownLimitHits) ?? null) === null) return row(counters, 'not checked')
  return row(`${peakInWords(evidence, cage.capBytes)}; ${counters}`, 'ruled out')
}

function v2Counter({ evidence }: Case): readonly Prose[] {
  const { cage } = evidence
  return cage !== null && rise(cage.ownLimitHits) !== null ? [counterInWords('oom', cage.ownLimitHits)] : []
}

function noCapInForce(requestedBytes: number | null): Prose {
  if (requestedBytes === null) return prose`no cap in force`
  return prose`no cap in force: ${figure(formatBytes(requestedBytes))} requested, not enforced`
}

/** No kernel cap: the guard looks, and acts near a limit. */
function watched({ evidence }: Case, capBytes: number | null): Finding {
  const { stop } = evidence
  const row = rowFor('Build came near a limit')
  if (stop?.kind === 'watch') {
    const held = prose`held ${figure(formatBytes(stop.treeBytes))} near the limit of ${figure(formatBytes(stop.limitBytes))}`
    return row(prose`${figure(held)} (${code(stop.level)}); the guard ended it`, 'cause')
  }
  const share = capBytes === null ? null : peakInWords(evidence, capBytes)
  return row(join([share, prose`the guard did not act`]), 'ruled out')
}

function machine(of: Case): Finding | null {
  const { evidence, attribution } = of
  // macOS has no such counter: its kernel writes down whom it kills.
  if (!of.isLive || evidence.platform === 'darwin') return null
  const row = rowFor('Machine out of memory')
  const lowest = lowestAvailableBytes(evidence)
  const total = machineBytes(evidence)
  const available =
    lowest === null
      ? null
      : `${total === null ? formatBytes(lowest) : formatShare(lowest, total)} available at the lowest`
  const counted = join([available, counterInWords('oom_kill', evidence.hostKills)])
  if (attribution.endedBy === 'kernel-oom-host')
    return row(join([counted, noLimitFired(of), recordInWords(of)]), causeOf(attribution))
  const outside = killsOutsideTheCage(of)
  if (outside === null || (outside > 0 && attribution.outOfMemory === 'unknown')) return row(counted, 'not checked')
  if (outside > 0)
    return row(join([available, prose`${figure(outside)} kills counted outside the build`]), 'contributed')
  const isUnchanged = rise(evidence.hostKills) === 0
  return row(isUnchanged ? counted : join([available, prose`no kill outside the build`]), 'ruled out')
}

/** The machine's counter includes every kill by any limit: only the difference can be anybody else's. */
function killsOutsideTheCage({ evidence, attribution }: Case): number | null {
  const hostRise = rise(evidence.hostKills)
  const inCage = killsAround(evidence)
  if (hostRise === null) return null
  // Without a counter of its own, the build's kills are somewhere in the machine's.
  if (inCage === null && attribution.outOfMemory === 'true') return 0
  return Math.max(0, hostRise - (inCage ?? 0))
}

function noLimitFired({ evidence }: Case): Prose | null {
  return ownLimitHits(evidence) === 0 ? prose`the cap did not fire` : null
}

function recordInWords({ attribution: { record }, evidence }: Case): Prose | null {
  if (record === null) return null
  return `kernel log: ${whoseLimit(record, evidence.cage?.cgroupPath ?? null)}, ${prose`${code(`task=${record.task}`)}`}`
}

function limitAbove(of: Case): Finding | null {
  const { evidence, attribution } = of
  const row = rowFor('Limit above the build')
  if (attribution.endedBy === 'kernel-oom-ancestor') {
    return row(join([...killsInWords(of), noLimitFired(of), recordInWords(of), limitInWords(of)]), causeOf(attribution))
  }
  if (attribution.endedBy === 'unknown' && attribution.outOfMemory === 'true') {
    return rowFor('Limit inside the build')(join([...killsInWords(of), recordInWords(of)]), causeOf(attribution))
  }
  if (!limitsAbove(evidence) || !countersReadable(evidence)) return null
  return row(prose`no kill was counted that its limit would explain`, 'ruled out')
}

function killsInWords({ evidence: { cage, hostKills, levels } }: Case): readonly Prose[] {
  const shared = cage === null || cage.cgroupPath === null ? levels[0]?.kills : cage.kills
  const kills = shared ?? cage?.kills ?? hostKills
  return [counterInWords('oom_kill', rise(kills) === null ? hostKills : kills)]
}

/** The cgroup whose own counter rose, with its limit; where no counter says which it was, the one that binds. */
function limitInWords({ evidence: { survey }, attribution: { level } }: Case): Prose | null {
  if (level !== null) {
    const { limitBytes, directory, ownHits, failures } = level
    const bytes = limitBytes.kind === 'value' ? ` ${formatBytes(limitBytes.value)}` : ''
    const limit = prose`limit${figure(bytes)} of ${code(endOfPath(directory, 1))}`
    const [name, change] = rise(ownHits) === null ? (['failcnt', failures] as const) : (['oom', ownHits] as const)
    return (rise(change) ?? 0) > 0 ? `${limit}, its ${counterInWords(name, change)}` : limit
  }
  if (survey === null || survey.binding === null || survey.binding.source === 'host') return null
  return prose`limit ${figure(formatBytes(survey.binding.bytes))} in ${code(endOfPath(survey.binding.file, 2))}`
}

function kernelLog({ evidence, attribution, trace }: Case): Finding | null {
  const { kernelLog: log } = evidence
  if (trace === null && attribution.outOfMemory === 'false') return null
  const row = rowFor('Kernel log')
  if (log.kind === 'unreadable') return row(prose`not readable here (${code(log.reason)})`, 'not checked')
  const suppressed = log.kind === 'value' && attribution.record === null ? log.value.suppressed : 0
  if (suppressed === 0) return null
  return row(
    prose`no record of this build; the kernel left out ${figure(suppressed)} messages of its killer`,
    'not checked'
  )
}

/** A log from elsewhere: nothing was measured, and that is why so little is certain. */
function storedLog({ isLive }: Case): Finding | null {
  return isLive ? null : rowFor('Memory counters')(prose`a stored log holds none`, 'not checked')
}
