import type { Place, Ports } from '../ports/ports.ts'
import { nodeClock } from './node-clock.ts'
import { pullRequests } from './pull-requests.ts'

/** Adds the comments of the pull request, where the event has one and there is a token. */
export function withPullRequest(ports: Ports, { github }: Place, token: string): Ports {
  if (github === null || github.pullRequestNumber === null || token === '') return ports
  const { repository, apiUrl, pullRequestNumber: number } = github
  return { ...ports, pullRequests: pullRequests({ token, repository, apiUrl, number, clock: nodeClock }) }
}
