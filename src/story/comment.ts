import type { Report } from '../model/report.ts'
import { PullRequestFault } from '../ports/pull-requests.ts'
import { jobName } from '../report/comment-state.ts'
import type { MappedLocation, RepositoryLink } from '../report/links.ts'
import { keepComment } from './comment-upkeep.ts'
import type { Run } from './run.ts'

/**
 * The one comment of the pull request, created or edited in place; its address if it was written. A token that may not
 * write is no warning: the summary says the same.
 */
export async function comment(
  run: Run,
  report: Report,
  locations: readonly MappedLocation[],
  link: RepositoryLink | null
): Promise<string | null> {
  const { pullRequests, clock, runner } = run.ports
  const { github } = run.place
  if (pullRequests === null || github === null || run.settings.comment === 'never') return null
  // Seconds are left, and a cancelled run says nothing whatever stands there.
  if (report.conclusion === 'cancelled') return null
  try {
    return await keepComment({
      pullRequests,
      clock,
      key: github.workflowKey,
      mode: run.settings.comment,
      run: { runId: github.runId, runNumber: github.runNumber, attempt: github.runAttempt, sha: github.headSha },
      told: [{ name: jobName(report.job), report, locations }],
      isWhole: false,
      isSomeMissing: false,
      link,
      fork: null,
      seed: run.place.runId,
      debug: (text) => runner.debug(() => text)
    })
  } catch (fault) {
    run.narrator.warned(whyNoComment(fault))
    return null
  }
}

/** One line for the log. */
export function whyNoComment(fault: unknown): string {
  const text = fault instanceof Error ? fault.message : String(fault)
  const isExpected = fault instanceof PullRequestFault && fault.isPermission
  return isExpected
    ? `no comment: the token may not write one here (${text}); the summary says the same`
    : `comment: ${text}`
}
