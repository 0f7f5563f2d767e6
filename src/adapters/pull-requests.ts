import type { Clock } from '../ports/clock.ts'
import { type PullRequestComment, PullRequestFault, type PullRequests } from '../ports/pull-requests.ts'
import { type Client, openClient } from './github-client.ts'
import { type PatientCalls, patientCalls } from './patient-calls.ts'

export const REQUEST_TIMEOUT_MS = 10_000
const PER_PAGE = 100
const MOST_PAGES = 50

/** Whose comments GITHUB_TOKEN writes. */
const ACTIONS_BOT = 'github-actions[bot]'

export interface PullRequestOptions {
  readonly token: string
  /** `owner/name`. */
  readonly repository: string
  readonly number: number
  readonly apiUrl: string
  readonly clock: Clock
  /** For one request; 10 s if left out. */
  readonly timeoutMs?: number
}

/** The comments of one pull request through GitHub's REST API. The client is loaded with the first call. */
export function pullRequests(options: PullRequestOptions): PullRequests {
  const [owner = '', repo = ''] = options.repository.split('/')
  const place = { owner, repo, issue_number: options.number }
  const calls = (): PatientCalls => patientCalls(options.clock, options.timeoutMs ?? REQUEST_TIMEOUT_MS)
  let connected: Promise<Client> | null = null
  const connect = (): Promise<Client> => {
    connected ??= openClient(options)
    return connected
  }
  let ownLogin: string | null = null

  const list = async (patient: PatientCalls): Promise<readonly ApiComment[]> => {
    const { rest } = await connect()
    const comments: ApiComment[] = []
    for (let page = 1; page <= MOST_PAGES; page++) {
      const { data, headers } = await patient.send('listing the comments', (signal) =>
        rest.issues.listComments({ ...place, per_page: PER_PAGE, page, request: { signal } })
      )
      comments.push(...data)
      if (!headers.link?.includes('rel="next"')) break
    }
    ownLogin ??= await loginOfToken(await connect(), patient, { token: options.token, comments })
    return comments
  }

  return {
    async listComments() {
      const comments = await list(calls())
      return comments.map((comment) => portComment(comment, ownLogin))
    },
    async createComment(body) {
      const { rest } = await connect()
      const patient = calls()
      const created = await patient.send<ApiComment>(
        'writing the comment',
        async (signal) => (await rest.issues.createComment({ ...place, body, request: { signal } })).data,
        async () => alreadyThere(await list(patient), { body, login: ownLogin })
      )
      ownLogin = created.user?.login ?? ownLogin
      return portComment(created, ownLogin)
    },
    async updateComment(id, body) {
      const { rest } = await connect()
      const updated = await unlessGone(
        calls().send<ApiComment>(
          'changing the comment',
          async (signal) =>
            (await rest.issues.updateComment({ owner, repo, comment_id: id, body, request: { signal } })).data
        )
      )
      return updated === null ? null : portComment(updated, ownLogin)
    },
    async removeComment(id) {
      const { rest } = await connect()
      await unlessGone(
        calls().send('removing a comment of ours that is there twice', (signal) =>
          rest.issues.deleteComment({ owner, repo, comment_id: id, request: { signal } })
        )
      )
    }
  }
}

interface ApiComment {
  readonly id: number
  readonly body?: string | undefined
  readonly html_url: string
  readonly user: { readonly login: string; readonly type: string } | null
}

/**
 * Who writes with this token. `GET /user` answers to the token of a person only. For an installation token GraphQL
 * would know, and is asked only where it matters: where another app than GitHub Actions has commented.
 */
async function loginOfToken(
  client: Client,
  patient: PatientCalls,
  { token, comments }: { readonly token: string; readonly comments: readonly ApiComment[] }
): Promise<string> {
  if (!token.startsWith('ghs_')) {
    const login = await unlessForbidden(
      patient.send('asking who this token is', async (signal) => {
        return (await client.rest.users.getAuthenticated({ request: { signal } })).data.login
      })
    )
    if (login !== null) return login
  }
  if (!comments.some(({ user }) => user?.type === 'Bot' && user.login !== ACTIONS_BOT)) return ACTIONS_BOT
  const login = await unlessForbidden(
    patient.send('asking which app this token is of', (signal) => viewerLogin(client, signal))
  )
  return login ?? ACTIONS_BOT
}

/** `null`: GraphQL answered, with errors in place of the login. */
async function viewerLogin(client: Client, signal: AbortSignal): Promise<string | null> {
  try {
    const answer = await client.graphql<{ viewer: { login: string } }>('query { viewer { login } }', {
      request: { signal }
    })
    return answer.viewer.login
  } catch (fault) {
    if (fault instanceof Error && fault.name === 'GraphqlResponseError') return null
    throw fault
  }
}

async function unlessForbidden<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer
  } catch (fault) {
    if (fault instanceof PullRequestFault && fault.isPermission) return null
    throw fault
  }
}

/** A comment that was listed a moment ago and is not found has been deleted. */
async function unlessGone<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer
  } catch (fault) {
    if (fault instanceof PullRequestFault && fault.isGone) return null
    throw fault
  }
}

/** A request that failed with 5xx may have been carried out: then the newest comment of ours says what was sent. */
function alreadyThere(
  comments: readonly ApiComment[],
  sent: { readonly body: string; readonly login: string | null }
): ApiComment | null {
  const last = comments.filter(({ user }) => user?.login === sent.login).at(-1)
  const text = (body: string | undefined): string => (body ?? '').replaceAll('\r\n', '\n').trim()
  return last !== undefined && text(last.body) === text(sent.body) ? last : null
}

function portComment(comment: ApiComment, ownLogin: string | null): PullRequestComment {
  return {
    id: comment.id,
    body: comment.body ?? '',
    url: comment.html_url,
    isOurs: ownLogin !== null && comment.user?.login === ownLogin
  }
}
