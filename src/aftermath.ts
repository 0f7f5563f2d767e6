import { sweepCage } from './cage/sweep.ts'
import { ABSENT } from './model/reading.ts'
import { readJournal } from './observe/journal.ts'
import type { Place, Ports } from './ports/ports.ts'
import { renderSummary } from './report/summary.ts'
import { reportOfDeath } from './story/death.ts'
import { JOURNAL } from './story/prepare.ts'
import { surveyMachine } from './survey/survey.ts'

const RUN_ID = /^[0-9a-f]{12}$/

/**
 * The post step: where the guard died, ends what it left, and tells from its journal what was seen. The journal and the
 * run id could have been written by the build, so paths are made anew from the checked id and entries are only shown.
 */
export async function aftermath(ports: Ports, place: Place): Promise<void> {
  const { files, runner } = ports
  if (!RUN_ID.test(place.runId)) return
  const journal = files.readText(`${place.runDirectory}/${JOURNAL}`)
  const entries = journal.kind === 'value' ? readJournal(journal.value) : []
  const isGuardDead = entries.length > 0 && !entries.some((entry) => entry.kind === 'end')
  if (isGuardDead) {
    const survey = await surveyMachine({
      ...ports,
      ...place,
      workingDirectory: place.currentDirectory,
      launcher: ABSENT
    })
    const left = await sweepCage({ ...ports, root: place.root }, survey, place.runId)
    const report = reportOfDeath(entries, survey, left)
    const context = { outputTail: [], link: null, locations: [], budgetBytes: runner.summaryRoomBytes() }
    runner.line(
      `guard: the main step died before the build ended; ${left.length === 0 ? 'nothing of it is left' : left.join('; ')}`
    )
    const refusal = runner.appendSummary(renderSummary(report, context))
    if (refusal !== null) runner.line(`guard: no job summary: ${refusal}`)
  }
  files.remove(place.runDirectory)
}
