/**
 * Tells whether a parsed JSON value has a shape: `null` if it has, else the place where it has not
 * (`attempts[0].plan.parallelism`). The type parameter ties a check to the type that it stands for.
 */
export interface Check<T> {
  (input: unknown, at: string): string | null
  /** Never set; only the compiler looks at it. */
  readonly shape?: T
}

/** Narrows a value that passes the check. */
export function fits<T>(check: Check<T>, input: unknown): input is T {
  return check(input, '') === null
}

/** Every field must be there; fields of later versions are let through. */
export function object<T>(fields: { readonly [K in keyof T]-?: Check<T[K]> }): Check<T> {
  const checks: readonly (readonly [string, Check<unknown>])[] = Object.entries(fields)
  return (input, at) => {
    if (!isRecord(input)) return at
    for (const [name, check] of checks) {
      const problem = check(input[name], at === '' ? name : `${at}.${name}`)
      if (problem !== null) return problem
    }
    return null
  }
}

/** At most `max` elements: a file of somebody else's making must not decide how much there is to do. */
export function list<T>(of: Check<T>, max: number): Check<readonly T[]> {
  return (input, at) => {
    if (!Array.isArray(input) || input.length > max) return at
    return firstProblem(
      input.map((element, i) => [`${at}[${i}]`, element] as const),
      of
    )
  }
}

export function record<T>(of: Check<T>, max: number): Check<Readonly<Record<string, T>>> {
  return (input, at) => {
    if (!isRecord(input)) return at
    const entries = Object.entries(input)
    return entries.length > max
      ? at
      : firstProblem(
          entries.map(([name, element]) => [`${at}.${name}`, element] as const),
          of
        )
  }
}

function firstProblem(elements: readonly (readonly [string, unknown])[], check: Check<unknown>): string | null {
  for (const [at, element] of elements) {
    const problem = check(element, at)
    if (problem !== null) return problem
  }
  return null
}

/** For fields that reports of earlier versions do not have. */
export function optional<T>(of: Check<T>): Check<T> {
  return (input, at) => (input === undefined ? null : of(input, at))
}

export function nullable<T>(of: Check<T>): Check<T | null> {
  return (input, at) => (input === null ? null : of(input, at))
}

export function oneOf<const T extends string | number>(...allowed: readonly T[]): Check<T> {
  const known: readonly unknown[] = allowed
  return (input, at) => (known.includes(input) ? null : at)
}

/** One of several shapes, told apart by their `kind`. */
export function byKind<T>(shapes: Readonly<Record<string, Check<T>>>): Check<T> {
  return (input, at) => {
    const kind = isRecord(input) ? input['kind'] : undefined
    const shape = typeof kind === 'string' && Object.hasOwn(shapes, kind) ? shapes[kind] : undefined
    return shape === undefined ? `${at}.kind` : shape(input, at)
  }
}

export const text: Check<string> = (input, at) => (typeof input === 'string' ? null : at)

export const flag: Check<boolean> = (input, at) => (typeof input === 'boolean' ? null : at)

export const number: Check<number> = (input, at) => (typeof input === 'number' && Number.isFinite(input) ? null : at)

/** Zero or more, and small enough to be exact: bytes, counts, milliseconds. */
export const amount: Check<number> = (input, at) => {
  return typeof input === 'number' && input >= 0 && input <= Number.MAX_SAFE_INTEGER ? null : at
}

function isRecord(input: unknown): input is Readonly<Record<string, unknown>> {
  return typeof input === 'object' && input !== null && !Array.isArray(input)
}
