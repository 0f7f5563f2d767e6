import type { Settings } from '../model/settings.ts'
import type { Clock } from '../ports/clock.ts'
import type { PullRequestComment, PullRequests } from '../ports/pull-requests.ts'
import { COMMENT_BYTES, renderComment } from '../report/comment.ts'
import { keptWords } from '../report/comment-kept.ts'
import { encodeState, readMarker } from '../report/comment-marker.ts'
import { type CommentPlan, planComment } from '../report/comment-plan.ts'
import { type CommentState, isOlderRun, jobIn, nextState, type RunPosition } from '../report/comment-state.ts'
import type { RepositoryLink } from '../report/links.ts'
import { entriesOf, type ToldJob } from '../report/told-job.ts'

/** What is to be said on a pull request. */
export interface Upkeep {
  readonly pullRequests: PullRequests
  readonly clock: Clock
  readonly key: string
  readonly mode: Settings['comment']
  readonly run: RunPosition
  readonly told: readonly ToldJob[]
  /** Whether these are all jobs of the run. */
  readonly isWhole: boolean
  readonly isSomeMissing: boolean
  readonly link: RepositoryLink | null
  readonly fork: string | null
  /** 12 hexadecimal digits, random: jobs that race must not look again at the same moment. */
  readonly seed: string
  readonly debug: (text: string) => void
}

/** Looks again this often whether what was written still stands. */
const MOST_REPAIRS = 3

/**
 * Keeps the one comment of a workflow, found by its marker and its author; its address if it was written. GitHub knows
 * no write that depends on what was read, so jobs that write at once can take each other's words away: each looks again
 * after one to three seconds and, where its own are gone, says them again beside the other's. What is told twice changes
 * nothing, so this comes to rest. Throws {@link PullRequestFault}.
 */
export async function keepComment(of: Upkeep): Promise<string | null> {
  let url: string | null = null
  for (let round = 0; round <= MOST_REPAIRS; round++) {
    try {
      if (round > 0) await of.clock.sleep(pauseMs(of.seed, round))
      const written = await tell(of)
      if (written.isDone) return round === 0 ? null : (written.url ?? url)
      url = written.url
    } catch (fault) {
      // Once it is written, nobody has to know that it could not be looked at again.
      if (url === null) throw fault
      of.debug(`comment: ${fault instanceof Error ? fault.message : String(fault)}`)
      return url
    }
  }
  return url
}

/** One look, and one write where it is called for. `isDone`: what stands there, at `url`, may stay. */
async function tell(of: Upkeep): Promise<{ readonly url: string | null; readonly isDone: boolean }> {
  const found = findOwn(await of.pullRequests.listComments(), of.key)
  const { plan, body } = decide(of, found)
  of.debug(`comment: ${plan.action}, ${plan.reason}`)
  const [first, ...more] = found
  if (body === null) return { url: first?.comment.url ?? null, isDone: true }
  const written =
    first === undefined
      ? await of.pullRequests.createComment(body)
      : await of.pullRequests.updateComment(first.comment.id, body)
  for (const { comment, state } of more) if (state !== null) await of.pullRequests.removeComment(comment.id)
  return { url: written?.url ?? null, isDone: false }
}

interface Own {
  readonly comment: PullRequestComment
  readonly state: CommentState | null
}

/** Ours, and about this workflow, oldest first: more than one if two jobs began it at once. One with a damaged state is
 * still ours to edit, if there is no other. */
function findOwn(comments: readonly PullRequestComment[], key: string): readonly Own[] {
  const own = comments.flatMap((comment): readonly Own[] => {
    if (!comment.isOurs) return []
    const marker = readMarker(comment.body, key)
    return marker.kind === 'none' ? [] : [{ comment, state: marker.kind === 'state' ? marker.state : null }]
  })
  return [...own.filter(({ state }) => state !== null), ...own.filter(({ state }) => state === null)]
}

interface Step {
  readonly plan: CommentPlan
  /** `null`: nothing is to be written. */
  readonly body: string | null
}

function decide(of: Upkeep, found: readonly Own[]): Step {
  const { run, told, isWhole, mode, isSomeMissing } = of
  const existing = joined(found)
  const jobs = entriesOf(told, run)
  const next = nextState({ existing, jobs, run, isWhole })
  const plan = planComment({ existing, next, told: jobs, mode, run, isSomeMissing })
  if (plan.action === 'none') return { plan, body: null }
  const [first, second] = found
  const isTwice = second !== undefined && second.state !== null
  if (existing !== null && !isTwice && encodeState(existing) === encodeState(next)) {
    return { plan: { action: 'none', reason: 'the comment says it' }, body: null }
  }
  const kept = first === undefined ? '' : keptWords(first.comment.body)
  const speaking = told.filter(({ name }) => isSame(jobIn(next.jobs, name), jobIn(jobs, name)))
  const { key, link, fork } = of
  const context = { form: plan.form, key, state: next, existing, kept, link, fork, budgetBytes: COMMENT_BYTES }
  return { plan, body: renderComment(speaking, context) }
}

/** What the comments say together. */
function joined(found: readonly Own[]): CommentState | null {
  const states = found.flatMap(({ state }) => (state === null ? [] : [state]))
  return states.reduce<CommentState | null>((existing, state) => {
    if (existing === null) return state
    const run = isOlderRun(state, existing) ? existing : state
    return { ...nextState({ existing, jobs: state.jobs, run, isWhole: false }), about: existing.about }
  }, null)
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

/** 1 to 3 s, another time in each round. */
function pauseMs(seed: string, round: number): number {
  const random = Number.parseInt(seed.slice(4 * (round - 1), 4 * round), 16)
  return 1000 + (Number.isNaN(random) ? 1000 : random % 2000)
}
