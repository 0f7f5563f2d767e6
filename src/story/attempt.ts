import { openCage, type Refused } from '../cage/open-cage.ts'
import { JoinRefused } from '../run/run-build.ts'
import type { Attempted } from './attempted.ts'
import { describeEnforcement } from './enforcement.ts'
import { type AttemptOrder, runInside } from './inside.ts'
import type { Run } from './run.ts'

/** Plan → cage → run → evidence → verdict, once. Throws only if nothing was executed. */
export async function runAttempt(run: Run, order: AttemptOrder): Promise<Attempted> {
  const { ports, place, settings, survey } = run
  const refused: Refused[] = []
  for (;;) {
    const opened = await openCage(
      { ...ports, root: place.root, announce: run.reaper.cage, launcher: run.launcher },
      {
        choice: settings.enforcement,
        survey,
        capFor: (reach) => order.planFor(reach).cap,
        runId: place.runId,
        refused
      }
    )
    const enforcement = describeEnforcement(opened.cage, settings, survey, opened.reasons)
    try {
      return await runInside(run, order, opened, enforcement)
    } catch (fault) {
      if (!(fault instanceof JoinRefused) || opened.label === null) throw fault
      refused.push({ label: opened.label, reason: fault.message })
    } finally {
      // On the way out of a fault; after a good run there is nothing left to close.
      await opened.cage.close()
    }
  }
}
