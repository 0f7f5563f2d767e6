import { expect, test } from '@jest/globals'
import { reportOfDeath } from '../../src/story/death.ts'
import { surveyOf } from '../fakes/surveys.ts'

test('a guard that was killed before the build began is told of as a guard that died', () => {
  const start = { kind: 'start', command: 'go build ./...', startedAt: '2026-11-21T12:00:00.000Z' } as const
  const report = reportOfDeath([start], surveyOf({ cpus: 4 }), [])
  expect(report.diagnoses[0]).toMatchObject({ id: 'guard.died', confidence: 'certain' })
  expect(report.enforcement).toMatchObject({ inForce: 'none', limitBytes: null })
  expect(report.attempts).toMatchObject([
    { plan: { attempt: 1, parallelism: 4, cap: null }, outcome: { exitCode: 137 } }
  ])
})

test('what was said of a build that stood still is quoted, whoever wrote it', () => {
  const start = { kind: 'start', command: 'go build', startedAt: '' } as const
  const lines = ['no output, CPU time or I/O for 10 min: `go` (process 7) waits for `10.1.0.7:443`', 'and more']
  const { warnings } = reportOfDeath([start, { kind: 'stall', atMs: 7, lines }], surveyOf(), ['left behind'])
  expect(warnings).toEqual([
    "before that, the log said: `no output, CPU time or I/O for 10 min: 'go' (process 7) waits for '10.1.0.7:443'`",
    'left behind'
  ])
})
