/**
 * Matrix values as text by name. `toJSON(matrix)` gives an object, or `null` in a job without a matrix. What is nested
 * gets a dotted name: `{"go": {"version": "1.26"}}` is `go.version`, a list counts from 0. `null`: no JSON object.
 */
export function parseMatrix(text: string): Readonly<Record<string, string>> | null {
  const parsed = parseJson(text)
  if (parsed === null) return {}
  if (typeof parsed !== 'object' || Array.isArray(parsed)) return null
  return Object.fromEntries(flatten('', parsed))
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function flatten(name: string, value: unknown): readonly (readonly [string, string])[] {
  if (typeof value !== 'object' || value === null) return [[name, value === null ? '' : String(value)]]
  return Object.entries(value).flatMap(([key, inner]) => flatten(name === '' ? key : `${name}.${key}`, inner))
}
