import { describe, expect, test } from '@jest/globals'
import { readTriggeringRun } from '../../src/adapters/triggering-run.ts'
import { ABSENT, type Reading, value } from '../../src/model/reading.ts'

const RUNNER = { GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: 'workflow_run', GITHUB_EVENT_PATH: '/event.json' }

// As GitHub sends it, without what is not read here (docs.github.com, webhook payload `workflow_run`).
const RUN = {
  id: 4711,
  run_number: 12,
  run_attempt: 2,
  name: 'Build & test',
  path: '.github/workflows/ci.yml',
  event: 'pull_request',
  conclusion: 'failure',
  head_sha: 'a'.repeat(40),
  head_branch: 'topic',
  head_repository: { full_name: 'eve/shop' },
  pull_requests: [{ number: 99 }]
}

const read = (run: unknown, environment: Readonly<Record<string, string>> = RUNNER) =>
  readTriggeringRun(environment, (path): Reading<string> => {
    return path === '/event.json'
      ? value(typeof run === 'string' ? run : JSON.stringify({ workflow_run: run }))
      : ABSENT
  })

test('the run that this one follows is read from the event', () => {
  expect(read(RUN)).toEqual({
    runId: 4711,
    runNumber: 12,
    attempt: 2,
    workflowKey: 'ci.yml',
    event: 'pull_request',
    conclusion: 'failure',
    headSha: 'a'.repeat(40),
    headBranch: 'topic',
    headRepository: 'eve/shop'
  })
})

test.each([
  ['.github/workflows/ci.yml@refs/heads/main', 'ci.yml'],
  ['acme/shop/.github/workflows/my build--x.yml@v1', 'my-build-x.yml'],
  ['', 'workflow'],
  ['--> <b>', 'b']
])('%j has the key %s', (path, key) => {
  expect(read({ ...RUN, path })?.workflowKey).toBe(key)
})

test('a fork that was deleted has no name', () => {
  expect(read({ ...RUN, head_repository: null })?.headRepository).toBeNull()
  expect(read({ ...RUN, head_repository: { full_name: 'x' } })?.headRepository).toBeNull()
})

describe('nothing is followed', () => {
  test.each([
    ['by another event', RUN, { ...RUNNER, GITHUB_EVENT_NAME: 'pull_request' }],
    ['outside GitHub', RUN, { ...RUNNER, GITHUB_ACTIONS: '' }],
    ['without a payload', RUN, { ...RUNNER, GITHUB_EVENT_PATH: '/nowhere' }],
    ['with a payload that is no JSON', '{', RUNNER],
    ['with a commit that is none', { ...RUN, head_sha: 'main' }, RUNNER],
    ['with a number that is text', { ...RUN, id: '4711' }, RUNNER],
    ['with no run in it', null, RUNNER]
  ])('%s', (_, run, environment) => {
    expect(read(run, environment)).toBeNull()
  })
})
