import type { LogFindings, LogLine } from '../model/evidence.ts'
import { linesOf, wasHit } from './log-hits.ts'
import type { PatternSet } from './pattern.ts'

/** Where in a run a line stands: no cause by itself, but words mean less inside a test's output. */
export const CONTEXT: PatternSet = {
  id: 'context',
  patterns: [
    { name: 'test-failed', anchor: '--- FAIL', regex: /^\s*--- FAIL/, keep: 2 },
    { name: 'test-passed', anchor: '--- PASS', regex: /^\s*--- PASS/, keep: 2 },
    { name: 'test-started', anchor: '=== RUN', regex: /^=== RUN/, keep: 2 },
    {
      // Never a hit: the scanner looks at these lines to know where the output of a test ends (test-region.ts).
      name: 'test-edge',
      anchor: ['=== CONT', '=== NAME', '--- SKIP', '--- BENCH', 'FAIL', 'ok  ', 'PASS', 'coverage: ', 'exit status '],
      regex: /(?!)/,
      keep: 1
    },
    {
      // testing.tRunner(0xc0001, 0x55) · FAIL	example.com/app	0.01s
      name: 'test-binary',
      anchor: ['testing.tRunner', 'testing.(*M)', 'FAIL'],
      regex: /^\s*testing\.(?:tRunner|\(\*M\)\.)|^\s*FAIL\s+[^\s[\]:]{1,300}\s+\d+\.\d+s/,
      keep: 1
    },
    {
      // cmd/compile/internal/ssa.Compile(0xc000…): a trace of a tool of Go
      name: 'go-tool-frame',
      anchor: ['cmd/compile/internal/', 'cmd/link/internal/', 'cmd/asm/internal/', 'cmd/go/internal/'],
      regex: /^\s*cmd\/(?:compile|link|asm|go)\/internal\/\S{1,200}\(/,
      keep: 1
    },
    {
      name: 'goroutine',
      anchor: 'goroutine ',
      regex: /^\s*goroutine \d{1,9} (?:gp=\S{1,30} m=\S{1,10} )?(?:mp=\S{1,30} )?\[/,
      keep: 1
    },
    {
      // The runtime names it itself, and it is no shortage of memory: `ulimit -l`.
      name: 'locked-memory',
      anchor: ['too much locked memory', 'MEMLOCK'],
      regex: /too much locked memory|RLIMIT_MEMLOCK/,
      keep: 1
    },
    {
      name: 'windows-commit',
      anchor: ['errno=1455', 'code: 1455'],
      regex: /errno=1455|error code: 1455/,
      keep: 1
    }
  ]
}

/** Whether single tests report in this log: what else stands there may be theirs. */
export function showsTests(log: LogFindings): boolean {
  return wasHit(log, CONTEXT.id, ['test-failed', 'test-passed', 'test-started'])
}

/** A program's own log: `2026/01/02 03:04:05 …` (package log), `{"level":…}`, `time=… level=…`, `ts=…`, `I0102 03:04:05.6 …`. */
const LOGGED =
  /^(?:\d{4}[/-]\d\d[/-]\d\d[ T]\d\d:\d\d:\d\d|\[\d{4}-\d\d-\d\d|\{"|time=|ts=|level=|[IWEF]\d{4} \d\d:|(?:DEBU|INFO|WARN|ERRO)\[)/

/** The stamp of package log, which neither the kernel nor a compiler writes. */
const STAMPED = /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})? (?!.{0,80}\bkernel:)/

/** Whether a test, or the program under test, logged the line: what it tells of others is not these others speaking. */
export function isLoggedByTest(log: LogFindings, { text, isOfTest }: LogLine): boolean {
  return STAMPED.test(text) && (isOfTest === true || showsTests(log))
}

/** Whether tests logged every line of a set that was found. */
export function isOnlyLoggedByTests(log: LogFindings, words: PatternSet): boolean {
  return linesOf(log, words).every((line) => isLoggedByTest(log, line))
}

/** Whether a line is what tests print while they run: set in, with a position in a test file, or a program's log. */
export function isTestTalk(log: LogFindings, { text, isOfTest }: LogLine): boolean {
  return isOfTest === true || (showsTests(log) && (/^\s{4}|_test\.go:\d/.test(text) || LOGGED.test(text)))
}
