import { describe, expect, test } from '@jest/globals'
import { readGitHubContext } from '../../src/adapters/github-context.ts'
import { ABSENT, type Reading, value } from '../../src/model/reading.ts'

const RUNNER = {
  GITHUB_ACTIONS: 'true',
  GITHUB_REPOSITORY: 'acme/shop',
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_API_URL: 'https://api.github.com',
  GITHUB_SHA: 'merge',
  GITHUB_RUN_ID: '17000000001',
  GITHUB_RUN_NUMBER: '12',
  GITHUB_RUN_ATTEMPT: '2',
  GITHUB_WORKFLOW: 'Build & test',
  GITHUB_WORKFLOW_REF: 'acme/shop/.github/workflows/ci.yml@refs/pull/7/merge',
  GITHUB_EVENT_PATH: '/event.json'
}

const context = (environment: Readonly<Record<string, string | undefined>>, event: unknown = {}) =>
  readGitHubContext(environment, (path): Reading<string> => {
    if (path !== '/event.json') return ABSENT
    return value(typeof event === 'string' ? event : JSON.stringify(event))
  })

const repository = (name: string) => ({ repo: { full_name: name } })

test('a push is placed without a pull request', () => {
  expect(context(RUNNER, { commits: [] })).toEqual({
    repository: 'acme/shop',
    serverUrl: 'https://github.com',
    apiUrl: 'https://api.github.com',
    sha: 'merge',
    runId: 17000000001,
    runNumber: 12,
    runAttempt: 2,
    workflowKey: 'ci.yml',
    jobUrl: 'https://github.com/acme/shop/actions/runs/17000000001/attempts/2',
    pullRequestNumber: null,
    headSha: 'merge',
    isFork: false
  })
})

describe('a pull request', () => {
  const event = (head: unknown) => ({ pull_request: { number: 7, head, base: repository('acme/shop') } })

  test('of the same repository', () => {
    expect(context(RUNNER, event({ sha: 'tip', ...repository('acme/shop') }))).toMatchObject({
      sha: 'merge',
      pullRequestNumber: 7,
      headSha: 'tip',
      isFork: false
    })
  })

  test('is one also as a draft', () => {
    const { pull_request } = event({ sha: 'tip', ...repository('acme/shop') })
    expect(context(RUNNER, { pull_request: { ...pull_request, draft: true } })).toMatchObject({ pullRequestNumber: 7 })
  })

  test.each([
    ['a fork', { sha: 'tip', ...repository('eve/shop') }],
    ['a fork that was deleted', { sha: 'tip', repo: null }]
  ])('of %s', (_, head) => {
    expect(context(RUNNER, event(head))).toMatchObject({ pullRequestNumber: 7, isFork: true })
  })

  test.each([
    ['a comment on one', { issue: { number: 7, pull_request: { url: 'x' } } }],
    ['a merge queue', { merge_group: { head_ref: 'refs/heads/gh-readonly-queue/main/pr-7-0a1b', head_sha: 'tip' } }],
    ['a schedule', { schedule: '0 3 * * *' }],
    ['a run after one', { workflow_run: { pull_requests: [{ number: 7 }] } }],
    ['a number that is none', { pull_request: { number: '7' } }],
    ['no JSON', '{'],
    ['no object', 'null']
  ])('is not taken from %s', (_, payload) => {
    expect(context(RUNNER, payload)?.pullRequestNumber).toBeNull()
  })

  test('is not there if the payload is not', () => {
    expect(context({ ...RUNNER, GITHUB_EVENT_PATH: undefined })?.pullRequestNumber).toBeNull()
  })
})

test.each([
  ['acme/shop/.github/workflows/ci.yml@refs/heads/a@b', 'ci.yml'],
  ['acme/shop/.github/workflows/my build--x.yml@refs/heads/main', 'my-build-x.yml'],
  ['acme/shop/.github/workflows/a> <!-- b.yml@main', 'a-b.yml'],
  ['', 'build-test']
])('the key of workflow %j is %s', (GITHUB_WORKFLOW_REF, key) => {
  expect(context({ ...RUNNER, GITHUB_WORKFLOW_REF })?.workflowKey).toBe(key)
})

test('a workflow without any usable name has a key all the same', () => {
  expect(context({ ...RUNNER, GITHUB_WORKFLOW_REF: '', GITHUB_WORKFLOW: '构建' })?.workflowKey).toBe('workflow')
})

test('an own server is taken from the variables', () => {
  const own = { GITHUB_SERVER_URL: 'https://ghe.example/', GITHUB_API_URL: 'https://ghe.example/api/v3' }
  expect(context({ ...RUNNER, ...own })).toMatchObject({
    apiUrl: 'https://ghe.example/api/v3',
    jobUrl: 'https://ghe.example/acme/shop/actions/runs/17000000001/attempts/2'
  })
})

test.each([
  ['GITHUB_ACTIONS', undefined],
  ['GITHUB_REPOSITORY', 'acme/../x'],
  ['GITHUB_RUN_ID', 'x']
])('without a sound %s there is no context', (name, text) => {
  expect(context({ ...RUNNER, [name]: text })).toBeNull()
})
