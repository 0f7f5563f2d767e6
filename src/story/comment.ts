import type { Report } from '../model/report.ts'
import { type PullRequestComment, PullRequestFault } from '../ports/pull-requests.ts'
import { COMMENT_BYTES, renderComment } from '../report/comment.ts'
import { readMarker } from '../report/comment-marker.ts'
import { planComment } from '../report/comment-plan.ts'
import { type CommentState, nextState } from '../report/comment-state.ts'
import type { MappedLocation, RepositoryLink } from '../report/links.ts'
import type { Run } from './run.ts'

/**
 * The one comment of the pull request, found by its marker and its author, created or edited in place; its address if it
 * was written. A token that may not write is no warning: the summary says the same.
 */
export async function comment(
  run: Run,
  report: Report,
  locations: readonly MappedLocation[],
  link: RepositoryLink | null
): Promise<string | null> {
  const { pullRequests } = run.ports
  const { github } = run.place
  if (pullRequests === null || github === null || run.settings.comment === 'never') return null
  // Seconds are left, and a cancelled run says nothing whatever stands there.
  if (report.conclusion === 'cancelled') return null
  try {
    const standing = findOwn(await pullRequests.listComments(), github.workflowKey)
    const existing = standing?.state ?? null
    const position = {
      runId: github.runId,
      runNumber: github.runNumber,
      attempt: github.runAttempt,
      sha: github.headSha.slice(0, 7)
    }
    const plan = planComment({ existing, report, mode: run.settings.comment, run: position })
    run.ports.runner.debug(() => `comment: ${plan.action}, ${plan.reason}`)
    if (plan.action === 'none') return null
    const body = renderComment(report, {
      form: plan.form,
      key: github.workflowKey,
      state: nextState(existing, report, position),
      existing,
      link,
      locations,
      budgetBytes: COMMENT_BYTES
    })
    const written =
      standing === null
        ? await pullRequests.createComment(body)
        : await pullRequests.updateComment(standing.comment.id, body)
    return written.url
  } catch (fault) {
    const text = fault instanceof Error ? fault.message : String(fault)
    const isExpected = fault instanceof PullRequestFault && fault.isPermission
    run.narrator.warned(
      isExpected
        ? `no comment: the token may not write one here (${text}); the summary says the same`
        : `comment: ${text}`
    )
    return null
  }
}

/** Ours, and about this workflow. One with a damaged state is still ours to edit. */
function findOwn(
  comments: readonly PullRequestComment[],
  key: string
): { readonly comment: PullRequestComment; readonly state: CommentState | null } | null {
  for (const comment of comments) {
    if (!comment.isOurs) continue
    const marker = readMarker(comment.body, key)
    if (marker.kind !== 'none') return { comment, state: marker.kind === 'state' ? marker.state : null }
  }
  return null
}
