import type { Report } from '../model/report.ts'
import type { Console } from '../ports/console.ts'
import { COMMENT_BYTES, renderComment } from '../report/comment.ts'
import { nextState } from '../report/comment-state.ts'
import { type Fold, type FoundReport, fold } from '../report/fold.ts'
import { renderFoldSummary } from '../report/fold-summary.ts'
import { renderFoldText } from '../report/fold-text.ts'
import { decodeReport } from '../report/json.ts'
import { renderSummary } from '../report/summary.ts'
import { renderText } from '../report/text.ts'
import { readArguments } from './arguments.ts'

const HELP = `go-build-guard report [--format text|summary|comment] FILE…

Renders a stored report.json as text for a terminal, or as the Markdown of the job summary or of the pull-request comment.
Several files are folded into one, worst job first. Exit status 2 where a file is no report.
`

const SUMMARY_BYTES = 1000 * 1024
/** A stored report does not say of which run it is. */
const NO_RUN = { runId: 0, runNumber: 0, attempt: 1, sha: '' }

interface Format {
  readonly ofOne: (report: Report) => string
  readonly ofMany: (folded: Fold) => string
}

const FORMATS: Readonly<Record<string, Format>> = {
  text: { ofOne: renderText, ofMany: renderFoldText },
  summary: {
    ofOne: (report) => renderSummary(report, { outputTail: [], link: null, locations: [], budgetBytes: SUMMARY_BYTES }),
    ofMany: (folded) => renderFoldSummary(folded, { runUrl: null, fork: null, budgetBytes: SUMMARY_BYTES })
  },
  comment: { ofOne: (report) => commentOf(folding([{ place: '', report }])), ofMany: commentOf }
}

/** Renders stored reports; exit status 2 where one cannot be read as such. */
export async function showReports(args: readonly string[], console: Console): Promise<number> {
  const options = { format: { type: 'string', default: 'text' } } as const
  const read = await readArguments(args, { help: HELP, options, takesFiles: true }, console)
  if (typeof read === 'number') return read
  const { values, positionals } = read
  const format = Object.hasOwn(FORMATS, values.format) ? FORMATS[values.format] : undefined
  if (positionals.length === 0 || format === undefined) {
    console.complain(HELP)
    return 2
  }
  const found = positionals.flatMap((place) => readReport(place, console))
  const [only, second] = found
  if (only !== undefined) {
    const text = second === undefined ? format.ofOne(only.report) : format.ofMany(folding(found))
    await console.print(`${text}\n`)
  }
  return found.length === positionals.length ? 0 : 2
}

function readReport(place: string, console: Console): readonly FoundReport[] {
  const text = console.files.readText(place)
  const decoded = decodeReport(text.kind === 'value' ? text.value : '')
  if (decoded.kind === 'report') return [{ place, report: decoded.report }]
  console.complain(`report: ${place}: ${text.kind === 'value' ? decoded.reason : 'cannot be read'}\n`)
  return []
}

function folding(found: readonly FoundReport[]): Fold {
  return fold({ found, refused: [], needs: {}, run: NO_RUN, isOfFork: false })
}

/** As it would begin on a pull request. */
function commentOf({ told, jobs }: Fold): string {
  const state = nextState({ existing: null, jobs, run: NO_RUN, isWhole: true })
  return renderComment(told, {
    form: 'full',
    key: 'workflow',
    state,
    existing: null,
    kept: '',
    link: null,
    fork: null,
    budgetBytes: COMMENT_BYTES
  })
}
