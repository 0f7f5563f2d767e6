import { formatPercent } from '../model/bytes.ts'
import { code, figure, type Prose, prose } from '../model/prose.ts'
import {
  type CommentState,
  compareJobs,
  isMemoryProblem,
  isProblem,
  type JobState,
  type Jobs,
  jobIn,
  MOODS
} from './comment-state.ts'
import { peakPercent, shareOf } from './figures.ts'
import { headlineOf } from './headline.ts'
import { namesOnly } from './names-only.ts'
import { proseMarkdown } from './prose-markdown.ts'
import type { ToldJob } from './told-job.ts'
import { WORDS } from './words.ts'

/** The heading of a comment: that of the one job, or how many of them have which problem. */
export function stateTitle(state: CommentState, told: readonly ToldJob[]): string {
  const title = jobsTitle(state.jobs, told)
  const [only] = told
  const isMemoryGone = only !== undefined && isAlone(state.jobs) && isNoLongerMemory(state, only)
  return isMemoryGone ? `${title}; ${WORDS.clause.noLongerMemory}` : title
}

function isNoLongerMemory({ state, before: [last] }: CommentState, { report }: ToldJob): boolean {
  return state === 'failed' && report.outOfMemory === 'false' && last !== undefined && isMemoryProblem(last.state)
}

// "1 of 4 jobs ran out of memory" has said it.
const SAID = `${WORDS.mood.memory} `

function isAlone(jobs: Jobs): boolean {
  return Object.keys(jobs).length === 1
}

export function jobsTitle(jobs: Jobs, told: readonly ToldJob[]): string {
  const { symbol, sentence } = jobsHeadline(jobs, told)
  return `### ${symbol} ${proseMarkdown(sentence)}`
}

/**
 * "❌ Go build: 3 of 40 jobs ran out of memory, 1 failed; `test (race)`: out of memory at its 14.2 GiB cap", or where that
 * is all, "1 of 4 jobs ran out of memory, `test (race)` at its 14.2 GiB cap".
 */
export function jobsHeadline(
  jobs: Jobs,
  told: readonly ToldJob[]
): { readonly symbol: string; readonly sentence: Prose } {
  const [only] = told
  if (only !== undefined && isAlone(jobs)) {
    const { symbol, sentence } = headlineOf(only.report)
    return { symbol, sentence: namesOnly(sentence) }
  }
  const all = Object.entries(jobs)
  const [worst] = all.toSorted(([, a], [, b]) => compareJobs(a, b))
  const isAnyFailed = all.some(([, job]) => WORDS.moodSymbol[job.mood] === '❌')
  const symbol = isAnyFailed ? '❌' : WORDS.moodSymbol[worst?.[1].mood ?? 'passed']
  const start = `Go build: ${counts(all.map(([, job]) => job))}`
  if (worst === undefined || !isProblem(worst[1].mood)) return { symbol, sentence: start + highestPeak(jobs) }
  const [name, job] = worst
  const clause = clauseOf(
    job,
    told.find((one) => one.name === name)
  )
  const isTwice = clause.startsWith(SAID) && all.every(([, one]) => one.mood === 'memory' || one.mood === 'passed')
  const rest = isTwice
    ? `, ${prose`${code(name)}`} ${clause.slice(SAID.length)}`
    : `; ${prose`${code(name)}`}: ${clause}`
  return { symbol, sentence: start + rest }
}

/** "3 of 40 jobs ran out of memory, 1 failed, 2 cancelled"; "40 of 40 jobs passed" */
function counts(jobs: readonly JobState[]): string {
  const isAllPassed = jobs.every((job) => job.mood === 'passed')
  const parts = MOODS.filter((mood) => isAllPassed || mood !== 'passed').flatMap((mood) => {
    const count = jobs.filter((job) => job.mood === mood).length
    return count === 0 ? [] : [{ count, words: WORDS.jobsThat[mood] }]
  })
  return parts
    .map(({ count, words }, i) => (i === 0 ? `${count} of ${jobs.length} jobs ${words}` : `${count} ${words}`))
    .join(', ')
}

function clauseOf(job: JobState, told: ToldJob | undefined): Prose {
  if (told !== undefined) return namesOnly(headlineOf(told.report).clause)
  const share = job.peakBytes === null ? '' : `, ${shareOf(job.peakBytes, job.limitBytes)}`
  return `${WORDS.mood[job.mood]}${share}`
}

/** "; highest peak 12.8 of 14.1 GiB (91 %) in `build (windows)`" */
function highestPeak(jobs: Jobs): Prose {
  const sampled = Object.entries(jobs).flatMap(([name, { peakBytes, limitBytes }]) => {
    return peakBytes === null || limitBytes === null || limitBytes === 0 ? [] : [{ name, peakBytes, limitBytes }]
  })
  const [highest] = sampled.toSorted((a, b) => b.peakBytes / b.limitBytes - a.peakBytes / a.limitBytes)
  if (highest === undefined) return ''
  const { name, peakBytes, limitBytes } = highest
  const share = `${shareOf(peakBytes, limitBytes)} (${formatPercent(peakBytes, limitBytes)})`
  return prose`; highest peak ${figure(share)} in ${code(name)}`
}

/** "✅ Go build passes again: 4 of 4 jobs, `test (race)` at 60 % of its limit" */
export function passesAgainTitle(state: CommentState, existing: CommentState | null, told: readonly ToldJob[]): string {
  const start = `### ✅ ${WORDS.heading.passesAgain}`
  const [only] = told
  if (only === undefined || !isAlone(state.jobs)) return start + jobsAgain(state.jobs, existing, only?.name ?? '')
  const last = only.report.attempts.at(-1)
  const peak = last === undefined ? null : peakPercent(only.report, last)
  return peak === null ? start : `${start}: peak ${peak}`
}

/** Names the job that the comment was about until now. */
function jobsAgain(jobs: Jobs, existing: CommentState | null, own: string): string {
  const count = Object.keys(jobs).length
  const name = existing !== null && jobIn(jobs, existing.about) !== null ? existing.about : own
  const { peakBytes, limitBytes } = jobIn(jobs, name) ?? { peakBytes: null, limitBytes: null }
  if (peakBytes === null || limitBytes === null) return `: ${count} of ${count} jobs`
  const share = figure(formatPercent(peakBytes, limitBytes))
  return `: ${count} of ${count} jobs, ${proseMarkdown(prose`${code(name)} at ${share} of its limit`)}`
}
