/** The longest line of somebody else's text that a report repeats, in code points. */
export const LINE_MAX = 400

const ESCAPE = String.fromCharCode(0x1b)
const BELL = String.fromCharCode(0x07)
const C1_CSI = String.fromCharCode(0x9b)
// ECMA-48: OSC up to BEL or ST, CSI with parameters and a final byte, then any other two-byte sequence.
const ANSI = new RegExp(
  `${ESCAPE}\\][^${BELL}${ESCAPE}\\n]*(?:${BELL}|${ESCAPE}\\\\)?|(?:${ESCAPE}\\[|${C1_CSI})[0-?]*[ -/]*[@-~]?|${ESCAPE}[ -/]*[0-~]?`,
  'g'
)

/** Text without what a screen would obey instead of showing: ANSI, controls except newline, bidi, zero-width. */
export function clean(text: string): string {
  return text
    .replaceAll(ANSI, '')
    .replaceAll('\t', '    ')
    .replaceAll(/[\u2028\u2029]/g, ' ')
    .replaceAll(/[^\P{Cc}\n]|\p{Cf}|\u2065/gu, '')
    .replaceAll(/\p{Cs}/gu, '\uFFFD')
}

/** At most `max` code points; a cut shows as "…". */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text
  const points = Array.from(text.slice(0, 2 * max + 2))
  return points.length <= max ? text : `${points.slice(0, max - 1).join('')}…`
}

/** Cleaned, on one line, cut. Only the part that could be shown is looked at, so a huge text costs nothing. */
export function oneLine(text: string, max: number = LINE_MAX): string {
  const shown = clean(text.slice(0, 16 * max).replaceAll('\n', ' '))
  return cut(shown.replaceAll(/\s+/g, ' ').trim(), max)
}

/** Untrusted text as a Markdown code span: there mentions, references, HTML and links are inert. */
export function codeSpan(text: string, max: number = LINE_MAX): string {
  const line = oneLine(text, max) || ' '
  const longest = longestRun(line)
  if (longest === 0) return `\`${line}\``
  const delimiter = '`'.repeat(longest + 1)
  return `${delimiter} ${line} ${delimiter}`
}

/** Untrusted lines as a fenced block that they cannot close. `lineMax` is for lines of ours that must stay whole. */
export function fence(language: string, lines: readonly string[], lineMax: number = LINE_MAX): string {
  const shown = lines.map((line) => cut(clean(line.slice(0, 16 * lineMax)).replaceAll('\n', ' '), lineMax))
  const longest = shown.reduce((most, line) => Math.max(most, longestRun(line)), 2)
  const delimiter = '`'.repeat(longest + 1)
  return [delimiter + language, ...shown, delimiter].join('\n')
}

function longestRun(line: string): number {
  return (line.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 0)
}

/**
 * Untrusted text inside inline HTML, where Markdown is still read: everything but letters, digits and a few harmless
 * marks becomes a numeric entity, which CommonMark never takes for structure.
 */
export function htmlCode(text: string, max: number = LINE_MAX): string {
  const inert = oneLine(text, max).replaceAll(/[^\p{L}\p{N} .,/-]|www(?=\.)/gu, entity)
  return `<code>${inert}</code>`
}

function entity(text: string): string {
  return Array.from(text, (point) => `&#${point.codePointAt(0)};`).join('')
}

// What GitHub turns into a mention, a reference, a link, an emoji, a formula or a commit although it stands in plain words.
const LIVE = /[@$]|#\d|GH-\d|:\/\/|www\.|:[a-z+-][\w+-]*:|\b[0-9a-f]{7,40}\b/i

/** Words of ours for Markdown. A figure in them may have come from elsewhere, so they are escaped as well. */
export function plainMarkdown(words: string): string {
  const line = clean(words).replaceAll(/\s+/g, ' ')
  const escaped = line.replaceAll(/(\S+?)([.,;:)]*)(?=\s|$)/g, (_, token: string, end: string) => {
    const inert = LIVE.test(token) ? codeSpan(token) : token.replaceAll(/[\\`*_~[\]<>&|]/g, '\\$&')
    return inert + end
  })
  // A line that begins like a list, a heading or an underline would become one.
  return escaped.replace(/^(\s*)(?=[-+=#](?:[-+=#\s]|$))/, '$1\\').replace(/^(\s*\d+)(?=[.)](?:\s|$))/, '$1\\')
}

/** Escapes the pipes of a finished table cell, also inside code: cmark-gfm splits at each that follows an even number
 * of backslashes. */
export function cellPipes(markdown: string): string {
  return markdown.replaceAll(/(?<!\\)(\\*)\|/g, (whole, slashes: string) =>
    slashes.length % 2 === 1 ? whole : `${slashes}\\|`
  )
}

/**
 * A line of ours for the runner's log that it cannot take for a command: `::name::` counts at the beginning of a line
 * after any blanks, the older `##[name]` anywhere in it (actions/runner, ActionCommand.cs).
 */
export function inertLogLine(text: string): string {
  return clean(text)
    .replaceAll('\n', ' ')
    .replaceAll('##[', '## [')
    .replace(/^(\s*):(?=:)/, '$1: ')
}
