import { goMemoryLimit } from '../model/bytes.ts'
import type { Remedy } from '../model/diagnosis.ts'
import type { Plan } from '../model/plan.ts'
import type { Report } from '../model/report.ts'
import { isFailed } from './figures.ts'

/** The settings of the attempt that passed, where they differ from the first one's, as lines of the workflow step. */
export function settingsThatWorked(report: Report): Remedy['snippet'] {
  const first = report.attempts[0]
  const last = report.attempts.at(-1)
  if (first === undefined || last === undefined || isFailed(last)) return null
  const inputs = changedInputs(first.plan, last.plan)
  const environment = changedEnvironment(first.plan, last.plan)
  const lines = [...block('with:', inputs), ...block('env:', environment)]
  return lines.length === 0 ? null : { language: 'yaml', lines }
}

interface Change {
  readonly now: string
  readonly was: string
}

function changedInputs(before: Plan, after: Plan): readonly Change[] {
  const changes: Change[] = []
  if (before.parallelism !== after.parallelism) {
    changes.push({ now: `parallelism: ${after.parallelism}`, was: String(before.parallelism) })
  }
  if (after.setGoMemoryLimitBytes !== null && after.setGoMemoryLimitBytes !== before.setGoMemoryLimitBytes) {
    const was = before.setGoMemoryLimitBytes === null ? 'not set' : goMemoryLimit(before.setGoMemoryLimitBytes)
    changes.push({ now: `go-memory-limit: ${goMemoryLimit(after.setGoMemoryLimitBytes)}`, was })
  }
  return changes
}

// No input sets the collector's pace; the step's own environment does.
function changedEnvironment(before: Plan, after: Plan): readonly Change[] {
  if (after.setGcPercent === null || after.setGcPercent === before.setGcPercent) return []
  const was = before.setGcPercent === null ? 'not set' : String(before.setGcPercent)
  return [{ now: `GOGC: ${after.setGcPercent}`, was }]
}

function block(head: string, changes: readonly Change[]): readonly string[] {
  if (changes.length === 0) return []
  const width = Math.max(...changes.map((change) => change.now.length))
  return [head, ...changes.map((change) => `  ${change.now.padEnd(width)}   # was ${change.was}`)]
}
