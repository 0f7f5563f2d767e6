import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Report } from '../../src/model/report.ts'
import { byteLength } from '../../src/report/budget.ts'
import { COMMENT_BYTES, renderComment } from '../../src/report/comment.ts'
import { decodeState, encodeState } from '../../src/report/comment-marker.ts'
import { nextState } from '../../src/report/comment-state.ts'
import { type Fold, type FoundReport, fold, type NeededResults } from '../../src/report/fold.ts'
import { renderFoldSummary } from '../../src/report/fold-summary.ts'
import { renderFoldText, titleOf } from '../../src/report/fold-text.ts'
import { decodeReport, encodeReport } from '../../src/report/json.ts'
import { expectGolden } from '../golden.ts'
import { ofJob } from './comment-states.ts'
import { CANCELLED, CHECKSUM, COMPILE, LINK, SUCCESS } from './fixtures.ts'
import { hostileText, liveThings } from './hostile.ts'
import { saying } from './hostile-report.ts'
import { OUTSIDE_KILL, OWN_CAP, RECOVERED } from './memory-fixtures.ts'

const GOLDENS = join(import.meta.dirname, 'goldens')
const RUN = { runId: 1007, runNumber: 7, attempt: 1, sha: '9c1e07b1aa' }
const URL = 'https://github.com/acme/shop/actions/runs/1007'

/** As it comes out of a file. */
function stored(report: Report): Report {
  const decoded = decodeReport(encodeReport(report))
  if (decoded.kind === 'refused') throw new Error(decoded.reason)
  return decoded.report
}

function foldOf(
  reports: readonly (readonly [string, Report])[],
  more: Partial<{ needs: NeededResults; isOfFork: boolean }> = {}
): Fold {
  const found: readonly FoundReport[] = reports.map(([place, report]) => ({ place, report: stored(report) }))
  return fold({ found, refused: [], needs: {}, run: RUN, isOfFork: false, ...more })
}

function summary(folded: Fold, budgetBytes = 1000 * 1024, fork: string | null = null): string {
  return renderFoldSummary(folded, { runUrl: null, fork, budgetBytes })
}

function comment(folded: Fold, budgetBytes = COMMENT_BYTES, fork: string | null = null): string {
  const state = nextState({ existing: null, jobs: folded.jobs, run: RUN, isWhole: true })
  const context = { form: 'full', key: 'ci.yml', state, existing: null, kept: '', link: LINK, fork } as const
  return renderComment(folded.told, { ...context, budgetBytes })
}

const leg = (report: Report, os: string, go: number): readonly [string, Report] => [
  `report-${os}-${go}/report.json`,
  ofJob(report, 'test', { os, go: `1.${go}` })
]

/** Forty legs, three of which failed: one for memory, two for the same compile errors. */
function matrixOfForty(): Fold {
  const systems = ['linux', 'arm', 'alpine', 'race', 'purego']
  const reports = systems.flatMap((os) => [19, 20, 21, 22, 23, 24, 25, 26].map((go) => leg(SUCCESS, os, go)))
  reports[13] = leg(COMPILE, 'arm', 24)
  reports[26] = leg(OWN_CAP, 'race', 21)
  reports[38] = leg(COMPILE, 'purego', 25)
  return foldOf(reports)
}

describe('forty jobs of which three failed', () => {
  const forty = matrixOfForty()

  test('have the stored summary, the failed ones first', () => {
    expectGolden(join(GOLDENS, 'summary-forty-jobs.md'), summary(forty))
  })

  test('have the stored comment, the failed ones first', () => {
    expectGolden(join(GOLDENS, 'comment-forty-jobs.md'), comment(forty))
  })

  test('have the stored text', () => {
    expectGolden(join(GOLDENS, 'text-forty-jobs.txt'), `${renderFoldText(forty)}\n`)
  })

  test('leave a state that a later run can read, with the problems in it', () => {
    const state = nextState({ existing: null, jobs: forty.jobs, run: RUN, isWhole: true })
    const read = decodeState(encodeState(state))
    expect(Object.keys(read?.jobs ?? {})).toEqual(forty.told.slice(0, 3).map(({ name }) => name))
    expect(read?.about).toBe('test (race, 1.21)')
  })
})

describe('every leg fails', () => {
  const huge = 'x'.repeat(1000)
  const wordy = (report: Report): Report => ({
    ...report,
    attempts: report.attempts.map((attempt) => ({
      ...attempt,
      findings: Array.from({ length: 40 }, (_, i) => ({
        hypothesis: `H${i}`,
        measured: `\`${huge}\``,
        verdict: 'ruled out' as const
      }))
    }))
  })
  const many = foldOf(
    Array.from({ length: 60 }, (_, i) => leg(wordy([OWN_CAP, OUTSIDE_KILL, CHECKSUM][i % 3] ?? OWN_CAP), 'linux', i))
  )

  test.each([60_000, 12_000])('the summary fits into %d bytes and says what was cut', (budgetBytes) => {
    const text = summary(many, budgetBytes)
    expect(byteLength(text)).toBeLessThanOrEqual(budgetBytes)
    expect(text).toMatch(/^### ❌ Go build: 20 of 60 jobs ran out of memory, 20 killed, 20 failed; /)
    expect(text).toContain('Left out to stay within the size limit: ')
  })

  test.each([COMMENT_BYTES, 9000])('the comment fits into %d bytes and says what was cut', (budgetBytes) => {
    const text = comment(many, budgetBytes)
    expect(byteLength(text)).toBeLessThanOrEqual(budgetBytes)
    expect(text).toMatch(/\n### ❌ Go build: 20 of 60 jobs ran out of memory, 20 killed, 20 failed; /)
    if (budgetBytes === COMMENT_BYTES) expect(text).toContain('49 more with a problem: their job summaries say more.')
    else expect(text).toContain('Left out to stay within the size limit: ')
  })
})

describe('names', () => {
  test('of two steps of a job, and of a workflow that is called twice, tell their files', () => {
    const names = foldOf([
      ['a/report.json', SUCCESS],
      ['b/vet.json', SUCCESS],
      ['c.json', ofJob(SUCCESS, 'other')]
    ]).told.map(({ name }) => name)
    expect(names).toEqual(['build, a', 'build, b/vet', 'other'])
  })

  test('are never the same twice', () => {
    const reports = ['a.json', 'a/report.json', 'a'].map((place) => [place, SUCCESS] as const)
    expect(foldOf(reports).told.map(({ name }) => name)).toEqual(['build, a', 'build, a (2)', 'build, a (3)'])
  })

  test.each(['__proto__', 'constructor', 'toString', ''])('%j is a name like any other', (name) => {
    const folded = foldOf([
      ['a.json', ofJob(OWN_CAP, name)],
      ['b.json', ofJob(SUCCESS, 'b')]
    ])
    expect(titleOf(folded)).toContain('1 of 2 jobs ran out of memory')
    expect(comment(folded)).toContain(`\`${name || 'build'}\``)
  })
})

describe('the end of all', () => {
  const title = (reports: readonly Report[]): readonly [string, string] => {
    const folded = foldOf(reports.map((report, i) => [`${i}.json`, ofJob(report, `job ${i}`)]))
    return [folded.conclusion, titleOf(folded)]
  }

  test.each([
    [[SUCCESS], 'success', /^Go build passed in 1 min 34 s; peak 4\.1 of 6\.6 GiB \(62 %\)$/],
    [[SUCCESS, SUCCESS], 'success', /^Go build: 2 of 2 jobs passed; highest peak 4\.1 of 6\.6 GiB \(62 %\) in job 0$/],
    [[SUCCESS, OWN_CAP], 'failure', /^Go build: 1 of 2 jobs ran out of memory, job 1 at its 6\.6 GiB cap$/],
    [[SUCCESS, RECOVERED], 'recovered', /^Go build: 1 of 2 jobs recovered; job 1: /],
    [[SUCCESS, CANCELLED], 'cancelled', /^Go build: 1 of 2 jobs cancelled/],
    [
      [RECOVERED, COMPILE, CANCELLED],
      'failure',
      /^Go build: 1 of 3 jobs failed, 1 recovered, 1 cancelled; job 1: 3 compile errors$/
    ],
    [[], 'success', /^No report was found\.$/]
  ] as const)('%#: %s', (reports, conclusion, words) => {
    const [ended, sentence] = title(reports)
    expect(ended).toBe(conclusion)
    expect(sentence).toMatch(words)
  })
})

describe('a job that left no report', () => {
  const ofBuild = (report: Report): readonly (readonly [string, Report])[] => [['a.json', ofJob(report, 'build')]]

  test.each([
    ['has failed', ofBuild(SUCCESS), { build: 'failure' }, ['build']],
    [
      'has failed beside one that tells why it failed',
      ofBuild(COMPILE),
      { build: 'failure', lint: 'failure' },
      ['lint']
    ],
    ['tells under a name of its own', [['a.json', ofJob(COMPILE, 'mine')] as const], { build: 'failure' }, []],
    ['was skipped or cancelled', ofBuild(SUCCESS), { build: 'success', a: 'skipped', b: 'cancelled' }, []]
  ])('%s', (_, reports, needs, missing) => {
    const folded = foldOf(reports, { needs })
    expect(folded.missing).toEqual(missing)
    expect(summary(folded).includes('left no report')).toBe(missing.length > 0)
    if (missing.length > 0) expect(folded.conclusion).toBe('failure')
  })
})

describe('reports that somebody else wrote', () => {
  test('can make nothing of their own appear', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const reports = [OWN_CAP, COMPILE, RECOVERED].map(
          (report, i) => [`${i}/${text}.json`, saying(report, text)] as const
        )
        const found = reports.map(([place, report]) => ({ place, report }))
        const refused = [{ place: text, reason: text }]
        const folded = fold({ found, refused, needs: { [text]: 'failure' }, run: RUN, isOfFork: false })
        expect(liveThings(summary(folded))).toEqual([])
        expect(liveThings(comment(folded))).toEqual([])
        for (const line of renderFoldText(folded).split('\n')) expect(line).not.toMatch(/##\[|^\s*::|\r|\u001b/)
      }),
      { numRuns: 25 }
    )
  })

  test('of a fork give no advice, and the reader is told whose they are', () => {
    const advice = foldOf([
      ['a.json', CHECKSUM],
      ['b.json', ofJob(OWN_CAP, 'b')]
    ])
    expect(comment(advice)).toContain('go clean -modcache')
    const folded = foldOf(
      [
        ['a.json', CHECKSUM],
        ['b.json', ofJob(OWN_CAP, 'b')]
      ],
      { isOfFork: true }
    )
    for (const text of [comment(folded, COMMENT_BYTES, 'eve/shop'), summary(folded, 1_000_000, 'eve/shop')]) {
      expect(text).not.toContain('go clean -modcache')
      expect(text).not.toContain('runs-on')
      expect(text).toContain('From the reports of a run of <code>eve/shop</code>, which its author could have written.')
      expect(liveThings(text)).toEqual([])
    }
  })
})

test('the summary of a run that this one follows links to it', () => {
  const text = renderFoldSummary(foldOf([['a.json', COMPILE]]), { runUrl: URL, fork: null, budgetBytes: 100_000 })
  expect(text).toContain(`<a href="${URL}">The run, with the summaries of its jobs</a>`)
})
