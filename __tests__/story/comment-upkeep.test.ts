import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Report } from '../../src/model/report.ts'
import { type PullRequestComment, PullRequestFault, type PullRequests } from '../../src/ports/pull-requests.ts'
import { markerLine, readMarker } from '../../src/report/comment-marker.ts'
import type { CommentState, RunPosition } from '../../src/report/comment-state.ts'
import { keepComment, type Upkeep } from '../../src/story/comment-upkeep.ts'
import { type VirtualTime, virtualTime } from '../fakes/virtual-time.ts'
import { ofJob, stateAfter, told } from '../report/comment-states.ts'
import { COMPILE, SUCCESS } from '../report/fixtures.ts'
import { OWN_CAP, RECOVERED } from '../report/memory-fixtures.ts'

const RUN: RunPosition = { runId: 1007, runNumber: 7, attempt: 1, sha: '9c1e07b1aa' }

/** A pull request on which every call takes its time: what is read is true in the middle of it, and not for longer. */
function pullRequest(time: VirtualTime, latencyMs: () => number) {
  const comments: PullRequestComment[] = []
  let nextId = 1
  const call = async <T>(act: () => T): Promise<T> => {
    await time.sleep(latencyMs())
    const answer = act()
    await time.sleep(latencyMs())
    return answer
  }
  const port: PullRequests = {
    listComments: () => call(() => [...comments]),
    createComment: (body) =>
      call(() => {
        const comment = { id: nextId++, body, url: `#${nextId}`, isOurs: true }
        comments.push(comment)
        return comment
      }),
    updateComment: (id, body) =>
      call(() => {
        const at = comments.findIndex((comment) => comment.id === id)
        const old = comments[at]
        if (old === undefined) return null
        comments[at] = { ...old, body }
        return comments[at] ?? null
      }),
    removeComment: (id) =>
      call(() => {
        const at = comments.findIndex((comment) => comment.id === id)
        if (at !== -1) comments.splice(at, 1)
      })
  }
  return { comments, port }
}

function upkeep(time: VirtualTime, pullRequests: PullRequests, report: Report, more: Partial<Upkeep> = {}): Upkeep {
  return {
    pullRequests,
    clock: time,
    key: 'ci.yml',
    mode: 'on-failure',
    run: RUN,
    told: [told(report)],
    isWhole: false,
    isSomeMissing: false,
    link: null,
    fork: null,
    seed: '0123456789ab',
    debug() {},
    ...more
  }
}

function stateOf(body: string): CommentState {
  const marker = readMarker(body, 'ci.yml')
  if (marker.kind !== 'state') throw new Error(`no state in ${body.slice(0, 80)}`)
  return marker.state
}

const seedOf = (number: number): string => number.toString(16).padStart(12, '0')

/** Jobs of one run that end within a short time; returns what is there in the end. */
async function race(
  reports: readonly Report[],
  chance: { latencies: readonly number[]; seeds: readonly number[]; startsMs: readonly number[] }
) {
  const time = virtualTime()
  let calls = 0
  const { comments, port } = pullRequest(time, () => chance.latencies[calls++ % chance.latencies.length] ?? 50)
  const jobs = reports.map(async (report, i) => {
    await time.sleep(chance.startsMs[i] ?? 0)
    return keepComment(upkeep(time, port, report, { seed: seedOf(chance.seeds[i] ?? i) }))
  })
  const urls = await time.run(Promise.all(jobs))
  return { comments, urls }
}

const chance = (jobs: number) =>
  fc.record({
    latencies: fc.array(fc.integer({ min: 20, max: 150 }), { minLength: 50, maxLength: 50 }),
    seeds: fc.array(fc.integer({ min: 0, max: 2 ** 48 - 1 }), { minLength: jobs, maxLength: jobs }),
    startsMs: fc.array(fc.integer({ min: 0, max: 400 }), { minLength: jobs, maxLength: jobs })
  })

describe('jobs that end at the same time', () => {
  const reports = [OWN_CAP, COMPILE].map((report, i) => ofJob(report, `job ${i}`))

  test('share one comment, which is about the worst of them', async () => {
    await fc.assert(
      fc.asyncProperty(chance(2), async (of) => {
        const { comments, urls } = await race(reports, of)
        expect(comments).toHaveLength(1)
        const [{ body, url }] = comments as [PullRequestComment]
        const state = stateOf(body)
        expect(Object.keys(state.jobs).toSorted()).toEqual(['job 0', 'job 1'])
        expect(state).toMatchObject({ about: 'job 0', state: 'memory', before: [] })
        expect(body).toContain('**`job 0`**: The kernel killed')
        expect(urls).toContain(url)
      }),
      { numRuns: 40, seed: 7 }
    )
  })

  test('and find a comment of an earlier run put it into the past once', async () => {
    await fc.assert(
      fc.asyncProperty(chance(2), async (of) => {
        const time = virtualTime()
        const { comments, port } = pullRequest(time, () => of.latencies[0] ?? 50)
        const earlier = stateAfter(null, ofJob(RECOVERED, 'job 0'), { ...RUN, runId: 1006, runNumber: 6 })
        comments.push({ id: 0, body: `${markerLine('ci.yml', earlier)}\n\n### before`, url: '#0', isOurs: true })
        const jobs = reports.map((report, i) =>
          keepComment(upkeep(time, port, report, { seed: seedOf(of.seeds[i] ?? i) }))
        )
        expect(await time.run(Promise.all(jobs))).toEqual(['#0', '#0'])
        const state = stateOf(comments[0]?.body ?? '')
        expect(Object.keys(state.jobs).toSorted()).toEqual(['job 0', 'job 1'])
        expect(state.before.map((one) => one.state)).toEqual(['recovered'])
      }),
      { numRuns: 20, seed: 7 }
    )
  })
})

describe('one job', () => {
  const alone = async (more: Partial<Upkeep>, before: readonly PullRequestComment[], report: Report = OWN_CAP) => {
    const time = virtualTime()
    const { comments, port } = pullRequest(time, () => 10)
    comments.push(...before)
    const url = await time.run(keepComment(upkeep(time, port, report, more)))
    return { comments, url }
  }
  const own = (id: number, body: string): PullRequestComment => ({ id, body, url: `#${id}`, isOurs: true })
  const standing = (report: Report, run: Partial<RunPosition> = {}): string =>
    `${markerLine('ci.yml', stateAfter(null, report, { ...RUN, runNumber: 6, ...run }))}\n\n### before`

  test('edits a comment of ours with a damaged state', async () => {
    const { comments } = await alone({}, [own(3, '<!-- go-build-guard v1 ci.yml !!! -->\n\n### what')])
    expect(comments.map(({ id }) => id)).toEqual([3])
    expect(stateOf(comments[0]?.body ?? '').jobs).toHaveProperty('build')
  })

  test('takes in and removes a second comment that a lost job left', async () => {
    const { comments, url } = await alone({}, [
      own(3, standing(ofJob(COMPILE, 'a'))),
      own(4, standing(ofJob(COMPILE, 'b')))
    ])
    expect([comments.map(({ id }) => id), url]).toEqual([[3], '#3'])
    expect(Object.keys(stateOf(comments[0]?.body ?? '').jobs).toSorted()).toEqual(['a', 'b', 'build'])
  })

  test('never touches what somebody else wrote, nor a comment of another workflow', async () => {
    const forged = { id: 3, body: standing(COMPILE), url: '#3', isOurs: false }
    const other = own(4, standing(COMPILE).replace('ci.yml', 'release.yml'))
    const { comments } = await alone({}, [forged, other])
    expect(comments.slice(0, 2)).toEqual([forged, other])
    expect(comments).toHaveLength(3)
  })

  test('that is older than the comment writes nothing', async () => {
    const body = standing(OWN_CAP, { runNumber: 8 })
    expect(await alone({}, [own(3, body)])).toEqual({ comments: [own(3, body)], url: null })
  })

  test('writes a comment anew that vanished while it was writing', async () => {
    const time = virtualTime()
    const { comments, port } = pullRequest(time, () => 10)
    comments.push(own(3, standing(COMPILE)))
    const updateComment: PullRequests['updateComment'] = (id, body) => {
      comments.splice(0, comments.length)
      return port.updateComment(id, body)
    }
    const url = await time.run(keepComment(upkeep(time, { ...port, updateComment }, OWN_CAP)))
    expect(comments).toHaveLength(1)
    expect(url).toBe(comments[0]?.url)
  })

  test('has written its comment even if it cannot look at it again', async () => {
    const time = virtualTime()
    const { comments, port } = pullRequest(time, () => 10)
    let lists = 0
    const listComments: PullRequests['listComments'] = () =>
      lists++ === 0 ? port.listComments() : Promise.reject(new PullRequestFault('listing: 500', false))
    expect(await time.run(keepComment(upkeep(time, { ...port, listComments }, OWN_CAP)))).toBe('#2')
    expect(comments).toHaveLength(1)
  })

  test('a second step that passed leaves the first one’s failure alone', async () => {
    const body = standing(OWN_CAP, RUN)
    expect(await alone({ mode: 'always' }, [own(3, body)], SUCCESS)).toEqual({ comments: [own(3, body)], url: null })
  })

  test('of a fold drops jobs that are no longer there', async () => {
    const { comments } = await alone({ isWhole: true }, [own(3, standing(ofJob(OWN_CAP, 'renamed')))], SUCCESS)
    expect(comments[0]?.body).toContain('### ✅ Go build passes again')
    expect(Object.keys(stateOf(comments[0]?.body ?? '').jobs)).toEqual(['build'])
  })
})
