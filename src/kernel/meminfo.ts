import type { HostMemory } from '../model/survey.ts'
import { kibibytesUnder } from './kibibyte-lines.ts'

/**
 * `/proc/meminfo` (proc_meminfo(5)):
 *
 *     MemTotal:       24684096 kB
 *     MemAvailable:   23878816 kB
 *     SwapTotal:             0 kB
 */
export function parseMeminfo(text: string): HostMemory {
  return {
    totalBytes: kibibytesUnder(text, 'MemTotal'),
    availableBytes: kibibytesUnder(text, 'MemAvailable'),
    swapTotalBytes: kibibytesUnder(text, 'SwapTotal'),
    swapFreeBytes: kibibytesUnder(text, 'SwapFree')
  }
}
