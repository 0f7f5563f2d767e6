import type { Reading } from '../model/reading.ts'
import { numberUnder, parseKeyedLines } from './keyed-lines.ts'

export interface OomControl {
  /** Processes of this very cgroup that were killed, whoever's limit fired; those of child cgroups are not counted. */
  readonly oomKill: Reading<number>
  /** 1 while tasks wait for memory because killing is disabled. */
  readonly underOom: Reading<number>
}

/**
 * v1 `memory.oom_control` (cgroup-v1/memory.rst §10); the last line is absent on kernels before 4.13:
 *
 *     oom_kill_disable 0
 *     under_oom 0
 *     oom_kill 1
 */
export function parseOomControl(text: string): OomControl {
  const pairs = parseKeyedLines(text)
  return { oomKill: numberUnder(pairs, 'oom_kill'), underOom: numberUnder(pairs, 'under_oom') }
}
