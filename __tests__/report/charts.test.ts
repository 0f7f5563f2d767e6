import { describe, expect, test } from '@jest/globals'
import type { Report } from '../../src/model/report.ts'
import { textChart } from '../../src/report/chart.ts'
import { mermaidChart } from '../../src/report/mermaid.ts'
import { attempt, gib, outcome, plan, report, samples, survey } from './build-report.ts'
import { NOT_STARTED } from './fixtures.ts'
import { MACHINE, OWN_CAP } from './memory-fixtures.ts'
import { SITUATIONS } from './situations.ts'

function lasting(durationMs: number, course: readonly number[] = [1, 2, 3, 4, 5]): Report {
  return report([attempt({ plan: plan(1), outcome: outcome({ durationMs }), course: samples(course, durationMs) })])
}

describe('the text chart', () => {
  test('is at most 43 columns wide', () => {
    const wide = report(
      Array.from({ length: 3 }, (_, i) =>
        attempt({
          plan: plan(i + 1, { parallelism: 128 }),
          outcome: outcome({ endedBy: 'cancel', durationMs: 36_000_000 }),
          course: samples([100.5, 128.7], 36_000_000),
          limitBytes: gib(256.4)
        })
      )
    )
    for (const chart of [...Object.values(SITUATIONS), wide].map(textChart)) {
      for (const line of chart) expect(Array.from(line).length).toBeLessThanOrEqual(43)
    }
    expect(textChart(wide)[1]).toMatch(/^-p=128 ▁{4}▄{8}▅{4} 128\.7 GiB, 10:00:00$/)
  })

  test('each bar is the highest value of its sixteenth, full height the limit', () => {
    // Two samples for each bar, the second one higher, in eighths of the limit.
    const eighths = [0, 0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 9, 6.5, 5.5, 4.5, 3.5, 2.5, 0.5]
    const course = eighths.flatMap((amount) => [amount / 2, amount]).map((amount) => (6.6 * amount) / 8)
    expect(textChart(lasting(160_000, course))[1]).toContain(' ▁▁▂▃▄▅▆▇██▇▆▅▄▃▁ ')
  })

  test('a stretch without samples keeps the value before it', () => {
    const [only] = lasting(160_000, [6.6]).attempts
    if (only === undefined) throw new Error('the report has an attempt')
    const first = { atMs: 0, treeBytes: gib(3.3), cacheBytes: null, availableBytes: null, processes: [] }
    const sparse = report([{ ...only, memory: { ...only.memory, samples: [first], peak: first } }])
    expect(textChart(sparse)[1]).toContain(` ${'▄'.repeat(16)} `)
  })

  test('without a cap it shows the rest of the machine beside the build', () => {
    expect(textChart(MACHINE).map((line) => line.split(' ')[0])).toEqual(['memory,', 'build', 'other'])
  })

  test('the last four attempts are enough', () => {
    const [first] = OWN_CAP.attempts
    if (first === undefined) throw new Error('the report has an attempt')
    expect(textChart(report(Array.from({ length: 50 }, () => first)))).toHaveLength(5)
  })

  test('nothing sampled, nothing shown', () => {
    expect(textChart(NOT_STARTED)).toEqual([])
    expect(textChart(lasting(1000, []))).toEqual([])
  })
})

describe('the Mermaid chart', () => {
  const axis = (of: Report): readonly string[] => {
    const line = mermaidChart(of)?.lines.find((candidate) => candidate.includes('x-axis')) ?? ''
    return /\[(.*)\]/.exec(line)?.[1]?.split(', ') ?? []
  }

  test.each([
    [20_000, 20, '1', 'seconds'],
    [21_000, 11, '2', 'seconds'],
    [226_000, 16, '15', 'seconds'],
    [601_000, 11, '1', 'minutes'],
    [1_800_000, 15, '2', 'minutes'],
    [36_000_000, 10, '60', 'minutes'],
    [360_000_000, 20, '300', 'minutes']
  ])('%d ms are %d bars in steps of %s %s', (durationMs, count, step, unit) => {
    const chart = lasting(durationMs)
    expect(axis(chart)).toHaveLength(count)
    expect(axis(chart)[1]).toBe(step)
    expect(mermaidChart(chart)?.lines[2]).toContain(`"${unit} since start`)
  })

  test('only numbers and fixed words enter it', () => {
    for (const situation of Object.values(SITUATIONS)) {
      for (const line of mermaidChart(situation)?.lines.slice(1) ?? []) {
        expect(line).toMatch(/^(?:xychart-beta| {4}(?:[xy]-axis|bar|line) "[\w ;]+" (?:\[[\d., ]+\]|0 --> [\d.]+))$/)
      }
    }
  })

  test('every colour is set', () => {
    const style = mermaidChart(OWN_CAP)?.lines[0] ?? ''
    expect(style).toContain('"plotColorPalette":"#3b82f6, #e5534b"')
    expect(style.match(/"#768390"/g)).toHaveLength(10)
  })

  test('the upper end leaves room above the limit', () => {
    expect(mermaidChart(OWN_CAP)?.lines[3]).toBe('    y-axis "GiB" 0 --> 7.39')
  })

  test('below 1 GiB it counts in MiB', () => {
    const small = report(
      [
        attempt({
          plan: plan(1),
          outcome: outcome({ durationMs: 10_000 }),
          course: samples([0.1, 0.2, 0.25], 10_000),
          limitBytes: gib(0.5)
        })
      ],
      { survey: survey(7.8) }
    )
    expect(mermaidChart(small)?.lines.slice(3, 6)).toEqual([
      '    y-axis "MiB" 0 --> 573.4',
      expect.stringMatching(/^ {4}bar "build" \[0, 102, .*256\]$/),
      expect.stringMatching(/^ {4}line "cap" \[512, .*512\]$/)
    ])
  })

  test('a small build below a large limit is counted in MiB, bars and line alike', () => {
    expect(mermaidChart(lasting(3000, [0.03, 0.04, 0.05]))?.lines.slice(3)).toEqual([
      '    y-axis "MiB" 0 --> 7569.4',
      '    bar "build" [31, 41, 51]',
      '    line "cap" [6758, 6758, 6758]'
    ])
  })

  test('two samples are no course', () => {
    expect(mermaidChart(lasting(60_000, [1]))).toBeNull()
    expect(mermaidChart(lasting(1000, [1, 2, 3]))).toBeNull()
    expect(mermaidChart(NOT_STARTED)).toBeNull()
  })
})
