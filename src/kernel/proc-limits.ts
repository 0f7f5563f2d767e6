import type { ResourceLimit } from '../model/survey.ts'
import { parseLimit } from './limit.ts'

/**
 * `/proc/PID/limits` in its order (proc_pid_limits(5)); names hold single spaces, columns are padded, a few limits
 * have no unit:
 *
 *     Limit                     Soft Limit           Hard Limit           Units
 *     Max stack size            8388608              unlimited            bytes
 *     Max nice priority         0                    0
 */
export function parseProcLimits(text: string): readonly ResourceLimit[] {
  return text.split('\n').flatMap((line) => {
    const [, name, soft, hard, unit = ''] = /^(Max(?: \S+)+) {2,}(\S+) +(\S+)(?: +(\S+))? *$/.exec(line) ?? []
    if (name === undefined || soft === undefined || hard === undefined) return []
    return [{ name, soft: parseLimit(soft), hard: parseLimit(hard), unit }]
  })
}
