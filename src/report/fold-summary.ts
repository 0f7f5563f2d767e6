import { type Cuts, fitBudget } from './budget.ts'
import { alike, groupLine, listed, named, ofFork } from './comment-details.ts'
import { jobTable, ROWS_MAX } from './comment-jobs.ts'
import { jobsTitle } from './comment-title.ts'
import { codeSpan } from './escape.ts'
import type { Fold, Refusal } from './fold.ts'
import { details } from './markdown.ts'
import { small } from './sections.ts'
import { failureBlocks, type SummaryContext } from './summary.ts'
import { type ProblemGroup, problemGroups } from './told-job.ts'
import { WORDS } from './words.ts'

// Neither output nor sources travel with a report.
const NO_CONTEXT: SummaryContext = { outputTail: [], link: null, locations: [], budgetBytes: 0 }
const NAMES_MAX = 20

export interface FoldContext {
  /** The page of the run with the jobs' own summaries. */
  readonly runUrl: string | null
  /** The repository that the reports came from, where that is another one. */
  readonly fork: string | null
  /** UTF-8 bytes that the step's summary file may still take. */
  readonly budgetBytes: number
}

/** The job summary of many jobs: how many have which problem, all of them in a table, the worst in full, the others behind a click. */
export function renderFoldSummary(fold: Fold, context: FoldContext): string {
  const groups = problemGroups(fold.told)
  return fitBudget((cuts) => blocks(fold, groups, context, cuts), context.budgetBytes)
}

function blocks(fold: Fold, groups: readonly ProblemGroup[], context: FoldContext, cuts: Cuts): readonly string[] {
  const notes = [missingNote(fold.missing), refusedNote(fold.refused)]
  const origin = [context.fork === null ? '' : ofFork(context.fork), runFooter(context.runUrl)]
  if (fold.told.length === 0) return [`⚠️ ${WORDS.fold.nothing}`, ...notes, ...origin]
  const [main, ...others] = groups
  const title = jobsTitle(fold.jobs, fold.told)
  // A clean success is one line; what could not be read still has to be said.
  if (main === undefined && fold.missing.length === 0) return [`${title.slice('### '.length)}.`, ...notes, ...origin]
  const heading = fold.missing.length > 0 && main === undefined ? `### ❌ Go build: ${WORDS.fold.notTold}` : title
  return [
    heading,
    ...notes.slice(0, 1),
    jobTable(fold.jobs),
    ...(main === undefined ? [] : mainBlocks(main, cuts)),
    ...others.slice(0, cuts.jobDetails).map((group) => otherBlocks(group, cuts)),
    allJobs(fold),
    ...notes.slice(1),
    ...origin
  ]
}

/** Those that share a row above, one by one. */
function allJobs({ jobs }: Fold): string {
  const count = Object.keys(jobs).length
  return count > ROWS_MAX ? details(WORDS.fold.all(count), [jobTable(jobs, count)]) : ''
}

function mainBlocks(group: ProblemGroup, cuts: Cuts): readonly string[] {
  const { first, story } = group
  const body = failureBlocks(first.report, story, NO_CONTEXT, cuts).filter((block) => block !== '')
  return [...named(first.name, story, body), alike(group)]
}

function otherBlocks(group: ProblemGroup, cuts: Cuts): string {
  const { first, story } = group
  // One Mermaid chart for each summary: it is the largest part, and browsers draw them one after the other.
  const fewer = { ...cuts, mermaid: false, ...(cuts.jobEvidence ? {} : { processes: 0, ruledOutRows: false }) }
  const body = failureBlocks(first.report, story, NO_CONTEXT, fewer)
  return details(
    groupLine(group),
    [...body, alike(group)].filter((block) => block !== '')
  )
}

function missingNote(missing: readonly string[]): string {
  if (missing.length === 0) return ''
  return `${WORDS.fold.missing(missing.length)} ${listed(missing)}. ${WORDS.fold.missingWhy}`
}

function refusedNote(refused: readonly Refusal[]): string {
  if (refused.length === 0) return ''
  const items = refused
    .slice(0, NAMES_MAX)
    .map(({ place, reason }) => `- ${codeSpan(place, 120)}: ${codeSpan(reason, 200)}`)
  const more = refused.length - items.length
  return [`${WORDS.fold.refused(refused.length)}\n`, ...items, ...(more > 0 ? [`- and ${more} more`] : [])].join('\n')
}

/** Where the folded jobs have their own summaries. */
function runFooter(url: string | null): string {
  return url === null ? '' : small(`<a href="${url}">The run, with the summaries of its jobs</a>`)
}
