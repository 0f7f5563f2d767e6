import type { Reading } from '../model/reading.ts'
import { numberUnder, parseKeyedLines } from './keyed-lines.ts'

/**
 * `oom_kill` of `/proc/vmstat`: processes killed for memory on this machine since boot, in any cgroup and any
 * container. Absent on kernels before 4.13.
 */
export function parseVmstatOomKill(text: string): Reading<number> {
  return numberUnder(parseKeyedLines(text), 'oom_kill')
}
