import { type OutputEvent, readEvent } from './events.ts'

const ESCAPE = '\u001b'
const BELL = '\u0007'

/** Marks of tools that begin a line in square brackets and mean something: no name of a job or step. */
const MEANINGFUL_BRACKET = /^\[(?:fail(?:ed|ure)?|panic(?:ked)?|timedout|interrupted|it|signal|[^\]]{0,80}\.go)\b/i

// 2026-01-02T03:04:05.1234567Z text   (actions/runner, Azure Pipelines, docker logs -t) · [2026-01-02T03:04:05.123Z] text   (Jenkins)
// A date with a blank before its time and without a zone stays: programs log with it, and their lines are told by it.
// 2026-01-02T03:04:05.123456Z 00O text   (GitLab) · 2026-01-02T03:04:05.123456789Z stdout F text   (container runtime interface)
const DATE =
  /^\ufeff?\[?\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?| \d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z| ?[+-]\d\d:?\d\d| UTC))\]?(?: \d\d[OE][ +]| std(?:out|err) [FP] |:? )/
// 09:41:23 text · 09:41:23  text   (Jenkins) · [09:41:23]W: text   (TeamCity) · (03:04:05) text   (bazel)
const TIME = /^[[(]?\d{1,2}:\d\d:\d\d(?:[.,]\d{1,6})?[\])]?(?:[A-Zi]?:[ \t]|)(?: {2}(?=\S)|[ \t])/
// app-1  | text   (docker compose) · [CI/build]   | text   (act)
const PIPE = /^(?:[A-Za-z0-9][\w.-]{0,63} {0,60}|\[[^\]]{1,80}\] {0,60})?\| /
// │ text   (GoReleaser, Terraform)
const BOX = /^\s{0,12}[│┃║] ?/

/**
 * What runners, image builders and log viewers put before a line, by the character that it begins with; taken off as
 * long as one of them matches, and never more than the one blank that belongs to it, since the indentation behind it
 * has a meaning in the output of tests.
 */
const PREFIXES: Readonly<Record<'digit' | 'letter', readonly RegExp[]>> & Readonly<Record<string, readonly RegExp[]>> =
  {
    // 12.90 text   (BuildKit, the excerpt below the failed step)
    digit: [DATE, TIME, /^\d{1,7}\.\d{2,3} /, PIPE],
    letter: [
      // build<TAB>Run go build ./...<TAB>2026-01-02T03:04:05.1234567Z text   (gh run view --log)
      /^[^\t]{1,100}\t[^\t]{1,200}\t\ufeff?(?=\d{4}-\d\d-\d\dT)/,
      PIPE,
      // section_start:1560896352:build[collapsed=true]   (GitLab)
      /^section_(?:start|end):\d{1,12}:[\w.-]{1,100}(?:\[[^\]]{0,200}\])?/,
      // Step #2 - "build": text   (Cloud Build)
      /^Step #\d{1,4}(?: - "[^"]{1,80}")?: /
    ],
    // [linux] text   (parallel branches of Jenkins, Tekton, Drone)
    '[': [DATE, TIME, PIPE, /^\[[A-Za-z][\w ./:+-]{0,60}\] /],
    '(': [TIME],
    // #12 3.456 text   (BuildKit, plain progress) · ##[error]text   (actions/runner, Azure Pipelines)
    '#': [/^#\d{1,6} (?:\d{1,7}\.\d{1,3} )?/, /^##\[[a-z]{1,12}\]/],
    // ::group::text   (the command before it is shown)
    ':': [/^::[a-z-]{1,20}::/],
    // ==> default: text   (Vagrant, Packer) · => => # text   (BuildKit on a terminal)
    '=': [/^==> [\w.:/-]{1,80}: /, /^=> => # /],
    ' ': [/^ {0,2}=> => # /, BOX],
    '\t': [BOX],
    '|': [PIPE],
    '│': [BOX],
    '┃': [BOX],
    '║': [BOX],
    '\ufeff': [DATE]
  }
const NONE: readonly RegExp[] = []
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
    const prefix = prefixesOf(text).find((one) => one.test(text))
    if (prefix === undefined || MEANINGFUL_BRACKET.test(text)) return text
    text = text.replace(prefix, '')
  }
  return text
}

function prefixesOf(text: string): readonly RegExp[] {
  const first = text.charAt(0)
  if (first >= '0' && first <= '9') return PREFIXES.digit
  if (/[A-Za-z]/.test(first)) return mayBePrefixed(text) ? PREFIXES.letter : NONE
  return PREFIXES[first] ?? NONE
}

/** Most lines begin with a letter, and few of those with a prefix. */
function mayBePrefixed(text: string): boolean {
  return text.includes('| ') || text.includes('\t') || text.startsWith('section_') || text.startsWith('Step #')
}
