import type { Report } from '../../src/model/report.ts'
import { type CommentState, jobName, nextState, type RunPosition } from '../../src/report/comment-state.ts'
import { entriesOf, type ToldJob } from '../../src/report/told-job.ts'

/** A job of one report, as the guard tells it. */
export function told(report: Report): ToldJob {
  const locations = report.diagnoses[0]?.locations ?? []
  const mapped = locations.map((location) => ({ location, repositoryPath: location.file }))
  return { name: jobName(report.job), report, locations: mapped }
}

/** What a comment says after one more job has told its report. */
export function stateAfter(existing: CommentState | null, report: Report, run: RunPosition): CommentState {
  return nextState({ existing, jobs: entriesOf([told(report)], run), run, isWhole: false })
}

/** The same report of another job. */
export function ofJob(report: Report, name: string, matrix: Readonly<Record<string, string>> = {}): Report {
  return { ...report, job: { name, matrix } }
}
