import { describe, expect, test } from '@jest/globals'
import { parseProcLimits } from '../../src/kernel/proc-limits.ts'
import { parseProcStat } from '../../src/kernel/proc-stat.ts'
import { parseProcStatus } from '../../src/kernel/proc-status.ts'
import { ABSENT, UNLIMITED, value } from '../../src/model/reading.ts'

const REST = '0 -1 4194304 98 0 0 0 31 7 0 0 20 0 1 0 69153 3133440 390 18446744073709551615'

describe('/proc/PID/stat', () => {
  test('of an ordinary process', () => {
    expect(parseProcStat(`18534 (compile) R 18525 18520 16796 ${REST}\n`)).toEqual({
      pid: 18534,
      comm: 'compile',
      state: 'R',
      parentPid: 18525,
      groupId: 18520,
      sessionId: 16796,
      userTicks: 31,
      systemTicks: 7,
      startTicks: 69153
    })
  })

  test.each(['we ird) (x', 'foo) Z 1 2 3 ', '(((', 'a\nb', '', '\uFFFD)'])(
    'of a process that calls itself %j',
    (comm) => {
      expect(parseProcStat(`7 (${comm}) S 1 2 3 ${REST}\n`)).toMatchObject({ pid: 7, comm, state: 'S', parentPid: 1 })
    }
  )

  test.each(['', '7', '7 (go', '7 (go)', '7 (go) S 1 2', `x (go) S 1 2 3 ${REST}`, `7 (go) SS 1 2 3 ${REST}`, ')('])(
    'is nothing where it is incomplete: %j',
    (text) => {
      expect(parseProcStat(text)).toBeNull()
    }
  )
})

describe('/proc/PID/status', () => {
  test('gives memory apart from files, the peak and the user', () => {
    const text =
      'Name:\tcompile\nUid:\t1001\t0\t0\t0\nVmHWM:\t    1776 kB\nRssAnon:\t     112 kB\nRssShmem:\t       8 kB\n'
    expect(parseProcStatus(text)).toEqual({
      name: 'compile',
      anonBytes: value(112 * 1024),
      shmemBytes: value(8 * 1024),
      peakResidentBytes: value(1776 * 1024),
      userId: value(1001)
    })
  })

  test('of an ended process has no memory', () => {
    expect(parseProcStatus('Name:\tgo\nState:\tZ (zombie)\nUid:\t0\t0\t0\t0\n')).toEqual({
      name: 'go',
      anonBytes: ABSENT,
      shmemBytes: ABSENT,
      peakResidentBytes: ABSENT,
      userId: value(0)
    })
  })

  test('is not fooled by a name that looks like a field', () => {
    expect(parseProcStatus('Name:\tRssAnon:\t 5 kB\nRssAnon:\t 9 kB\n')).toMatchObject({
      name: 'RssAnon:\t 5 kB',
      anonBytes: value(9 * 1024)
    })
  })
})

describe('/proc/PID/limits', () => {
  test('gives name, both limits and unit, and leaves out the heading', () => {
    const text = [
      'Limit                     Soft Limit           Hard Limit           Units     ',
      'Max stack size            8388608              unlimited            bytes     ',
      'Max nice priority         0                    0                    ',
      'Max realtime timeout      unlimited            unlimited            us        '
    ].join('\n')
    expect(parseProcLimits(text)).toEqual([
      { name: 'Max stack size', soft: value(8388608), hard: UNLIMITED, unit: 'bytes' },
      { name: 'Max nice priority', soft: value(0), hard: value(0), unit: '' },
      { name: 'Max realtime timeout', soft: UNLIMITED, hard: UNLIMITED, unit: 'us' }
    ])
  })

  test('shows a limit it does not understand as unreadable', () => {
    expect(parseProcLimits('Max open files            many                 20000                files')).toMatchObject([
      { name: 'Max open files', soft: { kind: 'unreadable' }, hard: value(20000) }
    ])
  })
})
