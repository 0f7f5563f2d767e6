import type { Reading } from '../model/reading.ts'
import { numberUnder, parseKeyedLines } from './keyed-lines.ts'

/** Counters of a v2 cgroup since it was made. */
export interface MemoryEvents {
  /** The limit of this cgroup (with `memory.events`, or of one below) could not be met by reclaim. */
  readonly oom: Reading<number>
  /** Processes killed inside, whoever's limit fired. With `memory.oom.group` the first victim counts twice. */
  readonly oomKill: Reading<number>
  /** Since Linux 5.17. */
  readonly oomGroupKill: Reading<number>
  /** Times the limit was reached; high in any healthy build under a cap. */
  readonly max: Reading<number>
}

/**
 * v2 `memory.events` and `memory.events.local` (admin-guide/cgroup-v2.rst):
 *
 *     low 0
 *     high 0
 *     max 59
 *     oom 1
 *     oom_kill 1
 *     oom_group_kill 0
 */
export function parseMemoryEvents(text: string): MemoryEvents {
  const pairs = parseKeyedLines(text)
  return {
    oom: numberUnder(pairs, 'oom'),
    oomKill: numberUnder(pairs, 'oom_kill'),
    oomGroupKill: numberUnder(pairs, 'oom_group_kill'),
    max: numberUnder(pairs, 'max')
  }
}
