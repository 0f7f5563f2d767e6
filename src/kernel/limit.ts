import { type LimitReading, UNLIMITED, unreadable, value } from '../model/reading.ts'

/**
 * A limit file of a cgroup, in bytes: `max` on v2 and, on v1, the largest page-aligned 63-bit number where none is set
 * (9223372036854771712 with 4 KiB pages, 9223372036854710272 with 64 KiB). Anything past 2^53 limits no machine there
 * is, so the page size need not be known. `0` is a limit like any other.
 */
export function parseLimit(text: string): LimitReading {
  const limit = text.trim()
  if (limit === 'max' || limit === 'unlimited') return UNLIMITED
  if (!/^\d+$/.test(limit)) return unreadable(limit === '' ? 'the file is empty' : 'the file holds no number')
  const number = Number(limit)
  return Number.isSafeInteger(number) ? value(number) : UNLIMITED
}
