import { KIB } from '../model/bytes.ts'
import { ABSENT, type Reading, unreadable, value } from '../model/reading.ts'

/**
 * The bytes of one field in `/proc/meminfo` or `/proc/PID/status`, whose `kB` are KiB:
 *
 *     MemTotal:       24684096 kB
 *     RssAnon:	     112 kB
 */
export function kibibytesUnder(text: string, field: string): Reading<number> {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${field}:`))
  if (line === undefined) return ABSENT
  const amount = /^\s*(\d{1,13}) kB\s*$/.exec(line.slice(field.length + 1))?.[1]
  return amount === undefined ? unreadable(`${field} is no size in kB`) : value(Number(amount) * KIB)
}
