import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { pullRequests } from '../../src/adapters/pull-requests.ts'
import { githubRepository } from '../../src/adapters/repository.ts'
import type { Report } from '../../src/model/report.ts'
import type { Clock } from '../../src/ports/clock.ts'
import { PullRequestFault } from '../../src/ports/pull-requests.ts'
import { readMarker } from '../../src/report/comment-marker.ts'
import { whyNoComment } from '../../src/story/comment.ts'
import { keepComment } from '../../src/story/comment-upkeep.ts'
import { ofJob, told } from '../report/comment-states.ts'
import { CANCELLED, COMPILE, LINK, SUCCESS } from '../report/fixtures.ts'
import { OWN_CAP, RECOVERED } from '../report/memory-fixtures.ts'
import { actionsBot, type Comment, GitHubApi } from './github-api.ts'

// The comment of one pull request against GitHub's API as GitHub describes it.

const octocat = { login: 'octocat', type: 'User', mayWrite: true } as const

let api: GitHubApi
let slept: number[]

beforeEach(async () => {
  slept = []
  const tokens = { ghs_fake: actionsBot, ghs_fork: { ...actionsBot, mayWrite: false } }
  api = await new GitHubApi({ tokens }).start()
})

afterEach(async () => {
  await api.stop()
  expect(api.violations).toEqual([])
})

/** Time passes only while somebody sleeps; jobs at the same time take turns. */
const clock: Clock = {
  nowMs: () => slept.reduce((sum, ms) => sum + ms, 0),
  wallTime: () => '2026-01-01T00:00:00.000Z',
  sleep: (ms) => {
    slept.push(ms)
    return new Promise((wake) => setTimeout(wake, ms / 50))
  },
  after: () => () => {}
}

interface Telling {
  readonly runNumber?: number
  readonly attempt?: number
  readonly token?: string
  readonly seed?: string
}

/** One run of the workflow ends with this report. */
const ends = (
  report: Report,
  { runNumber = 1, attempt = 1, token = 'ghs_fake', seed = '0000beefcafe' }: Telling = {}
) =>
  keepComment({
    pullRequests: pullRequests({ token, repository: api.repository, number: 7, apiUrl: api.url, clock }),
    clock,
    key: 'ci.yml',
    mode: 'on-failure',
    run: { runId: 1000 + runNumber, runNumber, attempt, sha: `${runNumber}`.repeat(7).slice(0, 7) },
    told: [told(report)],
    isWhole: false,
    isSomeMissing: false,
    link: LINK,
    fork: null,
    seed,
    debug() {}
  })

const writes = (): string[] =>
  api.requests.filter(({ method }) => method !== 'GET').map(({ method, status }) => `${method} ${status}`)

const onlyComment = (): Comment => {
  const [comment, ...others] = api.comments.values()
  if (comment === undefined || others.length > 0) throw new Error(`${api.comments.size} comments`)
  return comment
}

const heading = (): string | undefined => /^### (.*)$/m.exec(onlyComment().body)?.[1]

test('the life of a pull request: one comment, from the first failure to the end of the last', async () => {
  // A push that builds needs no comment.
  await ends(SUCCESS, { runNumber: 1 })
  expect(writes()).toEqual([])

  // The next one runs out of memory.
  await ends(OWN_CAP, { runNumber: 2 })
  expect(writes()).toEqual(['POST 201'])
  expect(heading()).toBe('❌ Go build failed: out of memory at its 6.6 GiB cap')
  const { id } = onlyComment()

  // With other settings it recovers, and the same comment says so.
  await ends(RECOVERED, { runNumber: 3 })
  expect(heading()).toMatch(/^⚠️ Go build recovered: /)
  expect(onlyComment().body).toMatch(/before: ❌ out of memory, 6\.6 GiB, <code>2222222<\/code>/)

  // Somebody cancels a run: not a word.
  const words = onlyComment().body
  await ends(CANCELLED, { runNumber: 4 })
  expect(onlyComment().body).toBe(words)

  // A typo; memory is no longer the problem.
  await ends(COMPILE, { runNumber: 5 })
  expect(heading()).toBe('❌ Go build failed: 3 compile errors; memory is no longer the problem')

  // It builds again, and a re-run of it changes nothing more.
  await ends(SUCCESS, { runNumber: 6 })
  expect(heading()).toBe('✅ Go build passes again: peak 4.1 of 6.6 GiB (62 %)')
  const passing = onlyComment().body
  await ends(SUCCESS, { runNumber: 6, attempt: 2 })

  // A run that was started before, and ends late, changes nothing either.
  await ends(OWN_CAP, { runNumber: 5 })
  expect(onlyComment()).toMatchObject({ id, body: passing })
  expect(passing).toContain('before: ❌ failed (`compile.error`), <code>5555555</code>')

  // Somebody deletes it. As long as nothing fails, nobody misses it.
  api.comments.delete(id)
  await ends(SUCCESS, { runNumber: 7 })
  expect(api.comments.size).toBe(0)
  await ends(COMPILE, { runNumber: 8 })
  expect(heading()).toBe('❌ Go build failed: 3 compile errors')
  expect(onlyComment().body).not.toContain('before:')

  // In its whole life it was never deleted and posted anew by us: edits send no mail.
  expect(writes()).toEqual(['POST 201', 'PATCH 200', 'PATCH 200', 'PATCH 200', 'POST 201'])
})

describe('trouble', () => {
  const faultOf = async (work: Promise<unknown>): Promise<string> => {
    const fault: unknown = await work.catch((thrown: unknown) => thrown)
    expect(fault).toBeInstanceOf(PullRequestFault)
    return whyNoComment(fault)
  }

  test('a fork: the token may read, and one line says that there is no comment', async () => {
    expect(await faultOf(ends(OWN_CAP, { token: 'ghs_fork' }))).toBe(
      'no comment: the token may not write one here (writing the comment: GitHub answered 403 (Resource not accessible by integration)); the summary says the same'
    )
    expect(writes()).toEqual(['POST 403'])
  })

  test.each([
    ['a rate limit with its own patience', { status: 429, headers: { 'retry-after': '4' } }, 4000],
    ['a rate limit without', { status: 403, message: 'You have exceeded a secondary rate limit' }, 1000],
    ['a server that stumbles', { status: 502 }, 1000]
  ])('%s is waited for', async (_, fault, pauseMs) => {
    api.faults.push({ ...fault, times: 1 })
    await ends(OWN_CAP)
    expect(slept[0]).toBe(pauseMs)
    expect(heading()).toBe('❌ Go build failed: out of memory at its 6.6 GiB cap')
  })

  test('a server that stays down is given up, without a comment', async () => {
    api.faults.push({ status: 500 })
    expect(await faultOf(ends(OWN_CAP))).toBe('comment: listing the comments: GitHub answered 500 (Server Error)')
    expect(api.comments.size).toBe(0)
  })

  test('a forged marker of another author is neither believed nor edited', async () => {
    await ends(OWN_CAP, { runNumber: 1 })
    const forged = onlyComment().body.replace('out of memory', 'all is well')
    api.comments.clear()
    const theirs = api.addComment(7, forged, octocat)
    await ends(SUCCESS, { runNumber: 2 })
    expect(api.comments.size).toBe(1)
    await ends(COMPILE, { runNumber: 3 })
    expect([...api.comments.values()].map(({ author }) => author.login)).toEqual(['octocat', 'github-actions[bot]'])
    expect(theirs.body).toBe(forged)
  })
})

test('jobs that race keep each other’s entries, in one comment about the worst', async () => {
  const jobs = [ofJob(COMPILE, 'linux'), ofJob(OWN_CAP, 'race'), ofJob(RECOVERED, 'arm')]
  const seeds = ['010002000300', '040001000700', '070007000200']
  await Promise.all(jobs.map((report, i) => ends(report, { seed: seeds[i] ?? '' })))
  const { body } = onlyComment()
  const marker = readMarker(body, 'ci.yml')
  expect(marker.kind === 'state' ? Object.keys(marker.state.jobs).toSorted() : marker).toEqual(['arm', 'linux', 'race'])
  expect(heading()).toMatch(/^❌ Go build: 1 of 3 jobs ran out of memory, 1 failed, 1 recovered; `race`: out of memory/)
  expect(body).toContain('**`race`**: The kernel killed')
})

describe('the pull request of a run', () => {
  const sha = 'a'.repeat(40)
  const find = (pulls: ConstructorParameters<typeof GitHubApi>[0]) => {
    api.pulls.clear()
    for (const pull of pulls?.pulls ?? []) api.pulls.set(pull.number, pull)
    return githubRepository({ token: 'ghs_fake', repository: api.repository, apiUrl: api.url, clock }).openWith({
      repository: 'eve/hello',
      branch: 'topic',
      sha
    })
  }

  test.each([
    ['is the open one with that head', [{ number: 7, fork: 'eve/hello', headSha: sha }], [7]],
    ['is not one that has moved on', [{ number: 7, fork: 'eve/hello', headSha: 'b'.repeat(40) }], []],
    ['is not one of another repository of the same owner', [{ number: 7, fork: 'eve/other', headSha: sha }], []],
    ['is not one from our own branch of that name', [{ number: 7, headSha: sha }], []],
    ['is not one from another branch', [{ number: 7, fork: 'eve/hello', branch: 'x', headSha: sha }], []],
    ['is not one that is closed', [{ number: 7, fork: 'eve/hello', headSha: sha, isClosed: true }], []],
    [
      'may be two, into two branches',
      [
        { number: 7, fork: 'eve/hello', headSha: sha },
        { number: 8, fork: 'eve/hello', headSha: sha }
      ],
      [7, 8]
    ]
  ])('%s', async (_, pulls, numbers) => {
    expect(await find({ pulls })).toEqual(numbers)
  })
})
