import { describe, expect, test } from '@jest/globals'
import { parseBuildInfo } from '../../src/verify/build-info.ts'
import { SILENT, verify } from '../../src/verify/catalogue.ts'
import { greenRun, tallyOf } from './green-runs.ts'

describe.each(SILENT)('$id', ({ id, catches, ignores, judge }) => {
  test.each(catches)('is found in: $command', (sample) => {
    expect(judge(greenRun(sample))).not.toEqual([])
    expect(verify(greenRun(sample)).map((caution) => caution.id)).toEqual([id])
  })

  test.each(ignores)('is not found in: $command', (sample) => {
    expect(verify(greenRun(sample))).toEqual([])
  })
})

test('ids are told once, and begin with silent', () => {
  const ids = SILENT.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.filter((id) => !/^silent\.[a-z-]+$/.test(id))).toEqual([])
})

describe('the count of a run', () => {
  const rest = { emptyPatterns: [], withoutTests: 0, withoutMatch: 0, skipped: 0 }

  test.each([
    ['nothing', '', { ...rest, hasRun: false }],
    ['a package that passed', 'ok  \texample.com/a\t0.1s\n', { ...rest, hasRun: true }],
    ['a cached one', 'ok  \texample.com/a\t(cached)\n', { ...rest, hasRun: true }],
    [
      'a subtest that is skipped',
      '=== RUN   TestA\n=== RUN   TestA/b\n    --- SKIP: TestA/b (0.00s)\n--- PASS: TestA (0.00s)\nok  \tp\t0.1s\n',
      { ...rest, hasRun: true }
    ],
    [
      'one skipped, and a package that does not name its tests',
      '=== RUN   TestA\n--- SKIP: TestA (0.00s)\nPASS\nok  \tp\t0.1s\nok  \tq\t0.1s\n',
      { ...rest, skipped: 1, hasRun: true }
    ],
    ['gotestsum with tests', 'DONE 12 tests, 3 skipped in 0.512s\n', { ...rest, hasRun: true }],
    ['gotestsum without', 'DONE 12 tests, 12 skipped in 0.512s\n', { ...rest, hasRun: false }],
    ['words of a program', 'okay, done\n--- SKIP the rest\n? who knows\n', { ...rest, hasRun: false }],
    ['a line that is cut off', 'go: warning: "./x/..." matched no pack', { ...rest, hasRun: false }],
    ['an event that is no JSON', '{"Action":"skip",\n', { ...rest, hasRun: false }]
  ])('%s', (_what, text, tally) => {
    for (const pieceBytes of [1, 5, 4096]) expect(tallyOf(text, pieceBytes)).toEqual(tally)
  })

  test('a very long line is no end', () => {
    expect(tallyOf(`${'x'.repeat(100_000)}\nok  \tp\t0.1s\n`, 4096).hasRun).toBe(true)
  })
})

describe('go version -m', () => {
  test('tells settings, modules and what replaces them', () => {
    const text = [
      'bin/app: go1.26.8',
      '\tpath\texample.com/app',
      '\tmod\texample.com/app\t(devel)\t',
      '\tdep\texample.com/x\tv1.2.3\th1:abc=',
      '\tdep\texample.com/y\tv0.0.0',
      '\t=>\t./y\t(devel)\t',
      '\tbuild\t-ldflags="-s -w"',
      '\tbuild\tGOOS=linux'
    ].join('\n')
    expect(parseBuildInfo(text)).toEqual({
      settings: { '-ldflags': '-s -w', GOOS: 'linux' },
      modules: [
        { path: 'example.com/x', version: 'v1.2.3', replacedBy: null },
        { path: 'example.com/y', version: 'v0.0.0', replacedBy: './y' }
      ]
    })
  })

  test('says nothing of what is no Go program', () => {
    expect(parseBuildInfo('bin/app: could not read Go build info\n')).toBeNull()
  })
})
