/**
 * What came of looking for one value. *Absent*, *unlimited*, *unreadable* and *zero* are four different answers, and
 * no code below may fold one into another.
 */
export type Reading<T> =
  | { readonly kind: 'value'; readonly value: T }
  /** The place exists in other environments, not here (no such file, no such field). */
  | { readonly kind: 'absent' }
  /** The place may exist, and we were not allowed or not able to look; `reason` is an errno name or a short sentence. */
  | { readonly kind: 'unreadable'; readonly reason: string }

/** A limit can also be there and say that it limits nothing (`max`, or v1's page-rounded maximum). */
export type LimitReading = Reading<number> | { readonly kind: 'unlimited' }

export const ABSENT = { kind: 'absent' } as const
export const UNLIMITED = { kind: 'unlimited' } as const

export function value<T>(of: T): Reading<T> {
  return { kind: 'value', value: of }
}

export function unreadable(reason: string): { readonly kind: 'unreadable'; readonly reason: string } {
  return { kind: 'unreadable', reason }
}

/** The value if there is one, else `null`: for arithmetic that has a plain answer for "not known". */
export function known<T>(reading: Reading<T> | { readonly kind: 'unlimited' }): T | null {
  return reading.kind === 'value' ? reading.value : null
}

/** Applies a parser to a value and leaves the other answers alone. */
export function mapReading<A, B>(reading: Reading<A>, parse: (of: A) => B): Reading<B> {
  return reading.kind === 'value' ? value(parse(reading.value)) : reading
}

/** Like {@link mapReading}, for parsers that have more than one answer themselves. */
export function chainReading<A, R>(
  reading: Reading<A>,
  parse: (of: A) => R
): R | Exclude<Reading<A>, { kind: 'value' }> {
  return reading.kind === 'value' ? parse(reading.value) : reading
}
