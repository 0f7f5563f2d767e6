const ESCAPE = '\u001b'
const BELL = '\u0007'

/** What runners and image builders put before a line, outermost first; taken off as long as one of them matches. */
const PREFIXES: readonly RegExp[] = [
  // 2026-01-02T03:04:05.1234567Z go: downloading …   (actions/runner, log archives and `docker logs -t`)
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z /,
  // #12 3.456 go: downloading …   (BuildKit, plain progress)
  /^#\d{1,6} (?:\d{1,7}\.\d{1,3} )?/,
  // 12.90 go: downloading …   (BuildKit, the excerpt below the failed step)
  /^\d{1,7}\.\d{2,3} /,
  // ##[error]Process completed …   (actions/runner, Azure Pipelines)
  /^##\[[a-z]{1,12}\]/
]
const MOST_PREFIXES = 6

/**
 * The line as the tool printed it: without colour and other terminal sequences, without the prefixes of runners and
 * BuildKit, without trailing blanks, and, of a `go … -json` event, its `Output` alone.
 */
export function stripLine(line: string): string {
  const text = withoutPrefixes(withoutTerminalSequences(line)).trimEnd()
  return text.startsWith('{"') ? (outputOfEvent(text) ?? text) : text
}

/** Removes CSI (`ESC [ … m`), OSC (`ESC ] … BEL`) and two-character sequences (ECMA-48). */
function withoutTerminalSequences(line: string): string {
  if (!line.includes(ESCAPE)) return line
  const [head = '', ...sequences] = line.split(ESCAPE)
  return head + sequences.map(afterSequence).join('')
}

function afterSequence(text: string): string {
  if (text.startsWith('[')) return text.replace(/^\[[0-?]*[ -/]*[@-~]?/, '')
  if (!text.startsWith(']')) return text.slice(1)
  const end = text.indexOf(BELL)
  return end < 0 ? '' : text.slice(end + 1)
}

function withoutPrefixes(line: string): string {
  let text = line
  for (let i = 0; i < MOST_PREFIXES; i++) {
    const prefix = PREFIXES.find((one) => one.test(text))
    if (prefix === undefined) return text
    text = text.replace(prefix, '')
  }
  return text
}

/** `{"Action":"output","Output":"FAIL\tpkg\n"}` of test2json, `{"Action":"build-output",…}` of `go build -json`. */
function outputOfEvent(text: string): string | null {
  const literal = /"Output":("(?:[^"\\]|\\.)*")/.exec(text)?.[1]
  if (literal === undefined) return null
  try {
    const output: unknown = JSON.parse(literal)
    return typeof output === 'string' ? withoutTerminalSequences(output).trimEnd() : null
  } catch {
    return null
  }
}
