import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { encodeReport } from '../../src/report/json.ts'
import { ofJob } from '../report/comment-states.ts'
import { COMPILE, SUCCESS } from '../report/fixtures.ts'
import { OWN_CAP } from '../report/memory-fixtures.ts'
import { actUnavailable, runWorkflow } from './act.ts'
import { GitHubApi } from './github-api.ts'
import { lane } from './lane.ts'
import { oneJob, pullRequest, runVariables } from './shop.ts'

const reports = {
  'go-build-guard-reports/report-linux/report.json': encodeReport(ofJob(SUCCESS, 'build', { os: 'linux' })),
  'go-build-guard-reports/report-arm/report.json': encodeReport(ofJob(COMPILE, 'build', { os: 'arm' })),
  'go-build-guard-reports/report-race/report.json': encodeReport(ofJob(OWN_CAP, 'build', { os: 'race' })),
  'go-build-guard-reports/report-race/other.json': '{"schemaVersion": 1}'
}
const step = JSON.stringify({ id: 'fold', uses: './report' })

lane('the report action', actUnavailable(), () => {
  let api: GitHubApi

  beforeEach(async () => {
    const pulls = [
      { number: 7, headSha: 'a'.repeat(40) },
      { number: 8, headSha: 'b'.repeat(40), fork: 'eve/hello' }
    ]
    api = await new GitHubApi({ pulls }).start()
  })

  afterEach(() => api.stop())

  test('folds the reports of a matrix into one summary and one comment', async () => {
    const run = await runWorkflow({
      files: reports,
      apiUrl: api.url,
      event: pullRequest('a'.repeat(40)),
      env: runVariables(11),
      workflow: oneJob([step], 'pull_request')
    })
    const fold = run.step('fold')
    expect(fold.result).toBe('success')
    expect(fold.log).toEqual([
      'guard: Go build: 1 of 3 jobs ran out of memory, 1 failed; build (race): out of memory at its 6.6 GiB cap',
      'guard: not read: report-race/other.json: the file is not a report: conclusion is missing or has another form'
    ])
    expect(fold.commands).toEqual([])
    expect(fold.outputs).toEqual({
      conclusion: 'failure',
      jobs: '3',
      failed: '2',
      'out-of-memory': 'true',
      'not-read': '1',
      'comment-url': 'https://github.com/octo-org/hello/pull/7#issuecomment-1001'
    })
    expect(fold.summary).toMatch(/^### ❌ Go build: 1 of 3 jobs ran out of memory, 1 failed; `build \(race\)`: /)
    const [comment, ...others] = api.comments.values()
    expect([comment?.issue, others]).toEqual([7, []])
    expect(comment?.body).toMatch(
      /^<!-- go-build-guard v1 ci\.yml \S+ -->\n\n### ❌ Go build: 1 of 3 jobs ran out of memory/
    )
    expect(api.violations).toEqual([])
  })

  test('finds the pull request of a fork after its run', async () => {
    const workflowRun = {
      id: 4711,
      run_number: 11,
      run_attempt: 1,
      path: '.github/workflows/ci.yml',
      event: 'pull_request',
      conclusion: 'failure',
      head_sha: 'b'.repeat(40),
      head_branch: 'topic',
      head_repository: { full_name: 'eve/hello' },
      pull_requests: []
    }
    const run = await runWorkflow({
      files: reports,
      apiUrl: api.url,
      event: { name: 'workflow_run', payload: { action: 'completed', workflow_run: workflowRun } },
      workflow: oneJob([step], 'workflow_run')
    })
    expect(run.step('fold').outputs['comment-url']).toBe('https://github.com/octo-org/hello/pull/8#issuecomment-1001')
    const [comment] = api.comments.values()
    expect(comment?.issue).toBe(8)
    expect(comment?.body).toContain('<code>eve/hello</code>, which its author could have written')
    expect(comment?.body).toContain('https://github.com/octo-org/hello/actions/runs/4711')
    expect(comment?.body).not.toContain('runs-on')
    expect(api.violations).toEqual([])
  })
})
