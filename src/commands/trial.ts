import { openCage, type Refused } from '../cage/open-cage.ts'
import type { CageMaker } from '../cage/way.ts'
import type { Plan } from '../model/plan.ts'
import type { Enforcement } from '../model/report.ts'
import type { Settings } from '../model/settings.ts'
import type { Survey } from '../model/survey.ts'
import { planAttempt } from '../plan/plan.ts'
import type { Cage } from '../ports/cage.ts'
import type { Place, Ports } from '../ports/ports.ts'
import type { Processes } from '../ports/processes.ts'
import { describeEnforcement } from '../story/enforcement.ts'

/** What would be done here, found out by doing it. */
export interface Trial {
  readonly enforcement: Enforcement
  readonly plan: Plan
}

/** Opens the best cage, puts a process into it that does nothing, and takes both away again. */
export async function tryOut(
  ports: Pick<Ports, 'files' | 'processes' | 'clock' | 'means'> & Pick<CageMaker, 'launcher'>,
  place: Pick<Place, 'root' | 'runId' | 'runDirectory' | 'environment'>,
  survey: Survey,
  settings: Settings
): Promise<Trial> {
  const planFor = (enforcement: 'cgroup' | 'watch' | 'none'): Plan =>
    planAttempt({
      survey,
      settings,
      enforcement,
      previous: [],
      userEnvironment: place.environment,
      runsTests: false,
      helper: { kind: 'unbuilt' }
    })
  const refused: Refused[] = []
  for (;;) {
    const { cage, reach, label, reasons } = await openCage(
      { ...ports, root: place.root, announce: () => {} },
      { choice: settings.enforcement, survey, capFor: (of) => planFor(of).cap, runId: place.runId, refused }
    )
    // Who is put in otherwise is known to be let in: only a cgroup has rules of its own about that.
    const refusal = cage.directory === null ? null : await refusalOf(cage, ports.processes)
    const faults = await cage.close()
    if (refusal === null || label === null) {
      ports.files.remove(place.runDirectory)
      return { enforcement: describeEnforcement(cage, settings, survey, [...reasons, ...faults]), plan: planFor(reach) }
    }
    refused.push({ label, reason: refusal })
  }
}

/** Why a process cannot be put in, or `null`. */
async function refusalOf(cage: Cage, processes: Processes): Promise<string | null> {
  const { pid, pipe } = processes.startDetached(['/bin/sh', '-c', 'read -r end'])
  try {
    await cage.join(pid)
    return null
  } catch (fault) {
    return fault instanceof Error ? fault.message : String(fault)
  } finally {
    pipe.end()
  }
}
