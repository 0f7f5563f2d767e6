import { parseOomControl } from '../kernel/oom-control.ts'
import { ABSENT, chainReading } from '../model/reading.ts'
import type { Dialect } from './cgroup-leaf.ts'

/**
 * cgroup v1 (Documentation/admin-guide/cgroup-v1/memory.rst). It counts kills where the victim lives and does not say
 * whose limit fired: the kernel log has to.
 */
export const cgroupV1: Dialect = {
  way: 'cgroup-v1',
  limitFile: 'memory.limit_in_bytes',
  peakFile: 'memory.max_usage_in_bytes',
  // RAM and swap together, so the same figure leaves nothing for swap.
  swapClosed: (cap) => ({ file: 'memory.memsw.limit_in_bytes', text: String(cap.bytes) }),
  swapOpen: { file: 'memory.memsw.limit_in_bytes', text: '-1' },
  counters(files, directory) {
    const control = files.readText(`${directory}/memory.oom_control`)
    return { ownLimitHits: ABSENT, kills: chainReading(control, (text) => parseOomControl(text).oomKill) }
  }
}
