import { formatBytes, formatShare } from '../../model/bytes.ts'
import { code, figure, type Prose, prose } from '../../model/prose.ts'
import type { MemoryMotion } from '../../model/stall.ts'
import { type Decider, processName, waitsIn } from './finding.ts'

/** The cgroup of the build, or one above it, does not let its processes run. */
export const frozen: Decider = ({ frozen: [first] }) => {
  if (first === undefined) return null
  const count = first.pids.length === 1 ? '1 process' : `${first.pids.length} processes`
  return {
    id: 'stall.frozen',
    confidence: 'certain',
    reason: prose`the cgroup ${code(first.directory)} is frozen (${figure(first.version)}), with ${figure(count)} of the build in it`
  }
}

/** `T`: SIGSTOP, SIGTSTP, SIGTTIN or SIGTTOU; `t`: a debugger. */
export const stopped: Decider = ({ processes }) => {
  const one = processes.find(({ state }) => state === 'T' || state === 't')
  if (one === undefined) return null
  const why =
    one.state === 't'
      ? prose`is held by a debugger${figure(one.tracerPid === null ? '' : `, process ${one.tracerPid}`)}`
      : prose`is stopped (state T): it got SIGSTOP, SIGTSTP, or, as a background job, asked for the terminal`
  return { id: 'stall.stopped', confidence: 'certain', reason: `${processName(one)} ${why}` }
}

/** A third of the time lost can still be a build that works slowly; in this much it does not. */
const THRASHING_PERCENT = 50
const MANY_REFAULTS = 500
const MANY_MAJOR_FAULTS = 50
const NEAR_LIMIT = 0.9

/** Where the kernel lets a process sleep that has to wait for memory. */
const MEMORY_WAIT =
  /^(?:mem_cgroup_handle_over_high|__mem_cgroup_handle_over_high|mem_cgroup_oom_synchronize|reclaim_throttle|throttle_direct_reclaim|shrink_\w+|try_to_free_\w+)$/

/** The kernel spends the build's time on finding memory: pressure, pages that come back as soon as they are dropped. */
export const thrashing: Decider = (of) => {
  const { memory } = of
  const { fullStallPercent: full } = memory
  const isStalled = full.kind === 'value' && full.value >= THRASHING_PERCENT
  const isFaulting =
    (memory.refaultsPerSecond ?? 0) >= MANY_REFAULTS && (memory.majorFaultsPerSecond ?? 0) >= MANY_MAJOR_FAULTS
  const waiting = of.processes.find((one) => waitsIn(one, MEMORY_WAIT) !== null)
  if (!isStalled && !(isFaulting && isNearLimit(memory)) && waiting === undefined) return null
  const who =
    waiting === undefined
      ? null
      : `${processName(waiting)} ${prose`waits in ${code(waitsIn(waiting, MEMORY_WAIT)?.where ?? '')}`}`
  return {
    id: 'stall.thrash',
    confidence: isStalled ? 'certain' : 'likely',
    reason: ['the kernel is looking for memory', memoryInWords(memory), who].filter((part) => part !== null).join(', ')
  }
}

function isNearLimit({ usedBytes, limitBytes }: MemoryMotion): boolean {
  return usedBytes !== null && limitBytes !== null && usedBytes >= NEAR_LIMIT * limitBytes
}

/** "98 % of the build's last 10 s lost to it, 4000 pages a second read again, 0.5 of 0.5 GiB used" */
export function memoryInWords(memory: MemoryMotion): Prose {
  const { fullStallPercent: full, refaultsPerSecond: refaults, usedBytes, limitBytes } = memory
  const whose = memory.of === 'build' ? "the build's" : "the machine's"
  const used = (bytes: number): string => (limitBytes === null ? formatBytes(bytes) : formatShare(bytes, limitBytes))
  const parts = [
    ...(full.kind === 'value' ? [`${Math.round(full.value)} % of ${whose} last 10 s lost to it`] : []),
    ...(refaults === null || refaults === 0 ? [] : [`${refaults} pages a second read again`]),
    ...(usedBytes === null ? [] : [`${used(usedBytes)} used`])
  ]
  return parts.length === 0 ? 'nothing of memory could be read' : prose`${figure(parts.join(', '))}`
}
