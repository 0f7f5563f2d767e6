import { describe, expect, test } from '@jest/globals'
import { OUTPUTS } from '../../src/model/outputs.ts'
import { renderOutputs } from '../../src/report/outputs.ts'
import { gib } from './build-report.ts'
import { NOT_STARTED, SUCCESS, TIMEOUT } from './fixtures.ts'
import { OUTSIDE_KILL, OWN_CAP, RECOVERED } from './memory-fixtures.ts'
import { SITUATIONS } from './situations.ts'

const NOWHERE = { reportFile: null, commentUrl: null }

describe('outputs', () => {
  test('are the ones that action.yml names, each time', () => {
    for (const report of Object.values(SITUATIONS)) {
      expect(Object.keys(renderOutputs(report, NOWHERE))).toEqual(Object.keys(OUTPUTS))
    }
  })

  test('of a recovery: the peak over all attempts, the cause of the failed one, the rest of the last one', () => {
    expect(renderOutputs(RECOVERED, { reportFile: '/tmp/report.json', commentUrl: 'https://x.example/1' })).toEqual({
      conclusion: 'recovered',
      'exit-code': '0',
      signal: '',
      cause: 'oom.cgroup',
      confidence: 'certain',
      'out-of-memory': 'true',
      'memory-peak-bytes': String(gib(6.1)),
      'memory-limit-bytes': String(gib(6.6)),
      'memory-limit-source': 'auto',
      enforcement: 'cgroup-v2',
      parallelism: '1',
      attempts: '2',
      'duration-ms': '281000',
      'report-file': '/tmp/report.json',
      'comment-url': 'https://x.example/1'
    })
  })

  test.each([
    ['the command itself', OWN_CAP, '1', ''],
    ['a signal', OUTSIDE_KILL, '137', 'SIGKILL'],
    ['the timeout', TIMEOUT, '124', 'SIGKILL'],
    ['nothing, since it could not be run', NOT_STARTED, '125', '']
  ])('status and signal where %s ended it', (_, report, exitCode, signal) => {
    expect(renderOutputs(report, NOWHERE)).toMatchObject({ 'exit-code': exitCode, signal })
  })

  test('what was not measured is empty, not zero', () => {
    expect(renderOutputs(NOT_STARTED, NOWHERE)).toMatchObject({
      'memory-peak-bytes': '',
      'memory-limit-bytes': '',
      parallelism: '',
      attempts: '0'
    })
    expect(renderOutputs(SUCCESS, NOWHERE)).toMatchObject({ cause: '', confidence: '', 'comment-url': '' })
  })
})
