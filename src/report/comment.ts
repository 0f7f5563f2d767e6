import { formatPercent } from '../model/bytes.ts'
import type { Report } from '../model/report.ts'
import { type Cuts, fitBudget } from './budget.ts'
import { textChart } from './chart.ts'
import { footer } from './comment-footer.ts'
import { jobTable } from './comment-jobs.ts'
import { markerLine } from './comment-marker.ts'
import type { CommentForm } from './comment-plan.ts'
import { type CommentState, isMemoryProblem } from './comment-state.ts'
import { codeSpan, fence } from './escape.ts'
import { jobLabel, peakPercent, shareOf } from './figures.ts'
import type { MappedLocation, RepositoryLink } from './links.ts'
import { namesOnly } from './names-only.ts'
import { proseMarkdown } from './prose-markdown.ts'
import { type Extent, evidence, fixes, heading, lead, locationList, otherCauses } from './sections.ts'
import { type Story, tellStory } from './story.ts'
import { WORDS } from './words.ts'

/** GitHub takes 65,536 characters; bytes are never fewer. */
export const COMMENT_BYTES = 60_000

export interface CommentContext {
  readonly form: CommentForm
  /** Of the workflow: one comment for each. */
  readonly key: string
  /** What the comment will say of itself. */
  readonly state: CommentState
  /** What it said until now. */
  readonly existing: CommentState | null
  readonly link: RepositoryLink | null
  readonly locations: readonly MappedLocation[]
  readonly budgetBytes: number
}

// The runner does not mask what is sent through the API, so a comment repeats nothing that the build printed.
const EXTENT: Extent = { rows: 6, fixes: 2, allow: namesOnly }

/** The whole body of the pull request's comment, in Markdown. */
export function renderComment(report: Report, context: CommentContext): string {
  const story = tellStory(report)
  return fitBudget((cuts) => blocks(report, story, context, cuts), context.budgetBytes)
}

function blocks(report: Report, story: Story, context: CommentContext, cuts: Cuts): readonly string[] {
  // One block: a comment whose marker was kept without its heading would say nothing.
  const head = `${markerLine(context.key, context.state)}\n\n${title(report, story, context)}`
  const body = ofJob(report, story, context, bodyOf(report, story, context, cuts))
  return [head, jobTable(context.state), ...body, footer(context.state, context.link, cuts.history)]
}

function bodyOf(report: Report, story: Story, context: CommentContext, cuts: Cuts): readonly string[] {
  if (context.form === 'passes-again' || report.conclusion === 'success') return []
  return context.form === 'full' ? full(report, story, cuts) : short(report, story, context)
}

/** Beside other jobs the body begins with the name of the one that it is about. */
function ofJob(report: Report, story: Story, { state }: CommentContext, body: readonly string[]): readonly string[] {
  if (body.length === 0 || Object.keys(state.jobs).length < 2) return body
  const name = `**${codeSpan(jobLabel(report.job))}**:`
  const [first = '', ...rest] = body
  const isSentence = first !== '' && !first.startsWith('- ')
  return isSentence
    ? [`${name} ${first}`, ...rest]
    : [`${name} ${proseMarkdown(namesOnly(story.headline.clause))}`, ...body]
}

function title(report: Report, story: Story, { form, state, existing }: CommentContext): string {
  if (form === 'passes-again') return passesAgain(report, state)
  const names = Object.entries(state.jobs)
  const problems = names.filter(([, job]) => job.mood !== 'passed')
  if (names.length > 1 && problems.length > 0) return jobsTitle(report, story, state)
  const isMemoryGone = form === 'short' && report.outOfMemory === 'false' && wasMemory(existing)
  if (!isMemoryGone) return heading(story, EXTENT)
  return `${heading(story, EXTENT)}; ${WORDS.clause.noLongerMemory}`
}

function wasMemory(existing: CommentState | null): boolean {
  return existing !== null && isMemoryProblem(existing.state)
}

/** "❌ Go build: 1 of 4 jobs with a problem; `test (race)`: out of memory at its 14.2 GiB cap" */
function jobsTitle(report: Report, story: Story, state: CommentState): string {
  const jobs = Object.entries(state.jobs)
  const problems = jobs.filter(([, job]) => job.mood !== 'passed')
  const own = jobLabel(report.job)
  const [name, job] = problems.find(([, candidate]) => candidate.mood === state.state) ?? [own, undefined]
  const isOwn = name === own
  const clause = isOwn ? proseMarkdown(namesOnly(story.headline.clause)) : WORDS.mood[state.state]
  const limit = isOwn || job?.peakBytes == null ? '' : `, ${shareOf(job.peakBytes, job.limitBytes)}`
  const count = `${problems.length} of ${jobs.length} jobs`
  return `### ${state.state === 'recovered' ? '⚠️' : '❌'} Go build: ${count} with a problem; ${codeSpan(name)}: ${clause}${limit}`
}

/** "✅ Go build passes again: 4 of 4 jobs, `test (race)` at 60 % of its limit" */
function passesAgain(report: Report, state: CommentState): string {
  const start = `### ✅ ${WORDS.heading.passesAgain}`
  const jobs = Object.values(state.jobs)
  const last = report.attempts.at(-1)
  if (jobs.length > 1) {
    const { limitBytes, peakBytes } = state.jobs[jobLabel(report.job)] ?? { limitBytes: null, peakBytes: null }
    const own = codeSpan(jobLabel(report.job))
    const isKnown = limitBytes !== null && peakBytes !== null
    return `${start}: ${jobs.length} of ${jobs.length} jobs${isKnown ? `, ${own} at ${formatPercent(peakBytes, limitBytes)} of its limit` : ''}`
  }
  const peak = last === undefined ? null : peakPercent(report, last)
  return peak === null ? start : `${start}: peak ${peak}`
}

function full(report: Report, story: Story, cuts: Cuts): readonly string[] {
  const chart = textChart(report)
  return [
    lead(story, EXTENT),
    ...fixes(story, EXTENT),
    ...evidence(story, EXTENT, cuts),
    otherCauses(story, EXTENT),
    chart.length === 0 ? '' : fence('text', chart)
  ]
}

function short(report: Report, story: Story, context: CommentContext): readonly string[] {
  const places = locationList(story, context.locations, context.link, 'places only')
  const note = story.memoryNote ?? ''
  const annotated = context.locations.some((mapped) => mapped.repositoryPath !== null) ? WORDS.annotated : ''
  if (places !== '') return [places, [note, annotated].join(' ').trim()]
  return [
    lead(story, EXTENT),
    ...fixes(story, EXTENT),
    otherCauses(story, EXTENT),
    report.conclusion === 'failure' ? note : ''
  ]
}
