import { describe, expect, test } from '@jest/globals'
import type { Report } from '../../src/model/report.ts'
import { renderAnnotations } from '../../src/report/annotations.ts'
import type { MappedLocation } from '../../src/report/links.ts'
import { CANCELLED, COMPILE, SUCCESS } from './fixtures.ts'
import { OUTSIDE_KILL, OWN_CAP, RECOVERED } from './memory-fixtures.ts'

function mapped(report: Report): readonly MappedLocation[] {
  return (report.diagnoses[0]?.locations ?? []).map((location) => ({
    location,
    repositoryPath: `sub/${location.file}`
  }))
}

describe('annotations', () => {
  test('compile errors stand on their lines, and one verdict follows', () => {
    expect(renderAnnotations(COMPILE, mapped(COMPILE))).toEqual([
      {
        level: 'error',
        title: 'Go build error',
        message: 'undefined: taxRate',
        file: 'sub/internal/billing/invoice.go',
        line: 42,
        column: 17
      },
      {
        level: 'error',
        title: 'Go build error',
        message: 'cannot use total (variable of type float64) as int64 value in return statement',
        file: 'sub/internal/billing/invoice.go',
        line: 58,
        column: 9
      },
      {
        level: 'error',
        title: 'Go build error',
        message: '"os" imported and not used',
        file: 'sub/cmd/server/main.go',
        line: 19,
        column: 2
      },
      {
        level: 'error',
        title: 'Go build failed: 3 compile errors',
        message: 'First: sub/internal/billing/invoice.go:42 undefined: taxRate.'
      }
    ])
  })

  test('at most nine lines and the verdict, which says how many more there are', () => {
    const [diagnosis] = COMPILE.diagnoses
    if (diagnosis === undefined) throw new Error('the fixture has a diagnosis')
    const locations = Array.from({ length: 30 }, (_, i) => ({
      file: 'a.go',
      line: i + 1,
      column: null,
      message: 'wrong'
    }))
    const report = { ...COMPILE, diagnoses: [{ ...diagnosis, locations }] }
    const annotations = renderAnnotations(report, mapped(report))
    expect(annotations).toHaveLength(10)
    expect(annotations[0]).toEqual({
      level: 'error',
      title: 'Go build error',
      message: 'wrong',
      file: 'sub/a.go',
      line: 1
    })
    expect(annotations[9]?.message).toContain('21 more are in the log')
  })

  test('a file that is not in the repository gets no line', () => {
    const locations = mapped(COMPILE).map(({ location }) => ({ location, repositoryPath: null }))
    expect(renderAnnotations(COMPILE, locations)).toHaveLength(1)
  })

  test('a recovery is a warning with the settings that worked', () => {
    const [only, ...rest] = renderAnnotations(RECOVERED, [])
    expect(rest).toEqual([])
    expect(only).toMatchObject({
      level: 'warning',
      title: 'Go build recovered: attempt 1 ran out of memory at its 6.6 GiB cap',
      message: expect.stringMatching(/Fix: .*parallelism: 1, go-memory-limit: 5900MiB$/)
    })
  })

  test.each([
    ['the own cap', OWN_CAP, 'Go build failed: out of memory at its 6.6 GiB cap'],
    ['a kill', OUTSIDE_KILL, 'Go build killed by SIGKILL (exit 137), not by memory: 12.3 GiB was available']
  ])('a failure by %s is one error', (_, report, title) => {
    expect(renderAnnotations(report, [])).toMatchObject([{ level: 'error', title }])
  })

  test.each([
    ['a success', SUCCESS],
    ['a cancelled run', CANCELLED]
  ])('%s has none', (_, report) => {
    expect(renderAnnotations(report, [])).toEqual([])
  })
})
