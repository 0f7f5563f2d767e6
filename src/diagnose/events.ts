import type { ByteRange } from './byte-range.ts'

/** What a JSON event says that a tool printed. */
export interface OutputEvent {
  readonly output: string
  /** Whose output it is: pieces of one line have the same. */
  readonly source: string
  /** Whether the output ends its line; test2json hands on what a test printed without a line end as it is. */
  readonly endsLine: boolean
  /** Whether a test printed it, rather than its package or the build. */
  readonly isOfTest: boolean
}

/**
 * `{"Action":"output","Package":"p","Test":"T","Output":"FAIL\tpkg\n"}` of test2json, `{"ImportPath":"p",
 * "Action":"build-output","Output":…}` of `go build -json`, `{"log":"…\n","stream":"stdout"}` of docker's json-file
 * driver; `null` for an event without output. The text is cut by hand, since it may be cut off.
 */
export function readEvent(text: string): OutputEvent | null {
  const literal = /"(?:Output|log)":("(?:[^"\\]|\\.)*")/.exec(text)?.[1]
  if (literal === undefined) return null
  const output = unquoted(literal)
  if (output === null) return null
  const [, test = ''] = /"Test":"([^"]{0,300})/.exec(text) ?? []
  const [, owner = ''] = /"(?:Package|ImportPath|stream)":"([^"]{0,300})/.exec(text) ?? []
  return { output, source: `${owner} ${test}`, endsLine: output.endsWith('\n'), isOfTest: test !== '' }
}

/** Whether this line can be an event whose output does not end its line: it ends in `"}`, but not in `\n"}`. */
export function mayEndMidLine({ bytes, start, end }: ByteRange): boolean {
  if (end - start < 4 || bytes[end - 1] !== BRACE || bytes[end - 2] !== QUOTE) return false
  return bytes[end - 3] !== LETTER_N || bytes[end - 4] !== BACKSLASH
}

const BRACE = 0x7d
const QUOTE = 0x22
const LETTER_N = 0x6e
const BACKSLASH = 0x5c

function unquoted(literal: string): string | null {
  try {
    const text: unknown = JSON.parse(literal)
    return typeof text === 'string' ? text : null
  } catch {
    return null
  }
}
