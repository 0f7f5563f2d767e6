import { KIB } from '../model/bytes.ts'
import { type Reading, unreadable, value } from '../model/reading.ts'
import { plainLines, wholeNumber } from './tool-text.ts'

/** What Windows promises: RAM and page files together, and how much of it is still to be had. Bytes. */
export interface Commit {
  readonly limitBytes: number
  readonly availableBytes: number
}

/** The same with the RAM, where one answer has both. */
export interface WindowsMemory {
  readonly commit: Commit
  readonly totalBytes: number
  readonly availableBytes: number
}

/**
 * `launcher memory` (GlobalMemoryStatusEx):
 *
 *     {"totalBytes":25276497920,"availableBytes":23173316608,"commitLimitBytes":25276506112,"commitAvailableBytes":23173316608}
 */
export function parseLauncherMemory(text: string): Reading<WindowsMemory> {
  const raw = recordIn(text)
  if (raw !== null && typeof raw['problem'] === 'string') return unreadable(raw['problem'])
  const [totalBytes, availableBytes, limitBytes, commitBytes] = [
    'totalBytes',
    'availableBytes',
    'commitLimitBytes',
    'commitAvailableBytes'
  ].map((name) => positive(raw?.[name]))
  return together(totalBytes, availableBytes, limitBytes, commitBytes)
}

/**
 * `Get-CimInstance Win32_OperatingSystem … | ConvertTo-Json`, numbers in KiB. TotalVirtualMemorySize is the commit
 * limit, FreeVirtualMemory what is left of it:
 *
 *     {"FreePhysicalMemory":8000000,"TotalVisibleMemorySize":66720420,"FreeVirtualMemory":36785892,"TotalVirtualMemorySize":94117660}
 */
export function parseOperatingSystem(text: string): Reading<WindowsMemory> {
  const raw = recordIn(plainLines(text).join('\n'))
  const [totalBytes, availableBytes, limitBytes, commitBytes] = [
    'TotalVisibleMemorySize',
    'FreePhysicalMemory',
    'TotalVirtualMemorySize',
    'FreeVirtualMemory'
  ].map((name) => {
    const kibibytes = positive(raw?.[name])
    return kibibytes === null ? null : kibibytes * KIB
  })
  return together(totalBytes, availableBytes, limitBytes, commitBytes)
}

/**
 * `typeperf "\Memory\Commit Limit" "\Memory\Committed Bytes" -sc 1`: a header, one line of values in the order that was
 * asked for, and talk around them. The names in the header are translated, the order is not.
 *
 *     "(PDH-CSV 4.0)","\\RUNNERVM\Memory\Commit Limit","\\RUNNERVM\Memory\Committed Bytes"
 *     "09/22/2026 21:42:32.824","20261367808.000000","3200000000.000000"
 */
export function parseTypeperf(text: string): Reading<Commit> {
  const rows = plainLines(text).filter((line) => line.startsWith('"'))
  const header = rows.findIndex((line) => line.startsWith('"(PDH-CSV'))
  const cells = header < 0 ? [] : cellsOf(rows[header + 1] ?? '')
  if (cells.length !== 3) return unreadable('typeperf printed no line of values')
  const limitBytes = wholeNumber(cells[1])
  const chargedBytes = wholeNumber(cells[2])
  if (limitBytes === null || chargedBytes === null || limitBytes === 0 || chargedBytes === 0) {
    return unreadable('typeperf printed no numbers')
  }
  return value({ limitBytes, availableBytes: Math.max(0, limitBytes - chargedBytes) })
}

function cellsOf(line: string): readonly string[] {
  return [...line.matchAll(/"([^"]*)"/g)].map(([, cell = '']) => cell)
}

type Maybe = number | null | undefined

/** All or nothing; a zero among them is a tool that does not know (wine answers so). */
function together(total: Maybe, available: Maybe, limit: Maybe, commit: Maybe): Reading<WindowsMemory> {
  if (!total || !available || !limit || !commit) return unreadable('the answer has not all four numbers')
  return value({
    totalBytes: total,
    availableBytes: available,
    commit: { limitBytes: limit, availableBytes: commit }
  })
}

function positive(raw: unknown): number | null {
  return typeof raw === 'number' && Number.isSafeInteger(raw) && raw > 0 ? raw : null
}

function recordIn(text: string): Record<string, unknown> | null {
  try {
    const raw: unknown = JSON.parse(text)
    return isRecord(raw) ? raw : null
  } catch {
    return null
  }
}

function isRecord(raw: unknown): raw is Record<string, unknown> {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw)
}
