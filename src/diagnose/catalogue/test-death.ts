import { code, prose } from '../../model/prose.ts'
import type { Case } from '../case.ts'
import { CONTEXT, showsTests } from '../context.ts'
import { advice, commands, type Definition, decidedByWording, type Match, quoted } from '../definition.ts'
import { firstLineOutsideTests, group, wasHit } from '../log-hits.ts'

/** What the runtime throws for a mistake of the program (runtime/panic.go, map.go, sema.go); shortages are no mistakes. */
const THROWN =
  'all goroutines are asleep|no goroutines \\(main called|concurrent map |stack overflow|sync: |checkptr: |found bad pointer in Go heap|unexpected signal during runtime execution|fault$|invalid pointer found|sweep increased allocation count|bad pointer in |casgstatus: |malloc during signal|runtime(?:[.·]|: )(?!out of memory|cannot (?:allocate|map)|failed to)'

export const testPanic: Definition = {
  id: 'test.panic',
  title: 'A test binary panicked',
  meaning:
    'The code under test, or the test itself, panicked (a nil pointer, an index out of range, an explicit `panic`) or met a fatal error of the Go runtime (a deadlock, two writers of one map, a stack that never ends). That ends the whole binary: the tests after it did not run. The first lines of the trace of the goroutine marked `[running]` that lie in the module show where.',
  patterns: [
    {
      // panic: runtime error: index out of range [3] with length 3 · panic: boom [recovered]
      name: 'panic',
      anchor: 'panic:',
      regex: /^\s{0,8}panic:(?: (?<reason>(?!test timed out after)\S.{0,500})|$)/,
      unless: /_test\.go:\d{1,7}: /
    },
    {
      // fatal error: all goroutines are asleep - deadlock! · fatal error: concurrent map writes
      name: 'fatal',
      anchor: 'fatal error: ',
      regex: new RegExp(`^\\s{0,8}fatal error: (?<reason>(?:${THROWN}).{0,300})`)
    },
    {
      // SIGSEGV: segmentation violation
      // PC=0x7f01 m=4 sigcode=1      (a fault in C code: runtime/signal_unix.go)
      name: 'fault',
      anchor: ['SIGSEGV: ', 'SIGBUS: ', 'SIGFPE: ', 'SIGILL: ', 'SIGABRT: ', 'SIGTRAP: '],
      regex: /^\s{0,8}(?<reason>SIG(?:SEGV|BUS|FPE|ILL|ABRT|TRAP): [a-z /]{3,40})$/,
      next: /^\s*PC=0x/
    },
    {
      // • [PANICKED] · [Panic!] Store [It] opens · Test Panicked   (ginkgo) · PANIC: a_test.go:12: S.TestA   (gocheck)
      name: 'framework',
      anchor: [
        'Ginkgo panics to prevent',
        '[PANICKED]',
        '[Panic!]',
        '• Panic [',
        'Test Panicked',
        'PANIC: ',
        'test panicked: ',
        ' PANICKED'
      ],
      regex:
        /\[PANICKED\]|^\s*Ginkgo panics to prevent|^\s*\[Panic!\] |^\s*• Panic \[|^\s*Test Panicked$|^\s*PANIC: \S{1,300}_test\.go:\d|(?:^|\s)test panicked: (?<reason>.{1,300})|^\s*OOPS: .{0,60}\d PANICKED/
    }
  ],
  judge: panicked,
  rulesOut: [],
  remedies: () => [
    advice(
      prose`read the trace from the line ${code('goroutine … [running]')} down to the first file of this module; that line, or its caller, is the place.`
    ),
    commands(prose`see all goroutines, and stop at the first failure:`, ['GOTRACEBACK=all go test -failfast ./...'])
  ],
  catches: [
    {
      log: '--- FAIL: TestGet (0.00s)\npanic: runtime error: invalid memory address or nil pointer dereference [recovered]\n\tpanic: runtime error: invalid memory address or nil pointer dereference\n[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x12]\n\ngoroutine 7 [running]:\ntesting.tRunner.func1.2({0x10, 0x11})\nFAIL\texample.com/app\t0.01s\n',
      exitCode: 1
    },
    {
      log: 'fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [chan receive]:\ntesting.(*T).Run(0xc000)\nFAIL\texample.com/app\t0.03s\n',
      exitCode: 1
    },
    {
      log: 'runtime: goroutine stack exceeds 1000000000-byte limit\nfatal error: stack overflow\n\nruntime stack:\nFAIL\texample.com/app\t2.03s\n',
      exitCode: 1
    },
    {
      log: '=== RUN   TestMap\nfatal error: concurrent map writes\n\ngoroutine 8 [running]:\nFAIL\texample.com/app\t0.1s\n',
      exitCode: 1
    },
    { log: '$ go test -v\npanic: runtime error: index out of range\n\ngoroutine 23 [running]:\n', exitCode: 2 }
  ],
  ignores: [
    {
      log: '=== RUN   TestRecover\npanic: boom\n--- PASS: TestRecover (0.00s)\n--- FAIL: TestB (0.00s)\nFAIL\texample.com/a\t0.1s\n',
      exitCode: 1
    },
    { log: 'panic: test timed out after 10m0s\nrunning tests:\n\tTestA (10m0s)\n', exitCode: 1 },
    { log: '2026/01/02 03:04:05 http: panic serving 127.0.0.1:1: x\n--- FAIL: TestServe (0.00s)\nFAIL\n', exitCode: 1 },
    { log: 'fatal error: runtime: out of memory\n\nruntime stack:\nFAIL\texample.com/app\t0.1s\n', exitCode: 1 }
  ],
  links: ['https://go.dev/ref/spec#Handling_panics', 'https://pkg.go.dev/runtime#hdr-Environment_Variables']
}

/** A program may print a panic that it recovered from: what a test printed and lived on is none. */
function panicked(of: Case): Match | null {
  const { log } = of.evidence
  const line = firstLineOutsideTests(log, testPanic)
  const inTests = showsTests(log) || wasHit(log, CONTEXT.id, ['test-binary'])
  if (line === null || (wasHit(log, CONTEXT.id, ['go-tool-frame']) && !inTests)) return null
  // Outside of tests it takes the trace: a script may print the word as well.
  if (!inTests && !wasHit(log, CONTEXT.id, ['goroutine']) && !/\[recovered|goroutine|runtime error: /.test(line.text))
    return null
  const confidence = inTests ? 'certain' : 'likely'
  const reason = group(line, 'reason') ?? line.text.trim()
  return {
    basis: 'wording',
    confidence,
    summary: inTests
      ? prose`A test binary ended by a panic: ${code(reason)}.`
      : prose`A Go program ended by a panic: ${code(reason)}.`,
    evidence: [quoted('Panic', line, confidence)],
    lineNumber: line.lineNumber,
    endedBy: 'itself'
  }
}

export const testRace: Definition = decidedByWording({
  id: 'test.race',
  title: 'The race detector found a data race',
  meaning:
    'Two goroutines used the same memory at the same time, at least one of them writing, and nothing ordered them. The race detector (`-race`) saw it happen and fails the test in which it did, even if every assertion holds. The report shows both accesses and where both goroutines were started.',
  patterns: [
    {
      name: 'report',
      anchor: 'WARNING: DATA RACE',
      regex: /^\s{0,12}WARNING: DATA RACE$/
    },
    {
      // testing.go:1398: race detected during execution of test · Found 2 data race(s)
      name: 'verdict',
      anchor: ['race detected during execution of test', ' data race(s)'],
      regex:
        /^.{0,60}testing\.go(?::\d{1,6})?: race detected during execution of test|^\s*race detected (?:during|outside of) \S|^\s*Found \d{1,6} data race\(s\)/
    }
  ],
  isOfTests: true,
  endedBy: 'itself',
  says: () =>
    prose`The race detector saw two goroutines use the same memory without order, at least one of them writing.`,
  fix: () => [
    advice(
      prose`the report names both places (${code('Write at')}, ${code('Previous read at')}): guard the variable with a mutex, hand it over by a channel, or wait for the goroutine before the test ends.`
    ),
    commands(prose`provoke it again:`, ['go test -race -count=20 -failfast ./...'])
  ],
  catches: [
    {
      log: '==================\nWARNING: DATA RACE\nWrite at 0x00c000 by goroutine 52:\n  example.com/app.(*T).Start()\n--- FAIL: TestStart (0.01s)\n    testing.go:1398: race detected during execution of test\nFAIL\n',
      exitCode: 1
    },
    { log: '--- FAIL: TestA (0.00s)\n    testing.go:853: race detected during execution of test\nFAIL\n', exitCode: 1 },
    { log: 'WARNING: DATA RACE\nRead at 0x00c0 by goroutine 7:\nFound 1 data race(s)\nexit status 66\n', exitCode: 1 }
  ],
  ignores: [
    { log: '    doc_test.go:5: prints WARNING: DATA RACE\n--- FAIL: TestDoc (0.00s)\nFAIL\n', exitCode: 1 },
    { log: 'FATAL: ThreadSanitizer: unsupported VMA range\nFAIL\texample.com/a\t0.01s\n', exitCode: 1 }
  ],
  links: ['https://go.dev/doc/articles/race_detector']
})
