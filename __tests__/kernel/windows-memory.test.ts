import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  parseLauncherMemory,
  parseOperatingSystem,
  parseTypeperf,
  type WindowsMemory
} from '../../src/kernel/windows-memory.ts'
import { KIB } from '../../src/model/bytes.ts'
import { value } from '../../src/model/reading.ts'

const sample = (name: string): string =>
  readFileSync(join(import.meta.dirname, '../survey/fixtures/windows', name), 'utf8')

const LIMIT = 20_261_367_808
const CHARGE = 3_200_000_000
const TYPEPERF = `\r\n"(PDH-CSV 4.0)","\\\\RUNNER\\Memory\\Commit Limit","\\\\RUNNER\\Memory\\Committed Bytes"\r\n"09/22/2026 21:42:32.824","${LIMIT}.000000","${CHARGE}.000000"\r\nExiting, please wait...                         \r\nThe command completed successfully.\r\n`
const COMMIT = value({ limitBytes: LIMIT, availableBytes: LIMIT - CHARGE })

/** As a pipe of UTF-16 looks when it is read as UTF-8. */
const utf16 = (text: string): string => Buffer.from(`\ufeff${text}`, 'utf16le').toString('utf8')

describe('typeperf', () => {
  test.each([
    ['as it comes', TYPEPERF],
    ['with plain line ends', TYPEPERF.replaceAll('\r', '')],
    [
      'with translated names and a decimal comma',
      TYPEPERF.replaceAll('.000000', ',000000').replace('Commit Limit', 'Zusagegrenze')
    ],
    ['in UTF-16', utf16(TYPEPERF)],
    ['without talk', TYPEPERF.slice(0, TYPEPERF.indexOf('Exiting'))]
  ])('tells limit and charge %s', (_, text) => {
    expect(parseTypeperf(text)).toEqual(COMMIT)
  })

  test.each([
    ['nothing', ''],
    ['talk alone', 'Error: No valid counters.\r\n'],
    ['a header alone', TYPEPERF.slice(0, TYPEPERF.indexOf('"09/22'))],
    ['values cut off', TYPEPERF.slice(0, TYPEPERF.indexOf(String(CHARGE)))],
    ['zeros', TYPEPERF.replace(String(LIMIT), '0')],
    ['a counter without a value', TYPEPERF.replace(`${CHARGE}.000000`, ' ')],
    ['a negative value', TYPEPERF.replace(String(CHARGE), '-1')]
  ])('is unreadable for %s, never zero', (_, text) => {
    expect(parseTypeperf(text).kind).toBe('unreadable')
  })

  test('keeps to the order that was asked for: a recorded answer to another question is no commit charge of zero', () => {
    expect(parseTypeperf(sample('typeperf-commit-hosted.txt')).kind).toBe('unreadable')
  })
})

describe('CIM', () => {
  test('counts in KiB', () => {
    expect(parseOperatingSystem(sample('win32_operatingsystem.json'))).toEqual(
      value<WindowsMemory>({
        totalBytes: 66_720_420 * KIB,
        availableBytes: 8_000_000 * KIB,
        commit: { limitBytes: 94_117_660 * KIB, availableBytes: 36_785_892 * KIB }
      })
    )
    expect(parseOperatingSystem(utf16(sample('win32_operatingsystem-constructed.json')))).toMatchObject({
      value: { totalBytes: 16_771_836 * KIB }
    })
  })

  test.each([
    ['the empty answer of a PowerShell that is none', ''],
    ['an answer cut off', sample('win32_operatingsystem.json').slice(0, 60)],
    ['a property missing', '{"FreePhysicalMemory":1,"TotalVisibleMemorySize":2,"FreeVirtualMemory":3}'],
    [
      'a null',
      '{"FreePhysicalMemory":null,"TotalVisibleMemorySize":2,"FreeVirtualMemory":3,"TotalVirtualMemorySize":4}'
    ],
    ['a list', '[]'],
    ['an error message', 'Get-CimInstance : The term is not recognized']
  ])('is unreadable for %s', (_, text) => {
    expect(parseOperatingSystem(text).kind).toBe('unreadable')
  })
})

describe('the launcher', () => {
  test('tells all four numbers, or why it cannot', () => {
    const said = '{"totalBytes":8,"availableBytes":6,"commitLimitBytes":10,"commitAvailableBytes":7}\n'
    expect(parseLauncherMemory(said)).toEqual(
      value({ totalBytes: 8, availableBytes: 6, commit: { limitBytes: 10, availableBytes: 7 } })
    )
    expect(parseLauncherMemory('{"problem":"GlobalMemoryStatusEx: Access is denied."}')).toEqual({
      kind: 'unreadable',
      reason: 'GlobalMemoryStatusEx: Access is denied.'
    })
    expect(parseLauncherMemory(said.replace('10', '0')).kind).toBe('unreadable')
  })
})

test('whatever is printed, no answer holds a zero or a number that is none', () => {
  const text = fc.oneof(fc.string(), fc.mixedCase(fc.constantFrom(TYPEPERF, sample('win32_operatingsystem.json'))))
  fc.assert(
    fc.property(text, fc.nat(400), fc.nat(400), (of, from, to) => {
      const cut = of.slice(from, Math.max(from, to))
      for (const parse of [parseTypeperf, parseOperatingSystem, parseLauncherMemory]) {
        const answer = parse(cut)
        if (answer.kind !== 'value') continue
        const numbers = JSON.stringify(answer.value).match(/[\d.]+/g) ?? []
        expect(numbers.every((number) => Number.isSafeInteger(Number(number)))).toBe(true)
      }
    }),
    { numRuns: 200 }
  )
})
