import { MIB } from '../model/bytes.ts'
import { ABSENT, type Reading, unreadable, value } from '../model/reading.ts'
import { plainLines, wholeNumber } from './tool-text.ts'

/** What macOS can give away, by its page counts; bytes. */
export interface Pages {
  /** Free and speculative: at once. */
  readonly freeBytes: number
  /** The same with inactive and purgeable pages, some of which must be compressed or written first. */
  readonly availableBytes: number
}

/**
 * `vm_stat`: the size of a page in the first line, counts that end in a dot:
 *
 *     Mach Virtual Memory Statistics: (page size of 16384 bytes)
 *     Pages free:                                   10069.
 *     Pages inactive:                              426177.
 */
export function parseVmStat(text: string): Reading<Pages> {
  const lines = plainLines(text)
  const pageBytes = wholeNumber(/\(page size of (\d+) bytes\)/.exec(lines[0] ?? '')?.[1])
  if (pageBytes === null || pageBytes === 0) return unreadable('vm_stat does not tell the size of a page')
  const pages = (name: string): number | null => {
    const line = lines.find((one) => one.startsWith(`Pages ${name}:`))
    return wholeNumber(/:\s*(\d+)\.\s*$/.exec(line ?? '')?.[1])
  }
  const free = pages('free')
  const inactive = pages('inactive')
  // Not every release has the others.
  const speculative = pages('speculative') ?? 0
  if (free === null || inactive === null) return unreadable('vm_stat does not tell free and inactive pages')
  const now = free + speculative
  return value({
    freeBytes: now * pageBytes,
    availableBytes: (now + inactive + (pages('purgeable') ?? 0)) * pageBytes
  })
}

/** `sysctl NAME…`: `hw.memsize: 17179869184`. Absent where this system has no such name. */
export function parseSysctl(text: string, name: string): Reading<string> {
  const line = plainLines(text).find((one) => one.startsWith(`${name}: `) || one.startsWith(`${name}:\t`))
  return line === undefined ? ABSENT : value(line.slice(name.length + 1).trim())
}

export interface SwapUsage {
  readonly totalBytes: number
  readonly freeBytes: number
}

/** `vm.swapusage`: `total = 10240.00M  used = 9689.94M  free = 550.06M  (encrypted)`; a comma in some languages. */
export function parseSwapUsage(text: string): Reading<SwapUsage> {
  const amount = (name: string): number | null => {
    const number = new RegExp(`\\b${name} = (\\d{1,12}(?:[.,]\\d+)?)M`).exec(text)?.[1]
    return number === undefined ? null : Math.round(Number(number.replace(',', '.')) * MIB)
  }
  const totalBytes = amount('total')
  const freeBytes = amount('free')
  if (totalBytes === null || freeBytes === null) return unreadable('vm.swapusage holds no sizes in M')
  return value({ totalBytes, freeBytes })
}

/** The last line of `memory_pressure -Q`: `System-wide memory free percentage: 84%`, 0 to 100. */
export function parseFreePercentage(text: string): Reading<number> {
  const percent = /^System-wide memory free percentage: (\d{1,3})%\s*$/m.exec(plainLines(text).join('\n'))?.[1]
  return percent === undefined || Number(percent) > 100
    ? unreadable('memory_pressure printed no percentage')
    : value(Number(percent))
}

/** `kern.memorystatus_vm_pressure_level` (1 normal, 2 warning, 4 critical; there is no 3). */
const CRITICAL = 4

/**
 * What a build could still get: pages that are free or can be freed, not more than the share that the system itself
 * calls free; while memory pressure is critical only what is free now.
 */
export function availableOf(
  pages: Reading<Pages>,
  known: { readonly level: number | null; readonly percent: number | null; readonly totalBytes: number | null }
): Reading<number> {
  if (pages.kind !== 'value') return pages
  const { freeBytes, availableBytes } = pages.value
  if (known.level === CRITICAL) return value(freeBytes)
  if (known.percent === null || known.totalBytes === null) return value(availableBytes)
  return value(Math.min(availableBytes, Math.floor((known.totalBytes * known.percent) / 100)))
}

/** Whether the system is about to end processes for memory. */
export function isCritical(level: number | null): boolean {
  return level === CRITICAL
}
