import type { Finding } from '../model/diagnosis.ts'
import { code, type Prose, prose } from '../model/prose.ts'
import type { Cuts } from './budget.ts'
import { codeSpan, fence } from './escape.ts'
import { fileUrl, type MappedLocation, type RepositoryLink } from './links.ts'
import { table } from './markdown.ts'
import { namesOnly } from './names-only.ts'
import { capitalised, proseCell, proseMarkdown } from './prose-markdown.ts'
import type { Story } from './story.ts'
import { WORDS } from './words.ts'

const LOCATIONS_MAX = 10
const HYPOTHESIS_MAX = 80
const QUOTE_MAX = 240

/** What one surface shows of the parts that all have. */
export interface Extent {
  readonly rows: number
  readonly fixes: number
  /** What of a sentence may be shown here; a comment leaves out what the build printed. */
  readonly allow: (text: Prose) => Prose
}

export function heading(story: Story, extent: Extent): string {
  return `### ${story.headline.symbol} ${proseMarkdown(extent.allow(story.headline.sentence))}`
}

/** What happened, and how sure that is. */
export function lead(story: Story, extent: Extent): string {
  const text = proseMarkdown(extent.allow(story.lead)).trim()
  if (story.cause === null) return text
  const confidence = `${WORDS.confidence} **${story.cause.confidence}** (${codeSpan(story.cause.id)}).`
  return text === '' ? confidence : `${text} ${confidence}`
}

/** What to do, each with its lines to paste. */
export function fixes(story: Story, extent: Extent): readonly string[] {
  return story.fixes.slice(0, extent.fixes).flatMap((remedy, i) => {
    const text = proseMarkdown(extent.allow(remedy.text)).trim()
    const sentence = i === 0 ? `**${WORDS.fix}** ${text}` : capitalised(text)
    return remedy.snippet === null ? [sentence] : [sentence, fence(remedy.snippet.language, remedy.snippet.lines)]
  })
}

/** The evidence table, and one sentence for rows that have no room in it. */
export function evidence(story: Story, extent: Extent, cuts: Cuts): readonly string[] {
  const wanted = story.findings.filter((finding) => cuts.ruledOutRows || finding.verdict !== 'ruled out')
  const shown = wanted.slice(0, extent.rows)
  const folded = story.findings.filter((finding) => !shown.includes(finding))
  const { hypothesis, measured, verdict } = WORDS.table
  const columns = [hypothesis, measured, verdict].map((title) => ({ title, align: 'left' as const }))
  const rows = shown.map((finding) => [
    proseCell(extent.allow(finding.hypothesis)),
    proseCell(extent.allow(finding.measured)),
    verdictCell(finding.verdict)
  ])
  return [rows.length === 0 ? '' : table(columns, rows), foldedRows(folded, extent)]
}

/** The same as a list, for evidence that quotes a long line: beside two other columns it would scroll on a phone. */
export function evidenceList(story: Story, extent: Extent): string {
  const items = story.findings.slice(0, extent.rows).map(({ hypothesis, measured, verdict }) => {
    const words = `${proseMarkdown(extent.allow(hypothesis), HYPOTHESIS_MAX)}: ${proseMarkdown(extent.allow(measured), QUOTE_MAX)}`
    return verdict === 'cause' ? `- ${words}` : `- ${words} (${verdict})`
  })
  return items.join('\n')
}

function verdictCell(verdict: Finding['verdict']): string {
  return verdict === 'cause' || verdict === 'likely' ? `**${verdict}**` : verdict
}

const FOLDED_MAX = 12

/** "Ruled out: Disk full, Signal from outside. Not checked: Kernel log." */
function foldedRows(findings: readonly Finding[], extent: Extent): string {
  const verdicts = [...new Set(findings.map((finding) => finding.verdict))]
  const sentences = verdicts.map((verdict) => {
    const names = findings.filter((finding) => finding.verdict === verdict)
    const shown = names.slice(0, FOLDED_MAX).map((finding) => proseCell(extent.allow(finding.hypothesis)))
    const more = names.length > shown.length ? ` and ${names.length - shown.length} more` : ''
    return `${verdict.charAt(0).toUpperCase()}${verdict.slice(1)}: ${shown.join(', ')}${more}.`
  })
  return sentences.join(' ')
}

/** The second and third cause, by name only. */
export function otherCauses(story: Story, extent: Extent): string {
  const names = story.others.slice(0, 2).map((diagnosis) => {
    return `${proseMarkdown(extent.allow(diagnosis.title))} (${codeSpan(diagnosis.id)}, ${diagnosis.confidence})`
  })
  return names.length === 0 ? '' : `${WORDS.alsoPossible} ${names.join('; ')}.`
}

/** The places of the errors as a list, linked where the file is known; `messages` only where masks apply. */
export function locationList(
  story: Story,
  mapped: readonly MappedLocation[],
  link: RepositoryLink | null,
  messages: 'with messages' | 'places only'
): string {
  const items = story.locations.slice(0, LOCATIONS_MAX).map((location) => {
    const path = mapped.find((candidate) => isSame(candidate.location, location))?.repositoryPath ?? null
    const column = location.column === null ? '' : `:${location.column}`
    const name = prose`${code(`${path ?? location.file}:${location.line}${column}`)}`
    const place = proseMarkdown(messages === 'with messages' ? name : namesOnly(name))
    const url = fileUrl(link, path, location.line)
    const linked = url === null ? place : `[${place}](${url})`
    // A stored report has no messages.
    const isTold = messages === 'with messages' && location.message !== ''
    return `- ${linked}${isTold ? ` ${codeSpan(location.message)}` : ''}`
  })
  const more = story.locations.length - items.length
  return [...items, ...(more > 0 ? [`- and ${more} more`] : [])].join('\n')
}

function isSame(a: MappedLocation['location'], b: MappedLocation['location']): boolean {
  return a === b || (a.file === b.file && a.line === b.line && a.column === b.column && a.message === b.message)
}

export function small(text: string): string {
  return `<sub>${text}</sub>`
}
