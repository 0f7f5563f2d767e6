import { ABSENT, type Reading, unreadable, value } from '../model/reading.ts'

/**
 * The flat `key value` files of the kernel (`memory.stat`, `memory.events`, `vmstat`), one pair a line:
 *
 *     anon 1658880
 *     file 86016
 *
 * Lines of another shape and keys nobody asks for are skipped: every kernel release adds some.
 */
export function parseKeyedLines(text: string): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>()
  for (const line of text.split('\n')) {
    const [key, amount, ...rest] = line.trim().split(/\s+/)
    if (key !== undefined && amount !== undefined && rest.length === 0) pairs.set(key, amount)
  }
  return pairs
}

/** The whole number under `key`; absent without the key, unreadable where it is no number that can be counted with. */
export function numberUnder(pairs: ReadonlyMap<string, string>, key: string): Reading<number> {
  const text = pairs.get(key)
  if (text === undefined) return ABSENT
  return wholeNumber(text) ?? unreadable(`no number under ${key}`)
}

function wholeNumber(text: string): Reading<number> | null {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN
  return Number.isSafeInteger(number) ? value(number) : null
}
