import type { Report } from '../model/report.ts'
import type { Console } from '../ports/console.ts'
import { decodeReport } from '../report/json.ts'
import { renderSummary } from '../report/summary.ts'
import { renderText } from '../report/text.ts'
import { readArguments } from './arguments.ts'

const HELP = `go-build-guard report [--format text|summary] FILE…

Renders stored report.json files, as text for a terminal or as the Markdown of the job summary.
`

const SUMMARY_BYTES = 1000 * 1024

/** Renders stored reports; exit status 2 where one cannot be read as such. */
export async function showReports(args: readonly string[], console: Console): Promise<number> {
  const options = { format: { type: 'string', default: 'text' } } as const
  const read = await readArguments(args, { help: HELP, options, takesFiles: true }, console)
  if (typeof read === 'number') return read
  const { values, positionals } = read
  if (positionals.length === 0 || !['text', 'summary'].includes(values.format)) {
    console.complain(HELP)
    return 2
  }
  let status = 0
  for (const path of positionals) {
    const text = console.files.readText(path)
    const decoded = decodeReport(text.kind === 'value' ? text.value : '')
    if (decoded.kind === 'report') await console.print(`${render(decoded.report, values.format)}\n`)
    else {
      console.complain(`report: ${path}: ${text.kind === 'value' ? decoded.reason : 'cannot be read'}\n`)
      status = 2
    }
  }
  return status
}

function render(report: Report, format: string): string {
  if (format === 'text') return renderText(report)
  return renderSummary(report, { outputTail: [], link: null, locations: [], budgetBytes: SUMMARY_BYTES })
}
