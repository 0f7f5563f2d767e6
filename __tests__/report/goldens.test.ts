import { join } from 'node:path'
import { describe, test } from '@jest/globals'
import type { Report } from '../../src/model/report.ts'
import { COMMENT_BYTES, renderComment } from '../../src/report/comment.ts'
import { keptWords } from '../../src/report/comment-kept.ts'
import { planComment } from '../../src/report/comment-plan.ts'
import { type CommentState, nextState } from '../../src/report/comment-state.ts'
import { renderSummary } from '../../src/report/summary.ts'
import { renderText } from '../../src/report/text.ts'
import { entriesOf } from '../../src/report/told-job.ts'
import { expectGolden } from '../golden.ts'
import { ofJob, stateAfter, told } from './comment-states.ts'
import { COMPILE, LINK, OUTPUT_TAIL, SUCCESS } from './fixtures.ts'
import { OWN_CAP, RECOVERED } from './memory-fixtures.ts'
import { SITUATIONS } from './situations.ts'

const GOLDENS = join(import.meta.dirname, 'goldens')

function mapped(report: Report) {
  const locations = report.diagnoses[0]?.locations ?? []
  return locations.map((location) => ({ location, repositoryPath: location.file }))
}

function comment(report: Report, existing: CommentState | null, runNumber: number, sha: string, body = ''): string {
  const run = { runId: 1000 + runNumber, runNumber, attempt: 1, sha }
  const jobs = entriesOf([told(report)], run)
  const state = nextState({ existing, jobs, run, isWhole: false })
  const plan = planComment({ existing, next: state, told: jobs, mode: 'always', run, isSomeMissing: false })
  if (plan.action === 'none') return `no comment: ${plan.reason}\n`
  const kept = keptWords(body)
  const context = { form: plan.form, key: 'ci.yml', state, existing, kept, link: LINK, fork: null }
  return renderComment([told(report)], { ...context, budgetBytes: COMMENT_BYTES })
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
    const before = stateAfter(null, OWN_CAP, died)
    expectGolden(join(GOLDENS, 'comment-memory-then-compile.md'), comment(COMPILE, before, 7, 'b20c4d1f00'))
  })

  test('a comment about memory says that the build passes again', () => {
    const before = stateAfter(stateAfter(null, SUCCESS, { ...died, runNumber: 5, sha: '3f2a91c000' }), OWN_CAP, died)
    expectGolden(join(GOLDENS, 'comment-passes-again.md'), comment(SUCCESS, before, 7, 'd41f7a0000'))
  })

  const run = { runId: 1007, runNumber: 7, attempt: 1, sha: '9c1e07b1aa' }
  const leg = (report: Report, kind: string): Report => ofJob(report, 'test', { kind })

  test('the jobs of a matrix share one comment', () => {
    const first = stateAfter(null, leg(SUCCESS, 'linux'), run)
    const second = stateAfter(first, leg(RECOVERED, 'arm'), run)
    expectGolden(join(GOLDENS, 'comment-matrix.md'), comment(leg(OWN_CAP, 'race'), second, 7, '9c1e07b1aa'))
  })

  test('a job that is not the worst leaves the words about the worst', () => {
    const first = leg(OWN_CAP, 'race')
    const body = comment(first, null, 7, '9c1e07b1aa')
    const text = comment(leg(COMPILE, 'linux'), stateAfter(null, first, run), 7, '9c1e07b1aa', body)
    expectGolden(join(GOLDENS, 'comment-matrix-compile.md'), text)
  })
})

describe('texts', () => {
  test.each(Object.entries(SITUATIONS))('the text about %s is the stored one', (name, report) => {
    expectGolden(join(GOLDENS, `text-${name}.txt`), `${renderText(report)}\n`)
  })
})
