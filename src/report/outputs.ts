import type { OutputName } from '../model/outputs.ts'
import type { Report } from '../model/report.ts'
import { oneLine } from './escape.ts'
import { peakBytes } from './figures.ts'

/** Where the report and the comment went. */
export interface Deliveries {
  readonly reportFile: string | null
  readonly commentUrl: string | null
}

/** The guard could not run the command at all. */
const COULD_NOT_RUN = 125

/** The action's outputs by name. They speak of the last attempt, except for the peak, the cause and `out-of-memory`. */
export function renderOutputs(
  report: Report,
  { reportFile, commentUrl }: Deliveries
): Readonly<Record<OutputName, string>> {
  const last = report.attempts.at(-1)
  const [top] = report.diagnoses
  return {
    conclusion: report.conclusion,
    'exit-code': String(last?.outcome.exitCode ?? COULD_NOT_RUN),
    signal: last?.outcome.signal ?? '',
    cause: top?.id ?? '',
    confidence: top?.confidence ?? '',
    'out-of-memory': report.outOfMemory,
    'memory-peak-bytes': bytes(peakBytes(report)),
    'memory-limit-bytes': bytes(report.enforcement.limitBytes),
    'memory-limit-source': oneLine(report.enforcement.limitSource),
    enforcement: report.enforcement.inForce,
    parallelism: last === undefined ? '' : String(last.plan.parallelism),
    attempts: String(report.attempts.length),
    'duration-ms': String(Math.round(report.durationMs)),
    'report-file': reportFile ?? '',
    'comment-url': commentUrl ?? ''
  }
}

/** Unknown is empty: zero would be a measurement. */
function bytes(count: number | null): string {
  return count === null ? '' : String(Math.round(count))
}
