import { MIB, parseSize } from '../model/bytes.ts'
import { parseDuration } from '../model/duration.ts'
import type { Auto, Count, Duration, Off, Percent, Size } from '../model/settings.ts'

/** One way to read the text of an input; `null`: it is not of this kind. */
export type Parse<T> = (text: string) => T | null

/** A bare number is bytes; below this it is a unit forgotten, since nothing of Go runs in less. */
const LEAST_BYTES = MIB

export const AUTO: Auto = { kind: 'auto' }
const OFF: Off = { kind: 'off' }

export const auto: Parse<Auto> = (text) => (text === 'auto' ? AUTO : null)
export const off: Parse<Off> = (text) => (text === 'off' ? OFF : null)

export const size: Parse<Size> = (text) => {
  const bytes = parseSize(text)
  return bytes === null || bytes < LEAST_BYTES ? null : { kind: 'size', bytes }
}

export const duration: Parse<Duration> = (text) => {
  const ms = parseDuration(text)
  return ms === null ? null : { kind: 'duration', ms }
}

export const percent: Parse<Percent> = (text) => {
  const number = Number(/^(\d+(?:\.\d+)?)\s*%$/.exec(text)?.[1])
  return number > 0 && number <= 100 ? { kind: 'percent', percent: number } : null
}

export const wholeNumber: Parse<number> = (text) => {
  const number = /^\d{1,6}$/.test(text) ? Number(text) : 0
  return number >= 1 ? number : null
}

export const count: Parse<Count> = (text) => {
  const number = wholeNumber(text)
  return number === null ? null : { kind: 'count', count: number }
}

export const anyText: Parse<string> = (text) => text

export function oneOf<W extends string>(...words: readonly W[]): Parse<W> {
  return (text) => words.find((word) => word === text) ?? null
}

/** The first way that fits. */
export function either<T>(...ways: readonly Parse<T>[]): Parse<T> {
  return (text) => {
    for (const way of ways) {
      const parsed = way(text)
      if (parsed !== null) return parsed
    }
    return null
  }
}
