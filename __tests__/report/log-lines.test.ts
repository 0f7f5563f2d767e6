import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import type { Report } from '../../src/model/report.ts'
import {
  attemptEndLine,
  conclusionLine,
  logLine,
  machineLine,
  memoryLine,
  startLines
} from '../../src/report/log-lines.ts'
import { steeringLine } from '../../src/report/steering.ts'
import { createThresholds } from '../../src/report/thresholds.ts'
import { expectGolden } from '../golden.ts'
import { gib } from './build-report.ts'
import { SUCCESS } from './fixtures.ts'
import { MACHINE } from './memory-fixtures.ts'
import { SITUATIONS } from './situations.ts'

/** All lines of a run, as the guard would print them. */
function logOf(report: Report): readonly string[] {
  const { survey, enforcement } = report
  const lines: string[] = []
  const thresholds = createThresholds()
  let startMs = 0
  for (const [i, attempt] of report.attempts.entries()) {
    if (i === 0) lines.push(...startLines(0, { survey, enforcement, plan: attempt.plan }))
    for (const sample of attempt.memory.samples) {
      const limitBytes = attempt.memory.limitBytes ?? 0
      if (thresholds.crossed(sample.treeBytes, limitBytes) !== null) {
        lines.push(memoryLine(startMs + sample.atMs, sample, limitBytes))
      }
    }
    startMs += attempt.outcome.durationMs
    const next = report.attempts[i + 1]
    if (next !== undefined)
      lines.push(attemptEndLine(startMs, attempt, `attempt ${next.plan.attempt} of at most 3 with -p=1`))
  }
  const steering = steeringLine(report)
  return [...lines, conclusionLine(report), ...(steering === null ? [] : [steering])]
}

describe('the log', () => {
  test.each(Object.entries(SITUATIONS))('of %s is the stored one', (name, report) => {
    expectGolden(join(import.meta.dirname, 'goldens', `log-${name}.txt`), `${logOf(report).join('\n')}\n`)
  })

  test('of a clean success is three lines', () => {
    expect(logOf(SUCCESS)).toHaveLength(3)
  })

  test('every line begins with guard: and the time', () => {
    for (const report of Object.values(SITUATIONS)) {
      for (const line of logOf(report)) expect(line).toMatch(/^guard: \d+:\d\d(?::\d\d)? \S/)
    }
  })

  test('a line is one line of at most 400 characters', () => {
    const line = logLine(3_723_000, `a\nb ${'x'.repeat(1000)}`)
    expect(line).toMatch(/^guard: 1:02:03 a b x+…$/)
    expect(line).toHaveLength(400)
  })

  test('without a cap the line tells what the machine has left', () => {
    const last = MACHINE.attempts[0]?.memory.last
    if (last === undefined || last === null) throw new Error('the fixture has samples')
    expect(machineLine(218_000, { ...last, availableBytes: gib(0.3), treeBytes: gib(4.5) }, gib(6.8))).toBe(
      'guard: 3:38 machine: 0.3 of 6.8 GiB available (build 4.5, other 2.0); largest: link ./cmd/server 2.4 GiB'
    )
  })
})

describe('thresholds', () => {
  const course = (percents: readonly number[], linesMax?: number): readonly (number | null)[] => {
    const thresholds = createThresholds(linesMax)
    return percents.map((percent) => thresholds.crossed(percent, 100))
  }

  test('speak once at 75, 90 and 95 %', () => {
    expect(course([74, 75, 80, 89, 90, 94, 95, 100])).toEqual([null, 75, null, null, 90, null, 95, null])
  })

  test('a jump over several speaks once, of the highest', () => {
    expect(course([10, 97, 98])).toEqual([null, 95, null])
  })

  test('speak again only after a fall of 10 points', () => {
    expect(course([75, 66, 75, 65, 75])).toEqual([75, null, null, null, 75])
    expect(course([96, 84, 92])).toEqual([95, null, null])
    expect(course([96, 80, 92])).toEqual([95, null, 90])
  })

  test('run out of lines', () => {
    const swinging = Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? 80 : 10))
    expect(course(swinging).filter((level) => level !== null)).toHaveLength(24)
    expect(course(swinging, 2).filter((level) => level !== null)).toHaveLength(2)
  })

  test('a limit of zero is no limit to measure against', () => {
    expect(createThresholds().crossed(5, 0)).toBeNull()
  })
})
