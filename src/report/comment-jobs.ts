import { type CommentState, type JobState, worstOf } from './comment-state.ts'
import { cellPipes, codeSpan } from './escape.ts'
import { shareOf } from './figures.ts'
import { table } from './markdown.ts'
import { WORDS } from './words.ts'

/** More jobs than this, and those that passed share one row. */
const ROWS_MAX = 10
const NAME_MAX = 60

/** The jobs of a matrix side by side, worst first; empty for a single job. */
export function jobTable(state: CommentState): string {
  const jobs = Object.entries(state.jobs).toSorted(([, a], [, b]) => compare(a, b))
  if (jobs.length < 2) return ''
  const problems = jobs.filter(([, job]) => job.mood !== 'passed')
  const shown = jobs.length > ROWS_MAX ? problems.slice(0, ROWS_MAX) : jobs
  const rows = shown.map(([name, job]) => [cellPipes(codeSpan(name, NAME_MAX)), result(job), peak(job)])
  const folded = jobs.length - shown.length
  const unseen = problems.length - shown.filter(([, job]) => job.mood !== 'passed').length
  if (folded > 0) rows.push([`${folded} more`, unseen > 0 ? `${unseen} with a problem` : '✅ passed', '–'])
  return table(
    [
      { title: 'Job', align: 'left' },
      { title: 'Result', align: 'left' },
      { title: 'Peak of limit', align: 'right' }
    ],
    rows
  )
}

function compare(a: JobState, b: JobState): number {
  if (a.mood === b.mood) return (b.peakBytes ?? 0) - (a.peakBytes ?? 0)
  return worstOf([a.mood, b.mood]) === a.mood ? -1 : 1
}

function result({ mood }: JobState): string {
  return `${WORDS.moodSymbol[mood]} ${WORDS.mood[mood]}`
}

function peak({ peakBytes, limitBytes }: JobState): string {
  if (peakBytes === null) return 'not sampled'
  return shareOf(peakBytes, limitBytes)
}
