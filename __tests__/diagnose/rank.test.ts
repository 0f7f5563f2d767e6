import { describe, expect, test } from '@jest/globals'
import { GIB } from '../../src/model/bytes.ts'
import type { Evidence } from '../../src/model/evidence.ts'
import { unreadable, value } from '../../src/model/reading.ts'
import {
  ABSENT_COUNTER,
  CAGE_PATH,
  cageV1,
  cageV2,
  compiler,
  counter,
  FAILED,
  KILLED,
  kernelLogOf,
  level,
  logOf,
  noCage,
  PASSED,
  planOf,
  record,
  sample,
  surveyOf,
  timelineOf
} from './evidence.ts'
import { API, CAP_FIRED, COMPILER_KILLED, rowsOf, snippetsOf, TWO_COMPILERS, topOf, verdictOn } from './kills.ts'

describe('a kill at the cap of the build', () => {
  test('names package, tool, bytes, status and the words of the log', () => {
    const verdict = verdictOn({ ...CAP_FIRED, timeline: TWO_COMPILERS, kernelLog: kernelLogOf([record()]) })
    expect(topOf(verdict)).toMatchObject({ id: 'oom.cgroup', confidence: 'certain' })
    expect(topOf(verdict).summary).toBe(
      `The kernel killed \`compile\` on \`${API}\` (3.0 GiB) when the build had reached its cap of 6.0 GiB (exit 1, \`signal: killed\`).`
    )
    expect(verdict).toMatchObject({ endedBy: 'kernel-oom-cap', outOfMemory: 'true' })
  })

  test('without a name in log or kernel log says which process was the largest, and no more', () => {
    const verdict = verdictOn({ ...CAP_FIRED, log: logOf(''), timeline: TWO_COMPILERS })
    expect(topOf(verdict).summary).toContain(`The largest at the last look was \`compile\` on \`${API}\` (3.4 GiB)`)
  })

  test('shows cause first, then what was ruled out, with the measured numbers', () => {
    expect(rowsOf(verdictOn({ ...CAP_FIRED, timeline: TWO_COMPILERS, kernelLog: unreadable('EPERM') }))).toEqual([
      'cause | Build hit its own cap | reached its cap of 6.0 GiB; `oom` 0 to 1, `oom_kill` 0 to 1',
      'ruled out | Machine out of memory | 0.9 of 8.0 GiB available at the lowest; no kill outside the build',
      'ruled out | systemd-oomd or earlyoom | not running',
      'ruled out | Cancelled, or timeout | no SIGINT or SIGTERM came first; no time limit was reached',
      'ruled out | Signal from outside | none needed: `oom_kill` accounts for the kill',
      'ruled out | Disk full | 10.0 GiB free for GOCACHE and TMPDIR',
      'not checked | Kernel log | not readable here (`EPERM`)'
    ])
  })

  test('says why the words of the log come second', () => {
    const log = logOf(`${COMPILER_KILLED}# example.com/shop\n./main.go:1:2: undefined: x\n`)
    expect(topOf(verdictOn({ ...CAP_FIRED, log })).evidence.at(-1)).toEqual({
      hypothesis: 'Compile errors',
      measured: 'comes second: counters of the kernel come before words of the log',
      verdict: 'contributed'
    })
  })

  test('tells in words whose limit the kernel log names', () => {
    const rowWith = (limitCgroup: string): string | undefined =>
      rowsOf(verdictOn({ ...CAP_FIRED, kernelLog: kernelLogOf([record({ limitCgroup })]) }))[0]
    expect(rowWith(CAGE_PATH)).toBe(
      "cause | Build hit its own cap | reached its cap of 6.0 GiB; `oom` 0 to 1, `oom_kill` 0 to 1; kernel log: this cgroup's limit, `task=compile`"
    )
    expect(rowWith('/kubepods.slice/kubepods-burstable.slice/pod12')).toMatch(/kernel log: limit above, `…\/pod12`/)
  })

  test('was not sampled: said so, and never 0', () => {
    const timeline = timelineOf(sample([compiler(957, API, 0)], { availableBytes: 3 * GIB }))
    const rows = rowsOf(verdictOn({ exit: FAILED, timeline, log: logOf('./a.go:1:2: undefined: x\n') }))
    expect(rows[0]).toBe('ruled out | Out of memory, any limit | not sampled; no kill counted')
    expect(rowsOf(verdictOn({ exit: KILLED, timeline })).join('\n')).toContain(
      'Build hit its own cap | not sampled; `oom` unchanged'
    )
  })

  test('counts other kills on the machine apart', () => {
    expect(rowsOf(verdictOn({ ...CAP_FIRED, hostKills: counter(3, 6) }))).toContain(
      'contributed | Machine out of memory | 2 kills counted outside the build'
    )
  })

  test('is only likely on v1 without a kernel log, whose row says so', () => {
    const verdict = verdictOn({
      cage: cageV1({ kills: counter(0, 1) }),
      hostKills: counter(0, 1),
      kernelLog: unreadable('EPERM')
    })
    expect(topOf(verdict)).toMatchObject({ id: 'oom.cgroup', confidence: 'likely' })
    expect(rowsOf(verdict)[0]).toBe('likely | Build hit its own cap | reached its cap of 6.0 GiB; `oom_kill` 0 to 1')
    expect(rowsOf(verdict).at(-1)).toBe('not checked | Kernel log | not readable here (`EPERM`)')
  })
})

describe('the machine ran out', () => {
  const verdict = verdictOn({
    cage: noCage(),
    plan: planOf({ cap: { bytes: 5.6 * GIB, swap: 'open' } }),
    hostKills: counter(0, 1),
    kernelLog: kernelLogOf([
      record({ constraint: 'none', limitCgroup: null, task: 'link', pid: 12, anonBytes: 2.4 * GIB })
    ]),
    timeline: timelineOf(
      sample([{ pid: 12, tool: 'link', package: './cmd/server', bytes: 2.4 * GIB }, compiler(13, API, 2.3 * GIB)], {
        availableBytes: 0.1 * GIB
      })
    ),
    survey: surveyOf({ totalBytes: 6.8 * GIB }),
    log: logOf('/usr/local/go/pkg/tool/linux_amd64/link: signal: killed\n')
  })

  test('is told with the victim of the kernel log', () => {
    expect(topOf(verdict)).toMatchObject({ id: 'oom.host', confidence: 'certain' })
    expect(topOf(verdict).summary).toBe(
      'The kernel killed `link` on `./cmd/server` (2.4 GiB) when the machine (6.8 GiB) had no memory left (exit 1, `signal: killed`).'
    )
  })

  test('has the counter, the least that was available and the record as cause', () => {
    expect(rowsOf(verdict).slice(0, 2)).toEqual([
      'cause | Machine out of memory | 0.1 of 6.8 GiB available at the lowest; `oom_kill` 0 to 1; kernel log: `global_oom`, `task=link`',
      'ruled out | Build hit its own cap | no cap in force: 5.6 GiB requested, not enforced'
    ])
  })
})

describe('a kill that was not for memory', () => {
  const timeline = timelineOf(sample([compiler(9, API, 3.1 * GIB)], { availableBytes: 12.3 * GIB }))
  const verdict = verdictOn({ exit: KILLED, timeline, survey: surveyOf({ totalBytes: 15.6 * GIB }) })

  test('is a signal from outside, and memory is ruled out', () => {
    expect(verdict).toMatchObject({ endedBy: 'other', outOfMemory: 'false' })
    expect(topOf(verdict)).toMatchObject({ id: 'signal.kill', confidence: 'likely' })
    expect(topOf(verdict).summary).toBe(
      'The command itself was killed (SIGKILL) with at least 12.3 of 15.6 GiB available. No out-of-memory kill was counted, so the signal came from elsewhere; Linux does not record the sender.'
    )
    expect(rowsOf(verdict)).toEqual([
      'likely | Signal from outside | fits what was measured; the sender is not visible',
      'ruled out | Build hit its own cap | 3.1 of 6.0 GiB; `oom` unchanged, `oom_kill` unchanged',
      'ruled out | Machine out of memory | 12.3 of 15.6 GiB available at the lowest; `oom_kill` unchanged',
      'ruled out | systemd-oomd or earlyoom | not running',
      'ruled out | Cancelled, or timeout | no SIGINT or SIGTERM came first; no time limit was reached',
      'ruled out | Disk full | 10.0 GiB free for GOCACHE and TMPDIR'
    ])
    expect(topOf(verdict).ruledOut.map(({ hypothesis }) => hypothesis)).toEqual([
      'Build hit its own cap',
      'Machine out of memory',
      'systemd-oomd or earlyoom',
      'Cancelled, or timeout'
    ])
  })

  test('a compiler killed by hand with memory free is no memory either', () => {
    const byHand = verdictOn({ log: logOf(COMPILER_KILLED) })
    expect(byHand).toMatchObject({ endedBy: 'other', outOfMemory: 'false' })
    expect(byHand.diagnoses.map(({ id }) => id)).toEqual(['signal.kill'])
  })

  test('the same without counters is open', () => {
    const open = verdictOn({ cage: null, hostKills: ABSENT_COUNTER, log: logOf(COMPILER_KILLED) })
    expect(open).toMatchObject({ endedBy: 'unknown', outOfMemory: 'unknown' })
    expect(topOf(open)).toMatchObject({ id: 'oom.killed', confidence: 'likely' })
    expect(rowsOf(open)).toContain('not checked | Machine out of memory | `oom_kill` not there on this system')
  })

  test('words of the kernel in the output do not outdo the counters', () => {
    const dump = logOf('[1.2] Out of memory: Killed process 4 (compile) total-vm:1kB, anon-rss:1kB\n')
    expect(verdictOn({ log: dump })).toMatchObject({ diagnoses: [], outOfMemory: 'false' })
  })
})

describe('what the guard did itself', () => {
  test('timeout', () => {
    const verdict = verdictOn({
      stop: { kind: 'timeout', afterMs: 1_800_000 },
      exit: KILLED,
      log: logOf(COMPILER_KILLED)
    })
    expect(verdict).toMatchObject({ endedBy: 'guard', outOfMemory: 'false' })
    expect(topOf(verdict)).toMatchObject({ id: 'timeout', confidence: 'certain' })
    expect(snippetsOf(topOf(verdict))).toEqual(['  timeout: 45m   # was 30m'])
    expect(rowsOf(verdict)[0]).toBe('cause | Cancelled, or timeout | the time limit was reached after 30 min')
  })

  test('cancel', () => {
    const verdict = verdictOn({ stop: { kind: 'cancel', signal: 'SIGINT', afterMs: 5000 }, exit: KILLED })
    expect(topOf(verdict).id).toBe('cancelled')
    expect(verdict).toMatchObject({ endedBy: 'cancel', outOfMemory: 'false' })
  })

  test('watch', () => {
    const verdict = verdictOn({
      stop: { kind: 'watch', afterMs: 60_000, limitBytes: 4 * GIB, treeBytes: 3.8 * GIB, level: '/sys/fs/cgroup' },
      cage: { ...noCage(), way: 'watch' },
      exit: KILLED
    })
    expect(topOf(verdict).id).toBe('oom.watch')
    expect(verdict).toMatchObject({ endedBy: 'guard', outOfMemory: 'true' })
    expect(rowsOf(verdict)[0]).toBe(
      'cause | Build came near a limit | held 3.8 GiB near the limit of 4.0 GiB (`/sys/fs/cgroup`); the guard ended it'
    )
  })
})

describe('ordinary failures', () => {
  const log = logOf(
    '# example.com/shop\n./a.go:4:2: undefined: taxRate\n./a.go:9:2: missing return\n./a.go:4:2: undefined: taxRate\n'
  )
  const timeline = timelineOf(sample([compiler(9, API, 1.2 * GIB)]))

  test('compile errors keep few rows, and memory was not involved', () => {
    const verdict = verdictOn({ log, timeline })
    expect(verdict).toMatchObject({ endedBy: 'itself', outOfMemory: 'false' })
    expect(rowsOf(verdict)).toEqual([
      'ruled out | Out of memory, any limit | 1.2 of 6.0 GiB; no kill counted',
      'ruled out | Signal, timeout, cancel | none',
      'ruled out | Disk full | 10.0 GiB free for GOCACHE and TMPDIR'
    ])
  })

  test('compile errors have their places, each once', () => {
    const top = topOf(verdictOn({ log }))
    expect(top.summary).toBe('2 compile errors in `example.com/shop`; the first is `./a.go:4:2` `undefined: taxRate`.')
    expect(top.locations).toEqual([
      { file: './a.go', line: 4, column: 2, message: 'undefined: taxRate' },
      { file: './a.go', line: 9, column: 2, message: 'missing return' }
    ])
  })

  test.each([
    './x.go',
    'sub/x.go',
    '../x.go',
    '/go/src/x.go',
    '.\\x.go',
    'internal\\a\\x.go',
    'C:\\src\\x.go',
    'D:/src/x.go'
  ])('a compile error is found at %s', (file) => {
    const [location] = topOf(verdictOn({ log: logOf(`${file}:10:19: undefined: x\n`) })).locations
    expect(location).toEqual({ file, line: 10, column: 19, message: 'undefined: x' })
  })

  test('fifty places at most, and a way to see all where the compiler stopped at ten', () => {
    const lines = Array.from({ length: 90 }, (_, i) => `./a.go:${i + 1}:2: undefined: x${i}`)
    const top = topOf(verdictOn({ log: logOf(`${lines.join('\n')}\n./a.go:91:2: too many errors\n`) }))
    expect(top.locations).toHaveLength(50)
    expect(top.summary).toContain('90 compile errors')
    expect(snippetsOf(top)).toEqual(['go build -gcflags=-e ./...'])
  })

  test('an unknown failure has no cause and three rows', () => {
    const verdict = verdictOn({ exit: { code: 3, signal: null }, timeline })
    expect(verdict.diagnoses).toEqual([])
    expect(rowsOf(verdict)).toHaveLength(3)
    expect(verdict).toMatchObject({ endedBy: 'itself', outOfMemory: 'false' })
  })

  test('an unknown failure with counters that could not be read says so', () => {
    const verdict = verdictOn({ cage: null, hostKills: ABSENT_COUNTER })
    expect(verdict).toMatchObject({ diagnoses: [], outOfMemory: 'unknown' })
    expect(rowsOf(verdict).join('\n')).toContain('not checked')
  })

  test('a full disk is found without a word about it', () => {
    const disksAfter = [{ role: 'TMPDIR' as const, path: '/tmp', freeBytes: value(0), freeInodes: value(9) }]
    expect(topOf(verdictOn({ disksAfter }))).toMatchObject({ id: 'disk.full', confidence: 'possible' })
  })
})

describe('order of causes', () => {
  const first = (text: string, exitCode: number): string | undefined =>
    verdictOn({
      cage: null,
      survey: null,
      hostKills: ABSENT_COUNTER,
      exit: { code: exitCode, signal: null },
      log: logOf(text)
    }).diagnoses[0]?.id

  test.each([
    [
      'a refused resource before what follows from it',
      'write /tmp/x: no space left on device\n./a.go:1:2: undefined: x\n',
      1,
      'disk.full'
    ],
    ['a named sender before a bare kill', 'timeout: sending signal KILL to command ‘go’\nKilled\n', 137, 'timeout'],
    ['a kill before compile errors', `./a.go:1:2: undefined: x\n${COMPILER_KILLED}`, 1, 'oom.killed'],
    ['compile errors before a bare status', './a.go:1:2: undefined: x\n', 137, 'compile.error'],
    [
      'of equal answers the earlier line',
      'verifying a@v1: checksum mismatch\n./a.go:1:2: undefined: x\n',
      1,
      'module.checksum'
    ],
    [
      'of equal answers the earlier line, the other way round',
      './a.go:1:2: undefined: x\nverifying a@v1: checksum mismatch\n',
      1,
      'compile.error'
    ]
  ])('%s', (_title, text, exitCode, id) => {
    expect(first(text, exitCode)).toBe(id)
  })

  test('compile errors speak for themselves; only a list cut short needs a command', () => {
    const fixesOf = (text: string) => topOf(verdictOn({ log: logOf(text) })).remedies
    expect(fixesOf('./a.go:1:2: undefined: x\n')).toEqual([])
    expect(fixesOf('./a.go:1:2: undefined: x\n./a.go:2:2: undefined: y\n')).toEqual([])
    expect(fixesOf('./a.go:1:2: undefined: x\n./a.go:9:2: too many errors\n')[0]?.snippet?.lines).toEqual([
      'go build -gcflags=-e ./...'
    ])
  })

  test('three at most, best first', () => {
    const text = `write x: no space left on device\n${COMPILER_KILLED}./a.go:1:2: undefined: x\nsh: 1: foo: not found\n`
    const { diagnoses } = verdictOn({ log: logOf(text), cage: null, hostKills: ABSENT_COUNTER })
    expect(diagnoses.map(({ id }) => id)).toEqual(['disk.full', 'oom.killed', 'compile.error'])
    const scores = diagnoses.map(({ score }) => score)
    expect(scores).toEqual([...scores].sort((a, b) => b - a))
  })

  test('words of a test that passes are no cause, and neither is anything in a success', () => {
    expect(first('=== RUN   TestVM\nsignal: killed\n--- PASS: TestVM (3s)\nKilled\nFAIL\n', 1)).toBeUndefined()
    expect(verdictOn({ exit: PASSED, log: logOf(COMPILER_KILLED) }).diagnoses).toEqual([])
  })

  test('a kill in a success is told, and is no failure', () => {
    const verdict = verdictOn({ exit: PASSED, cage: cageV2({ ownLimitHits: counter(0, 1), kills: counter(0, 1) }) })
    expect(verdict).toEqual({
      diagnoses: [],
      findings: [
        {
          hypothesis: 'Process killed for memory in a build that passed',
          measured: '`oom` 0 to 1, `oom_kill` 0 to 1',
          verdict: 'contributed'
        }
      ],
      endedBy: 'itself',
      outOfMemory: 'false'
    })
  })
})

test('no table has more than eight rows or a row twice', () => {
  const changes: readonly Partial<Evidence>[] = [
    CAP_FIRED,
    {
      exit: KILLED,
      kernelLog: unreadable('EPERM'),
      survey: surveyOf({ levels: [level(value(GIB))], oomd: value(true) })
    },
    { cage: null, hostKills: ABSENT_COUNTER, kernelLog: unreadable('EPERM'), exit: KILLED }
  ]
  for (const change of changes) {
    const { findings } = verdictOn(change)
    expect(findings.length).toBeGreaterThan(0)
    expect(findings.length).toBeLessThanOrEqual(8)
    expect(new Set(findings.map(({ hypothesis }) => hypothesis)).size).toBe(findings.length)
  }
})
