import { describe, expect, test } from '@jest/globals'
import { parseLimit } from '../../src/kernel/limit.ts'
import { parseMeminfo } from '../../src/kernel/meminfo.ts'
import { parseMemoryEvents } from '../../src/kernel/memory-events.ts'
import { parseHierarchicalLimit, parseMemoryStat, unreclaimableBytes } from '../../src/kernel/memory-stat.ts'
import { parseOomControl } from '../../src/kernel/oom-control.ts'
import { parsePressure } from '../../src/kernel/pressure.ts'
import { parseVmstatOomKill } from '../../src/kernel/vmstat.ts'
import { ABSENT, UNLIMITED, value } from '../../src/model/reading.ts'

describe('a limit file', () => {
  test.each([
    ['v2 without a limit', 'max\n', UNLIMITED],
    ['v1 without a limit, 4 KiB pages', '9223372036854771712\n', UNLIMITED],
    ['v1 without a limit, 64 KiB pages', '9223372036854710272\n', UNLIMITED],
    ['an ordinary limit', '2147483648\n', value(2 ** 31)],
    ['zero, which allows nothing', '0\n', value(0)],
    ['an empty file', '', { kind: 'unreadable', reason: 'the file is empty' }],
    ['something else', '-1\n', { kind: 'unreadable', reason: 'the file holds no number' }]
  ])('%s', (_, text, expected) => {
    expect(parseLimit(text)).toEqual(expected)
  })
})

describe('memory.stat', () => {
  test('of v2 gives four parts that do not overlap', () => {
    const stat = parseMemoryStat('anon 1000\nfile 5000\nkernel 300\nkernel_stack 100\nshmem 700\n')
    expect(stat).toEqual({
      anonBytes: value(1000),
      shmemBytes: value(700),
      fileBytes: value(4300),
      kernelBytes: value(300)
    })
    expect(unreclaimableBytes(stat)).toEqual(value(2000))
  })

  test('of v2 before Linux 5.18 gives kernel memory as the sum of its parts', () => {
    expect(parseMemoryStat('anon 1\nkernel_stack 10\npagetables 20\npercpu 5\nslab 7\n').kernelBytes).toEqual(value(42))
  })

  test('of v1 counts child cgroups and has no kernel memory', () => {
    const stat = parseMemoryStat('cache 1\nrss 2\nshmem 3\ntotal_cache 100\ntotal_rss 200\ntotal_shmem 30\n')
    expect(stat).toEqual({ anonBytes: value(200), shmemBytes: value(30), fileBytes: value(70), kernelBytes: ABSENT })
    expect(unreclaimableBytes(stat)).toEqual(value(230))
  })

  test('that is cut off gives what is there', () => {
    expect(parseMemoryStat('anon 12\nfil')).toEqual({
      anonBytes: value(12),
      shmemBytes: ABSENT,
      fileBytes: ABSENT,
      kernelBytes: ABSENT
    })
  })

  test('with a number nobody can count with is unreadable there, not zero', () => {
    expect(parseMemoryStat('anon 99999999999999999999\n').anonBytes.kind).toBe('unreadable')
    expect(parseMemoryStat('anon -4096\n').anonBytes.kind).toBe('unreadable')
  })

  test('of v1 tells the smallest limit of all ancestors', () => {
    expect(parseHierarchicalLimit('rss 1\nhierarchical_memory_limit 67108864\n')).toEqual(value(67108864))
    expect(parseHierarchicalLimit('hierarchical_memory_limit 9223372036854771712\n')).toEqual(UNLIMITED)
    expect(parseHierarchicalLimit('anon 1\n')).toEqual(ABSENT)
  })
})

describe('counters of kills', () => {
  test('memory.events of Linux 6', () => {
    const events = parseMemoryEvents('low 0\nhigh 3106\nmax 59\noom 2\noom_kill 1\noom_group_kill 0\n')
    expect(events).toEqual({ oom: value(2), oomKill: value(1), oomGroupKill: value(0), max: value(59) })
  })

  test('memory.events before 5.17 has no group kills', () => {
    expect(parseMemoryEvents('low 0\nhigh 0\nmax 1\noom 0\noom_kill 0\n').oomGroupKill).toEqual(ABSENT)
  })

  test('memory.oom_control, also before it counted', () => {
    expect(parseOomControl('oom_kill_disable 0\nunder_oom 1\noom_kill 7\n')).toEqual({
      oomKill: value(7),
      underOom: value(1)
    })
    expect(parseOomControl('oom_kill_disable 0\nunder_oom 0\n').oomKill).toEqual(ABSENT)
  })

  test('/proc/vmstat', () => {
    expect(parseVmstatOomKill('pgfault 1\noom_kill 4\nballoon_inflate 0\n')).toEqual(value(4))
    expect(parseVmstatOomKill('pgfault 1\nfoom_kill 4\n')).toEqual(ABSENT)
  })
})

describe('/proc/meminfo', () => {
  test('is read in bytes, and a machine without swap has zero of it', () => {
    expect(
      parseMeminfo('MemTotal:       24684096 kB\nMemAvailable:   23878816 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n')
    ).toEqual({
      totalBytes: value(24684096 * 1024),
      availableBytes: value(23878816 * 1024),
      swapTotalBytes: value(0),
      swapFreeBytes: value(0)
    })
  })

  test('cut in a line is unreadable there', () => {
    const memory = parseMeminfo('MemTotal:       24684096 kB\nMemAvail')
    expect(memory.availableBytes).toEqual(ABSENT)
    expect(parseMeminfo('MemTotal:       246').totalBytes.kind).toBe('unreadable')
  })
})

describe('pressure', () => {
  test('of some and of all tasks, with totals in microseconds', () => {
    const text = 'some avg10=10.17 avg60=8.20 avg300=2 total=7284311\nfull avg10=9.02 avg60=7 avg300=2 total=65\n'
    expect(parsePressure(text)).toEqual(
      value({ someAvg10: 10.17, fullAvg10: 9.02, someTotalUs: 7284311, fullTotalUs: 65 })
    )
  })

  test('with a line missing is unreadable, not zero', () => {
    expect(parsePressure('some avg10=10.17 avg60=8.20 avg300=2.55 total=7284311\n').kind).toBe('unreadable')
  })
})
