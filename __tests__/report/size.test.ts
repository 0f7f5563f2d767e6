import { describe, expect, test } from '@jest/globals'
import type { Report } from '../../src/model/report.ts'
import { byteLength, fitBudget } from '../../src/report/budget.ts'
import { COMMENT_BYTES, renderComment } from '../../src/report/comment.ts'
import { encodeState } from '../../src/report/comment-marker.ts'
import type { JobState } from '../../src/report/comment-state.ts'
import { renderSummary } from '../../src/report/summary.ts'
import { compiler, finding, gib, samples } from './build-report.ts'
import { stateAfter, told } from './comment-states.ts'
import { COMPILE, LINK, UNKNOWN } from './fixtures.ts'
import { liveThings } from './hostile.ts'
import { OWN_CAP } from './memory-fixtures.ts'

const HUGE = 'é'.repeat(100_000)
const MANY = 10_000

function huge(report: Report): Report {
  const processes = Array.from({ length: MANY }, (_, i) => compiler(`example.com/${i}/${HUGE.slice(0, 500)}`, 0.1, i))
  const findings = Array.from({ length: MANY }, (_, i) =>
    finding(`Hypothesis ${i}`, `\`${HUGE}\``, i === 0 ? 'cause' : 'ruled out')
  )
  return {
    ...report,
    command: HUGE,
    warnings: Array.from({ length: MANY }, () => `\`${HUGE}\``),
    diagnoses: report.diagnoses.map((diagnosis) => ({
      ...diagnosis,
      summary: `\`${HUGE}\``,
      locations: Array.from({ length: MANY }, (_, i) => ({ file: HUGE, line: i, column: 1, message: HUGE }))
    })),
    attempts: report.attempts.map((attempt) => ({
      ...attempt,
      findings,
      memory: {
        ...attempt.memory,
        samples: samples(
          Array.from({ length: MANY }, () => 6),
          94_000,
          { processes: processes.slice(0, 1) }
        ),
        last: {
          ...(attempt.memory.last ?? { atMs: 0, treeBytes: 0, cacheBytes: null, availableBytes: null }),
          processes
        }
      }
    }))
  }
}

const TAIL = Array.from({ length: MANY }, () => HUGE.slice(0, 1000))

function summary(report: Report, budgetBytes: number): string {
  return renderSummary(report, { outputTail: TAIL, link: LINK, locations: [], budgetBytes })
}

describe.each([
  ['out of memory', huge(OWN_CAP)],
  ['compile errors', huge(COMPILE)],
  ['an unknown cause', huge(UNKNOWN)]
])('a huge report about %s', (_, report) => {
  test.each([1000 * 1024, 100_000, 30_000, 12_000, 6000, 2000, 400, 60, 0])('fits into %d bytes', (budgetBytes) => {
    const text = summary(report, budgetBytes)
    expect(byteLength(text)).toBeLessThanOrEqual(budgetBytes)
    expect(liveThings(text)).toEqual([])
    if (budgetBytes >= 400) expect(text).toMatch(/^### ❌ Go build failed/)
  })

  test('fits into a comment', () => {
    const state = stateAfter(null, report, { runId: 1, runNumber: 1, attempt: 1, sha: 'b20c4d1' })
    const context = { form: 'full', key: 'ci.yml', state, existing: null, kept: '', link: LINK, fork: null } as const
    const text = renderComment([told(report)], { ...context, budgetBytes: COMMENT_BYTES })
    expect(text.length).toBeLessThanOrEqual(COMMENT_BYTES)
    expect(text).toMatch(/^<!-- go-build-guard v1 ci\.yml \S+ -->\n\n### ❌ Go build failed/)
  })
})

describe('what is cut', () => {
  const report = huge(OWN_CAP)

  test.each([
    [150_000, 'build output before the last 50 lines.', 'processes'],
    [60_000, 'build output before the last 12 lines.', 'processes'],
    [30_000, 'build output.', 'processes'],
    [20_000, 'build output; processes after the largest 20.', 'chart'],
    [14_000, 'build output; processes after the largest 5.', 'chart'],
    [12_000, 'processes after the largest 5; the chart of memory over time.', 'ruled out'],
    [10_000, 'what was measured for hypotheses that are ruled out.', 'earlier runs']
  ])('at %d bytes the summary says: %s', (budgetBytes, said, notSaid) => {
    const last = summary(report, budgetBytes).trimEnd().split('\n').at(-1)
    expect(last).toMatch(/^<sub>Left out to stay within the size limit: /)
    expect(last).toContain(said)
    expect(last).not.toContain(notSaid)
  })

  test('heading, lead and fix are the last to go', () => {
    expect(summary(OWN_CAP, 1500)).toContain('**Fix:**')
    expect(summary(OWN_CAP, 1500)).toContain('what came after this line')
  })

  test('a report that fits is not touched', () => {
    expect(summary(OWN_CAP, 1000 * 1024)).not.toContain('Left out')
  })

  test('a cut that removes nothing is not mentioned', () => {
    const text = fitBudget((cuts) => ['a', cuts.processes > 5 ? 'x'.repeat(1000) : 'y'], 200)
    expect(text).toContain('processes after the largest 5')
    expect(text).not.toContain('build output')
  })
})

describe('the state in the marker', () => {
  test('stays within 4 KiB with any number of jobs, problems first', () => {
    const job = (mood: JobState['mood']): JobState => ({
      conclusion: mood === 'passed' ? 'success' : 'failure',
      cause: '',
      mood,
      peakBytes: gib(1),
      limitBytes: gib(2),
      runNumber: 1,
      attempt: 1
    })
    const jobs = Object.fromEntries(
      Array.from({ length: 300 }, (_, i) => [`test (${i}, ${'x'.repeat(100)})`, job(i === 299 ? 'memory' : 'passed')])
    )
    const state = { ...stateAfter(null, OWN_CAP, { runId: 1, runNumber: 1, attempt: 1, sha: '' }), jobs }
    const encoded = encodeState(state)
    expect(encoded.length).toBeLessThanOrEqual(4096)
    expect(Buffer.from(encoded, 'base64').toString()).toContain('test (299')
  })
})
