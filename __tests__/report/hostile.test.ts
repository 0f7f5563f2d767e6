import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Report } from '../../src/model/report.ts'
import { renderAnnotations } from '../../src/report/annotations.ts'
import { COMMENT_BYTES, renderComment } from '../../src/report/comment.ts'
import { attemptEndLine, conclusionLine, memoryLine, startLines } from '../../src/report/log-lines.ts'
import { renderOutputs } from '../../src/report/outputs.ts'
import { renderSummary } from '../../src/report/summary.ts'
import { renderText } from '../../src/report/text.ts'
import { stateAfter, told } from './comment-states.ts'
import { LINK } from './fixtures.ts'
import { hostileText, liveThings, skeleton } from './hostile.ts'
import { saying } from './hostile-report.ts'
import { SITUATIONS } from './situations.ts'

const RUNS = { numRuns: 60 }

function summary(report: Report, tail: readonly string[]): string {
  const locations = (report.diagnoses[0]?.locations ?? []).map((location) => ({ location, repositoryPath: null }))
  return renderSummary(report, { outputTail: tail, link: LINK, locations, budgetBytes: 1_000_000 })
}

function comment(report: Report): string {
  const run = { runId: 1, runNumber: 1, attempt: 1, sha: 'b20c4d1' }
  return renderComment([{ ...told(report), locations: [] }], {
    form: 'full',
    key: 'ci.yml',
    state: stateAfter(null, report, run),
    existing: null,
    kept: '',
    link: LINK,
    fork: null,
    budgetBytes: COMMENT_BYTES
  })
}

describe.each(Object.entries(SITUATIONS))('hostile names in %s', (_, report) => {
  test('the structure of the summary does not depend on what others wrote', () => {
    const harmless = skeleton(summary(saying(report, 'name'), ['name']))
    fc.assert(
      fc.property(hostileText, (text) => {
        const rendered = summary(saying(report, text), [text])
        expect(skeleton(rendered)).toEqual(harmless)
        expect(liveThings(rendered)).toEqual([])
      }),
      RUNS
    )
  })

  test('nothing that others wrote lives in the comment', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(liveThings(comment(saying(report, text)))).toEqual([])
      }),
      RUNS
    )
  })

  test('no line of log or terminal is a workflow command', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const hostile = saying(report, text)
        const lines = [
          conclusionLine(hostile),
          ...renderText(hostile).split('\n'),
          ...hostile.attempts.flatMap((attempt) => [
            ...startLines(0, { survey: hostile.survey, enforcement: hostile.enforcement, plan: attempt.plan }),
            attemptEndLine(0, attempt, text),
            ...(attempt.memory.last === null ? [] : [memoryLine(0, attempt.memory.last, 1e9)])
          ])
        ]
        for (const line of lines) expect(line).not.toMatch(/##\[|^\s*::|\n|\r|\u001b/)
      }),
      RUNS
    )
  })

  test('annotations keep their sizes, and outputs stay on one line', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const hostile = saying(report, text.repeat(100))
        const locations = (hostile.diagnoses[0]?.locations ?? []).map((location) => ({
          location,
          repositoryPath: text
        }))
        for (const annotation of renderAnnotations(hostile, locations)) {
          expect(Array.from(annotation.title).length).toBeLessThanOrEqual(80)
          expect(Array.from(annotation.message).length).toBeLessThanOrEqual(400)
          expect(annotation.title + annotation.message).not.toMatch(/##\[|\n|\r|\u001b/)
        }
        const outputs = renderOutputs(hostile, { reportFile: null, commentUrl: null })
        for (const output of Object.values(outputs)) expect(output).not.toMatch(/\n|\r/)
      }),
      RUNS
    )
  })
})

describe('what a comment repeats', () => {
  const SECRETS = [
    'undefined: taxRate in secret text',
    'https://user:hunter2@proxy.example/mod',
    'ghp_16C7e42F292c6912E7710c838347Ae178B4a',
    'AKIAIOSFODNN7EXAMPLE1',
    '6f1c2b4e-9d3a-4b7c-8e5f-0a1b2c3d4e5f'
  ]

  test.each(SECRETS)('%s is not among it', (secret) => {
    for (const report of Object.values(SITUATIONS)) {
      const hostile = saying(report, secret)
      expect(comment({ ...hostile, job: report.job })).not.toContain(secret)
    }
  })

  test.each(['github.com/acme/shop/internal/billing', 'oom_kill', '-p=1', 'signal: killed', './cmd/server'])(
    'the name %s is among it',
    (name) => {
      for (const report of Object.values(SITUATIONS).filter(({ conclusion, diagnoses }) => {
        return conclusion === 'failure' && diagnoses.length > 0 && diagnoses[0]?.locations.length === 0
      })) {
        expect(comment(saying(report, name))).toContain(`\`${name}\``)
      }
    }
  )
})
