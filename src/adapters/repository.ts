import type { Head, Repository } from '../ports/pull-requests.ts'
import { openClient } from './github-client.ts'
import { patientCalls } from './patient-calls.ts'
import { type PullRequestOptions, pullRequests, REQUEST_TIMEOUT_MS } from './pull-requests.ts'

/**
 * The pull requests of a repository through GitHub's REST API. A run of a fork does not say which pull request it is of
 * (`workflow_run.pull_requests` is empty), and what it left behind is not to be believed: so GitHub is asked which open
 * ones come from that branch of that repository, and the commit decides.
 */
export function githubRepository(options: Omit<PullRequestOptions, 'number'>): Repository {
  const [owner = '', repo = ''] = options.repository.split('/')
  return {
    pullRequest: (number) => pullRequests({ ...options, number }),
    async openWith({ repository, branch, sha }: Head) {
      const { rest } = await openClient(options)
      const patient = patientCalls(options.clock, options.timeoutMs ?? REQUEST_TIMEOUT_MS)
      const [headOwner = ''] = repository.split('/')
      const { data } = await patient.send('looking for the pull request', (signal) =>
        rest.pulls.list({
          owner,
          repo,
          state: 'open',
          head: `${headOwner}:${branch}`,
          per_page: 100,
          request: { signal }
        })
      )
      return data
        .filter(({ head }) => head.sha === sha && isSame(head.repo?.full_name, repository))
        .map(({ number }) => number)
    }
  }
}

/** A fork that was deleted has no name. */
function isSame(name: string | undefined, other: string): boolean {
  return name?.toLowerCase() === other.toLowerCase()
}
