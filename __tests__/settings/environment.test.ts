import { expect, test } from '@jest/globals'
import { buildEnvironment } from '../../src/settings/environment.ts'

const HIDDEN = {
  INPUT_COMMAND: 'go build',
  'INPUT_GITHUB-TOKEN': 'secret',
  STATE_RUN: 'x',
  GITHUB_STATE: '/s',
  ACTIONS_RUNTIME_TOKEN: 'secret',
  ACTIONS_RUNTIME_URL: 'u',
  ACTIONS_RESULTS_URL: 'u',
  ACTIONS_CACHE_URL: 'u',
  ACTIONS_CACHE_SERVICE_V2: 'true'
}

const KEPT = {
  PATH: '/bin',
  GITHUB_OUTPUT: '/o',
  GITHUB_STEP_SUMMARY: '/s',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'asked for by the workflow',
  MY_INPUT_X: '1',
  EMPTY: ''
}

test.each(['linux', 'win32', 'darwin'] as const)('on %s the build sees what a run: step would', (platform) => {
  expect(buildEnvironment({ ...KEPT, ...HIDDEN, NOTHING: undefined }, platform)).toEqual(KEPT)
})

test('case makes another variable, except on Windows', () => {
  expect(buildEnvironment({ input_x: '1', Github_State: '2' }, 'linux')).toEqual({ input_x: '1', Github_State: '2' })
  expect(buildEnvironment({ input_x: '1', Github_State: '2', Path: 'C:' }, 'win32')).toEqual({ Path: 'C:' })
})
