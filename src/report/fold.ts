import type { Conclusion, Report } from '../model/report.ts'
import { compareJobs, isProblem, type Jobs, jobName, type RunPosition, worstOf } from './comment-state.ts'
import { oneLine } from './escape.ts'
import { entriesOf, type ToldJob } from './told-job.ts'

/** A report with the file that it came from, as the user knows it: relative, as it was found. */
export interface FoundReport {
  readonly place: string
  readonly report: Report
}

/** A file that is no report, or a job of which there is none. */
export interface Refusal {
  readonly place: string
  /** A few words of ours. */
  readonly reason: string
}

/** What GitHub itself says of jobs that had to end before; by id of the job. */
export type NeededResults = Readonly<Record<string, string>>

/** The reports of many jobs as one. */
export interface Fold {
  /** Worst first. */
  readonly told: readonly ToldJob[]
  readonly jobs: Jobs
  readonly conclusion: Conclusion
  readonly refused: readonly Refusal[]
  /** Jobs that failed, by GitHub's word, without a report that says why. */
  readonly missing: readonly string[]
}

export interface FoldInput {
  readonly found: readonly FoundReport[]
  readonly refused: readonly Refusal[]
  readonly needs: NeededResults
  readonly run: RunPosition
  /** Whether anybody could have written the reports: then advice in their words is left out. */
  readonly isOfFork: boolean
}

export function fold({ found, refused, needs, run, isOfFork }: FoldInput): Fold {
  const named = withNames(isOfFork ? found.map(withoutAdvice) : found)
  const jobs = entriesOf(named, run)
  const told = named.toSorted((a, b) => {
    const [one, other] = [jobs[a.name], jobs[b.name]]
    return one === undefined || other === undefined ? 0 : compareJobs(one, other)
  })
  const missing = missingJobs(found, jobs, needs)
  return { told, jobs, refused, missing, conclusion: missing.length > 0 ? 'failure' : conclusionOf(jobs) }
}

/** What the guard computes from numbers stays; what a file tells the reader to do goes. */
function withoutAdvice({ place, report }: FoundReport): FoundReport {
  const diagnoses = report.diagnoses.map((diagnosis) => ({ ...diagnosis, remedies: [] }))
  return { place, report: { ...report, diagnoses } }
}

function conclusionOf(jobs: Jobs): Conclusion {
  const worst = worstOf(Object.values(jobs).map(({ mood }) => mood))
  if (worst === 'recovered' || worst === 'cancelled') return worst
  return worst === 'passed' ? 'success' : 'failure'
}

/** Matrix legs have names of their own; two steps of a job, or a workflow that is called twice, are told by their files. */
function withNames(found: readonly FoundReport[]): readonly ToldJob[] {
  const names = found.map(({ report }) => jobName(report.job))
  const used = new Set<string>()
  return found.map(({ place, report }, i) => {
    const name = names[i] ?? ''
    const isShared = names.filter((other) => other === name).length > 1
    const unique = firstFree(isShared ? oneLine(`${name}, ${withoutEnding(place)}`, 150) : name, used)
    used.add(unique)
    return { name: unique, report, locations: [] }
  })
}

function firstFree(name: string, used: ReadonlySet<string>): string {
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? name : `${name} (${n})`
    if (!used.has(candidate)) return candidate
  }
}

/** `linux/report.json` is the artifact `linux`. */
function withoutEnding(place: string): string {
  return place.replace(/\.json$/, '').replace(/\/report$/, '')
}

/** A job that failed is accounted for by a problem of its name, or by one whose name is the user's own. */
function missingJobs(found: readonly FoundReport[], jobs: Jobs, needs: NeededResults): readonly string[] {
  const failed = Object.keys(needs).filter((id) => needs[id] === 'failure')
  if (failed.length === 0) return []
  const isAnyProblem = Object.values(jobs).some(({ mood }) => isProblem(mood))
  const problems = isAnyProblem ? found.filter(({ report }) => report.conclusion !== 'success') : []
  const hasOwnName = problems.some(({ report }) => !Object.hasOwn(needs, report.job.name))
  return failed.filter((id) => !hasOwnName && !problems.some(({ report }) => report.job.name === id))
}
