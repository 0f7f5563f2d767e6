import { guard } from '../guard.ts'
import type { Console } from '../ports/console.ts'
import { renderText } from '../report/text.ts'
import { COULD_NOT_RUN } from '../run/exit-code.ts'
import { parseFlags } from '../settings/flags.ts'
import { runHelp } from '../settings/help.ts'
import { parseSettings } from '../settings/settings.ts'

/** The main job outside GitHub. Everything of ours goes to standard error; standard output is the command's. */
export async function run(args: readonly string[], console: Console): Promise<number> {
  const { flags, problems: wrongFlags } = parseFlags(args)
  if (flags.wantsHelp) {
    await console.print(runHelp())
    return 0
  }
  const place = console.place('inherit')
  const checked = parseSettings(flags.read, { platform: place.platform, argv: flags.argv })
  const wrong = [...wrongFlags, ...('problems' in checked ? checked.problems : [])]
  if ('problems' in checked || wrong.length > 0) return refuse(wrong, console)
  const { exitCode, report, problems } = await guard(console.ports(flags.isDebug), place, checked.settings)
  if (problems.length > 0) return refuse(problems, console)
  if (report !== null && report.conclusion !== 'success') console.complain(`\n${renderText(report)}\n`)
  return exitCode
}

function refuse(problems: readonly string[], console: Console): number {
  for (const problem of problems) console.complain(`guard: ${problem}\n`)
  return COULD_NOT_RUN
}
