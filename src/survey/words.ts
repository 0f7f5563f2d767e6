import { formatBytes } from '../model/bytes.ts'
import type { LimitReading, Reading } from '../model/reading.ts'

/** The four answers in words, bytes by default: "2.0 GiB", "unlimited", "not there", "not readable (EACCES)". */
export function amount(reading: Reading<number> | LimitReading, format: (of: number) => string = formatBytes): string {
  switch (reading.kind) {
    case 'value':
      return format(reading.value)
    case 'unlimited':
      return 'unlimited'
    case 'absent':
      return 'not there'
    case 'unreadable':
      return `not readable (${reading.reason})`
  }
}

/** Paths and names come from others: a line break or an escape sequence in one must not act on the terminal. */
export function visible(line: string): string {
  return line.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?')
}
