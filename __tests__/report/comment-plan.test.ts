import { describe, expect, test } from '@jest/globals'
import type { Report } from '../../src/model/report.ts'
import type { Settings } from '../../src/model/settings.ts'
import { planComment } from '../../src/report/comment-plan.ts'
import { type CommentState, nextState } from '../../src/report/comment-state.ts'
import { CANCELLED, CHECKSUM, COMPILE, SUCCESS, UNKNOWN } from './fixtures.ts'
import { OUTSIDE_KILL, OWN_CAP, RECOVERED } from './memory-fixtures.ts'

const BEFORE = { runId: 1006, runNumber: 6, attempt: 1, sha: '3f2a91c000' }
const NOW = { runId: 1007, runNumber: 7, attempt: 1, sha: '9c1e07b1aa' }

const NONE = null
const MEMORY = nextState(NONE, OWN_CAP, BEFORE)
const SHORT = nextState(NONE, COMPILE, BEFORE)
const PASSES_AGAIN = nextState(nextState(NONE, OWN_CAP, { ...BEFORE, runNumber: 5 }), SUCCESS, BEFORE)

type Mode = Settings['comment']
const ALL_MODES: readonly Mode[] = ['on-failure', 'memory', 'always', 'never']
const WRITING: readonly Mode[] = ['on-failure', 'memory', 'always']

function decide(existing: CommentState | null, report: Report, mode: Mode): string {
  const plan = planComment({ existing, report, mode, run: NOW })
  expect(plan.reason).not.toBe('')
  return plan.action === 'none' ? 'none' : `${plan.action} ${plan.form}`
}

interface Row {
  readonly before: readonly (CommentState | null)[]
  readonly now: readonly Report[]
  readonly modes: readonly Mode[]
  readonly expected: (existing: CommentState | null) => string
}

const writes =
  (form: string) =>
  (existing: CommentState | null): string =>
    `${existing === null ? 'create' : 'edit'} ${form}`

const LIFE_CYCLE: Readonly<Record<string, Row>> = {
  'cancelled: nothing, ever': {
    before: [NONE, MEMORY, SHORT, PASSES_AGAIN],
    now: [CANCELLED],
    modes: ALL_MODES,
    expected: () => 'none'
  },
  'nothing or passes again, then passed: nothing': {
    before: [NONE, PASSES_AGAIN],
    now: [SUCCESS],
    modes: ['on-failure', 'memory'],
    expected: () => 'none'
  },
  'nothing or passes again, then passed, always: short': {
    before: [NONE, PASSES_AGAIN],
    now: [SUCCESS],
    modes: ['always'],
    expected: writes('short')
  },
  'nothing or passes again, then a cause that is not memory: short': {
    before: [NONE, PASSES_AGAIN],
    now: [COMPILE, CHECKSUM, UNKNOWN],
    modes: ['on-failure', 'always'],
    expected: writes('short')
  },
  'the same with comment: memory: nothing': {
    before: [NONE, PASSES_AGAIN],
    now: [COMPILE, CHECKSUM, UNKNOWN],
    modes: ['memory'],
    expected: () => 'none'
  },
  'memory, a kill or a recovery: full': {
    before: [NONE, MEMORY, SHORT, PASSES_AGAIN],
    now: [OWN_CAP, OUTSIDE_KILL, RECOVERED],
    modes: WRITING,
    expected: writes('full')
  },
  'short, then short: short': {
    before: [SHORT],
    now: [COMPILE, CHECKSUM, UNKNOWN],
    modes: WRITING,
    expected: writes('short')
  },
  'memory, then compile errors: short': {
    before: [MEMORY],
    now: [COMPILE, CHECKSUM, UNKNOWN],
    modes: WRITING,
    expected: writes('short')
  },
  'a problem, then passed: passes again': {
    before: [MEMORY, SHORT],
    now: [SUCCESS],
    modes: WRITING,
    expected: writes('passes-again')
  },
  'never: nothing': {
    before: [NONE, MEMORY, SHORT, PASSES_AGAIN],
    now: [OWN_CAP, COMPILE, SUCCESS, RECOVERED],
    modes: ['never'],
    expected: () => 'none'
  }
}

describe('the life cycle of a comment', () => {
  test.each(Object.entries(LIFE_CYCLE))('%s', (_, { before, now, modes, expected }) => {
    for (const existing of before) {
      for (const report of now)
        for (const mode of modes) expect(decide(existing, report, mode)).toBe(expected(existing))
    }
  })
})

describe('order of runs', () => {
  const at = (runNumber: number, attempt: number): string =>
    planComment({ existing: MEMORY, report: COMPILE, mode: 'on-failure', run: { ...NOW, runNumber, attempt } }).action

  test('a run older than the comment never writes', () => {
    expect(at(5, 1)).toBe('none')
    expect(at(5, 9)).toBe('none')
  })

  test('the same run, a re-run of it and a newer one do', () => {
    expect(at(6, 1)).toBe('edit')
    expect(at(6, 2)).toBe('edit')
    expect(at(7, 1)).toBe('edit')
  })

  test('a first attempt that ends after its re-run does not', () => {
    const rerun = nextState(null, OWN_CAP, { ...BEFORE, attempt: 2 })
    const plan = planComment({ existing: rerun, report: COMPILE, mode: 'on-failure', run: BEFORE })
    expect(plan.action).toBe('none')
  })
})

describe('jobs of a matrix', () => {
  const named = (report: Report, name: string): Report => ({ ...report, job: { name, matrix: {} } })
  const withProblem = nextState(null, named(OWN_CAP, 'race'), NOW)

  test('a job that passed leaves the problem of another one alone', () => {
    expect(decide(withProblem, named(SUCCESS, 'linux'), 'on-failure')).toBe('none')
    expect(decide(withProblem, named(SUCCESS, 'linux'), 'always')).toBe('none')
  })

  test('a job that passes again while another one still has its problem says so', () => {
    const both = nextState(withProblem, named(COMPILE, 'linux'), NOW)
    expect(decide(both, named(SUCCESS, 'linux'), 'on-failure')).toBe('edit short')
  })

  test('the last problem gone, the workflow passes again', () => {
    expect(decide(withProblem, named(SUCCESS, 'race'), 'on-failure')).toBe('edit passes-again')
  })
})
