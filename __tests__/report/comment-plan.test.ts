import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import type { Report } from '../../src/model/report.ts'
import type { Settings } from '../../src/model/settings.ts'
import { planComment } from '../../src/report/comment-plan.ts'
import { type CommentState, nextState } from '../../src/report/comment-state.ts'
import { entriesOf } from '../../src/report/told-job.ts'
import { ofJob, stateAfter, told } from './comment-states.ts'
import { GUARD_DIED, WATCHED } from './container-fixtures.ts'
import { CANCELLED, CHECKSUM, COMPILE, NOT_STARTED, SUCCESS, TIMEOUT, UNKNOWN } from './fixtures.ts'
import { MACHINE, OUTSIDE_KILL, OWN_CAP, RECOVERED } from './memory-fixtures.ts'
import { SMALL_CAP } from './small-fixtures.ts'

const BEFORE = { runId: 1006, runNumber: 6, attempt: 1, sha: '3f2a91c000' }
const NOW = { runId: 1007, runNumber: 7, attempt: 1, sha: '9c1e07b1aa' }

type Mode = Settings['comment']
const MODES: readonly Mode[] = ['on-failure', 'memory', 'always', 'never']

/** What can stand there, by the words of the table. */
const STANDING: Readonly<Record<string, readonly (CommentState | null)[]>> = {
  none: [null],
  memory: [OWN_CAP, WATCHED].map((report) => stateAfter(null, report, BEFORE)),
  kill: [stateAfter(null, OUTSIDE_KILL, BEFORE)],
  recovered: [stateAfter(null, RECOVERED, BEFORE)],
  'other failure': [COMPILE, UNKNOWN].map((report) => stateAfter(null, report, BEFORE)),
  'passes again': [stateAfter(stateAfter(null, OWN_CAP, { ...BEFORE, runNumber: 5 }), SUCCESS, BEFORE)]
}

const HAPPENING: Readonly<Record<string, readonly Report[]>> = {
  cancelled: [CANCELLED],
  memory: [OWN_CAP, MACHINE, WATCHED, SMALL_CAP],
  kill: [OUTSIDE_KILL, GUARD_DIED],
  recovered: [RECOVERED],
  'other failure': [COMPILE, CHECKSUM, UNKNOWN, TIMEOUT, NOT_STARTED],
  passed: [SUCCESS]
}

function decide(existing: CommentState | null, report: Report, mode: Mode, isSomeMissing = false): string {
  const jobs = entriesOf([told(report)], NOW)
  const next = nextState({ existing, jobs, run: NOW, isWhole: false })
  const plan = planComment({ existing, next, told: jobs, mode, run: NOW, isSomeMissing })
  expect(plan.reason).not.toBe('')
  if (plan.action === 'none') return 'nothing'
  expect(plan.action).toBe(existing === null ? 'create' : 'edit')
  return plan.form.replace('-', ' ')
}

/** The rows of the table in the document: each cell is a list of words, or `any`. */
function tableOfDocument(): readonly (readonly string[])[] {
  const text = readFileSync(join(import.meta.dirname, '../../docs/decisions/0006-comment-life-cycle.md'), 'utf8')
  return text
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (?:Before|:-)/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim())
    )
}

const fits = (cell: string | undefined, word: string): boolean =>
  cell === 'any' || (cell ?? '').split(', ').includes(word)

describe('the life cycle of a comment', () => {
  const table = tableOfDocument()

  test('the table names what there is and nothing else', () => {
    const words = (column: number): Set<string> =>
      new Set(table.flatMap((row) => row[column]?.split(', ') ?? []).filter((word) => word !== 'any'))
    expect(words(0)).toEqual(new Set(Object.keys(STANDING)))
    expect(words(1)).toEqual(new Set(Object.keys(HAPPENING)))
    expect(words(2)).toEqual(new Set(MODES))
  })

  const cases = Object.keys(STANDING).flatMap((before) =>
    Object.keys(HAPPENING).flatMap((now) => MODES.map((mode) => ({ before, now, mode })))
  )

  test.each(cases)('$before, then $now, comment: $mode', ({ before, now, mode }) => {
    const rows = table.filter((row) => fits(row[0], before) && fits(row[1], now) && fits(row[2], mode))
    // `never` and `cancelled` have rows for everything, and both say nothing.
    const outcomes = new Set(rows.map((row) => row[3]))
    expect(outcomes.size).toBe(1)
    for (const existing of STANDING[before] ?? []) {
      for (const report of HAPPENING[now] ?? []) expect([...outcomes]).toEqual([decide(existing, report, mode)])
    }
  })

  test('a run that is older than the comment says nothing, whatever stands there and whatever happened', () => {
    const later = (state: CommentState | null) => (state === null ? null : { ...state, runNumber: 8 })
    for (const existing of Object.values(STANDING).flat()) {
      if (existing === null) continue
      for (const report of Object.values(HAPPENING).flat()) {
        for (const mode of MODES) expect(decide(later(existing), report, mode)).toBe('nothing')
      }
    }
  })
})

describe('order of runs', () => {
  const existing = stateAfter(null, OWN_CAP, BEFORE)
  const at = (state: CommentState, runNumber: number, attempt: number): string => {
    const run = { ...NOW, runNumber, attempt }
    const jobs = entriesOf([told(COMPILE)], run)
    const next = nextState({ existing: state, jobs, run, isWhole: false })
    return planComment({ existing: state, next, told: jobs, mode: 'on-failure', run, isSomeMissing: false }).action
  }

  test('a run older than the comment never writes', () => {
    expect([at(existing, 5, 1), at(existing, 5, 9)]).toEqual(['none', 'none'])
  })

  test('the same run, a re-run of it and a newer one do', () => {
    expect([at(existing, 6, 1), at(existing, 6, 2), at(existing, 7, 1)]).toEqual(['edit', 'edit', 'edit'])
  })

  test('a first attempt that ends after its re-run does not', () => {
    expect(at(stateAfter(null, OWN_CAP, { ...BEFORE, attempt: 2 }), 6, 1)).toBe('none')
  })
})

describe('jobs of a matrix', () => {
  const withProblem = stateAfter(null, ofJob(OWN_CAP, 'race'), NOW)
  const next = { ...NOW, runNumber: 8 }
  const decideNext = (existing: CommentState, report: Report): string => {
    const jobs = entriesOf([told(report)], next)
    const state = nextState({ existing, jobs, run: next, isWhole: false })
    const plan = planComment({ existing, next: state, told: jobs, mode: 'on-failure', run: next, isSomeMissing: false })
    return plan.action === 'none' ? 'nothing' : plan.form
  }

  test('a job that passed leaves the problem of another one alone', () => {
    expect(decide(withProblem, ofJob(SUCCESS, 'linux'), 'on-failure')).toBe('nothing')
    expect(decide(withProblem, ofJob(SUCCESS, 'linux'), 'always')).toBe('nothing')
  })

  test('a job that passes again while another one still has a problem says so', () => {
    const both = stateAfter(withProblem, ofJob(COMPILE, 'linux'), NOW)
    expect(decideNext(both, ofJob(SUCCESS, 'linux'))).toBe('short')
  })

  test('the last problem gone, the workflow passes again', () => {
    expect(decideNext(withProblem, ofJob(SUCCESS, 'race'))).toBe('passes-again')
  })

  test('a step that passed does not hide that another step of its job failed', () => {
    expect(decide(withProblem, ofJob(SUCCESS, 'race'), 'always')).toBe('nothing')
  })

  test('a job that failed without a report keeps the comment from saying that all is well', () => {
    expect(decide(withProblem, ofJob(SUCCESS, 'linux'), 'on-failure', true)).toBe('nothing')
    const before = stateAfter(null, ofJob(COMPILE, 'linux'), BEFORE)
    expect(decide(before, ofJob(SUCCESS, 'race'), 'on-failure', true)).toBe('nothing')
    expect(decide(before, ofJob(SUCCESS, 'linux'), 'on-failure', true)).toBe('passes again')
  })
})
