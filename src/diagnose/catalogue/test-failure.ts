import type { LogLine } from '../../model/evidence.ts'
import { code, prose } from '../../model/prose.ts'
import type { Case } from '../case.ts'
import { advice, commands, type Definition, type Match, quoted } from '../definition.ts'
import { firstLineOf, group, linesOf } from '../log-hits.ts'
import { plainName } from '../plain-name.ts'
import { testPanic, testRace } from './test-death.ts'
import { testTimeout } from './test-timeout.ts'

/** Tests whose names are kept. */
const KEPT_TESTS = 50

/** A test says no. */
export const testFailure: Definition = {
  id: 'test.failure',
  title: 'A test fails',
  meaning:
    'The program and its tests compiled and ran, and a test reported that something is not as it should be. What it expected and what it got stand below its name, set in. What the test and the code under test print is their own affair: words like "out of memory" or "permission denied" there say nothing about the machine.',
  patterns: [
    {
      // --- FAIL: TestParse/empty (0.00s) · …| --- FAIL: TestCmd (0.00s)   (ginkgo writes its summary without a line end)
      name: 'report',
      anchor: '--- FAIL: ',
      regex: /--- FAIL: (?<test>[^\s(]{1,300})/,
      unless: /_test\.go:\d{1,7}: /,
      keep: KEPT_TESTS
    },
    {
      //  FAIL: TestWalk (0.00s)   (cut off by a copy) · ❌ TestWalk (10ms)   (gotestfmt) · === FAIL: pkg TestWalk (0.00s)   (gotestsum)
      name: 'named',
      anchor: ['FAIL: ', '❌ ', '✖ '],
      regex:
        /^\s{0,8}(?:FAIL: |❌ |✖ |=== FAIL: (?:\S{1,300} )?)(?<test>(?:Test|Example|Fuzz|Benchmark)(?![a-z])[^\s(]{0,300})(?: re-run \d{1,3})? \(\d/,
      keep: KEPT_TESTS
    },
    {
      // {"Time":…,"Action":"fail","Package":"p","Test":"TestParse","Elapsed":0}   (test2json)
      name: 'event',
      anchor: '"Action":"fail"',
      regex: /"Action":"fail","Package":"(?<package>[^"]{1,300})","Test":"(?<test>[^"]{1,300})"/,
      keep: KEPT_TESTS
    },
    {
      // FAIL	example.com/app	0.012s
      name: 'package',
      anchor: 'FAIL',
      regex: /^\s*FAIL\s+(?<package>[^\s:[\]]{1,300})\s+(?:\d+\.\d+s|\(cached\))/,
      keep: KEPT_TESTS
    },
    {
      // [Fail] KeyVault [It] returns the secret · • [FAILED] [0.012 seconds] · Summarizing 2 Failures:   (ginkgo)
      // FAIL: calc_test.go:12: S.TestAdd · OOPS: 3 passed, 1 FAILED   (gocheck) · --- Failed steps:   (godog)
      name: 'framework',
      anchor: [
        '[Fail] ',
        '[FAIL] ',
        '[FAILED] ',
        '• Failure',
        'Summarizing ',
        'Test Suite Failed',
        'FAIL! -- ',
        'OOPS: ',
        '_test.go:',
        '--- Failed steps:'
      ],
      regex:
        /^\s*(?:• )?\[F(?:ail|AIL|AILED)\] (?<spec>.{1,200})|^\s*• Failure|^\s*Summarizing \d{1,5} Failures?:|FAIL! -- \d|^\s*Test Suite Failed$|^\s*OOPS: .{0,60}\d FAILED|^\s*FAIL: \S{1,300}_test\.go:\d{1,7}: (?<suite>\S{1,200})|^--- Failed steps:/
    },
    {
      // //app:go_default_test    FAILED in 0.3s   (bazel) · DONE 12 tests, 1 failure in 0.5s   (gotestsum)
      name: 'runner',
      anchor: ['FAILED in ', ' failure in ', ' failures in ', ' failure, ', ' failures, ', 'FAIL: //'],
      regex:
        /^\/\/\S{1,300}\s{1,80}(?:\(.{1,20}\) )?FAILED in |^FAIL: \/\/\S{1,300} \(|^DONE (?:\d{1,3} runs, )?\d{1,7} tests?,.{0,60} \d{1,7} failures?\b/
    },
    {
      //     a_test.go:8: Parse("é") = 1, want 2 · Error Trace: a_test.go:51   (testify)
      name: 'assertion',
      anchor: ['_test.go:', 'Error Trace:'],
      regex: /^\s+(?<where>[^\s:()]{1,300}_test\.go:\d{1,7}): (?<message>\S.{0,300})|^\s+Error Trace:\s/
    }
  ],
  judge: failed,
  rulesOut: [],
  remedies: (_match, of) => {
    const again = rerun(of)
    return [
      ...(again === null ? [] : [commands(prose`run it alone, and without the cache:`, [again])]),
      advice(
        prose`if it passes alone, it depends on the tests beside it or on time: ${code('go test -count=20 -shuffle=on')} shows that.`
      )
    ]
  },
  catches: [
    {
      log: '--- FAIL: TestParse (0.00s)\n    a_test.go:8: Parse("x") = 1, want 2\nFAIL\nFAIL\texample.com/app\t0.002s\nFAIL\n',
      exitCode: 1
    },
    {
      log: '{"Action":"output","Package":"example.com/a","Test":"TestP","Output":"--- FAIL: TestP (0.00s)\\n"}\n{"Time":"2026-01-02T03:04:05Z","Action":"fail","Package":"example.com/a","Test":"TestP","Elapsed":0}\n',
      exitCode: 1
    },
    {
      log: '    Expected\n        <string>: a\n    to equal\n        <string>: b\nSummarizing 1 Failure:\n[Fail] Vault [It] returns the secret\nFAIL! -- 0 Passed | 1 Failed | 0 Pending | 0 Skipped --- FAIL: TestVault (0.00s)\n',
      exitCode: 1
    },
    {
      log: '=== FAIL: example.com/app/store TestOpen (0.02s)\n    open_test.go:9: no\n\nDONE 12 tests, 1 failure in 0.512s\n',
      exitCode: 1
    },
    {
      log: 'FAIL: calc_test.go:12: S.TestAdd\ncalc_test.go:13:\n    c.Check(1, Equals, 2)\nOOPS: 3 passed, 1 FAILED\n',
      exitCode: 1
    },
    {
      log: '--- FAIL: TestSave (0.00s)\n    d_test.go:15: save() = no space left on device, want disk quota exceeded\nFAIL\n',
      exitCode: 1
    },
    {
      log: '--- FAIL: TestClone (0.02s)\n    clone_test.go:21: fatal: could not read Username for host: terminal prompts disabled\nFAIL\nFAIL\texample.com/git\t0.1s\n',
      exitCode: 1
    }
  ],
  ignores: [
    {
      log: '=== RUN   TestA\n--- PASS: TestA (0.00s)\nPASS\nok  \texample.com/a\t0.01s\n./b.go:1:2: undefined: y\n',
      exitCode: 1
    },
    { log: 'FAIL\texample.com/app [build failed]\n', exitCode: 1 },
    { log: 'echo "failed=$(grep -c \'^FAIL\' out.txt)"\n./main.go:3:1: undefined: x\n', exitCode: 1 }
  ],
  links: ['https://pkg.go.dev/testing', 'https://pkg.go.dev/cmd/go#hdr-Test_packages']
}

/** Patterns that each show a failing test; a package that failed, or a line with a position, does not. */
const SHOWS = ['report', 'named', 'event', 'framework', 'runner']

/** What ends the whole binary, or fails a test whatever it asserts, explains more than the test that was running. */
const EXPLAIN_MORE: readonly Definition[] = [testPanic, testRace, testTimeout]

function failed(of: Case): Match | null {
  const { log } = of.evidence
  const line = firstLineOf(log, testFailure, SHOWS) ?? traceAlone(of)
  if (line === null) return null
  const isSecond = EXPLAIN_MORE.some(({ judge }) => judge(of) !== null)
  return {
    basis: 'wording',
    confidence: isSecond ? 'likely' : 'certain',
    summary: summaryOf(of, line),
    evidence: [quoted('Test', line, isSecond ? 'likely' : 'certain')],
    lineNumber: line.lineNumber,
    endedBy: 'itself'
  }
}

/** Of a log that is cut off: the trace that testify prints for a failed assertion. */
function traceAlone({ evidence: { log } }: Case): LogLine | null {
  return linesOf(log, testFailure, ['assertion']).find(({ text }) => /^\s+Error Trace:/.test(text)) ?? null
}

function summaryOf({ evidence: { log } }: Case, line: LogLine): string {
  const names = testsIn(linesOf(log, testFailure, SHOWS))
  const [name] = names
  const first = name === undefined ? prose`A test fails` : prose`${code(name)} fails`
  const others = names.length > 1 ? `, and ${names.length - 1} more` : ''
  const said = linesOf(log, testFailure, ['assertion']).find(({ lineNumber }) => lineNumber > line.lineNumber)
  const where = group(said ?? null, 'where')
  const why = where === null ? '' : `: ${prose`${code(where)} ${code(group(said ?? null, 'message') ?? '')}`}`
  return `${first}${others}${why}.`
}

/** A test that has failing subtests fails for them: those are named. */
function testsIn(lines: readonly LogLine[]): readonly string[] {
  const names = [
    ...new Set(lines.flatMap((line) => group(line, 'test') ?? group(line, 'suite') ?? group(line, 'spec') ?? []))
  ]
  return names.filter((name) => !names.some((other) => other.startsWith(`${name}/`)))
}

/** `go test -run '^TestParse$/^empty$' example.com/app` */
function rerun({ evidence: { log } }: Case): string | null {
  const lines = linesOf(log, testFailure, SHOWS)
  const [name] = testsIn(lines)
  const line = lines.find((one) => group(one, 'test') === name) ?? null
  if (name === undefined || line === null || !/^[\w/-]+$/.test(name)) return null
  const after = linesOf(log, testFailure, ['package']).find(({ lineNumber }) => lineNumber > line.lineNumber) ?? null
  const place = plainName(group(line, 'package') ?? group(after, 'package')) ?? './...'
  const pattern = name
    .split('/')
    .map((part) => `^${part}$`)
    .join('/')
  return `go test -count=1 -v -run '${pattern}' ${place.startsWith('-') ? './...' : place}`
}
