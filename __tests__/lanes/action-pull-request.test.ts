import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { demoModule } from '../../src/commands/demo-module.ts'
import { locate } from '../../testbed/locate.ts'
import { type ActRun, actUnavailable, runWorkflow } from './act.ts'
import { actionsBot, type Comment, type Fault, GitHubApi } from './github-api.ts'
import { lane } from './lane.ts'
import { brokenShop, goodShop, guarded, guardLines, oneJob, pullRequest, runVariables } from './shop.ts'

const MARKER = /^<!-- go-build-guard v1 ci\.yml [A-Za-z0-9+/]+=* -->\n\n### /
const unavailable = actUnavailable() ?? (locate('go') === null ? 'there is no go' : null)

lane('the action on a pull request', unavailable, () => {
  let api: GitHubApi

  beforeEach(async () => {
    const fork = { ...actionsBot, mayWrite: false }
    api = await new GitHubApi({ tokens: { ghs_fake: actionsBot, ghs_fork: fork } }).start()
  })

  afterEach(() => api.stop())

  interface Push {
    readonly files: Readonly<Record<string, string>>
    readonly steps: readonly string[]
    readonly runNumber: number
    readonly sha: string
    readonly token?: string
    readonly number?: number
  }

  const push = ({ files, steps, runNumber, sha, token = 'ghs_fake', number = 7 }: Push): Promise<ActRun> =>
    runWorkflow({
      files,
      token,
      apiUrl: api.url,
      event: pullRequest(sha.repeat(40), number),
      env: runVariables(runNumber),
      workflow: oneJob(steps, 'pull_request')
    })

  const onlyComment = (): Comment => {
    const [comment, ...others] = api.comments.values()
    if (comment === undefined || others.length > 0) throw new Error(`${others.length + (comment ? 1 : 0)} comments`)
    return comment
  }

  const writes = (): string[] =>
    api.requests.filter(({ method }) => method !== 'GET').map(({ method, status }) => `${method} ${status}`)

  test('one comment follows the pull request from failing to passing', async () => {
    const steps = [guarded('build')]

    const first = await push({ files: brokenShop, steps, runNumber: 11, sha: 'a' })
    expect(writes()).toEqual(['POST 201'])
    const { id } = onlyComment()
    const failing = onlyComment().body
    expect(first.step('build').outputs['comment-url']).toBe(
      `https://github.com/octo-org/hello/pull/7#issuecomment-${id}`
    )
    expect(failing).toMatch(MARKER)
    expect(failing).toContain('### ❌ Go build failed: 2 compile errors\n')
    expect(failing).toContain(
      `[\`tax/tax.go:3:14\`](https://github.com/octo-org/hello/blob/${'a'.repeat(40)}/tax/tax.go#L3)`
    )
    expect(failing).toContain('<code>aaaaaaa</code>')
    expect(failing).not.toContain('undefined')

    await push({
      files: { ...brokenShop, 'tax/tax.go': 'package tax\n\nconst Rate = base\n' },
      steps,
      runNumber: 12,
      sha: 'b'
    })
    expect(writes()).toEqual(['POST 201', 'PATCH 200'])
    expect(onlyComment().body).toContain('### ❌ Go build failed: 1 compile error\n')
    expect(onlyComment().body).toMatch(
      /Now: ❌ failed .*<code>bbbbbbb<\/code> · before: ❌ failed .*<code>aaaaaaa<\/code>/
    )

    await push({ files: goodShop, steps, runNumber: 13, sha: 'c' })
    expect(writes()).toEqual(['POST 201', 'PATCH 200', 'PATCH 200'])
    expect(onlyComment().body).toMatch(MARKER)
    expect(onlyComment().body).toContain('### ✅ Go build passes again')
    const passing = onlyComment().body

    const again = await push({ files: goodShop, steps, runNumber: 14, sha: 'd' })
    const older = await push({ files: brokenShop, steps, runNumber: 12, sha: 'b' })
    expect([again.code, older.code]).toEqual([0, 1])
    expect(onlyComment()).toMatchObject({ id, body: passing })
    expect(writes()).toHaveLength(3)
    expect(api.violations).toEqual([])
  })

  test('a comment of somebody else that looks like ours is left alone', async () => {
    const octocat = { login: 'octocat', type: 'User', mayWrite: true } as const
    const forged = '<!-- go-build-guard v1 ci.yml eyJ2IjoxfQ== -->\n\n### mine'
    const theirs = api.addComment(7, forged, octocat)
    await push({ files: brokenShop, steps: [guarded('build')], runNumber: 11, sha: 'a' })
    expect(writes()).toEqual(['POST 201'])
    expect([...api.comments.values()].map(({ author }) => author.login)).toEqual(['octocat', 'github-actions[bot]'])
    expect(theirs.body).toBe(forged)
    expect(api.violations).toEqual([])
  })

  test('a clean build asks nobody to read anything', async () => {
    const run = await push({ files: goodShop, steps: [guarded('build')], runNumber: 11, sha: 'a' })
    expect(run.step('build')).toMatchObject({ result: 'success', commands: [] })
    expect(guardLines(run.step('build').log)).toHaveLength(3)
    expect(api.comments.size).toBe(0)
    expect(writes()).toEqual([])
    expect(api.violations).toEqual([])
  })

  test('a build that is killed for memory has the full summary and comment, without its output', async () => {
    const inputs = { command: 'go build -o /dev/null .', 'memory-limit': '120M', 'max-attempts': 1 }
    const run = await push({ files: demoModule().files, steps: [guarded('build', inputs)], runNumber: 11, sha: 'a' })
    const step = run.step('build')
    expect(step).toMatchObject({ result: 'failure', exitCode: 1 })
    expect(step.outputs).toMatchObject({
      conclusion: 'failure',
      cause: expect.stringMatching(/^oom\.(cgroup|watch)$/),
      'out-of-memory': 'true'
    })
    expect(step.commands).toMatchObject([
      { name: 'error', properties: { title: expect.stringContaining('out of memory') } }
    ])
    const { body } = onlyComment()
    for (const text of [step.summary, body]) {
      expect(text).toMatch(/### ❌ Go build failed: out of memory[^\n]* 120 MiB/)
      expect(text).toContain('`example.com/demo`')
      for (const part of ['**Fix:**', '| Hypothesis | Measured | Verdict |', '```text\nmemory, full height']) {
        expect(text).toContain(part)
      }
    }
    expect(step.summary).toContain('Build output')
    expect(step.summary).toContain('/compile: signal: killed')
    expect(body).not.toContain('/compile: signal: killed')
    expect(body).not.toContain('<details>')
    expect(api.violations).toEqual([])
  })

  interface Trouble {
    readonly faults?: readonly Fault[]
    readonly token?: string
    readonly number?: number
    /** Comments in the end; red and green are of one job, so they share one. */
    readonly comments?: number
  }

  test.each<[string, Trouble]>([
    ['the token of a fork', { token: 'ghs_fork' }],
    ['a wrong token', { token: 'ghs_unknown' }],
    ['a pull request that is not there', { number: 99 }],
    ['429 with retry-after', { faults: [{ status: 429, headers: { 'retry-after': '1' }, times: 1 }], comments: 1 }],
    ['429 for hours', { faults: [{ status: 429, headers: { 'retry-after': '3600' } }] }],
    ['500 on every request', { faults: [{ status: 500 }] }],
    ['500 on writing', { faults: [{ status: 500, match: ({ method }) => method !== 'GET' }] }],
    ['connections that are cut', { faults: [{ hangUp: true }] }],
    ['slow answers', { faults: [{ delayMs: 2000, times: 2 }], comments: 1 }],
    ['an answer that comes too late', { faults: [{ delayMs: 12_000, times: 1 }], comments: 1 }]
  ])('%s: the result stays, and one line of log is all', async (_, { faults = [], comments = 0, ...rest }) => {
    api.faults.push(...faults)
    const step = (id: string, inputs: Readonly<Record<string, string>>) =>
      guarded(id, { ...inputs, comment: 'always' }, { 'continue-on-error': true })
    const steps = [step('red', { 'working-directory': 'api' }), step('green', {})]
    const files = { ...goodShop, 'api/api.go': brokenShop['api/api.go'] }
    const run = await push({ files, steps, runNumber: 11, sha: 'a', ...rest })

    const [red, green] = [run.step('red'), run.step('green')]
    expect([red.result, red.outputs['conclusion'], red.outputs['exit-code']]).toEqual(['failure', 'failure', '1'])
    expect([green.result, green.outputs['conclusion'], green.outputs['exit-code']]).toEqual(['success', 'success', '0'])
    expect(red.commands.map(({ name, properties }) => [name, properties['file']])).toEqual([
      ['error', 'api/api.go'],
      ['error', undefined]
    ])
    expect(green.commands).toEqual([])
    expect(red.summary).toMatch(/^### ❌/)
    expect(green.summary).toMatch(/^✅/)
    for (const { log } of [red, green]) {
      const more = guardLines(log).slice(3)
      expect(more.filter((line) => !/^guard: \d:\d\d (no )?comment: /.test(line))).toEqual([])
      expect(more.length).toBeLessThanOrEqual(1)
    }
    expect(api.comments.size).toBe(comments)
    expect(api.violations).toEqual([])
  })
})
