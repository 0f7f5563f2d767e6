import { type OutputEvent, readEvent } from './events.ts'

const ESCAPE = '\u001b'
const BELL = '\u0007'

/** Marks of tools that begin a line in square brackets and mean something: no name of a job or step. */
const MEANINGFUL_BRACKET = /^\[(?:fail(?:ed|ure)?|panic(?:ked)?|timedout|interrupted|it|signal|[^\]]{0,80}\.go)\b/i

/**
 * What runners, image builders and log viewers put before a line; taken off as long as one of them matches, and never
 * more than the one blank that belongs to it, since the indentation behind it has a meaning in the output of tests.
 */
const PREFIXES: readonly RegExp[] = [
  // build<TAB>Run go build ./...<TAB>2026-01-02T03:04:05.1234567Z text   (gh run view --log)
  /^[^\t]{1,100}\t[^\t]{1,200}\t\ufeff?(?=\d{4}-\d\d-\d\dT)/,
  // 2026-01-02T03:04:05.1234567Z text   (actions/runner, Azure Pipelines, docker logs -t) · [2026-01-02T03:04:05.123Z] text   (Jenkins)
  // 2026-01-02T03:04:05.123456Z 00O text   (GitLab) · 2026-01-02T03:04:05.123456789Z stdout F text   (container runtime interface)
  /^\ufeff?\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?\]?(?: \d\d[OE][ +]| std(?:out|err) [FP] |:? )/,
  // 09:41:23 text · 09:41:23  text   (Jenkins) · [09:41:23]W: text   (TeamCity) · (03:04:05) text   (bazel)
  /^[[(]?\d{1,2}:\d\d:\d\d(?:[.,]\d{1,6})?[\])]?(?:[A-Zi]?:[ \t]|)[ \t]{1,2}/,
  // #12 3.456 text   (BuildKit, plain progress) · => => # text   (the same on a terminal)
  /^#\d{1,6} (?:\d{1,7}\.\d{1,3} )?/,
  /^ {0,2}=> => # /,
  // 12.90 text   (BuildKit, the excerpt below the failed step)
  /^\d{1,7}\.\d{2,3} /,
  // ##[error]Process completed …   (actions/runner, Azure Pipelines) · ::group::text   (the command before it is shown)
  /^##\[[a-z]{1,12}\]/,
  /^::[a-z-]{1,20}::/,
  // section_start:1560896352:build[collapsed=true]   (GitLab)
  /^section_(?:start|end):\d{1,12}:[\w.-]{1,100}(?:\[[^\]]{0,200}\])?/,
  // app-1  | text   (docker compose) · [CI/build]   | text   (act)
  /^(?:[A-Za-z0-9][\w.-]{0,63} {0,60}|\[[^\]]{1,80}\] {0,60})?\| /,
  // [linux] text   (parallel branches of Jenkins, Tekton, Drone)
  /^\[[A-Za-z][\w ./:+-]{0,60}\] /,
  // Step #2 - "build": text   (Cloud Build) · ==> default: text   (Vagrant, Packer)
  /^Step #\d{1,4}(?: - "[^"]{1,80}")?: /,
  /^==> [\w.:/-]{1,80}: /,
  // │ text   (GoReleaser, Terraform)
  /^\s{0,12}[│┃║] ?/
]
const MOST_PREFIXES = 8

/** One line as the tool printed it. */
export interface StrippedLine {
  readonly text: string
  /** Set where the line was a JSON event: its text may be only a piece of a line. */
  readonly event: OutputEvent | null
}

/**
 * The line as the tool printed it: without colour and other terminal sequences, without the prefixes of runners and
 * image builders, without trailing blanks, and, of a `go … -json` event, its `Output` alone.
 */
export function stripLine(line: string): StrippedLine {
  const text = plain(line)
  const event = text.startsWith('{"') ? readEvent(text) : null
  return event === null ? { text, event } : { text: plain(event.output), event }
}

/** The text without wrappers, where it is known to be no event. */
export function plain(line: string): string {
  return withoutPrefixes(withoutTerminalSequences(line)).trimEnd()
}

/** Removes CSI (`ESC [ … m`), strings (`ESC ] … BEL`, also `_`, `P`, `^`, `X`) and two-character sequences (ECMA-48). */
function withoutTerminalSequences(line: string): string {
  if (!line.includes(ESCAPE)) return line
  const [head = '', ...sequences] = line.split(ESCAPE)
  return head + sequences.map(afterSequence).join('')
}

function afterSequence(text: string): string {
  if (text.startsWith('[')) return text.replace(/^\[[0-?]*[ -/]*[@-~]?/, '')
  if (!/^[\]_P^X]/.test(text)) return text.slice(1)
  const end = text.indexOf(BELL)
  return end < 0 ? '' : text.slice(end + 1)
}

function withoutPrefixes(line: string): string {
  let text = line
  for (let i = 0; i < MOST_PREFIXES; i++) {
    const prefix = PREFIXES.find((one) => one.test(text))
    if (prefix === undefined || MEANINGFUL_BRACKET.test(text)) return text
    text = text.replace(prefix, '')
  }
  return text
}
