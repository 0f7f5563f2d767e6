import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { pullRequests } from '../../src/adapters/pull-requests.ts'
import type { Clock } from '../../src/ports/clock.ts'
import { PullRequestFault, type PullRequests } from '../../src/ports/pull-requests.ts'
import { GitHubApi } from './github-api.ts'

const octocat = { login: 'octocat', type: 'User', mayWrite: true } as const

describe('comments of a pull request', () => {
  let api: GitHubApi
  let slept: number[]

  beforeEach(async () => {
    slept = []
    api = await new GitHubApi({
      tokens: {
        ghs_fake: { login: 'github-actions[bot]', type: 'Bot', mayWrite: true },
        ghs_fork: { login: 'github-actions[bot]', type: 'Bot', mayWrite: false },
        ghp_person: octocat
      }
    }).start()
  })

  afterEach(() => api.stop())

  const open = (token = 'ghs_fake', rest: { number?: number; timeoutMs?: number } = {}): PullRequests => {
    // Time passes only while somebody sleeps.
    const clock: Clock = {
      nowMs: () => slept.reduce((sum, ms) => sum + ms, 0),
      wallTime: () => '2026-01-01T00:00:00.000Z',
      sleep: async (ms) => void slept.push(ms),
      after: () => () => {}
    }
    return pullRequests({ token, repository: 'octo-org/hello', number: 7, apiUrl: api.url, clock, ...rest })
  }

  const faultOf = async (act: Promise<unknown>): Promise<{ message: string; isPermission: boolean }> => {
    const fault: unknown = await act.catch((thrown: unknown) => thrown)
    if (!(fault instanceof PullRequestFault)) throw new Error(`no fault of the port: ${String(fault)}`)
    return { message: fault.message, isPermission: fault.isPermission }
  }

  test('are written, changed and listed, ours told from others', async () => {
    const others = api.addComment(7, 'of a person', octocat)
    const port = open()
    const created = await port.createComment('first')
    expect(created).toMatchObject({ body: 'first', isOurs: true })
    expect(created.url).toBe(`https://github.com/octo-org/hello/pull/7#issuecomment-${created.id}`)
    expect(await port.updateComment(created.id, 'second')).toMatchObject({ body: 'second', isOurs: true })
    expect(await port.listComments()).toMatchObject([
      { id: others.id, isOurs: false },
      { id: created.id, body: 'second', isOurs: true }
    ])
    expect(api.violations).toEqual([])
  })

  test('of an earlier run with the same kind of token are ours', async () => {
    const earlier = api.addComment(7, 'of the run before')
    expect(await open().listComments()).toMatchObject([{ id: earlier.id, isOurs: true }])
    expect(api.requestsOf('users/get-authenticated')).toEqual([])
    expect(api.violations).toEqual([])
  })

  test('of a person are ours with the token of that person', async () => {
    api.addComment(7, 'of a person', octocat)
    api.addComment(7, 'of GITHUB_TOKEN')
    expect((await open('ghp_person').listComments()).map(({ isOurs }) => isOurs)).toEqual([true, false])
    expect(api.violations).toEqual([])
  })

  test('are listed to the last page', async () => {
    for (let n = 1; n <= 205; n++) api.addComment(7, `comment ${n}`)
    const bodies = (await open().listComments()).map(({ body }) => body)
    expect(bodies).toEqual(Array.from({ length: 205 }, (_, n) => `comment ${n + 1}`))
    expect(api.requestsOf('issues/list-comments').map(({ query }) => query)).toEqual([
      'per_page=100&page=1',
      'per_page=100&page=2',
      'per_page=100&page=3'
    ])
    expect(api.violations).toEqual([])
  })

  test('can be read and not written with the token of a fork', async () => {
    const port = open('ghs_fork')
    expect(await port.listComments()).toEqual([])
    expect(await faultOf(port.createComment('x'))).toEqual({
      message: 'writing the comment: GitHub answered 403 (Resource not accessible by integration)',
      isPermission: true
    })
    expect(api.requestsOf('issues/create-comment')).toHaveLength(1)
    expect(slept).toEqual([])
  })

  test('of a pull request that is not there are a question of permission', async () => {
    expect(await faultOf(open('ghs_fake', { number: 99 }).listComments())).toMatchObject({ isPermission: true })
    expect(api.requests).toHaveLength(1)
  })

  test('with a wrong token are no question of permission', async () => {
    expect(await faultOf(open('ghs_wrong').listComments())).toMatchObject({ isPermission: false })
    expect(api.requests).toHaveLength(1)
  })

  test.each([
    [{ status: 429, headers: { 'retry-after': '7' } }, [7000]],
    [{ status: 403, headers: { 'retry-after': '2' }, message: 'You have exceeded a secondary rate limit' }, [2000]],
    [{ status: 429 }, [1000]],
    [{ status: 500 }, [1000]],
    [{ status: 502 }, [1000]]
  ])('are asked for again after %j', async (fault, pauses) => {
    api.faults.push({ ...fault, times: 1 })
    expect(await open().listComments()).toEqual([])
    expect(slept).toEqual(pauses)
  })

  test('are asked for three times at most', async () => {
    api.faults.push({ status: 500 })
    expect(await faultOf(open().listComments())).toEqual({
      message: 'listing the comments: GitHub answered 500 (Server Error)',
      isPermission: false
    })
    expect(api.requests).toHaveLength(3)
    expect(slept).toEqual([1000, 3000])
  })

  test.each([
    ['one pause', { 'retry-after': '21' }, [], 1],
    ['the second pause', { 'retry-after': '15' }, [15_000], 2]
  ])('are given up where 20 s would pass with %s', async (_, headers, pauses, requests) => {
    api.faults.push({ status: 429, headers })
    expect(await faultOf(open().listComments())).toMatchObject({ isPermission: false })
    expect(slept).toEqual(pauses)
    expect(api.requests).toHaveLength(requests)
  })

  test('are no question of permission where the rate limit is used up', async () => {
    api.faults.push({ status: 403, headers: { 'x-ratelimit-remaining': '0' }, message: 'API limit', times: 3 })
    expect(await faultOf(open().listComments())).toMatchObject({ isPermission: false })
  })

  test('are not waited for longer than the time of a request', async () => {
    api.faults.push({ delayMs: 1000 })
    expect(await faultOf(open('ghs_fake', { timeoutMs: 100 }).listComments())).toEqual({
      message: 'listing the comments: no answer in 100 ms',
      isPermission: false
    })
    expect(api.requests).toHaveLength(1)
  })

  test('are written once, also where the first answer was a fault of the server', async () => {
    api.faults.push({ match: 'issues/create-comment', status: 502, times: 1 })
    expect(await open().createComment('x')).toMatchObject({ body: 'x', isOurs: true })
    expect(api.comments.size).toBe(1)
    expect(api.violations).toEqual([])
  })

  test('that are too long are refused with the words of GitHub', async () => {
    expect((await faultOf(open().createComment('x'.repeat(65_537)))).message).toContain('Body is too long')
  })
})
