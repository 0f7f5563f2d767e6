import type { Conclusion, Report } from '../model/report.ts'
import { oneLine } from './escape.ts'
import { explainedAttempt, jobLabel, toldPeakBytes } from './figures.ts'
import { shortSha } from './links.ts'

/** What a comment said, as far as the next run has to know it. Travels as base64 JSON in the comment's first line. */
export interface CommentState {
  readonly v: 1
  /** The worst of the jobs. */
  readonly state: Mood
  readonly runId: number
  readonly runNumber: number
  readonly attempt: number
  /** Seven digits of the commit; empty where it was not known. */
  readonly sha: string
  readonly jobs: Jobs
  /** The job that the words below the table are about; empty where none has a problem. */
  readonly about: string
  /** What it said before, latest first, at most four. */
  readonly before: readonly BeforeState[]
}

/**
 * `memory` and `killed`: a problem that gets the full comment, as does `recovered`; `failed`: any other failure;
 * `cancelled`: of a fold only, beside jobs that were not.
 */
export type Mood = 'memory' | 'killed' | 'failed' | 'recovered' | 'cancelled' | 'passed'

/** By name. */
export type Jobs = Readonly<Record<string, JobState>>

export interface JobState {
  readonly conclusion: Conclusion
  /** Diagnosis id, or empty. */
  readonly cause: string
  readonly mood: Mood
  /** As the comment tells it: the cap where that was reached, else the highest sample. */
  readonly peakBytes: number | null
  readonly limitBytes: number | null
  /** The run that it speaks of. */
  readonly runNumber: number
  readonly attempt: number
}

export interface BeforeState {
  readonly state: Mood
  readonly cause: string
  readonly peakBytes: number | null
  readonly sha: string
}

/** Where this run stands among the others of its workflow. */
export interface RunPosition {
  readonly runId: number
  readonly runNumber: number
  /** 1, and one more with each re-run. */
  readonly attempt: number
  readonly sha: string
}

const BEFORE_MAX = 4
const NAME_MAX = 100
/** Worst first. */
export const MOODS: readonly Mood[] = ['memory', 'killed', 'failed', 'recovered', 'cancelled', 'passed']
// Kills that no counter could assign, and the guard's own death beside the build, get the full comment as well.
const KILL_CAUSES: ReadonlySet<string> = new Set(['signal.kill', 'guard.died', 'runner.lost'])

/** What kind of comment a report asks for. */
export function moodOf(report: Report): Mood {
  if (report.conclusion === 'success') return 'passed'
  if (report.conclusion !== 'failure') return report.conclusion
  const cause = report.diagnoses[0]?.id ?? ''
  if (report.outOfMemory === 'true' || cause.startsWith('oom.')) return 'memory'
  const outcome = explainedAttempt(report)?.outcome
  const isKilledByOther = outcome?.signal === 'SIGKILL' && outcome.endedBy !== 'guard' && outcome.endedBy !== 'cancel'
  return KILL_CAUSES.has(cause) || isKilledByOther ? 'killed' : 'failed'
}

/** Whether the mood is one that the full comment is for. */
export function isMemoryProblem(mood: Mood): boolean {
  return mood === 'memory' || mood === 'killed' || mood === 'recovered'
}

/** Whether somebody has to read about it. */
export function isProblem(mood: Mood): boolean {
  return mood !== 'passed' && mood !== 'cancelled'
}

export function worstOf(moods: readonly Mood[]): Mood {
  return MOODS.find((mood) => moods.includes(mood)) ?? 'passed'
}

/** The name of a job's entry: that which GitHub shows, on one line. */
export function jobName(job: Report['job']): string {
  return oneLine(jobLabel(job), NAME_MAX) || 'build'
}

/** What a report says of its job. */
export function jobState(report: Report, { runNumber, attempt }: RunPosition): JobState {
  const cause = report.diagnoses[0]?.id ?? ''
  return {
    conclusion: report.conclusion,
    cause: isCause(cause) ? cause : '',
    mood: moodOf(report),
    peakBytes: whole(highestTold(report)),
    limitBytes: whole(report.enforcement.limitBytes),
    runNumber,
    attempt
  }
}

/** A diagnosis id, or empty for none. */
export function isCause(text: string): boolean {
  return /^(?:[a-z]+(?:[.-][a-z]+)*)?$/.test(text) && text.length <= 60
}

/** An entry by name, also where the name is one that every object has. */
export function jobIn(jobs: Jobs, name: string): JobState | null {
  return Object.hasOwn(jobs, name) ? (jobs[name] ?? null) : null
}

/** What is known before the next comment is written. */
export interface Told {
  /** The comment that stands there. */
  readonly existing: CommentState | null
  /** What this run, or this job of it, has to say. */
  readonly jobs: Jobs
  readonly run: RunPosition
  /** Whether these are all jobs of the run, so that others are gone; else they stand until they report again. */
  readonly isWhole: boolean
}

/**
 * The state that the next comment carries. Of one job the newer entry counts, and of two in one attempt, which are two
 * steps, the worse: so nothing changes if the same is told twice, or in another order.
 */
export function nextState({ existing, jobs: told, run, isWhole }: Told): CommentState {
  const entries = new Map(standing(existing, run, isWhole))
  for (const [name, job] of Object.entries(told)) {
    const known = entries.get(name)
    const isWorse = known !== undefined && !isNewer(known, job) && compareJobs(job, known) < 0
    if (known === undefined || isNewer(job, known) || isWorse) entries.set(name, job)
  }
  const jobs = Object.fromEntries(entries)
  return {
    v: 1,
    state: worstOf(Object.values(jobs).map((job) => job.mood)),
    runId: run.runId,
    runNumber: run.runNumber,
    attempt: run.attempt,
    sha: shortSha(run.sha) ?? '',
    jobs,
    about: aboutOf({ existing, jobs, told }),
    before: beforeOf(existing, run)
  }
}

/**
 * Entries that are not out of date: of this run where it told of all its jobs; else those of the run that wrote the
 * comment last, and what that one left.
 */
function standing(
  existing: CommentState | null,
  run: RunPosition,
  isWhole: boolean
): readonly (readonly [string, JobState])[] {
  if (existing === null) return []
  const isSameRun = existing.runNumber === run.runNumber
  const oldest = isWhole ? run.runNumber : isSameRun ? 0 : existing.runNumber
  return Object.entries(existing.jobs).filter(([, { runNumber }]) => runNumber >= oldest)
}

/** Worst first; of two alike the one with the higher peak, and so on, so that the order in which they came is nothing. */
export function compareJobs(a: JobState, b: JobState): number {
  const byMood = MOODS.indexOf(a.mood) - MOODS.indexOf(b.mood)
  return byMood || (b.peakBytes ?? 0) - (a.peakBytes ?? 0) || compareText(a.cause, b.cause)
}

function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}

type Moment = Pick<RunPosition, 'runNumber' | 'attempt'>

/** Whether a run was started, or started again, before another one. */
export function isOlderRun(a: Moment, b: Moment): boolean {
  return a.runNumber === b.runNumber ? a.attempt < b.attempt : a.runNumber < b.runNumber
}

function isNewer(a: Moment, b: Moment): boolean {
  return isOlderRun(b, a)
}

/** The worst that is told now; what stands there stays if it is as bad, and of this run or nothing else is told. */
function aboutOf({
  existing,
  jobs,
  told
}: Pick<Told, 'existing'> & { readonly jobs: Jobs; readonly told: Jobs }): string {
  const problems = Object.keys(told).flatMap((name) => {
    const job = jobIn(jobs, name)
    return job !== null && isProblem(job.mood) ? [{ name, job }] : []
  })
  const [worst] = problems.toSorted((a, b) => compareJobs(a.job, b.job))
  const kept = existing === null ? null : jobIn(jobs, existing.about)
  if (existing === null || kept === null || !isProblem(kept.mood)) return worst?.name ?? ''
  if (worst === undefined) return existing.about
  const isOfThisRun = !isNewer(worst.job, kept)
  return isOfThisRun && compareJobs(kept, worst.job) <= 0 ? existing.about : worst.name
}

function whole(bytes: number | null): number | null {
  return bytes === null ? null : Math.round(bytes)
}

function highestTold({ attempts }: Report): number | null {
  const peaks = attempts.map(toldPeakBytes).filter((bytes) => bytes !== null)
  return peaks.length === 0 ? null : Math.max(...peaks)
}

/** A second job of the same run replaces the comment's words; what stood there is not an earlier run. */
function beforeOf(existing: CommentState | null, run: RunPosition): readonly BeforeState[] {
  if (existing === null) return []
  if (existing.runId === run.runId && existing.attempt === run.attempt) return existing.before
  const [worst] = Object.values(existing.jobs).toSorted(compareJobs)
  const last: BeforeState = {
    state: existing.state,
    cause: worst?.cause ?? '',
    peakBytes: worst?.peakBytes ?? null,
    sha: existing.sha
  }
  return [last, ...existing.before].slice(0, BEFORE_MAX)
}
