import type { LogLine } from '../../model/evidence.ts'
import { code, prose } from '../../model/prose.ts'
import type { Case } from '../case.ts'
import { advice, commands, type Definition, type Match, quoted } from '../definition.ts'
import { firstLineOf, group, wasHit } from '../log-hits.ts'
import { plainName } from '../plain-name.ts'
import { testPanic, testRace } from './test-death.ts'
import { testFailure } from './test-failure.ts'
import { testTimeout } from './test-timeout.ts'

/** A test binary that ended with a status, and no test says why. */
export const testExit: Definition = {
  id: 'test.exit',
  title: 'A test binary ended without a failing test',
  meaning:
    'A test binary ended with a status other than zero, and no test failed, no panic and no signal is to be seen: `TestMain` or the code under test called `os.Exit` or `log.Fatal`, a flag is not known to the binary, or it did not even start because a shared library is missing (`0xc0000135` on Windows, 127 on Linux).',
  patterns: [
    {
      // exit status 255
      // FAIL	example.com/app	0.014s
      name: 'status',
      anchor: 'exit status ',
      regex: /^\s*exit status (?<status>\d{1,10}|0x[0-9a-f]{1,16})$/,
      next: /^\s*FAIL\s+\S/
    },
    {
      name: 'package',
      anchor: 'FAIL',
      regex: /^\s*FAIL\s+(?<package>[^\s:[\]]{1,300})\s+\d+\.\d+s$/
    },
    {
      // test2json: exit status 0xc0000135
      name: 'test2json',
      anchor: 'test2json: exit status ',
      regex: /test2json: exit status (?<status>\S{1,20})/
    },
    {
      // flag provided but not defined: -integration · a.test: error while loading shared libraries: libx.so.1: cannot open …
      name: 'start',
      anchor: ['flag provided but not defined: ', 'error while loading shared libraries: '],
      regex:
        /^\s*flag provided but not defined: -(?<flag>\S{1,60})|\.test: error while loading shared libraries: (?<library>[^\s:]{1,100}): /
    },
    {
      // {"Action":"fail","Package":"example.com/app","Elapsed":0.1}
      name: 'event',
      anchor: '"Action":"fail"',
      regex: /"Action":"fail","Package":"(?<package>[^"]{1,300})","Elapsed":[\d.]{1,12}\}/
    }
  ],
  judge: ended,
  rulesOut: [],
  remedies: (_match, of) => [
    advice(
      prose`look at the last lines before ${code('FAIL')}: what was printed there, and by whom. ${code('TestMain')}, ${code('init')} and ${code('log.Fatal')} in the code under test are the usual places.`
    ),
    commands(prose`run the package alone, with the name of each test as it starts:`, [
      `go test -v -count=1 ${packageOf(of) ?? './...'}`
    ])
  ],
  catches: [
    { log: 'could not connect\nexit status 255\nFAIL\texample.com/app\t0.014s\n', exitCode: 1 },
    {
      log: '=== RUN   TestOK\n--- PASS: TestOK (0.00s)\nPASS\nleak check: 2 containers still running\nFAIL\texample.com/g\t0.002s\nFAIL\n',
      exitCode: 1
    },
    {
      log: 'flag provided but not defined: -integration\nUsage of /tmp/go-build1/b001/app.test:\nexit status 2\nFAIL\texample.com/app\t0.003s\n',
      exitCode: 1
    },
    { log: 'test2json: exit status 0xc0000135\n', exitCode: 1 }
  ],
  ignores: [
    { log: '--- FAIL: TestA (0.00s)\nFAIL\nexit status 1\nFAIL\texample.com/app\t0.014s\n', exitCode: 1 },
    { log: 'FAIL\texample.com/app [build failed]\n', exitCode: 1 },
    { log: 'panic: boom\n\ngoroutine 1 [running]:\nexit status 2\nFAIL\texample.com/app\t0.014s\n', exitCode: 1 }
  ],
  links: ['https://pkg.go.dev/testing#hdr-Main', 'https://pkg.go.dev/os#Exit']
}

function ended(of: Case): Match | null {
  const { log } = of.evidence
  const line = firstLineOf(log, testExit, ['start', 'status', 'test2json']) ?? firstLineOf(log, testExit)
  if (line === null || [testFailure, testPanic, testRace, testTimeout].some(({ judge }) => judge(of) !== null))
    return null
  const confidence = wasHit(log, 'test.exit', ['start', 'status', 'test2json']) ? 'certain' : 'likely'
  return {
    basis: 'status',
    confidence,
    summary: says(line),
    evidence: [quoted('Test binary', line, confidence)],
    lineNumber: line.lineNumber,
    endedBy: 'itself'
  }
}

function says(line: LogLine): string {
  const flag = group(line, 'flag')
  if (flag !== null) return prose`A test binary does not know the flag ${code(`-${flag}`)}.`
  const library = group(line, 'library')
  if (library !== null) return prose`A test binary did not start: the shared library ${code(library)} is missing.`
  const status = group(line, 'status')
  if (status !== null) return prose`A test binary ended with status ${code(status)}, and no test says why.`
  return prose`The tests of ${code(group(line, 'package') ?? 'a package')} failed, and no test says why.`
}

function packageOf({ evidence: { log } }: Case): string | null {
  const name = plainName(group(firstLineOf(log, testExit, ['package', 'event']), 'package'))
  return name === null || name.startsWith('-') ? null : name
}
