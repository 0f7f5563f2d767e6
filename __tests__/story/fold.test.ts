import { describe, expect, test } from '@jest/globals'
import { foldStep } from '../../src/commands/fold-step.ts'
import type { TriggeringRun } from '../../src/model/fold.ts'
import type { GitHubContext } from '../../src/model/github.ts'
import type { Report } from '../../src/model/report.ts'
import { type Head, type PullRequestComment, PullRequestFault, type Repository } from '../../src/ports/pull-requests.ts'
import type { Found, ReportFiles } from '../../src/ports/report-files.ts'
import type { Annotation, Runner } from '../../src/ports/runner.ts'
import { encodeReport } from '../../src/report/json.ts'
import type { FoldWorld } from '../../src/story/fold.ts'
import { manualClock } from '../fakes/manual-clock.ts'
import { ofJob } from '../report/comment-states.ts'
import { CANCELLED, COMPILE, SUCCESS } from '../report/fixtures.ts'
import { OWN_CAP } from '../report/memory-fixtures.ts'

const SHA = 'a'.repeat(40)

const GITHUB: GitHubContext = {
  repository: 'acme/shop',
  serverUrl: 'https://github.com',
  apiUrl: 'https://api.github.com',
  sha: SHA,
  runId: 2000,
  runNumber: 3,
  runAttempt: 1,
  workflowKey: 'ci.yml',
  jobUrl: 'https://github.com/acme/shop/actions/runs/2000/attempts/1',
  pullRequestNumber: 7,
  headSha: SHA,
  isFork: false
}

const TRIGGER: TriggeringRun = {
  runId: 1007,
  runNumber: 7,
  attempt: 1,
  workflowKey: 'ci.yml',
  event: 'pull_request',
  conclusion: 'failure',
  headSha: SHA,
  headBranch: 'topic',
  headRepository: 'eve/shop'
}
const AFTERWARDS: Partial<FoldWorld> = {
  github: { ...GITHUB, workflowKey: 'report.yml', pullRequestNumber: null },
  trigger: TRIGGER
}

/** Files as they would be found below the directory of the reports. */
function filesOf(texts: Readonly<Record<string, string>>): ReportFiles {
  const found: Found = { kind: 'directory', files: Object.keys(texts), others: [], isCut: false }
  return {
    find: () => found,
    read: (path) => ({ text: texts[path.replace('/work/go-build-guard-reports/', '')] ?? '' })
  }
}

const reportsOf = (reports: Readonly<Record<string, Report>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(reports).map(([name, report]) => [`${name}/report.json`, encodeReport(ofJob(report, name))])
  )

async function run(
  texts: Readonly<Record<string, string>>,
  world: Partial<FoldWorld> = {},
  inputs: Readonly<Record<string, string>> = {},
  open: readonly number[] = [7]
) {
  const lines: string[] = []
  const annotations: Annotation[] = []
  const outputs: Record<string, string> = {}
  const asked: Head[] = []
  const comments: PullRequestComment[] = []
  let summary = ''
  const runner: Runner = {
    line: (text) => lines.push(text),
    debug() {},
    annotate: (annotation) => annotations.push(annotation),
    appendSummary(markdown) {
      summary += markdown
      return null
    },
    summaryRoomBytes: () => 1_000_000,
    removeMatcher() {},
    addMatcher() {},
    setOutput(name, text) {
      outputs[name] = text
    },
    withoutCommands: (print) => print()
  }
  const repository: Repository = {
    pullRequest: (number) => ({
      listComments: async () => comments,
      async createComment(body) {
        const comment = { id: 1, body, url: `pull/${number}#1`, isOurs: true }
        comments.push(comment)
        return comment
      },
      updateComment: async () => null,
      async removeComment() {}
    }),
    async openWith(head) {
      asked.push(head)
      return open
    }
  }
  const whole: FoldWorld = {
    files: filesOf(texts),
    runner,
    clock: manualClock(),
    directory: '/work',
    seed: '0123456789ab',
    github: GITHUB,
    trigger: null,
    repository,
    ...world
  }
  const status = await foldStep(whole, (name) => inputs[name] ?? '')
  return { status, lines, annotations, outputs, asked, comments, summary }
}

describe('the reports of a matrix', () => {
  test('become one summary, one comment and the outputs', async () => {
    const seen = await run(reportsOf({ linux: SUCCESS, race: OWN_CAP, arm: COMPILE }))
    expect(seen.status).toBe(0)
    expect(seen.lines).toEqual([
      'guard: Go build: 1 of 3 jobs ran out of memory, 1 failed; race: out of memory at its 6.6 GiB cap'
    ])
    expect(seen.outputs).toEqual({
      conclusion: 'failure',
      jobs: '3',
      failed: '2',
      'out-of-memory': 'true',
      'not-read': '0',
      'comment-url': 'pull/7#1'
    })
    expect(seen.summary).toMatch(/^### ❌ Go build: 1 of 3 jobs ran out of memory, 1 failed; `race`: /)
    expect(seen.comments.map(({ body }) => body.split(' ', 5)[3])).toEqual(['ci.yml'])
    expect([seen.annotations, seen.asked]).toEqual([[], []])
  })

  test('that all passed are one line, and no comment', async () => {
    const seen = await run(reportsOf({ linux: SUCCESS, arm: SUCCESS }))
    expect(seen.summary.trim().split('\n')).toHaveLength(1)
    expect(seen.outputs).toMatchObject({ conclusion: 'success', 'comment-url': '' })
    expect(seen.comments).toEqual([])
  })

  test('beside files that are none are folded, and each of those has a line', async () => {
    const seen = await run({ ...reportsOf({ linux: COMPILE }), 'x\n::error::y.json': '{', 'z.json': '[]' })
    expect(seen.outputs).toMatchObject({ jobs: '1', 'not-read': '2' })
    expect(seen.lines.slice(1)).toEqual([
      'guard: not read: x ::error::y.json: the file is not JSON',
      'guard: not read: z.json: the file is not a report: its beginning is missing or has another form'
    ])
    expect(seen.summary).toContain('2 files were not read:')
  })

  test('that are not there say so, and fail nothing', async () => {
    const seen = await run({})
    expect([seen.status, seen.outputs['conclusion'], seen.comments]).toEqual([0, '', []])
    expect(seen.summary).toContain('No report was found.')
  })

  test('without the one of a job that failed do not say that all is well', async () => {
    const needs = JSON.stringify({ build: { result: 'failure', outputs: {} } })
    const seen = await run(reportsOf({ linux: SUCCESS }), {}, { needs, comment: 'always' })
    expect(seen.outputs['conclusion']).toBe('failure')
    expect(seen.comments).toEqual([])
  })

  test.each([
    ['cancelled by somebody', { needs: JSON.stringify({ build: { result: 'cancelled' } }) }, COMPILE, 0],
    [
      'cancelled by the first of them that failed',
      { needs: JSON.stringify({ build: { result: 'failure' } }) },
      COMPILE,
      1
    ],
    ['with nothing but cancelled jobs', {}, CANCELLED, 0]
  ])('%s: %j', async (_, inputs, report, count) => {
    const seen = await run(reportsOf({ a: report, b: CANCELLED }), {}, inputs)
    expect(seen.comments).toHaveLength(count)
  })

  test('with wrong inputs are not read, and every wrong one is named', async () => {
    const seen = await run({}, {}, { comment: 'sometimes', needs: '[]', summary: 'maybe' })
    expect(seen.status).toBe(1)
    expect(seen.annotations[0]?.message.split('\n').map((line) => line.split(':')[0])).toEqual([
      'needs',
      'summary',
      'comment'
    ])
  })
})

describe('after a run of a fork', () => {
  const broken = reportsOf({ linux: COMPILE })

  test('the pull request is found by the commit, and the comment is that of the other workflow', async () => {
    const seen = await run(broken, AFTERWARDS)
    expect(seen.asked).toEqual([{ repository: 'eve/shop', branch: 'topic', sha: SHA }])
    expect(seen.outputs['comment-url']).toBe('pull/7#1')
    const [comment] = seen.comments
    expect(comment?.body).toMatch(/^<!-- go-build-guard v1 ci\.yml /)
    expect(comment?.body).toContain('https://github.com/acme/shop/actions/runs/1007')
    expect(comment?.body).toContain('<code>eve/shop</code>, which its author could have written')
    expect(seen.summary).toContain('https://github.com/acme/shop/actions/runs/1007')
  })

  test.each([
    ['has moved on or is closed', {}, [], 'guard: no comment: no open pull request has the head aaaaaaa'],
    ['is not the only one', {}, [7, 8], 'guard: no comment: 2 open pull requests have the head aaaaaaa']
  ])('whose pull request %s, one line says that there is no comment', async (_, change, open, line) => {
    const seen = await run(broken, { ...AFTERWARDS, trigger: { ...TRIGGER, ...change } }, {}, open)
    expect(seen.lines.at(-1)).toBe(line)
    expect(seen.comments).toEqual([])
  })

  test.each([
    ['was of a push', { event: 'push' }],
    ['was cancelled', { conclusion: 'cancelled' }],
    ['was of a fork that is gone', { headRepository: null }]
  ])('that %s, nobody is asked', async (_, change) => {
    const seen = await run(broken, { ...AFTERWARDS, trigger: { ...TRIGGER, ...change } })
    expect([seen.asked, seen.comments]).toEqual([[], []])
    expect(seen.summary).toContain('Go build failed: 3 compile errors')
  })

  test('that failed although all reports say that they passed, the comment does not say that all is well', async () => {
    const seen = await run(reportsOf({ linux: SUCCESS }), AFTERWARDS, { comment: 'always' })
    expect(seen.comments).toEqual([])
  })

  test('in our own repository the reports are trusted with advice', async () => {
    const seen = await run(reportsOf({ linux: OWN_CAP }), {
      ...AFTERWARDS,
      trigger: { ...TRIGGER, headRepository: 'Acme/Shop' }
    })
    expect(seen.comments[0]?.body).toContain('runs-on: LABEL')
    expect(seen.comments[0]?.body).not.toContain('which its author could have written')
  })
})

test('a fault of the API costs one line, and the summary stands', async () => {
  const repository: Repository = {
    pullRequest: () => {
      throw new PullRequestFault('listing the comments: GitHub answered 500 (Server Error)', false)
    },
    openWith: async () => []
  }
  const seen = await run(reportsOf({ linux: COMPILE }), { repository })
  expect([seen.status, seen.lines.at(-1)]).toEqual([
    0,
    'guard: comment: listing the comments: GitHub answered 500 (Server Error)'
  ])
  expect(seen.summary).toContain('3 compile errors')
})

test('outside GitHub there is the line, and nothing else', async () => {
  const seen = await run(reportsOf({ linux: COMPILE }), { github: null, repository: null })
  expect([seen.lines.length, seen.summary, seen.comments]).toEqual([1, '', []])
})
