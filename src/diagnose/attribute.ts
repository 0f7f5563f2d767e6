import type { Verdict } from '../model/diagnosis.ts'
import { type Evidence, rise } from '../model/evidence.ts'
import type { Stop } from '../model/outcome.ts'
import { type Attribution, plain } from './attribution.ts'
import { byKernel, killsAround } from './kernel-kill.ts'
import { isFatalSignal, type KillTrace, killTrace } from './kill-trace.ts'
import { isLaunchKill } from './launch-kill.ts'
import { byReport, couldDaemonsHide, isMacLogSilent } from './reported-kills.ts'
import { byWindowsStatus } from './windows-status.ts'

/** What the counters mean: cgroup-v2.rst and mm/memcontrol.c of the kernel. */
export function attribute(evidence: Evidence): Attribution {
  if (succeeded(evidence)) return plain('itself', 'false', 'certain')
  if (evidence.stop !== null) return byGuard(evidence.stop)
  return byKernel(evidence) ?? byReport(evidence) ?? byWindowsStatus(evidence) ?? bySignal(evidence)
}

/** Whether the command ended well. */
export function succeeded({ exit }: Evidence): boolean {
  return exit?.code === 0
}

/**
 * Whether those who write down their kills are worth asking: a process of the build was killed from outside, and neither
 * the guard nor a counter explains it. Asking takes time, and most builds fail by themselves.
 */
export function wantsReports(evidence: Evidence): boolean {
  const { endedBy, outOfMemory } = attribute(evidence)
  const signal = killTrace(evidence)?.signal
  const isFromOutside = signal === 'SIGKILL' || signal === 'SIGTERM'
  return evidence.stop === null && isFromOutside && outOfMemory !== 'true' && ['other', 'unknown'].includes(endedBy)
}

/** Whether a counter was read that would have risen, had the kernel killed a process of the build for memory. */
export function countersReadable(evidence: Evidence): boolean {
  return killsAround(evidence) !== null || rise(evidence.hostKills) !== null
}

function byGuard(stop: Stop): Attribution {
  if (stop.kind === 'died') return plain('unknown', 'unknown', 'certain')
  if (stop.kind === 'cancel') return plain('cancel', 'false', 'certain')
  return plain('guard', stop.kind === 'watch' ? 'true' : 'false', 'certain')
}

function bySignal(evidence: Evidence): Attribution {
  const trace = killTrace(evidence)
  const outOfMemory = memoryByCounters(evidence, trace)
  // On Windows a process that was ended from outside leaves a status like any other.
  if (trace === null) return plain('itself', outOfMemory, evidence.platform === 'win32' ? 'likely' : 'certain')
  if (isFatalSignal(trace.signal)) return plain('itself', outOfMemory, 'certain')
  if (trace.signal === 'SIGKILL' && isLaunchKill(evidence)) return plain('other', 'false', 'likely')
  if (trace.signal === 'SIGKILL' && outOfMemory === 'unknown' && !countersReadable(evidence)) {
    return plain('unknown', 'unknown', 'possible')
  }
  const isSure = outOfMemory === 'false' && countersReadable(evidence) && couldDaemonsHide(evidence) === 'no'
  return plain('other', outOfMemory, isSure ? 'certain' : 'likely')
}

/** The kernel's counters do not see what systemd-oomd and earlyoom kill; macOS has a log in place of counters. */
function memoryByCounters(evidence: Evidence, trace: KillTrace | null): Verdict['outOfMemory'] {
  if (!countersReadable(evidence) && !isMacLogSilent(evidence)) return 'unknown'
  const isFromOutside = trace !== null && !isFatalSignal(trace.signal)
  return isFromOutside && couldDaemonsHide(evidence) === 'yes' ? 'unknown' : 'false'
}
