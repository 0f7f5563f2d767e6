import { openCage } from '../cage/open-cage.ts'
import type { Plan } from '../model/plan.ts'
import type { Settings } from '../model/settings.ts'
import type { Survey } from '../model/survey.ts'
import { planAttempt } from '../plan/plan.ts'
import type { Console } from '../ports/console.ts'
import type { Place, Ports } from '../ports/ports.ts'
import { parseSettings } from '../settings/settings.ts'
import { describeSurvey } from '../survey/describe.ts'
import { surveyMachine } from '../survey/survey.ts'
import { readArguments } from './arguments.ts'

const HELP = `go-build-guard inspect [--json]

Shows what memory this machine really gives a build, every limit with its source, which one binds, who may kill, and what
would be enforced and planned for \`go build ./...\`. Makes a cage for a moment to see whether it can, and removes it.
`

/** What would be done here, found out by trying and left as it was. */
export async function inspect(args: readonly string[], console: Console): Promise<number> {
  const flags = await readArguments(
    args,
    { help: HELP, options: { json: { type: 'boolean' } }, takesFiles: false },
    console
  )
  if (typeof flags === 'number') return flags
  const ports = console.ports(false)
  const place = console.place('none')
  const survey = await surveyMachine({ ...ports, ...place, workingDirectory: place.currentDirectory })
  const checked = parseSettings(() => '', { platform: place.platform })
  if ('problems' in checked) throw new Error(checked.problems.join('; '))
  const trial = await tryOut(ports, place, survey, checked.settings)
  await console.print(
    flags.values.json === true ? `${JSON.stringify({ survey, ...trial }, null, 2)}\n` : asText(survey, trial)
  )
  return 0
}

interface Trial {
  readonly enforcement: string
  readonly reasons: readonly string[]
  readonly plan: Plan
}

async function tryOut(ports: Ports, place: Place, survey: Survey, settings: Settings): Promise<Trial> {
  const planFor = (enforcement: 'cgroup' | 'watch' | 'none'): Plan =>
    planAttempt({ survey, settings, enforcement, previous: [], userEnvironment: place.environment, runsTests: false })
  const { cage, reach, reasons } = await openCage(
    { ...ports, root: place.root, announce: () => {} },
    { choice: settings.enforcement, survey, capFor: (of) => planFor(of).cap, runId: place.runId }
  )
  const faults = await cage.close()
  return { enforcement: cage.way, reasons: [...reasons, ...faults], plan: planFor(reach) }
}

function asText(survey: Survey, { enforcement, reasons, plan }: Trial): string {
  return [
    ...describeSurvey(survey),
    '',
    `Would be enforced by: ${enforcement}`,
    ...reasons.map((reason) => `  ${reason}`),
    `Would be planned for go build ./... (memory: ${plan.level}):`,
    ...plan.reasons.map((reason) => `  ${reason.text}`),
    ''
  ].join('\n')
}
