import { parseMemoryEvents } from '../kernel/memory-events.ts'
import { chainReading } from '../model/reading.ts'
import type { Dialect } from './cgroup-leaf.ts'

/**
 * cgroup v2 (Documentation/admin-guide/cgroup-v2.rst). `memory.oom.group` stays 0: the kernel kills the one compiler,
 * and the Go tool lives to say which.
 */
export const cgroupV2: Dialect = {
  way: 'cgroup-v2',
  limitFile: 'memory.max',
  peakFile: 'memory.peak',
  swapClosed: () => ({ file: 'memory.swap.max', text: '0' }),
  swapOpen: { file: 'memory.swap.max', text: 'max' },
  counters(files, directory) {
    const events = files.readText(`${directory}/memory.events`)
    return {
      ownLimitHits: chainReading(events, (text) => parseMemoryEvents(text).oom),
      kills: chainReading(events, (text) => parseMemoryEvents(text).oomKill)
    }
  }
}
