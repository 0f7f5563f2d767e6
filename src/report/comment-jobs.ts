import { compareJobs, isProblem, type JobState, type Jobs } from './comment-state.ts'
import { cellPipes, codeSpan } from './escape.ts'
import { shareOf } from './figures.ts'
import { table } from './markdown.ts'
import { WORDS } from './words.ts'

/** More jobs than this, and those that passed share one row. */
export const ROWS_MAX = 10
const NAME_MAX = 60

/** The jobs of a workflow side by side, worst first; empty for a single job. */
export function jobTable(jobs: Jobs, rowsMax: number = ROWS_MAX): string {
  const all = Object.entries(jobs).toSorted(([, a], [, b]) => compareJobs(a, b))
  if (all.length < 2) return ''
  const problems = all.filter(([, job]) => isProblem(job.mood))
  const shown = all.length > rowsMax ? problems.slice(0, rowsMax) : all
  const rows = shown.map(([name, job]) => [cellPipes(codeSpan(name, NAME_MAX)), result(job), peak(job)])
  return table(
    [
      { title: 'Job', align: 'left' },
      { title: 'Result', align: 'left' },
      { title: 'Peak of limit', align: 'right' }
    ],
    [...rows, ...foldedRows(all.slice(shown.length).map(([, job]) => job))]
  )
}

/** "37 more | ✅ passed | at most 5.2 GiB": one row for each way in which they ended, worst first. */
function foldedRows(jobs: readonly JobState[]): readonly (readonly string[])[] {
  const moods = [...new Set(jobs.map((job) => job.mood))]
  return moods.map((mood) => {
    const alike = jobs.filter((job) => job.mood === mood)
    const peaks = alike.map((job) => job.peakBytes).filter((bytes) => bytes !== null)
    const highest = peaks.length === 0 ? '–' : `at most ${shareOf(Math.max(...peaks), null)}`
    return [`${alike.length} more`, `${WORDS.moodSymbol[mood]} ${WORDS.mood[mood]}`, highest]
  })
}

function result({ mood, cause }: JobState): string {
  const words = `${WORDS.moodSymbol[mood]} ${WORDS.mood[mood]}`
  return mood === 'failed' && cause !== '' ? `${words} (${codeSpan(cause)})` : words
}

function peak({ mood, peakBytes, limitBytes }: JobState): string {
  if (peakBytes === null) return 'not sampled'
  const share = shareOf(peakBytes, limitBytes)
  return mood === 'memory' ? `**${share}**` : share
}
