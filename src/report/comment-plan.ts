import type { Report } from '../model/report.ts'
import type { Settings } from '../model/settings.ts'
import { type CommentState, isMemoryProblem, type Mood, moodOf, otherJobs, type RunPosition } from './comment-state.ts'
import { jobLabel } from './figures.ts'

export type CommentForm = 'full' | 'short' | 'passes-again'

/** What is to happen to the pull request's comment, and why. */
export type CommentPlan =
  | { readonly action: 'none'; readonly reason: string }
  | { readonly action: 'create' | 'edit'; readonly form: CommentForm; readonly reason: string }

export interface CommentCase {
  /** The state of the comment that stands there; `null` if there is none, or none with a state of ours. */
  readonly existing: CommentState | null
  readonly report: Report
  readonly mode: Settings['comment']
  readonly run: RunPosition
}

/** One comment per pull request and workflow, edited in place; nothing is written that nobody needs to read. */
export function planComment({ existing, report, mode, run }: CommentCase): CommentPlan {
  if (mode === 'never') return none('comment is never')
  if (report.conclusion === 'cancelled') return none('the run was cancelled')
  if (existing !== null && isOlder(run, existing)) return none('a newer run has written the comment')
  const mood = moodOf(report)
  const action = existing === null ? 'create' : 'edit'
  if (mood === 'passed') return afterPassing(existing, report, mode)
  if (isMemoryProblem(mood)) return { action, form: 'full', reason: 'memory or a kill is involved' }
  const isExpected = existing !== null && existing.state !== 'passed'
  if (mode === 'memory' && !isExpected) return none('comment is memory, and memory is not involved')
  return { action, form: 'short', reason: 'the build failed, memory is not involved' }
}

function afterPassing(existing: CommentState | null, report: Report, mode: Settings['comment']): CommentPlan {
  const name = jobLabel(report.job)
  const others = Object.values(otherJobs(existing, name))
  const own: Mood = existing?.jobs[name]?.mood ?? 'passed'
  if (others.some((job) => job.mood !== 'passed')) {
    if (own === 'passed') return none('another job of the workflow still has a problem')
    return { action: 'edit', form: 'short', reason: 'this job passes again, another one still has a problem' }
  }
  if (existing !== null && existing.state !== 'passed') {
    return { action: 'edit', form: 'passes-again', reason: 'the problem is gone' }
  }
  if (mode !== 'always') return none('the build passed, and no problem was reported before')
  return { action: existing === null ? 'create' : 'edit', form: 'short', reason: 'comment is always' }
}

function isOlder(run: RunPosition, existing: CommentState): boolean {
  if (run.runNumber !== existing.runNumber) return run.runNumber < existing.runNumber
  return run.attempt < existing.attempt
}

function none(reason: string): CommentPlan {
  return { action: 'none', reason }
}
