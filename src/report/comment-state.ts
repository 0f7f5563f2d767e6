import type { Conclusion, Report } from '../model/report.ts'
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
  readonly jobs: Readonly<Record<string, JobState>>
  /** What it said before, latest first, at most four. */
  readonly before: readonly BeforeState[]
}

/** `memory` and `killed`: a problem that gets the full comment; `failed`: any other failure; `recovered`: in between. */
export type Mood = 'memory' | 'killed' | 'recovered' | 'failed' | 'passed'

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
/** Worst first. */
const MOODS: readonly Mood[] = ['memory', 'killed', 'recovered', 'failed', 'passed']
// Kills that no counter could assign, and the guard's own death beside the build, get the full comment as well.
const KILL_CAUSES: ReadonlySet<string> = new Set(['signal.kill', 'guard.died', 'runner.lost'])

/** What kind of comment a report asks for. */
export function moodOf(report: Report): Mood {
  if (report.conclusion === 'success') return 'passed'
  if (report.conclusion === 'recovered') return 'recovered'
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

export function worstOf(moods: readonly Mood[]): Mood {
  return MOODS.find((mood) => moods.includes(mood)) ?? 'passed'
}

/** Other jobs that still stand in the comment: of this run, or of the latest one, until they report again. */
export function otherJobs(existing: CommentState | null, name: string): Readonly<Record<string, JobState>> {
  if (existing === null) return {}
  const entries = Object.entries(existing.jobs).filter(
    ([job, state]) => job !== name && state.runNumber >= existing.runNumber
  )
  return Object.fromEntries(entries)
}

/** The state that this report's comment carries. */
export function nextState(existing: CommentState | null, report: Report, run: RunPosition): CommentState {
  const name = jobLabel(report.job)
  const mood = moodOf(report)
  const own: JobState = {
    conclusion: report.conclusion,
    cause: report.diagnoses[0]?.id ?? '',
    mood,
    peakBytes: whole(highestTold(report)),
    limitBytes: whole(report.enforcement.limitBytes),
    runNumber: run.runNumber
  }
  const jobs = { ...otherJobs(existing, name), [name]: own }
  return {
    v: 1,
    state: worstOf(Object.values(jobs).map((job) => job.mood)),
    runId: run.runId,
    runNumber: run.runNumber,
    attempt: run.attempt,
    sha: shortSha(run.sha) ?? '',
    jobs,
    before: beforeOf(existing, run)
  }
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
  const worst = Object.values(existing.jobs).find((job) => job.mood === existing.state)
  const last: BeforeState = {
    state: existing.state,
    cause: worst?.cause ?? '',
    peakBytes: worst?.peakBytes ?? null,
    sha: existing.sha
  }
  return [last, ...existing.before].slice(0, BEFORE_MAX)
}
