import { formatBytes, formatShare } from '../model/bytes.ts'
import type { Finding } from '../model/diagnosis.ts'
import { formatDuration } from '../model/duration.ts'
import { rise } from '../model/evidence.ts'
import { code, endOfPath, figure, type Prose, prose } from '../model/prose.ts'
import { countersReadable, killsInCage, limitsAbove, userspaceKillerRuns } from './attribute.ts'
import type { Case } from './case.ts'
import { diskRow } from './disk-row.ts'
import { counterInWords, lowestAvailableBytes, machineBytes, peakInWords } from './figures.ts'
import { whoseLimit } from './kernel-records.ts'

/** The causes that are examined in every failure, each with what was measured for or against it. */
export const HYPOTHESES = {
  ownCap,
  machine,
  limitAbove,
  userspaceKiller,
  stopped,
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
  const counters = [...v2Counter(of), counterInWords('oom_kill', cage.kills)].join(', ')
  if (attribution.endedBy === 'kernel-oom-cap') {
    const reached = prose`reached its cap of ${figure(formatBytes(cage.capBytes))}`
    return row(join([reached, counters, recordInWords(of)]), causeOf(of))
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
  if (!of.isLive) return null
  const row = rowFor('Machine out of memory')
  const lowest = lowestAvailableBytes(evidence)
  const total = machineBytes(evidence)
  const available =
    lowest === null
      ? null
      : `${total === null ? formatBytes(lowest) : formatShare(lowest, total)} available at the lowest`
  const counted = join([available, counterInWords('oom_kill', evidence.hostKills)])
  if (attribution.endedBy === 'kernel-oom-host')
    return row(join([counted, noLimitFired(of), recordInWords(of)]), causeOf(of))
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
  const inCage = killsInCage(evidence)
  if (hostRise === null) return null
  // Without a counter of its own, the build's kills are somewhere in the machine's.
  if (inCage === null && attribution.outOfMemory === 'true') return 0
  return Math.max(0, hostRise - (inCage ?? 0))
}

function noLimitFired({ evidence: { cage } }: Case): Prose | null {
  return cage !== null && rise(cage.ownLimitHits) === 0 ? prose`the cap did not fire` : null
}

function recordInWords({ attribution: { record }, evidence }: Case): Prose | null {
  if (record === null) return null
  return `kernel log: ${whoseLimit(record, evidence.cage?.cgroupPath ?? null)}, ${prose`${code(`task=${record.task}`)}`}`
}

function limitAbove(of: Case): Finding | null {
  const { evidence, attribution } = of
  const row = rowFor('Limit above the build')
  if (attribution.endedBy === 'kernel-oom-ancestor') {
    const counters =
      evidence.cage === null
        ? counterInWords('oom_kill', evidence.hostKills)
        : counterInWords('oom_kill', evidence.cage.kills)
    return row(join([counters, noLimitFired(of), recordInWords(of), bindingInWords(of)]), causeOf(of))
  }
  if (attribution.endedBy === 'unknown' && attribution.outOfMemory === 'true') {
    return rowFor('Limit inside the build')(join([recordInWords(of)]), causeOf(of))
  }
  if (!limitsAbove(evidence) || !countersReadable(evidence)) return null
  return row(prose`no kill was counted that its limit would explain`, 'ruled out')
}

function bindingInWords({ evidence: { survey } }: Case): Prose | null {
  if (survey === null || survey.binding === null || survey.binding.source === 'host') return null
  return prose`limit ${figure(formatBytes(survey.binding.bytes))} in ${code(endOfPath(survey.binding.file, 2))}`
}

function userspaceKiller(of: Case): Finding | null {
  const { evidence, trace } = of
  const killers = evidence.survey?.killers
  if (killers === undefined || (trace?.signal !== 'SIGKILL' && trace?.signal !== 'SIGTERM')) return null
  const row = rowFor('systemd-oomd or earlyoom')
  if (userspaceKillerRuns(evidence)) return row(prose`running; its kills are in no kernel counter`, 'not checked')
  const isKnown = [killers.systemdOomd, killers.earlyoom].some((one) => one.kind === 'value')
  return isKnown ? row(prose`not running`, 'ruled out') : null
}

function stopped(of: Case): Finding | null {
  const { stop } = of.evidence
  const row = rowFor('Cancelled, or timeout')
  if (stop?.kind === 'timeout')
    return row(prose`the time limit was reached after ${figure(formatDuration(stop.afterMs))}`, 'cause')
  if (stop?.kind === 'cancel') {
    return row(prose`${figure(stop.signal)} came after ${figure(formatDuration(stop.afterMs))}`, 'cause')
  }
  if (!of.isLive || stop?.kind === 'died') return null
  return row(prose`no SIGINT or SIGTERM came first; no time limit was reached`, 'ruled out')
}

function outsideSignal(of: Case): Finding | null {
  const { attribution, trace, isLive } = of
  const { stop } = of.evidence
  // Whoever killed the guard cannot be seen from its notes.
  if (!isLive || stop?.kind === 'died') return null
  const row = rowFor('Signal from outside')
  if (stop !== null) return row(prose`none needed: the guard ended the build`, 'ruled out')
  if (attribution.outOfMemory === 'true')
    return row(prose`none needed: ${code('oom_kill')} accounts for the kill`, 'ruled out')
  if (trace === null) return row(prose`no process was seen to end by a signal`, 'ruled out')
  if (attribution.endedBy === 'other') return row(prose`fits what was measured; the sender is not visible`, 'likely')
  if (attribution.endedBy === 'unknown')
    return row(prose`${figure(trace.signal)} was seen; the sender is not visible`, 'not checked')
  return null
}

function kernelLog({ evidence, attribution, trace }: Case): Finding | null {
  if (evidence.kernelLog.kind !== 'unreadable') return null
  if (trace === null && attribution.outOfMemory === 'false') return null
  return rowFor('Kernel log')(prose`not readable here (${code(evidence.kernelLog.reason)})`, 'not checked')
}

/** A log from elsewhere: nothing was measured, and that is why so little is certain. */
function storedLog({ isLive }: Case): Finding | null {
  return isLive ? null : rowFor('Memory counters')(prose`a stored log holds none`, 'not checked')
}

function causeOf({ attribution }: Case): Finding['verdict'] {
  return attribution.confidence === 'certain' ? 'cause' : 'likely'
}

/** Rows of one hypothesis. */
export function rowFor(hypothesis: string): (measured: Prose, verdict: Finding['verdict']) => Finding {
  return (measured, verdict) => ({ hypothesis, measured, verdict })
}

/** The parts that are known, in one cell. */
export function join(parts: readonly (Prose | null)[]): Prose {
  return parts.filter((part) => part !== null).join('; ')
}
