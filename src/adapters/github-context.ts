import type { GitHubContext } from '../model/github.ts'
import type { Reading } from '../model/reading.ts'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The run on GitHub; `null` outside of it. A payload that cannot be read counts as one without a pull request.
 * Variables: docs.github.com, "Default environment variables".
 */
export function readGitHubContext(
  environment: Environment,
  readText: (path: string) => Reading<string>
): GitHubContext | null {
  const repository = environment['GITHUB_REPOSITORY'] ?? ''
  const runId = wholeNumber(environment['GITHUB_RUN_ID'])
  if (environment['GITHUB_ACTIONS'] !== 'true' || !/^[\w.-]+\/[\w.-]+$/.test(repository) || runId === null) return null
  const serverUrl = address(environment['GITHUB_SERVER_URL'], 'https://github.com')
  const runAttempt = wholeNumber(environment['GITHUB_RUN_ATTEMPT']) ?? 1
  const sha = environment['GITHUB_SHA'] ?? ''
  const payload = readText(environment['GITHUB_EVENT_PATH'] ?? '')
  const pullRequest = payload.kind === 'value' ? pullRequestOf(payload.value) : null
  return {
    repository,
    serverUrl,
    apiUrl: address(environment['GITHUB_API_URL'], 'https://api.github.com'),
    sha,
    runId,
    runNumber: wholeNumber(environment['GITHUB_RUN_NUMBER']) ?? 0,
    runAttempt,
    workflowKey: workflowKey(environment),
    jobUrl: `${serverUrl}/${repository}/actions/runs/${runId}/attempts/${runAttempt}`,
    pullRequestNumber: pullRequest?.number ?? null,
    headSha: pullRequest?.headSha ?? sha,
    isFork: pullRequest?.isFork ?? false
  }
}

interface PullRequest {
  readonly number: number
  readonly headSha: string | null
  readonly isFork: boolean
}

/** `{"pull_request": {"number": 7, "head": {"sha": …, "repo": {"full_name": …} or null}, "base": …}}`. */
function pullRequestOf(payload: string): PullRequest | null {
  const pullRequest = member(parsed(payload), 'pull_request')
  const number = member(pullRequest, 'number')
  if (typeof number !== 'number' || !Number.isSafeInteger(number)) return null
  const head = member(pullRequest, 'head')
  const headSha = member(head, 'sha')
  const from = member(member(head, 'repo'), 'full_name')
  const into = member(member(member(pullRequest, 'base'), 'repo'), 'full_name')
  // A fork that was deleted is null.
  return { number, headSha: typeof headSha === 'string' ? headSha : null, isFork: from === undefined || from !== into }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

function member(of: unknown, name: string): unknown {
  if (typeof of !== 'object' || of === null) return undefined
  return Object.entries(of).find(([key]) => key === name)?.[1]
}

/** `acme/shop/.github/workflows/ci.yml@refs/heads/main` is `ci.yml`; the key stands in an HTML comment, so no `--`. */
function workflowKey(environment: Environment): string {
  const file = /^[^@]*\/([^/@]+)@/.exec(environment['GITHUB_WORKFLOW_REF'] ?? '')?.[1]
  const name = file ?? (environment['GITHUB_WORKFLOW'] ?? '').toLowerCase()
  const slug = name.replaceAll(/[^\w.]+/g, '-').replaceAll(/^-|-$/g, '')
  return slug === '' ? 'workflow' : slug
}

function address(text: string | undefined, standard: string): string {
  return (text === undefined || text === '' ? standard : text).replace(/\/+$/, '')
}

function wholeNumber(text: string | undefined): number | null {
  return /^\d{1,15}$/.test(text ?? '') ? Number(text) : null
}
