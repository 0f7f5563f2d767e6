import { guard } from '../guard.ts'
import type { Place, Ports } from '../ports/ports.ts'
import { COULD_NOT_RUN } from '../run/exit-code.ts'
import { parseSettings, type ReadInput } from '../settings/settings.ts'

/** The main job as a step of a workflow; answers with the exit status. */
export async function step(ports: Ports, place: Place, input: ReadInput): Promise<number> {
  const checked = parseSettings(input, { platform: place.platform })
  if ('problems' in checked) return refuse(ports, checked.problems)
  const { exitCode, report, problems } = await guard(ports, place, checked.settings)
  if (problems.length > 0) return refuse(ports, problems)
  // A command that was stopped from outside may have ended with 0; the step did not do its work all the same.
  return report?.conclusion === 'cancelled' && exitCode === 0 ? 1 : exitCode
}

function refuse({ runner }: Ports, problems: readonly string[]): number {
  runner.annotate({ level: 'error', title: 'go-build-guard could not run the command', message: problems.join('\n') })
  runner.setOutput('conclusion', 'failure')
  runner.setOutput('exit-code', String(COULD_NOT_RUN))
  return COULD_NOT_RUN
}
