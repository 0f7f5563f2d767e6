import { describe, expect, test } from '@jest/globals'
import { createScanner } from '../../src/diagnose/scanner.ts'
import type { LogLine } from '../../src/model/evidence.ts'

const WORDS = [{ id: 'words', patterns: [{ name: 'found', anchor: 'WORD', regex: /WORD/, keep: 3 }] }]

function found(...lines: readonly string[]): readonly LogLine[] {
  const scanner = createScanner(WORDS)
  scanner.push(new TextEncoder().encode(lines.map((line) => `${line}\n`).join('')))
  return scanner.finish().hits.get('words/found')?.first ?? []
}

/** Of each line with the word: its number, and whether a test said it. */
function speakers(...lines: readonly string[]): readonly string[] {
  return found(...lines).map(({ lineNumber, isOfTest }) => `${lineNumber} ${isOfTest === true ? 'test' : 'build'}`)
}

function event(test: string, Output: string): string {
  return JSON.stringify({ Action: 'output', Package: 'p', ...(test === '' ? {} : { Test: test }), Output })
}

describe('who said a word', () => {
  test('a test that is running and later reports a failure', () => {
    expect(speakers('=== RUN   TestA', 'WORD', '--- FAIL: TestA (0.00s)', 'FAIL', 'WORD')).toEqual([
      '2 test',
      '5 build'
    ])
  })

  test('nobody any more, where the test passed', () => {
    expect(speakers('=== RUN   TestA', 'WORD', '--- PASS: TestA (0.00s)', 'WORD')).toEqual(['4 build'])
  })

  test('not the test, where it never reports: it did not live to do so', () => {
    expect(speakers('=== RUN   TestA', 'WORD', 'FAIL\tp\t0.1s')).toEqual(['2 build'])
  })

  test('a test, set in below its report; not what stands at the margin', () => {
    expect(speakers('--- FAIL: TestA (0.00s)', '    a_test.go:3: WORD', 'WORD')).toEqual(['2 test', '3 build'])
  })

  test('a test that goes on after others, by its name', () => {
    const log = ['=== RUN   TestA', '=== RUN   TestB', 'WORD b', '=== CONT  TestA', 'WORD a', '--- FAIL: TestA (0s)']
    expect(speakers(...log)).toEqual(['3 build', '5 test'])
  })

  test('the test of an event, whatever comes between', () => {
    const log = [event('TestA', 'WORD\n'), event('', 'WORD\n'), event('TestB', '--- PASS: TestB (0s)\n')]
    expect(speakers(...log, event('TestA', '--- FAIL: TestA (0s)\n'))).toEqual(['1 test', '2 build'])
  })

  test('among many of tests, one of the build is kept', () => {
    const ofTests = Array.from({ length: 9 }, (_, i) => ['=== RUN   TestA', `WORD ${i}`, '--- FAIL: TestA (0s)']).flat()
    expect(found(...ofTests, 'FAIL', 'WORD of the build').at(-1)?.text).toBe('WORD of the build')
  })
})

describe('a line whose pieces come in events of their own', () => {
  test('is found where its beginning stands, though the word itself is cut', () => {
    expect(found(event('', 'one WO'), event('TestA', 'between\n'), event('', 'RD two\n'))).toEqual([
      { lineNumber: 1, text: 'one WORD two', groups: {} }
    ])
  })

  test('is found at the end of the log, though its end never comes', () => {
    expect(found(event('', 'one WO'), event('', 'RD'))).toEqual([{ lineNumber: 1, text: 'one WORD', groups: {} }])
  })

  test('is not put together from the output of two tests', () => {
    expect(found(event('TestA', 'WO'), event('TestB', 'RD\n'), event('TestA', '\n'))).toEqual([])
  })

  test('without end takes bounded memory', () => {
    const pieces = Array.from({ length: 5000 }, () => event('TestA', 'x'.repeat(100)))
    expect(found(...pieces, event('TestA', ' WORD\n')).length).toBeLessThanOrEqual(1)
  })
})
