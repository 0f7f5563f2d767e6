import type { Report } from '../src/model/report.ts'
import type { Told } from './deaths.ts'

/** What one cell of the table is about, each as it is shown; empty where there is nothing to show. */
export interface Facts {
  readonly exit: string
  readonly enforcement: string
  readonly endedBy: string
  readonly cause: string
  readonly confidence: string
  readonly outOfMemory: string
  /** What stayed, or was hit beside the build. */
  readonly left: string
}

/** Of a guard that lived to write its report. */
export function factsOfReport(report: Report, told: Told): Facts {
  const last = report.attempts.at(-1)
  const top = report.diagnoses[0]
  return {
    exit: String(told.exitCode),
    enforcement: report.enforcement.inForce,
    endedBy: last?.outcome.endedBy ?? '',
    cause: top?.id ?? '',
    confidence: top?.confidence ?? '',
    outOfMemory: report.outOfMemory,
    left: told.left.join('; ')
  }
}

/** Of a guard that was killed: its journal, and the summary that `post` wrote. */
export function factsOfAftermath(told: Told): Facts {
  const summary = told.aftermath?.summary ?? ''
  return {
    exit: String(told.exitCode),
    enforcement: told.aftermath?.enforcement ?? '',
    endedBy: '',
    cause: /\bguard\.died\b/.exec(summary)?.[0] ?? '',
    confidence: /Confidence: \W*(certain|likely|possible)/.exec(summary)?.[1] ?? '',
    outOfMemory: '',
    left: told.left.join('; ')
  }
}

/** The facts that differ, each `name: expected …, seen …`. */
export function differences(expected: Facts, seen: Facts): readonly string[] {
  return FACT_NAMES.filter((name) => expected[name] !== seen[name]).map(
    (name) => `${name}: expected ${expected[name] || 'nothing'}, seen ${seen[name] || 'nothing'}`
  )
}

const FACT_NAMES = ['exit', 'enforcement', 'endedBy', 'cause', 'confidence', 'outOfMemory', 'left'] as const
