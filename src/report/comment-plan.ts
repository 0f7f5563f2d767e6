import type { Settings } from '../model/settings.ts'
import {
  type CommentState,
  isMemoryProblem,
  isOlderRun,
  isProblem,
  type Jobs,
  jobIn,
  type RunPosition,
  worstOf
} from './comment-state.ts'

export type CommentForm = 'full' | 'short' | 'passes-again'

/** What is to happen to the pull request's comment, and why. */
export type CommentPlan =
  | { readonly action: 'none'; readonly reason: string }
  | { readonly action: 'create' | 'edit'; readonly form: CommentForm; readonly reason: string }

export interface CommentCase {
  /** The state of the comment that stands there; `null` if there is none, or none with a state of ours. */
  readonly existing: CommentState | null
  /** What it would say. */
  readonly next: CommentState
  /** What is told now: one job, or all of a run. */
  readonly told: Jobs
  readonly mode: Settings['comment']
  readonly run: RunPosition
  /** Whether a job is known to have failed, and nothing that is told says why. */
  readonly isSomeMissing: boolean
}

/** One comment per pull request and workflow, edited in place; nothing is written that nobody needs to read. */
export function planComment(of: CommentCase): CommentPlan {
  const { existing, told, mode, run } = of
  if (mode === 'never') return none('comment is never')
  const mood = worstOf(Object.values(told).map((job) => job.mood))
  if (mood === 'cancelled') return none('the run was cancelled')
  if (existing !== null && isOlderRun(run, existing)) return none('a newer run has written the comment')
  if (mood === 'passed') return afterPassing(of)
  const action = existing === null ? 'create' : 'edit'
  if (isMemoryProblem(mood)) return { action, form: 'full', reason: 'memory or a kill is involved' }
  const isExpected = existing !== null && existing.state !== 'passed'
  if (mode === 'memory' && !isExpected) return none('comment is memory, and memory is not involved')
  return { action, form: 'short', reason: 'the build failed, memory is not involved' }
}

function afterPassing({ existing, next, told, mode, isSomeMissing }: CommentCase): CommentPlan {
  if (isSomeMissing && !isEveryProblemTold(existing, told)) return none('a job failed and left no report')
  if (isProblem(next.state)) {
    const isNews = Object.keys(told).some((name) => isProblemIn(existing, name) && !isProblemIn(next, name))
    if (!isNews) return none('another job of the workflow, or another step of this one, still has a problem')
    return { action: 'edit', form: 'short', reason: 'this job passes again, another one still has a problem' }
  }
  if (existing !== null && existing.state !== 'passed') {
    return { action: 'edit', form: 'passes-again', reason: 'the problem is gone' }
  }
  if (mode !== 'always') return none('the build passed, and no problem was reported before')
  return { action: existing === null ? 'create' : 'edit', form: 'short', reason: 'comment is always' }
}

/** Whether each job that had a problem has spoken: then the one that is missing is another one. */
function isEveryProblemTold(existing: CommentState | null, told: Jobs): boolean {
  const problems = Object.keys(existing?.jobs ?? {}).filter((name) => isProblemIn(existing, name))
  return problems.length > 0 && problems.every((name) => jobIn(told, name) !== null)
}

function isProblemIn(state: CommentState | null, name: string): boolean {
  const job = state === null ? null : jobIn(state.jobs, name)
  return job !== null && isProblem(job.mood)
}

function none(reason: string): CommentPlan {
  return { action: 'none', reason }
}
