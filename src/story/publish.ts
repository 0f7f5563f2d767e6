import type { Report } from '../model/report.ts'
import type { Settings } from '../model/settings.ts'
import { renderAnnotations } from '../report/annotations.ts'
import { encodeReport } from '../report/json.ts'
import type { RepositoryLink } from '../report/links.ts'
import { renderOutputs } from '../report/outputs.ts'
import { renderSummary } from '../report/summary.ts'
import type { Attempted } from './attempted.ts'
import { annotateCautions, documentationHome, readCautions } from './cautions.ts'
import { comment } from './comment.ts'
import { mapLocations } from './locations.ts'
import { reportOf } from './report.ts'
import type { Run } from './run.ts'

/**
 * Brings the report to every surface that was asked for. Each may fail without the others, and none changes the result:
 * a fault becomes a line of log.
 */
export async function publish(run: Run, attempts: readonly [Attempted, ...Attempted[]]): Promise<Report> {
  const { runner } = run.ports
  const report = reportOf(run, attempts, await readCautions(run, attempts))
  const places = report.diagnoses.flatMap((diagnosis) => diagnosis.locations)
  const locations = trying(run, 'places in the sources', () => mapLocations(run, places)) ?? []
  const link = linkOf(run)
  const outputTail = attempts.findLast(({ attempt }) => attempt.outcome.exitCode !== 0)?.tail ?? []

  trying(run, 'the log', () => {
    run.narrator.ended(report)
    for (const warning of report.warnings) run.narrator.warned(warning)
  })
  trying(run, 'annotations', () => {
    if (run.settings.annotations === 'never') return
    for (const annotation of renderAnnotations(report, locations)) runner.annotate(annotation)
    annotateCautions(run, report)
  })
  trying(run, 'the job summary', () => {
    if (run.place.github === null || !wantsSummary(run.settings.summary, report)) return
    const budgetBytes = runner.summaryRoomBytes()
    const refusal = runner.appendSummary(
      renderSummary(report, { outputTail, link, locations, budgetBytes, documentation: documentationHome(run) })
    )
    if (refusal !== null) throw new Error(refusal)
  })
  const reportFile = trying(run, 'report-file', () => writeReport(run, report)) ?? null
  run.journal.add({ kind: 'end', conclusion: report.conclusion })
  const commentUrl = await comment(run, report, locations, link)
  trying(run, 'outputs', () => {
    const outputs = renderOutputs(report, { reportFile, commentUrl })
    for (const [name, text] of Object.entries(outputs)) runner.setOutput(name, text)
  })
  return report
}

function wantsSummary(summary: Settings['summary'], report: Report): boolean {
  if (summary === 'auto' || summary === 'always') return true
  return summary === 'on-failure' && report.conclusion !== 'success'
}

/** Where it was written, or `null`. Outside GitHub only where it was asked for: nobody looks after it there. */
function writeReport({ settings, place, ports }: Run, report: Report): string | null {
  const path = settings.reportFile ?? (place.hasPost ? `${place.runDirectory}/report.json` : null)
  if (path !== null) ports.files.writeText(path, encodeReport(report))
  return path
}

function linkOf({ place }: Run): RepositoryLink | null {
  if (place.github === null) return null
  const { serverUrl, repository, headSha } = place.github
  return { serverUrl, repository, sha: headSha }
}

/** `null` where it failed. */
function trying<T>(run: Run, what: string, act: () => T): T | null {
  try {
    return act()
  } catch (fault) {
    run.narrator.warned(`${what}: ${fault instanceof Error ? fault.message : String(fault)}`)
    return null
  }
}
