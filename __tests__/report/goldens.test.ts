import { join } from 'node:path'
import { describe, test } from '@jest/globals'
import type { Report } from '../../src/model/report.ts'
import { COMMENT_BYTES, renderComment } from '../../src/report/comment.ts'
import { planComment } from '../../src/report/comment-plan.ts'
import { type CommentState, nextState } from '../../src/report/comment-state.ts'
import { renderSummary } from '../../src/report/summary.ts'
import { renderText } from '../../src/report/text.ts'
import { expectGolden } from '../golden.ts'
import { COMPILE, LINK, OUTPUT_TAIL, SUCCESS } from './fixtures.ts'
import { OWN_CAP, RECOVERED } from './memory-fixtures.ts'
import { SITUATIONS } from './situations.ts'

const GOLDENS = join(import.meta.dirname, 'goldens')

function mapped(report: Report) {
  const locations = report.diagnoses[0]?.locations ?? []
  return locations.map((location) => ({ location, repositoryPath: location.file }))
}

function comment(report: Report, existing: CommentState | null, runNumber: number, sha: string): string {
  const run = { runId: 1000 + runNumber, runNumber, attempt: 1, sha }
  const plan = planComment({ existing, report, mode: 'always', run })
  if (plan.action === 'none') return `no comment: ${plan.reason}\n`
  const state = nextState(existing, report, run)
  const { form } = plan
  return renderComment(report, {
    form,
    key: 'ci.yml',
    state,
    existing,
    link: LINK,
    locations: mapped(report),
    budgetBytes: COMMENT_BYTES
  })
}

describe('summaries', () => {
  test.each(Object.entries(SITUATIONS))('the summary of %s is the stored one', (name, report) => {
    const context = { outputTail: OUTPUT_TAIL, link: LINK, locations: mapped(report), budgetBytes: 1000 * 1024 }
    expectGolden(join(GOLDENS, `summary-${name}.md`), renderSummary(report, context))
  })
})

describe('comments', () => {
  test.each(Object.entries(SITUATIONS))('the first comment about %s is the stored one', (name, report) => {
    expectGolden(join(GOLDENS, `comment-${name}.md`), comment(report, null, 7, '9c1e07b1aa'))
  })

  const died = { runId: 1006, runNumber: 6, attempt: 1, sha: '9c1e07b1aa' }

  test('a comment about memory turns into one about compile errors', () => {
    const before = nextState(null, OWN_CAP, died)
    expectGolden(join(GOLDENS, 'comment-memory-then-compile.md'), comment(COMPILE, before, 7, 'b20c4d1f00'))
  })

  test('a comment about memory says that the build passes again', () => {
    const before = nextState(nextState(null, SUCCESS, { ...died, runNumber: 5, sha: '3f2a91c000' }), OWN_CAP, died)
    expectGolden(join(GOLDENS, 'comment-passes-again.md'), comment(SUCCESS, before, 7, 'd41f7a0000'))
  })

  test('the jobs of a matrix share one comment', () => {
    const job = (report: Report, kind: string): Report => ({ ...report, job: { name: 'test', matrix: { kind } } })
    const run = { runId: 1007, runNumber: 7, attempt: 1, sha: '9c1e07b1aa' }
    const first = nextState(null, job(SUCCESS, 'linux'), run)
    const second = nextState(first, job(RECOVERED, 'arm'), run)
    expectGolden(join(GOLDENS, 'comment-matrix.md'), comment(job(OWN_CAP, 'race'), second, 7, '9c1e07b1aa'))
  })

  test('of two jobs in trouble the body says which one it is about', () => {
    const job = (report: Report, kind: string): Report => ({ ...report, job: { name: 'test', matrix: { kind } } })
    const run = { runId: 1007, runNumber: 7, attempt: 1, sha: '9c1e07b1aa' }
    const first = nextState(null, job(OWN_CAP, 'race'), run)
    expectGolden(join(GOLDENS, 'comment-matrix-compile.md'), comment(job(COMPILE, 'linux'), first, 7, '9c1e07b1aa'))
  })
})

describe('texts', () => {
  test.each(Object.entries(SITUATIONS))('the text about %s is the stored one', (name, report) => {
    expectGolden(join(GOLDENS, `text-${name}.txt`), `${renderText(report)}\n`)
  })
})
