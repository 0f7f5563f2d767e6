import type { Report } from '../model/report.ts'
import type { Cuts } from './budget.ts'
import { textChart } from './chart.ts'
import { isMemoryProblem, moodOf } from './comment-state.ts'
import { codeSpan, fence, htmlCode } from './escape.ts'
import type { RepositoryLink } from './links.ts'
import { details } from './markdown.ts'
import { namesOnly } from './names-only.ts'
import { proseMarkdown } from './prose-markdown.ts'
import { type Extent, evidence, fixes, lead, locationList, otherCauses, small } from './sections.ts'
import type { Story } from './story.ts'
import type { ProblemGroup, ToldJob } from './told-job.ts'
import { WORDS } from './words.ts'

const NAMES_MAX = 10
const NAME_MAX = 60

/** How the words of a comment about one job may be. */
export interface Manner {
  readonly link: RepositoryLink | null
  readonly extent: Extent
  /** Whether other jobs stand beside it, so that each part needs a name. */
  readonly isNamed: boolean
}

/** The words about the job that the comment is about, and about those with the same problem. */
export function mainDetails(group: ProblemGroup, manner: Manner, cuts: Cuts): readonly string[] {
  const body = [...jobBody(group, manner, cuts), alike(group)]
  return manner.isNamed ? named(group.first.name, group.story, body) : body
}

/** The same behind a click, for a job beside the one that the comment is about. */
export function otherDetails(group: ProblemGroup, manner: Manner, cuts: Cuts): string {
  const shown = cuts.jobEvidence ? jobBody(group, manner, cuts) : withoutEvidence(group, manner)
  return details(
    groupLine(group),
    [...shown, alike(group)].filter((block) => block !== '')
  )
}

/** "**`test (race)`**: …" before the first sentence, or on a line of its own before a list. */
export function named(name: string, story: Story | null, body: readonly string[]): readonly string[] {
  const start = `**${codeSpan(name)}**:`
  const [first = '', ...rest] = body
  if (first.startsWith('**`')) return body
  const isSentence = first !== '' && !/^(?:- |\||```)/.test(first)
  if (isSentence) return [`${start} ${first}`, ...rest]
  const clause = story === null ? '' : ` ${proseMarkdown(namesOnly(story.headline.clause))}`
  return [start + clause, ...body]
}

function jobBody({ first, story }: ProblemGroup, manner: Manner, cuts: Cuts): readonly string[] {
  return isMemoryProblem(moodOf(first.report))
    ? full(first.report, story, manner.extent, cuts)
    : short(first, story, manner)
}

function full(report: Report, story: Story, extent: Extent, cuts: Cuts): readonly string[] {
  const chart = textChart(report)
  return [
    lead(story, extent),
    ...fixes(story, extent),
    ...evidence(story, extent, cuts),
    otherCauses(story, extent),
    chart.length === 0 ? '' : fence('text', chart)
  ]
}

function short({ report, locations }: ToldJob, story: Story, { link, extent }: Manner): readonly string[] {
  const places = locationList(story, locations, link, 'places only')
  const note = story.memoryNote ?? ''
  const annotated = locations.some((mapped) => mapped.repositoryPath !== null) ? WORDS.annotated : ''
  if (places !== '') return [places, [note, annotated].join(' ').trim()]
  return [
    lead(story, extent),
    ...fixes(story, extent),
    otherCauses(story, extent),
    report.conclusion === 'failure' ? note : ''
  ]
}

function withoutEvidence({ first, story }: ProblemGroup, { extent, link }: Manner): readonly string[] {
  const places = locationList(story, first.locations, link, 'places only')
  return places !== '' ? [places] : [lead(story, extent), ...fixes(story, extent)]
}

/** "The same in `b`, `c` and 36 more." */
export function alike({ others }: ProblemGroup): string {
  return others.length === 0 ? '' : `${WORDS.jobs.alike} ${listed(others.map(({ name }) => name))}.`
}

export function listed(names: readonly string[]): string {
  const shown = names.slice(0, NAMES_MAX).map((name) => codeSpan(name, NAME_MAX))
  return `${shown.join(', ')}${names.length > shown.length ? ` and ${names.length - shown.length} more` : ''}`
}

/** Whose word it is, where that may be anybody's. */
export function ofFork(repository: string): string {
  return small(WORDS.jobs.ofFork(htmlCode(repository)))
}

/** "❌ <code>test (race)</code> and 2 more: out of memory", for the line that opens a collapsed part. */
export function groupLine({ first: { name, report }, others }: ProblemGroup): string {
  const mood = moodOf(report)
  const more = others.length === 0 ? '' : ` and ${others.length} more`
  return `${WORDS.moodSymbol[mood]} ${htmlCode(name, NAME_MAX)}${more}: ${WORDS.mood[mood]}`
}
