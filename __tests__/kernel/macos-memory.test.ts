import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  availableOf,
  parseFreePercentage,
  parseSwapUsage,
  parseSysctl,
  parseVmStat
} from '../../src/kernel/macos-memory.ts'
import { parsePs } from '../../src/kernel/ps.ts'
import { KIB, MIB } from '../../src/model/bytes.ts'
import { ABSENT, value } from '../../src/model/reading.ts'

const sample = (name: string): string =>
  readFileSync(join(import.meta.dirname, '../survey/fixtures/macos', name), 'utf8')

const BUSY = sample('vm_stat-32g-under-pressure.txt')

describe('vm_stat', () => {
  test('counts in pages of the size that it names', () => {
    expect(parseVmStat(BUSY)).toEqual(
      value({ freeBytes: (10_069 + 5899) * 16_384, availableBytes: (10_069 + 5899 + 426_177 + 11_278) * 16_384 })
    )
    // No purgeable pages are named there.
    expect(parseVmStat(sample('vm_stat-4k-pages-constructed.txt'))).toEqual(
      value({ freeBytes: (32_768 + 16_384) * 4096, availableBytes: (32_768 + 16_384 + 131_072) * 4096 })
    )
  })

  test.each([
    ['nothing', ''],
    ['no page size', BUSY.slice(BUSY.indexOf('\n') + 1)],
    ['a page size of zero', BUSY.replace('16384', '0')],
    ['a list cut off before the inactive pages', BUSY.slice(0, BUSY.indexOf('Pages inactive'))],
    ['a count cut off', BUSY.slice(0, BUSY.indexOf('426177') + 3)],
    ['the words of a shell', 'sh: /usr/bin/vm_stat: No such file or directory']
  ])('is unreadable for %s', (_, text) => {
    expect(parseVmStat(text).kind).toBe('unreadable')
  })

  test('does not care for CR LF', () => {
    expect(parseVmStat(BUSY.replaceAll('\n', '\r\n'))).toEqual(parseVmStat(BUSY))
  })
})

describe('sysctl', () => {
  test('tells by name, and what it does not know is absent', () => {
    const text = sample('sysctl.txt')
    expect(parseSysctl(text, 'hw.memsize')).toEqual(value('17179869184'))
    expect(parseSysctl(text, 'hw.mem')).toEqual(ABSENT)
    expect(parseSysctl('', 'hw.memsize')).toEqual(ABSENT)
  })

  test.each([
    ['total = 10240.00M  used = 9689.94M  free = 550.06M  (encrypted)', 10_240 * MIB, Math.round(550.06 * MIB)],
    ['total = 2048,00M  used = 554,62M  free = 1493,38M  (encrypted)', 2048 * MIB, Math.round(1493.38 * MIB)],
    ['total = 0.00M  used = 0.00M  free = 0.00M  (encrypted)', 0, 0]
  ])('swap: %s', (text, totalBytes, freeBytes) => {
    expect(parseSwapUsage(text)).toEqual(value({ totalBytes, freeBytes }))
  })

  test('swap without its sizes is unreadable', () => {
    expect(parseSwapUsage('total = 2048.00M  used = 5').kind).toBe('unreadable')
    expect(parseSwapUsage('').kind).toBe('unreadable')
  })
})

test('memory_pressure -Q: the last line counts, and nothing else does', () => {
  expect(parseFreePercentage(sample('memory_pressure-Q.txt'))).toEqual(value(84))
  expect(parseFreePercentage('The system has 1 (1 pages with a page size of 1).\n').kind).toBe('unreadable')
  expect(parseFreePercentage('System-wide memory free percentage: 184%\n').kind).toBe('unreadable')
})

describe('what is available', () => {
  const pages = value({ freeBytes: 2 * MIB, availableBytes: 20 * MIB })
  test.each([
    ['pages that can be freed', { level: 1, percent: null, totalBytes: 100 * MIB }, 20 * MIB],
    ['no more than the system calls free', { level: 2, percent: 10, totalBytes: 100 * MIB }, 10 * MIB],
    ['free pages alone under critical pressure', { level: 4, percent: 90, totalBytes: 100 * MIB }, 2 * MIB],
    ['the pages, where nothing else could be read', { level: null, percent: 10, totalBytes: null }, 20 * MIB]
  ])('%s', (_, known, bytes) => {
    expect(availableOf(pages, known)).toEqual(value(bytes))
  })
})

describe('ps', () => {
  test('takes the rows that are rows', () => {
    const text = [
      '  PID  PPID  PGID    RSS ARGS',
      '   42     1    42  20480 go build -o a b',
      '   43    42    42 102400 /usr/local/go/pkg/tool/darwin_arm64/compile -o $WORK/b001/_pkg_.a -p example.com/a',
      '   44    42    42      0 (compile)',
      '   45    42',
      ''
    ].join('\n')
    expect(parsePs(text)).toEqual([
      { pid: 42, parentPid: 1, groupId: 42, residentBytes: 20_480 * KIB, args: 'go build -o a b' },
      expect.objectContaining({ pid: 43, residentBytes: 102_400 * KIB }),
      expect.objectContaining({ pid: 44, residentBytes: 0 })
    ])
  })

  test('whatever it prints, pids and sizes are numbers', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('1', '9', ' ', '\n', 'a', '-', '.') }), (text) => {
        for (const { pid, residentBytes } of parsePs(text)) {
          expect(Number.isSafeInteger(pid) && Number.isSafeInteger(residentBytes)).toBe(true)
        }
      }),
      { numRuns: 200 }
    )
  })
})
