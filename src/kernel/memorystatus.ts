/** One kill as the kernel of macOS logs it. */
export interface MemorystatusKill {
  readonly pid: number
  readonly name: string
  readonly isForMemory: boolean
}

/**
 * Reasons that are about memory (bsd/kern/kern_memorystatus.c, `memorystatus_kill_cause_name`). The others there are
 * not: `vnode-limit`, `disk-space-shortage`, `idle-exit`, `long-idle-exit`, `jettisoned`.
 */
const MEMORY_REASONS: ReadonlySet<string> = new Set([
  'highwater',
  'vm-pageshortage',
  'proc-thrashing',
  'fc-thrashing',
  'per-process-limit',
  'zone-map-exhaustion',
  'vm-compressor-thrashing',
  'vm-compressor-space-shortage',
  'low-swap',
  'sustained-memory-pressure',
  'vm-pageout-starvation'
])

export function isMemoryReason(reason: string): boolean {
  return MEMORY_REASONS.has(reason)
}

/** `memorystatus: killing_top_process pid 901 [node] (vm-pageshortage 0 12s rf:-) 812340KB - memorystatus_available_pages: 4021` */
const JETSAM = /memorystatus: killing_[a-z_]{1,60}\d{0,6} pid (\d{1,10}) \[(.{0,60}?)\](?: \(([a-z-]{0,40}))?/
/** No swap left: `killing largest compressed process compile [55572] 8658 MB` (no size of memory in use), `killing NAME [PID] due to swap exhaustion`. */
const NO_SWAP =
  /memorystatus: killing (?:largest compressed process (.{0,60}) \[(\d{1,10})\] \d+ MB|(.{0,60}) \[(\d{1,10})\] due to swap exhaustion)/
/** `killing NAME [PID] due to cpulimit violation` */
const CPU = /memorystatus: killing (.{0,60}) \[(\d{1,10})\] due to cpulimit violation/

/** A kill in one message of the kernel; `null` for any other message. */
export function parseMemorystatus(message: string): MemorystatusKill | null {
  const [, pid, name, reason = ''] = JETSAM.exec(message) ?? []
  if (pid !== undefined && name !== undefined) return { pid: Number(pid), name, isForMemory: isMemoryReason(reason) }
  const [, largest, largestPid, chosen, chosenPid] = NO_SWAP.exec(message) ?? []
  const outOfSwap = largestPid ?? chosenPid
  if (outOfSwap !== undefined) return { pid: Number(outOfSwap), name: largest ?? chosen ?? '', isForMemory: true }
  const [, busy = '', busyPid] = CPU.exec(message) ?? []
  return busyPid === undefined ? null : { pid: Number(busyPid), name: busy, isForMemory: false }
}
