import { parseProcLimits } from '../kernel/proc-limits.ts'
import { type Reading, unreadable } from '../model/reading.ts'
import type { ResourceLimit } from '../model/survey.ts'
import type { Files } from '../ports/files.ts'

/** Those that can end a Go build; the others (core size, priorities, signals, …) cannot. */
const THAT_BITE: ReadonlySet<string> = new Set([
  'Max address space',
  'Max data size',
  'Max processes',
  'Max open files',
  'Max file size',
  'Max stack size',
  'Max locked memory'
])

/** Resource limits that children inherit from this process. One entry for all where the file cannot be read. */
export function readResourceLimits(files: Files, root: string): readonly ResourceLimit[] {
  const text = files.readText(`${root}/proc/self/limits`)
  if (text.kind !== 'value') return allLimits(text)
  const limits = parseProcLimits(text.value)
  if (limits.length === 0) return allLimits(unreadable('no limits in /proc/self/limits'))
  return limits.filter((limit) => THAT_BITE.has(limit.name) && limit.soft.kind !== 'unlimited')
}

export function allLimits(answer: Exclude<Reading<never>, { kind: 'value' }>): readonly ResourceLimit[] {
  return [{ name: 'Resource limits', soft: answer, hard: answer, unit: '' }]
}
