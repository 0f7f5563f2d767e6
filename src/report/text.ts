import type { Finding, Verdict } from '../model/diagnosis.ts'
import type { Report } from '../model/report.ts'
import { cautionText } from './cautions.ts'
import { textChart } from './chart.ts'
import { clean, cut, inertLogLine, LINE_MAX } from './escape.ts'
import { capitalised, proseText } from './prose-markdown.ts'
import { type Story, tellStory, tellVerdict } from './story.ts'
import { WORDS } from './words.ts'

const ROWS_MAX = 12
const LOCATIONS_MAX = 20

/** A report for a terminal: verdict, lead, fix, evidence, chart. No newline at the end. */
export function renderText(report: Report): string {
  const story = tellStory(report)
  const chart = story.form === 'short' ? [] : textChart(report)
  const course = chart.length === 0 ? [] : ['', ...chart]
  return lines([...storyLines(story, asFlags), ...course, ...cautionText(report)])
}

/** What a stored log tells, for a terminal. No newline at the end. */
export function renderVerdict(verdict: Verdict): string {
  return lines(storyLines(tellVerdict(verdict), (snippet) => snippet))
}

type Snippet = readonly string[]

function storyLines(story: Story, show: (snippet: Snippet) => Snippet): readonly string[] {
  return [
    proseText(story.headline.sentence),
    ...paragraph(leadText(story)),
    ...paragraph(story.form === 'short' || story.cause === null ? (story.memoryNote ?? '') : ''),
    ...locationLines(story),
    ...fixLines(story, show),
    ...evidenceLines(story.findings),
    ...paragraph(othersText(story))
  ]
}

function paragraph(text: string): readonly string[] {
  return text === '' ? [] : ['', text]
}

function leadText(story: Story): string {
  const text = proseText(story.lead)
  if (story.cause === null) return text
  return `${text} ${WORDS.confidence} ${story.cause.confidence} (${story.cause.id}).`.trim()
}

function locationLines({ locations }: Story): readonly string[] {
  const shown = locations.slice(0, LOCATIONS_MAX).map(({ file, line, column, message }) => {
    return `  ${file}:${line}${column === null ? '' : `:${column}`}${message === '' ? '' : `: ${message}`}`
  })
  const more = locations.length - shown.length
  return shown.length === 0 ? [] : ['', ...shown, ...(more > 0 ? [`  and ${more} more`] : [])]
}

/** Inputs of the action as flags of the command line, which is where this text is read: `with:` and `env:` blocks. */
function asFlags(snippet: Snippet): Snippet {
  let block = ''
  return snippet.flatMap((line) => {
    const heading = /^(with|env):$/.exec(line)?.[1]
    if (heading !== undefined) {
      block = heading
      return []
    }
    const [, name, text] = (block === '' ? null : /^ {2}([\w-]+): (.*)$/.exec(line)) ?? []
    if (name === undefined || text === undefined) return [line]
    return [block === 'with' ? `--${name} ${text}` : `${name}=${text}`]
  })
}

function fixLines({ fixes }: Story, show: (snippet: Snippet) => Snippet): readonly string[] {
  return fixes.flatMap((remedy, i) => {
    const text = proseText(remedy.text)
    const snippet = show(remedy.snippet?.lines ?? []).map((line) => `    ${line}`)
    return ['', i === 0 ? `${WORDS.fix} ${text}` : capitalised(text), ...snippet]
  })
}

/** Verdict first: the shortest column, and the one that is looked for. */
function evidenceLines(findings: readonly Finding[]): readonly string[] {
  const rows = findings.slice(0, ROWS_MAX).map((finding) => ({
    verdict: finding.verdict,
    hypothesis: proseText(finding.hypothesis, 60),
    measured: proseText(finding.measured)
  }))
  if (rows.length === 0) return []
  const verdictWidth = Math.max(...rows.map((row) => row.verdict.length))
  const nameWidth = Math.max(...rows.map((row) => Array.from(row.hypothesis).length))
  const more = findings.length - rows.length
  return [
    '',
    'Evidence',
    ...rows.map((row) => `  ${row.verdict.padEnd(verdictWidth)}  ${row.hypothesis.padEnd(nameWidth)}  ${row.measured}`),
    ...(more > 0 ? [`  and ${more} more`] : [])
  ]
}

function othersText({ others }: Story): string {
  const names = others.slice(0, 2).map(({ title, id, confidence }) => `${proseText(title)} (${id}, ${confidence})`)
  return names.length === 0 ? '' : `${WORDS.alsoPossible} ${names.join('; ')}.`
}

function lines(all: readonly string[]): string {
  const shown = all.map((line) => inertLogLine(cut(clean(line.slice(0, 16 * LINE_MAX)), 3 * LINE_MAX)).trimEnd())
  return shown.join('\n')
}
