import { type Cuts, fitBudget } from './budget.ts'
import { type Manner, mainDetails, named, ofFork, otherDetails } from './comment-details.ts'
import { footer } from './comment-footer.ts'
import { jobTable } from './comment-jobs.ts'
import { markerLine } from './comment-marker.ts'
import type { CommentForm } from './comment-plan.ts'
import type { CommentState } from './comment-state.ts'
import { passesAgainTitle, stateTitle } from './comment-title.ts'
import { codeSpan } from './escape.ts'
import type { RepositoryLink } from './links.ts'
import { namesOnly } from './names-only.ts'
import type { Extent } from './sections.ts'
import { problemGroups, type ToldJob } from './told-job.ts'
import { WORDS } from './words.ts'

/** A comment is read in mail too, where nothing is behind a click. */
const OTHERS_MAX = 10

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
  /** The words of the comment that stands there about its worst job; empty without. */
  readonly kept: string
  readonly link: RepositoryLink | null
  /** The repository that the reports came from, where that is another one. */
  readonly fork: string | null
  readonly budgetBytes: number
}

// The runner does not mask what is sent through the API, so a comment repeats nothing that the build printed.
const EXTENT: Extent = { rows: 6, fixes: 2, allow: namesOnly }

/** The whole body of the pull request's comment, in Markdown, from the jobs whose reports are at hand. */
export function renderComment(told: readonly ToldJob[], context: CommentContext): string {
  return fitBudget((cuts) => blocks(told, context, cuts), context.budgetBytes)
}

function blocks(told: readonly ToldJob[], context: CommentContext, cuts: Cuts): readonly string[] {
  const { form, key, state, existing, link } = context
  const title = form === 'passes-again' ? passesAgainTitle(state, existing, told) : stateTitle(state, told)
  // One block: a comment whose marker was kept without its heading would say nothing.
  const head = `${markerLine(key, state)}\n\n${title}`
  return [head, jobTable(state.jobs), ...words(told, context, cuts), footer(state, link, cuts.history)]
}

/** About the worst job, and in a fold about the others; nothing where all is well. */
function words(told: readonly ToldJob[], context: CommentContext, cuts: Cuts): readonly string[] {
  const { form, state, kept, link, fork } = context
  if (form === 'passes-again' || state.about === '') return []
  const isNamed = Object.keys(state.jobs).length > 1
  const manner: Manner = { link, extent: EXTENT, isNamed }
  const groups = problemGroups(told)
  const main = groups.find(({ first, others }) => [first, ...others].some(({ name }) => name === state.about))
  if (main === undefined) return keptOr(state.about, kept)
  const others = groups.filter((group) => group !== main)
  const shown = others.slice(0, Math.min(OTHERS_MAX, cuts.jobDetails))
  const more = others.length - shown.length
  return [
    ...mainDetails(main, manner, cuts),
    ...shown.map((group) => otherDetails(group, manner, cuts)),
    more > 0 ? WORDS.jobs.moreInSummaries(more) : '',
    fork === null ? '' : ofFork(fork)
  ]
}

function keptOr(name: string, kept: string): readonly string[] {
  return kept === '' ? [`**${codeSpan(name)}**: ${WORDS.jobs.inSummary}`] : named(name, null, [kept])
}
