import { describe, expect, test } from '@jest/globals'
import { explainLog } from '../../src/diagnose/explain.ts'
import { statusWords } from '../../src/diagnose/status-words.ts'

const OTHER =
  '=== RUN   TestOther\n--- FAIL: TestOther (0.01s)\n    o_test.go:5: 1 != 2\nFAIL\nFAIL\texample.com/a\t0.3s\n'

/** Words of a refusal, a sender, a kill, a tool and a status: one for each kind of evidence. */
const WORDS: readonly string[] = [
  'fork/exec /bin/x: cannot allocate memory',
  'accept tcp 127.0.0.1:1: accept4: too many open files; retrying in 5ms',
  'write /mnt/x: no space left on device',
  'Memory cgroup out of memory: Killed process 9 (x) total-vm:1kB',
  'fatal error: runtime: out of memory',
  'systemd-oomd killed 3 process(es) in this unit.',
  'The runner has received a shutdown signal',
  'The operation was canceled.',
  'signal: killed',
  'signal: bad system call',
  'go: go.mod file not found in current directory or any parent directory',
  'exit status 137'
]

function firstAnswer(log: string): string | undefined {
  const end = { exitCode: 1, signal: null, platform: 'linux' } as const
  return explainLog(new TextEncoder().encode(log), end).diagnoses[0]?.id
}

function event(name: string, output: string): string {
  return `${JSON.stringify({ Action: 'output', Package: 'example.com/a', Test: name, Output: `${output}\n` })}\n`
}

describe('words in the output of a test that passed are no evidence', () => {
  test.each(WORDS)('%s', (words) => {
    const passed = `=== RUN   TestPasses\n${words}\n--- PASS: TestPasses (0.01s)\n`
    expect(firstAnswer(passed + OTHER) ?? 'test.failure').toBe(firstAnswer(OTHER) ?? 'test.failure')
  })

  test('nor in events of one, though the events of several tests mix', () => {
    const log = [
      event('TestPasses', '=== RUN   TestPasses'),
      event('TestFails', '=== RUN   TestFails'),
      event('TestPasses', 'fork/exec /bin/x: cannot allocate memory'),
      event('TestFails', '--- FAIL: TestFails (0.00s)'),
      event('TestPasses', '--- PASS: TestPasses (0.00s)')
    ]
    expect(firstAnswer(log.join(''))).not.toBe('oom.fork')
  })
})

describe('a resource that the system refused to a test that failed is the cause', () => {
  const refused = 'run_test.go:9: fork/exec /bin/true: cannot allocate memory'

  test('in text', () => {
    expect(firstAnswer(`=== RUN   TestRun\n    ${refused}\n--- FAIL: TestRun (0.01s)\nFAIL\n`)).toBe('oom.fork')
  })

  test('in events', () => {
    const log = [event('TestRun', `    ${refused}`), event('TestRun', '--- FAIL: TestRun (0.01s)')]
    expect(firstAnswer(log.join(''))).toBe('oom.fork')
  })

  test('unless the test compares it with what it expects', () => {
    const compared = '    run_test.go:9: got nil, want fork/exec /bin/true: cannot allocate memory'
    expect(firstAnswer(`=== RUN   TestRun\n${compared}\n--- FAIL: TestRun (0.01s)\nFAIL\n`)).not.toBe('oom.fork')
  })
})

describe('words of a status', () => {
  const words = new RegExp(statusWords('137'), 'i')

  test.each([
    'exit status 137',
    "##[error]Bash exited with code '137'.",
    'exit_code=137',
    'Exited (137) 2 seconds ago',
    'returned a non-zero code: 137',
    'command terminated with exit code 137',
    '"exitCode": 137',
    'make: *** [Makefile:3: all] Erreur 137'
  ])('are in: %s', (line) => {
    expect(line).toMatch(words)
  })

  test.each([
    'server returned 137 rows',
    'ok  \texample.com/a137\t0.137s',
    'x.go:137:1: undefined: y',
    'exit status 1, 20 s, 137'
  ])('are not in: %s', (line) => {
    expect(line).not.toMatch(words)
  })
})
