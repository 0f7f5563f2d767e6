import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import addFormats from 'ajv-formats'
import { type Context, OpenAPIBackend } from 'openapi-backend'
import { describeOperations, sample } from './github-description.ts'

// A fake of GitHub's REST API with a memory. Requests are checked against GitHub's published description, and so are
// the fake's own answers; whatever breaks the description is answered with an error and recorded in `violations`.

export interface Account {
  readonly login: string
  /** `Bot`: an installation token such as GITHUB_TOKEN; it may not ask who it is. */
  readonly type: 'Bot' | 'User'
  /** False for the token of a fork's or Dependabot's run. */
  readonly mayWrite: boolean
}

export interface Comment {
  readonly id: number
  readonly issue: number
  readonly author: Account
  body: string
  readonly createdAt: string
  updatedAt: string
}

export interface Pull {
  readonly number: number
  readonly headSha?: string
  /** `owner/name` of the head's repository where that is a fork. */
  readonly fork?: string
  /** Of the head; default: `topic`. */
  readonly branch?: string
  readonly isClosed?: boolean
}

export interface Job {
  readonly id: number
  readonly name: string
  readonly runId: number
  readonly status?: 'queued' | 'in_progress' | 'completed'
  readonly conclusion?: string | null
  readonly runnerName?: string
}

export interface RecordedRequest {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly headers: IncomingHttpHeaders
  readonly body: unknown
  /** Of the operation as GitHub calls it, e.g. `issues/create-comment`. */
  readonly operation: string | null
  readonly token: string | null
  status: number
}

export interface Fault {
  /** An operation's id, or a test of the request; absent: every request. */
  readonly match?: string | ((request: RecordedRequest) => boolean)
  /** Absent: the request is only late. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly message?: string
  readonly delayMs?: number
  /** The connection is cut without an answer. */
  readonly hangUp?: boolean
  /** How many requests it meets; default: all. */
  readonly times?: number
}

export interface GitHubApiOptions {
  /** `owner/name`; any other repository is answered with 404. */
  readonly repository?: string
  readonly pulls?: readonly Pull[]
  readonly jobs?: readonly Job[]
  /** Known tokens; any other is answered with 401. Default: `ghs_fake` is github-actions[bot] and may write. */
  readonly tokens?: Readonly<Record<string, Account>>
}

export const actionsBot: Account = { login: 'github-actions[bot]', type: 'Bot', mayWrite: true }

/** What GitHub allows in one comment. */
const COMMENT_LIMIT = 65_536

type Answer = { status: number; body: unknown; headers?: Record<string, string> }
type Call = Context<Record<string, unknown>, Record<string, string>, Record<string, string | undefined>>

export class GitHubApi {
  readonly repository: string
  readonly comments = new Map<number, Comment>()
  readonly pulls = new Map<number, Pull>()
  readonly jobs: Job[]
  readonly tokens: Map<string, Account>
  /** Met in order, before the fake answers; tests add to and take from it at any time. */
  readonly faults: Fault[] = []
  readonly requests: RecordedRequest[] = []
  /** Everything that broke GitHub's description, one sentence each. */
  readonly violations: string[] = []

  private readonly hits = new Map<Fault, number>()
  private readonly server = createServer((request, response) => void this.serve(request, response))
  private readonly backend = this.describe()
  private nextId = 1001

  constructor(options: GitHubApiOptions = {}) {
    this.repository = options.repository ?? 'octo-org/hello'
    for (const pull of options.pulls ?? [{ number: 7 }]) this.pulls.set(pull.number, pull)
    this.jobs = [...(options.jobs ?? [])]
    this.tokens = new Map(Object.entries(options.tokens ?? { ghs_fake: actionsBot }))
  }

  /** Base address, as in GITHUB_API_URL. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  async start(): Promise<this> {
    await this.backend.init()
    await new Promise<void>((settle) => this.server.listen(0, '127.0.0.1', settle))
    return this
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise((settle) => this.server.close(settle))
  }

  /** A comment that is there before the run. */
  addComment(issue: number, body: string, author: Account = actionsBot): Comment {
    const now = new Date().toISOString().replace(/\.\d+/, '')
    const comment = { id: this.nextId++, issue, author, body, createdAt: now, updatedAt: now }
    this.comments.set(comment.id, comment)
    return comment
  }

  /** Requests of one operation, e.g. `issues/create-comment`. */
  requestsOf(operation: string): RecordedRequest[] {
    return this.requests.filter((request) => request.operation === operation)
  }

  // The way of a request: read, recorded, faults, token, repository, description, handler, description again.

  private async serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, search } = new URL(message.url ?? '/', 'http://fake')
    const text = await readAll(message)
    const request: RecordedRequest = {
      method: message.method ?? 'GET',
      path: pathname,
      query: search.slice(1),
      headers: message.headers,
      body: parsed(text),
      operation: this.operationOf(message.method ?? 'GET', pathname),
      token: /^(?:token|bearer) (.+)$/i.exec(message.headers.authorization ?? '')?.[1] ?? null,
      status: 0
    }
    this.requests.push(request)
    const fault = this.faultFor(request)
    if (fault?.delayMs) await sleep(fault.delayMs)
    if (message.socket.destroyed) return // nobody waits for the answer any more
    if (fault?.hangUp) return void message.socket.destroy()
    const answer = (fault && faultAnswer(fault)) ?? this.refusal(request) ?? (await this.ask(request))
    request.status = answer.status
    response.writeHead(answer.status, { 'content-type': 'application/json; charset=utf-8', ...answer.headers })
    response.end(answer.status === 204 ? undefined : JSON.stringify(answer.body))
  }

  private operationOf(method: string, path: string): string | null {
    return this.backend.router.matchOperation({ method, path, headers: {} })?.operationId ?? null
  }

  private faultFor(request: RecordedRequest): Fault | undefined {
    const fault = this.faults.find(
      ({ match, times = Number.POSITIVE_INFINITY }, index) =>
        (this.hits.get(this.faults[index] as Fault) ?? 0) < times &&
        (typeof match === 'function' ? match(request) : match === undefined || match === request.operation)
    )
    if (fault) this.hits.set(fault, (this.hits.get(fault) ?? 0) + 1)
    return fault
  }

  private refusal(request: RecordedRequest): Answer | undefined {
    if (request.token === null && request.path !== '/user') return undefined // public data may be read without
    const account = this.tokens.get(request.token ?? '')
    if (!account) return failure(401, request.token === null ? 'Requires authentication' : 'Bad credentials')
    const writes = request.method !== 'GET'
    const asksWho = request.operation === 'users/get-authenticated' && account.type === 'Bot'
    if (asksWho || (writes && !account.mayWrite)) return failure(403, 'Resource not accessible by integration')
    return undefined
  }

  private ask(request: RecordedRequest): Promise<Answer> {
    const { method, path, query, headers, body } = request
    return this.backend.handleRequest(
      { method, path, query, body, headers: headers as Record<string, string> },
      request
    )
  }

  private violate(request: RecordedRequest, what: string): void {
    this.violations.push(`${request.method} ${request.path}: ${what}`)
  }

  // What GitHub's description says, and what the fake does.

  private describe(): OpenAPIBackend {
    const handlers = {
      'issues/list-comments': (call: Call) => this.listComments(call),
      'issues/create-comment': (call: Call, request: RecordedRequest) => this.createComment(call, request),
      'issues/get-comment': (call: Call) => this.withComment(call, (comment) => ok(this.commentBody(comment))),
      'issues/update-comment': (call: Call) => this.updateComment(call),
      'issues/delete-comment': (call: Call) => this.deleteComment(call),
      'pulls/list': (call: Call) => this.listPulls(call),
      'pulls/get': (call: Call) => this.getPull(call),
      'repos/get': (call: Call) => (this.isOurs(call) ? ok(this.repositoryBody()) : notFound()),
      'actions/list-jobs-for-workflow-run': (call: Call) => this.listJobs(call),
      'users/get-authenticated': (_: Call, request: RecordedRequest) =>
        ok(sample('public-user', userFields(this.tokens.get(request.token ?? '') ?? actionsBot)))
    }
    return new OpenAPIBackend({
      definition: describeOperations(Object.keys(handlers)),
      quick: true,
      strict: false,
      ajvOpts: { strict: false, allErrors: true },
      customizeAjv: (ajv) => {
        addFormats.default(ajv as never)
        return ajv.addFormat('timestamp', true)
      },
      handlers: {
        ...handlers,
        notFound: (_: Context, request: RecordedRequest) => {
          this.violate(request, 'not an operation that the fake knows')
          return notFound()
        },
        validationFail: (call: Context, request: RecordedRequest) => {
          const errors = (call.validation.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? ''}`)
          this.violate(request, `the request breaks the description: ${errors.join('; ')}`)
          return failure(422, `Invalid request. ${errors.join('; ')}`)
        },
        postResponseHandler: (call: Context, request: RecordedRequest) => this.checked(call, request)
      }
    })
  }

  private checked(call: Context, request: RecordedRequest): Answer {
    const answer = call.response as Answer
    if (!call.operation) return answer
    const { errors } = call.api.validateResponse(answer.body, call.operation, answer.status)
    if (!errors?.length) return answer
    const words = errors.map((error) => `${error.instancePath} ${error.message ?? ''}`).join('; ')
    this.violate(request, `the fake's answer ${answer.status} breaks the description: ${words}`)
    return failure(599, `the fake broke the description: ${words}`)
  }

  private isOurs(call: Call): boolean {
    const { owner, repo } = call.request.params
    return `${owner}/${repo}`.toLowerCase() === this.repository.toLowerCase()
  }

  private listComments(call: Call): Answer {
    const issue = Number(call.request.params['issue_number'])
    if (!this.isOurs(call) || !this.pulls.has(issue)) return notFound()
    const since = Date.parse(call.request.query['since'] ?? '') || 0
    const all = [...this.comments.values()]
      .filter((comment) => comment.issue === issue && Date.parse(comment.updatedAt) >= since)
      .sort((a, b) => a.id - b.id)
    const { items, headers } = this.page(call, all)
    return { ...ok(items.map((comment) => this.commentBody(comment))), headers }
  }

  private createComment(call: Call, request: RecordedRequest): Answer {
    const issue = Number(call.request.params['issue_number'])
    const author = this.tokens.get(request.token ?? '')
    if (!author) return failure(403, 'Resource not accessible') // GitHub says 401, which this operation does not list
    if (!this.isOurs(call) || !this.pulls.has(issue)) return notFound()
    const body = String(call.request.requestBody['body'])
    return tooLong(body) ?? { status: 201, body: this.commentBody(this.addComment(issue, body, author)) }
  }

  private updateComment(call: Call): Answer {
    const body = String(call.request.requestBody['body'])
    return this.withComment(call, (comment) => {
      const refused = tooLong(body)
      if (refused) return refused
      comment.body = body
      comment.updatedAt = new Date().toISOString().replace(/\.\d+/, '')
      return ok(this.commentBody(comment))
    })
  }

  private deleteComment(call: Call): Answer {
    return this.withComment(call, (comment) => {
      this.comments.delete(comment.id)
      return { status: 204, body: null }
    })
  }

  private withComment(call: Call, then: (comment: Comment) => Answer): Answer {
    const comment = this.comments.get(Number(call.request.params['comment_id']))
    return comment && this.isOurs(call) ? then(comment) : notFound()
  }

  private getPull(call: Call): Answer {
    const pull = this.pulls.get(Number(call.request.params['pull_number']))
    return pull && this.isOurs(call) ? ok(this.pullBody(pull)) : notFound()
  }

  /** `head` is `owner:branch`: also of forks of that owner under another name. */
  private listPulls(call: Call): Answer {
    if (!this.isOurs(call)) return notFound()
    const { head, state = 'open' } = call.request.query
    const [owner = '', branch = ''] = (head ?? '').split(/:(.*)/s)
    const fitting = [...this.pulls.values()].filter((pull) => {
      const from = (pull.fork ?? this.repository).split('/')[0]?.toLowerCase()
      const isState = state === 'all' || (pull.isClosed === true) === (state === 'closed')
      return isState && (head === undefined || (from === owner.toLowerCase() && (pull.branch ?? 'topic') === branch))
    })
    const { items, headers } = this.page(call, fitting)
    return { ...ok(items.map((pull) => this.pullSimpleBody(pull))), headers }
  }

  private listJobs(call: Call): Answer {
    const jobs = this.jobs.filter((job) => job.runId === Number(call.request.params['run_id']))
    if (!this.isOurs(call) || jobs.length === 0) return notFound()
    const { items, headers } = this.page(call, jobs)
    return { ...ok({ total_count: jobs.length, jobs: items.map((job) => this.jobBody(job)) }), headers }
  }

  private page<T>(call: Call, all: readonly T[]): { items: readonly T[]; headers: Record<string, string> } {
    const size = Math.min(Number(call.request.query['per_page'] ?? 30), 100)
    const page = Number(call.request.query['page'] ?? 1)
    const last = Math.max(1, Math.ceil(all.length / size))
    const link = (rel: string, number: number) => {
      const query = new URLSearchParams({ ...call.request.query, per_page: String(size), page: String(number) })
      return `<${this.url}${call.request.path}?${query}>; rel="${rel}"`
    }
    const links = [
      ...(page > 1 ? [link('prev', page - 1)] : []),
      ...(page < last ? [link('next', page + 1), link('last', last)] : []),
      ...(page > 1 ? [link('first', 1)] : [])
    ]
    const items = all.slice((page - 1) * size, page * size)
    return { items, headers: links.length > 0 ? { link: links.join(', ') } : {} }
  }

  private commentBody(comment: Comment): unknown {
    const page = `https://github.com/${this.repository}/pull/${comment.issue}`
    return sample('issue-comment', {
      id: comment.id,
      node_id: `IC_${comment.id}`,
      url: `${this.url}/repos/${this.repository}/issues/comments/${comment.id}`,
      html_url: `${page}#issuecomment-${comment.id}`,
      issue_url: `${this.url}/repos/${this.repository}/issues/${comment.issue}`,
      user: sample('simple-user', userFields(comment.author)),
      body: comment.body,
      created_at: comment.createdAt,
      updated_at: comment.updatedAt,
      author_association: comment.author.type === 'Bot' ? 'CONTRIBUTOR' : 'MEMBER'
    })
  }

  private repositoryBody(): Record<string, unknown> {
    const [owner = '', name = ''] = this.repository.split('/')
    return sample('full-repository', {
      name,
      full_name: this.repository,
      owner: sample('simple-user', userFields({ login: owner, type: 'User', mayWrite: true })),
      default_branch: 'main',
      html_url: `https://github.com/${this.repository}`
    })
  }

  private pullBody(pull: Pull): unknown {
    return sample('pull-request', this.pullFields(pull))
  }

  private pullSimpleBody(pull: Pull): unknown {
    return sample('pull-request-simple', this.pullFields(pull))
  }

  private pullFields(pull: Pull): Record<string, unknown> {
    const end = (ref: string, repository: string, sha: string) => {
      const [owner = '', name = ''] = repository.split('/')
      const user = sample('simple-user', userFields({ login: owner, type: 'User', mayWrite: true }))
      const repo = sample('repository', {
        name,
        full_name: repository,
        owner: user,
        fork: repository !== this.repository
      })
      return { label: `${owner}:${ref}`, ref, sha, user, repo }
    }
    return {
      number: pull.number,
      state: pull.isClosed === true ? 'closed' : 'open',
      html_url: `https://github.com/${this.repository}/pull/${pull.number}`,
      base: end('main', this.repository, '0'.repeat(40)),
      head: end(pull.branch ?? 'topic', pull.fork ?? this.repository, pull.headSha ?? '1'.repeat(40))
    }
  }

  private jobBody(job: Job): unknown {
    return sample('job', {
      id: job.id,
      name: job.name,
      run_id: job.runId,
      status: job.status ?? 'in_progress',
      conclusion: job.conclusion ?? null,
      runner_name: job.runnerName ?? 'GitHub Actions 1',
      html_url: `https://github.com/${this.repository}/actions/runs/${job.runId}/job/${job.id}`
    })
  }
}

function ok(body: unknown): Answer {
  return { status: 200, body }
}

function failure(status: number, message: string): Answer {
  return { status, body: { message, documentation_url: 'https://docs.github.com/rest', status: String(status) } }
}

function notFound(): Answer {
  return failure(404, 'Not Found')
}

function tooLong(body: string): Answer | undefined {
  if (body.length <= COMMENT_LIMIT) return undefined
  const message = `Body is too long (maximum is ${COMMENT_LIMIT} characters)`
  const errors = [{ resource: 'IssueComment', code: 'unprocessable', field: 'data', message }]
  return {
    status: 422,
    body: { message: 'Validation Failed', errors, documentation_url: 'https://docs.github.com/rest' }
  }
}

const FAULT_MESSAGES: Readonly<Record<number, string>> = {
  403: 'Resource not accessible by integration',
  404: 'Not Found',
  429: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
  500: 'Server Error',
  502: 'Server Error',
  503: 'Service Unavailable'
}

function faultAnswer(fault: Fault): Answer | undefined {
  if (fault.status === undefined) return undefined
  const answer = failure(fault.status, fault.message ?? FAULT_MESSAGES[fault.status] ?? 'Error')
  return { ...answer, headers: { ...fault.headers } }
}

function userFields(account: Account): Record<string, unknown> {
  return { login: account.login, type: account.type, id: account.type === 'Bot' ? 41898282 : 583231 }
}

async function readAll(message: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of message) parts.push(part as Buffer)
  return Buffer.concat(parts).toString('utf8')
}

function parsed(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    return text
  }
}
