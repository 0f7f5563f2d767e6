import { createServer, type Server } from 'node:http'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { pullRequests } from '../../src/adapters/pull-requests.ts'
import type { Clock } from '../../src/ports/clock.ts'
import { PullRequestFault } from '../../src/ports/pull-requests.ts'

// Only what GitHub's published description does not have: GraphQL, and answers that get lost.

interface Asked {
  readonly method: string
  readonly path: string
}

type Answer = { readonly status: number; readonly body: unknown } | 'hang up'

let server: Server
let apiUrl: string
let asked: Asked[]
let answer: (request: Asked) => Answer

beforeEach(async () => {
  asked = []
  answer = () => ({ status: 404, body: { message: 'Not Found' } })
  server = createServer((request, response) => {
    request.resume().on('end', () => {
      const { pathname } = new URL(request.url ?? '/', 'http://fake')
      const one = { method: request.method ?? '', path: pathname }
      asked.push(one)
      const given = answer(one)
      if (given === 'hang up') return void request.socket.destroy()
      response.writeHead(given.status, { 'content-type': 'application/json' }).end(JSON.stringify(given.body))
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  apiUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
})

afterEach(async () => {
  server.closeAllConnections()
  await new Promise((done) => server.close(done))
})

/** Time passes only while somebody sleeps. */
function fakeClock(): Clock & { readonly slept: readonly number[] } {
  const slept: number[] = []
  return {
    slept,
    nowMs: () => slept.reduce((sum, ms) => sum + ms, 0),
    wallTime: () => '2026-01-01T00:00:00.000Z',
    sleep: async (ms) => void slept.push(ms),
    after: () => () => {}
  }
}

const open = (token: string, clock: Clock = fakeClock()) =>
  pullRequests({ token, repository: 'acme/shop', number: 7, apiUrl, clock })

const comment = (id: number, login: string, body = 'x') => ({
  id,
  body,
  html_url: `https://github.com/acme/shop/pull/7#issuecomment-${id}`,
  user: { login, type: login.endsWith('[bot]') ? 'Bot' : 'User' }
})

describe('comments are ours', () => {
  const authors = [comment(1, 'github-actions[bot]'), comment(2, 'shop-ci[bot]'), comment(3, 'octocat')]
  const oursWith = async (token: string, identity: Readonly<Record<string, Answer>>): Promise<readonly number[]> => {
    answer = ({ path }) => identity[path] ?? { status: 200, body: authors }
    return (await open(token).listComments()).filter(({ isOurs }) => isOurs).map(({ id }) => id)
  }
  const viewer = (login: string): Answer => ({ status: 200, body: { data: { viewer: { login } } } })
  const forbidden: Answer = { status: 403, body: { message: 'Resource not accessible by integration' } }

  test('if another app wrote them with its token', async () => {
    expect(await oursWith('ghs_x', { '/graphql': viewer('shop-ci[bot]') })).toEqual([2])
    expect(asked.map(({ path }) => path)).toEqual(['/repos/acme/shop/issues/7/comments', '/graphql'])
  })

  test('if GITHUB_TOKEN wrote them', async () => {
    expect(await oursWith('ghs_x', { '/graphql': viewer('github-actions[bot]') })).toEqual([1])
  })

  test.each([
    ['refuses', forbidden],
    ['has errors instead', { status: 200, body: { errors: [{ message: 'no' }] } }]
  ] as const)('if GITHUB_TOKEN wrote them, also where GraphQL %s', async (_, graphql) => {
    expect(await oursWith('ghs_x', { '/graphql': graphql })).toEqual([1])
  })

  test('if the person wrote them whose token it is', async () => {
    expect(await oursWith('ghp_x', { '/user': { status: 200, body: { login: 'octocat' } } })).toEqual([3])
  })

  test('of an installation, if its token does not look like one', async () => {
    expect(await oursWith('v1.x', { '/user': forbidden, '/graphql': viewer('shop-ci[bot]') })).toEqual([2])
  })

  test('by nobody, if the person could not be asked: then nothing is listed', async () => {
    const failing = oursWith('ghp_x', { '/user': { status: 500, body: { message: 'Server Error' } } })
    await expect(failing).rejects.toThrow('asking who this token is: GitHub answered 500 (Server Error)')
  })
})

describe('a comment whose answer got lost', () => {
  test('is not written twice', async () => {
    const stored: unknown[] = []
    answer = ({ method }) => {
      if (method === 'GET') return { status: 200, body: stored }
      stored.push(comment(9, 'github-actions[bot]', 'the report\r\n'))
      return 'hang up'
    }
    expect(await open('ghs_x').createComment('the report')).toMatchObject({ id: 9, isOurs: true })
    expect(stored).toHaveLength(1)
  })

  test('is written again if it is not there', async () => {
    const bodies = [comment(1, 'github-actions[bot]', 'an older one'), comment(2, 'eve', 'the report')]
    let posts = 0
    answer = ({ method }) => {
      if (method === 'GET') return { status: 200, body: bodies }
      posts++
      return posts === 1 ? 'hang up' : { status: 201, body: comment(9, 'github-actions[bot]', 'the report') }
    }
    expect(await open('ghs_x').createComment('the report')).toMatchObject({ id: 9 })
    expect(posts).toBe(2)
  })
})

test('where nothing answers, the fault says so and is no question of permission', async () => {
  answer = () => 'hang up'
  const clock = fakeClock()
  const fault: unknown = await open('ghs_x', clock)
    .listComments()
    .catch((thrown: unknown) => thrown)
  expect(fault).toBeInstanceOf(PullRequestFault)
  expect(fault).toMatchObject({
    message: expect.stringMatching(/^listing the comments: no answer \(/),
    isPermission: false
  })
  expect(clock.slept).toEqual([1000, 3000])
})
