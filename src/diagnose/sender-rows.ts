import type { Finding } from '../model/diagnosis.ts'
import { formatDuration } from '../model/duration.ts'
import { code, figure, prose } from '../model/prose.ts'
import type { Case } from './case.ts'
import { isLaunchKill } from './launch-kill.ts'
import { couldDaemonsHide } from './reported-kills.ts'
import { causeOf, rowFor } from './rows.ts'

/** Whether a daemon ended a process of the build before the kernel had to. Its kills are in no kernel counter. */
export function memoryDaemon(of: Case): Finding | null {
  const { evidence, attribution } = of
  const { told } = attribution
  const { reportedKills, platform, survey } = evidence
  if (told !== null && told.by !== 'jetsam') {
    return asked(prose`${figure(told.by)}: ${code(told.words)}`, causeOf(attribution))
  }
  if (!wasEndedFromOutside(of) || platform !== 'linux' || survey === null) return null
  if (reportedKills.kind === 'value') return asked(prose`the journal names no kill of this build`, 'ruled out')
  const runs = couldDaemonsHide(evidence)
  const row = rowFor('systemd-oomd or earlyoom')
  if (runs === 'no') return row(prose`not running`, 'ruled out')
  const seen = runs === 'yes' ? 'running; its kills are in no kernel counter' : 'not visible from here whether one runs'
  if (reportedKills.kind === 'absent') return row(seen, 'not checked')
  return row(prose`${figure(seen)}; the journal is not readable (${code(reportedKills.reason)})`, 'not checked')
}

/** Who is asked by way of the journal, which all of them write to. */
const asked = rowFor('Memory daemon (systemd-oomd, earlyoom, nohang)')

function wasEndedFromOutside({ trace }: Case): boolean {
  return trace?.signal === 'SIGKILL' || trace?.signal === 'SIGTERM'
}

/** Whether the kernel of macOS ended a process of the build: jetsam, or for want of swap. */
export function macKernel(of: Case): Finding | null {
  const { evidence, attribution } = of
  const { told } = attribution
  const row = rowFor('Machine out of memory (macOS)')
  if (told !== null && told.by === 'jetsam') {
    return row(prose`kernel log: ${code(told.words)}`, told.isForMemory ? causeOf(attribution) : 'ruled out')
  }
  if (evidence.platform !== 'darwin' || of.trace?.signal !== 'SIGKILL') return null
  const { reportedKills } = evidence
  if (reportedKills.kind === 'absent') return null
  if (reportedKills.kind === 'unreadable') {
    return row(prose`its log is not readable (${code(reportedKills.reason)})`, 'not checked')
  }
  const others = reportedKills.value.filter(({ isForMemory }) => isForMemory).length
  if (others === 0) return row(prose`the kernel logged no kill for memory`, 'ruled out')
  return row(
    prose`${figure(others)} kills for memory logged, none of a process that was sampled in the build`,
    'not checked'
  )
}

/** Whether macOS refused to let a program run. */
export function launchPolicy({ evidence, attribution }: Case): Finding | null {
  if (attribution.endedBy !== 'other' || attribution.told !== null || !isLaunchKill(evidence)) return null
  return rowFor('Launch policy of macOS (signature, architecture)')(
    prose`killed within a second of its start, with little memory`,
    'likely'
  )
}

/** Whether the guard ended the build, or the workflow did through it. */
export function stopped(of: Case): Finding | null {
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

/** Whether somebody else sent the signal. */
export function outsideSignal(of: Case): Finding | null {
  const { attribution, trace, isLive } = of
  const { stop } = of.evidence
  // Whoever killed the guard cannot be seen from its notes.
  if (!isLive || stop?.kind === 'died') return null
  const row = rowFor('Signal from outside')
  if (stop !== null) return row(prose`none needed: the guard ended the build`, 'ruled out')
  if (attribution.told !== null)
    return row(prose`sent by ${figure(SENDERS[attribution.told.by])}`, causeOf(attribution))
  if (attribution.outOfMemory === 'true' && attribution.endedBy !== 'itself')
    return row(prose`none needed: ${code('oom_kill')} accounts for the kill`, 'ruled out')
  if (trace === null) return row(prose`no process was seen to end by a signal`, 'ruled out')
  if (attribution.endedBy === 'other') return row(prose`fits what was measured; the sender is not visible`, 'likely')
  if (attribution.endedBy === 'unknown')
    return row(prose`${figure(trace.signal)} was seen; the sender is not visible`, 'not checked')
  return null
}

const SENDERS = {
  'systemd-oomd': 'systemd-oomd',
  earlyoom: 'earlyoom',
  nohang: 'nohang',
  jetsam: 'the kernel of macOS'
} as const
