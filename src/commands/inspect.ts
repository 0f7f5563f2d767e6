import type { Console } from '../ports/console.ts'
import { parseSettings } from '../settings/settings.ts'
import { compileLauncher, programOf } from '../story/launcher.ts'
import { describeSurvey } from '../survey/describe.ts'
import { surveyMachine } from '../survey/survey.ts'
import { readArguments } from './arguments.ts'
import { describeTrial } from './describe-trial.ts'
import { tryOut } from './trial.ts'

const HELP = `go-build-guard inspect [--json]

Shows what memory this machine really gives a build, every limit with its source, which one binds, who may kill, and what
would be enforced and planned for \`go build ./...\`. Tries each way to enforce a cap, best first, and undoes it.
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
  const launcher = await compileLauncher(ports, place, place.environment)
  const world = { ...ports, ...place, workingDirectory: place.currentDirectory, launcher: programOf(launcher) }
  const survey = await surveyMachine(world)
  const checked = parseSettings(() => '', { platform: place.platform })
  if ('problems' in checked) throw new Error(checked.problems.join('; '))
  const { enforcement, plan } = await tryOut({ ...ports, launcher }, place, survey, checked.settings)
  const { inForce, ...why } = enforcement
  ports.files.remove(place.runDirectory)
  await console.print(
    flags.values.json === true
      ? `${JSON.stringify({ survey, enforcement: inForce, ...why, plan }, null, 2)}\n`
      : [...describeSurvey(survey), '', ...describeTrial(enforcement, plan), ''].join('\n')
  )
  return 0
}
