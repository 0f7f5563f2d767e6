import { describe, expect, test } from '@jest/globals'
import { ABSENT, unreadable, value } from '../../src/model/reading.ts'
import type { Settings } from '../../src/model/settings.ts'
import { nextAttempt, type PlanInput, planAttempt } from '../../src/plan/plan.ts'
import { type HelperState, toolexecFlag } from '../../src/plan/steering.ts'
import { gib, input, machine, mib, size } from './machines.ts'

const TIGHT = machine({ limitBytes: gib(2), usedBytes: mib(832), swapFree: value(0) })
const BUILT: HelperState = { kind: 'built', path: '/run/steer-1/helper' }

function steered(settings: Partial<Settings> = {}, rest: Partial<PlanInput> = {}): PlanInput {
  return input(TIGHT, { steering: 'auto', ...settings }, { helper: BUILT, ...rest })
}

const script = (text: string): Partial<Settings> => ({ command: { kind: 'script', script: text, shell: '' } })
const vector = (...argv: string[]): Partial<Settings> => ({ command: { kind: 'vector', argv } })

describe('with tight memory', () => {
  test('the helper is all that is set, and -p stays', () => {
    expect(planAttempt(steered())).toMatchObject({
      isSteered: true,
      parallelism: 4,
      setGoMemoryLimitBytes: null,
      environment: { GOFLAGS: '-toolexec=/run/steer-1/helper' }
    })
  })

  test('GOFLAGS of the user are only added to', () => {
    const survey = machine({ limitBytes: gib(2), goflags: '-trimpath "-ldflags=-s -w"' })
    const plan = planAttempt(input(survey, { steering: 'auto' }, { helper: BUILT }))
    expect(plan.environment).toEqual({ GOFLAGS: '-trimpath "-ldflags=-s -w" -toolexec=/run/steer-1/helper' })
  })

  test('a heap limit that the user asked for holds for all tools', () => {
    expect(planAttempt(steered({ goMemoryLimit: size(mib(500)) })).environment).toEqual({
      GOFLAGS: '-toolexec=/run/steer-1/helper',
      GOMEMLIMIT: '500MiB'
    })
  })

  test('a helper that is not built yet promises to steer and sets nothing', () => {
    expect(planAttempt(steered({}, { helper: { kind: 'unbuilt' } }))).toMatchObject({
      isSteered: true,
      environment: {}
    })
  })

  test('after a death it steers on, with the collector tightened for everything', () => {
    const first = planAttempt(steered())
    const after = steered({}, { previous: [first] })
    expect(planAttempt(after)).toMatchObject({
      isSteered: true,
      environment: { GOFLAGS: '-p=1 -toolexec=/run/steer-1/helper', GOMEMLIMIT: '921MiB', GOGC: '25' }
    })
    expect(nextAttempt(after).reason).toContain('with -p=1 steering GOMEMLIMIT=921MiB GOGC=25')
  })

  test('a tool that did not fit with every setting ends it', () => {
    const after = steered({}, { previous: [planAttempt(steered())], hasGivenUp: true })
    expect(nextAttempt(after)).toEqual({
      isWorthwhile: false,
      reason: 'no attempt 2: every setting was tried in this one'
    })
  })
})

test('with ample memory nothing is set, and the helper is not wanted', () => {
  const plan = planAttempt(input(machine({ limitBytes: gib(32) }), { steering: 'auto' }, { helper: BUILT }))
  expect(plan).toMatchObject({ level: 'ample', isSteered: false, environment: {} })
})

describe('steering steps aside', () => {
  const goOf = (minor: number): PlanInput => {
    const go = value({ version: `go1.${minor}`, minor, mainModule: null, env: { GOFLAGS: '' } })
    return { ...steered(), survey: { ...TIGHT, go } }
  }
  test.each<[string, PlanInput, string | null]>([
    ['where it is off', steered({ steering: 'off' }), 'steering is off.'],
    ['where nothing is enforced', steered({}, { enforcement: 'none' }), null],
    ['where there is no Go', { ...steered(), survey: { ...TIGHT, go: ABSENT } }, null],
    [
      'where Go could not be asked',
      { ...steered(), survey: { ...TIGHT, go: unreadable('timeout') } },
      'Steering steps aside: Go could not be asked.'
    ],
    ['for an old Go', goOf(20), 'Steering steps aside: it needs Go 1.21 or newer.'],
    [
      'without a helper',
      steered({}, { helper: { kind: 'unavailable', reason: 'its helper cannot be had: no space left' } }),
      'Steering steps aside: its helper cannot be had: no space left.'
    ],
    [
      'for a -toolexec in GOFLAGS',
      steered({}, { userEnvironment: { GOFLAGS: '-v "-toolexec=/a b"' } }),
      'Steering steps aside: GOFLAGS has a -toolexec of its own.'
    ],
    [
      'for a -toolexec on the command line',
      steered(vector('go', 'build', '-toolexec=garble', './...')),
      'Steering steps aside: the command has a -toolexec of its own.'
    ],
    [
      'for a -toolexec in a script that cannot be read',
      steered(script('for d in *; do go build -toolexec x $d; done')),
      'Steering steps aside: the command has a -toolexec of its own.'
    ],
    [
      'for a path that GOFLAGS cannot hold',
      steered({}, { helper: { kind: 'built', path: "/it's/helper" } }),
      'Steering steps aside: its path has quotes in it.'
    ]
  ])('%s', (_title, given, reason) => {
    const plan = planAttempt(given)
    expect(plan.isSteered).toBe(false)
    expect(plan.reasons.find(({ subject }) => subject === 'steering')?.text ?? null).toBe(reason)
    expect(plan.environment['GOMEMLIMIT']).toBe('921MiB')
  })
})

test.each([
  ['/run/helper', '-toolexec=/run/helper'],
  ['/my run/helper', `"-toolexec='/my run/helper'"`],
  ['/a"b/helper', null]
])('%s goes into GOFLAGS as %s', (path, flag) => {
  expect(toolexecFlag(path)).toBe(flag)
})
