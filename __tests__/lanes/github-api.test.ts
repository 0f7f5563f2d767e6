import { getOctokit } from '@actions/github'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { GitHubApi } from './github-api.ts'

const repo = { owner: 'octo-org', repo: 'hello' }
const pull = { ...repo, issue_number: 7 }

describe('the fake of the GitHub API', () => {
  let api: GitHubApi

  beforeEach(async () => {
    api = await new GitHubApi({
      pulls: [{ number: 7 }, { number: 8, fork: 'mallory/hello' }],
      jobs: [{ id: 31, name: 'build (linux)', runId: 5 }],
      tokens: {
        ghs_fake: { login: 'github-actions[bot]', type: 'Bot', mayWrite: true },
        ghs_fork: { login: 'github-actions[bot]', type: 'Bot', mayWrite: false },
        ghp_person: { login: 'octocat', type: 'User', mayWrite: true }
      }
    }).start()
  })

  afterEach(() => api.stop())

  const client = (token = 'ghs_fake') => getOctokit(token, { baseUrl: api.url, log: silent }).rest

  test('comments are created, read, updated and listed in order', async () => {
    const { data: first } = await client().issues.createComment({ ...pull, body: 'first' })
    await client('ghp_person').issues.createComment({ ...pull, body: 'second' })
    await client().issues.updateComment({ ...repo, comment_id: first.id, body: 'first, changed' })
    const { data: read } = await client().issues.getComment({ ...repo, comment_id: first.id })
    const { data: all } = await client().issues.listComments(pull)
    expect(read.body).toBe('first, changed')
    expect(all.map(({ body, user }) => [body, user?.login])).toEqual([
      ['first, changed', 'github-actions[bot]'],
      ['second', 'octocat']
    ])
    expect(first.html_url).toBe(`https://github.com/octo-org/hello/pull/7#issuecomment-${first.id}`)
    expect(api.requests.map((request) => request.status)).toEqual([201, 201, 200, 200, 200])
    expect(api.violations).toEqual([])
  })

  test('long lists come in pages', async () => {
    for (let n = 1; n <= 65; n++) api.addComment(7, `comment ${n}`)
    const octokit = getOctokit('ghs_fake', { baseUrl: api.url })
    const all = await octokit.paginate(octokit.rest.issues.listComments, { ...pull, per_page: 30 })
    expect(all.map((comment) => comment.body)).toEqual(Array.from({ length: 65 }, (_, n) => `comment ${n + 1}`))
    expect(api.requestsOf('issues/list-comments').map((request) => request.query)).toEqual([
      'per_page=30',
      'per_page=30&page=2',
      'per_page=30&page=3'
    ])
    expect(api.violations).toEqual([])
  })

  test('repository, pull request and jobs are as described', async () => {
    const { data: repository } = await client().repos.get(repo)
    const { data: fork } = await client().pulls.get({ ...repo, pull_number: 8 })
    const { data: listed } = await client().actions.listJobsForWorkflowRun({ ...repo, run_id: 5 })
    expect(repository.full_name).toBe('octo-org/hello')
    expect([fork.head.repo?.full_name, fork.base.repo.full_name]).toEqual(['mallory/hello', 'octo-org/hello'])
    expect(listed.jobs.map((job) => [job.id, job.name])).toEqual([[31, 'build (linux)']])
    expect(api.violations).toEqual([])
  })

  test.each([
    ['a wrong body', { ...pull, body: 17 as unknown as string }],
    ['a missing body', pull as typeof pull & { body: string }]
  ])('%s is refused and recorded', async (_, request) => {
    await expect(client().issues.createComment(request)).rejects.toMatchObject({ status: 422 })
    expect(api.violations).toEqual([
      expect.stringMatching(/^POST \/repos\/octo-org\/hello\/issues\/7\/comments: .*body/i)
    ])
    expect(api.comments.size).toBe(0)
  })

  test('an operation outside the description is refused and recorded', async () => {
    await expect(client().issues.lock(pull)).rejects.toMatchObject({ status: 404 })
    expect(api.violations).toHaveLength(1)
  })

  test('a comment longer than GitHub takes is refused', async () => {
    const body = 'x'.repeat(65_537)
    await expect(client().issues.createComment({ ...pull, body })).rejects.toMatchObject({ status: 422 })
    expect(api.violations).toEqual([])
  })

  test('tokens differ in who they are and what they may', async () => {
    const comment = { ...pull, body: 'hello' }
    await expect(client('ghs_fork').issues.createComment(comment)).rejects.toMatchObject({ status: 403 })
    await expect(client('ghs_unknown').issues.listComments(pull)).rejects.toMatchObject({ status: 401 })
    await expect(client().users.getAuthenticated()).rejects.toMatchObject({ status: 403 })
    expect((await client('ghp_person').users.getAuthenticated()).data.login).toBe('octocat')
    await expect(client().issues.listComments({ ...pull, issue_number: 99 })).rejects.toMatchObject({ status: 404 })
    expect(api.violations).toEqual([])
  })

  test('a fault meets as many requests as it says', async () => {
    api.faults.push({ match: 'issues/create-comment', status: 429, headers: { 'retry-after': '1' }, times: 1 })
    const create = () => client().issues.createComment({ ...pull, body: 'hello' })
    await expect(create()).rejects.toMatchObject({ status: 429, response: { headers: { 'retry-after': '1' } } })
    expect((await create()).status).toBe(201)
    expect(api.comments.size).toBe(1)
  })

  test('answers can be late, and connections cut', async () => {
    api.faults.push({ delayMs: 300, times: 1 }, { hangUp: true, match: (request) => request.method === 'POST' })
    const began = Date.now()
    await client().issues.listComments(pull)
    expect(Date.now() - began).toBeGreaterThanOrEqual(290)
    await expect(client().issues.createComment({ ...pull, body: 'lost' })).rejects.toMatchObject({ status: 500 })
    expect(api.comments.size).toBe(0)
  })
})

const silent = { debug() {}, info() {}, warn() {}, error() {} }
