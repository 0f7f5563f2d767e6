import { describe, expect, test } from '@jest/globals'
import { stripLine } from '../../src/diagnose/strip.ts'

function textOf(line: string): string {
  return stripLine(line).text
}

const LINE = '    a_test.go:8: got 1'

describe('a prefix of a runner comes off, and the indentation behind it stays', () => {
  test.each([
    ['2026-01-02T03:04:05.1234567Z ', 'the GitHub runner'],
    ['build\tRun go test\t2026-01-02T03:04:05.1234567Z ', 'gh run view --log'],
    ['[2026-01-02T03:04:05.123Z] ', 'Jenkins'],
    ['[09:41:23] ', 'AppVeyor'],
    ['(03:04:05) ', 'bazel'],
    ['2026-01-02T03:04:05.123456Z 01E ', 'GitLab'],
    ['2026-01-02T03:04:05.123456789Z stdout F ', 'a container runtime'],
    ['#12 3.456 ', 'BuildKit'],
    ['12.90 ', 'the excerpt of BuildKit'],
    [' => => # ', 'BuildKit on a terminal'],
    ['##[error]', 'the GitHub runner, marked'],
    ['::error::', 'a workflow command'],
    ['app-1  | ', 'docker compose'],
    ['[CI/build]   | ', 'act'],
    ['| ', 'act, without a name'],
    ['[linux] ', 'a branch of Jenkins'],
    ['Step #1 - "build": ', 'Cloud Build'],
    ['==> default: ', 'Vagrant'],
    ['  │ ', 'GoReleaser'],
    ['2026-01-02T03:04:05.1Z #12 3.456 \u001b[31m', 'a nesting of them']
  ])('%j of %s', (prefix) => {
    expect(textOf(prefix + LINE)).toBe(LINE)
  })
})

describe('what looks like a prefix and means something stays', () => {
  test.each([
    '[Fail] Store [It] opens',
    '[FAILED] in [It] - a_test.go:3',
    '[/src/main.go:12] - G104 (CWE-703): Errors unhandled.',
    '[main.go:12] - G104 (CWE-703): Errors unhandled.',
    '[1]    88201 killed     ./app',
    '[651023.114021] Out of memory: Killed process 7 (compile)',
    '::error file=a.go,line=3::undefined: x',
    '# example.com/app',
    'ok  \texample.com/a\t0.1s',
    '|| exit 1',
    '12 tests failed',
    '==> Checking that code complies with gofmt requirements...'
  ])('%s', (line) => {
    expect(textOf(line)).toBe(line)
  })
})

test.each([
  ['\u001b]0;title\u0007ok', 'ok'],
  ['\u001b]8;;https://example.com\u001b\\link\u001b]8;;\u001b\\', 'link'],
  ['\u001b_bk;t=1767323045123\u0007+++ build', '+++ build'],
  ['\u001b[0Ksection_end:1767323046:step\u001b[0K', '']
])('a terminal sequence is no text: %j', (line, text) => {
  expect(textOf(line)).toBe(text)
})

describe('an event', () => {
  test('is read by what it says that a tool printed', () => {
    const line = JSON.stringify({ Action: 'output', Package: 'p', Test: 'T', Output: '    a_test.go:3: "no"\n' })
    expect(stripLine(line)).toEqual({
      text: '    a_test.go:3: "no"',
      event: { output: '    a_test.go:3: "no"\n', source: 'p T', endsLine: true, isOfTest: true }
    })
  })

  test('of docker holds a line of the runner inside it', () => {
    expect(textOf('{"log":"2026-01-02T03:04:05.1Z # example.com/a\\r\\n","stream":"stderr"}')).toBe('# example.com/a')
  })

  test.each(['{"Action":"start","Package":"p"}', '{"Output":"cut off', '{"Output":"bad \\x escape"}'])(
    'without whole output stays as it is: %s',
    (line) => {
      expect(stripLine(line)).toEqual({ text: line, event: null })
    }
  )
})
