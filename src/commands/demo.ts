import { join } from 'node:path'
import { guard } from '../guard.ts'
import { formatDuration } from '../model/duration.ts'
import type { Report } from '../model/report.ts'
import type { Console } from '../ports/console.ts'
import { renderText } from '../report/text.ts'
import { parseSettings } from '../settings/settings.ts'
import { demoModule } from './demo-module.ts'

const HELP = `go-build-guard demo

Builds a small Go module that needs more than 290 MiB under a cap of 290 MiB: the first attempt is killed, the second, with a
tighter garbage collector, passes. Shows both, and the report. Needs Go; leaves nothing behind.
`

const CAP = '290M'

/** The main job on an embedded example; exit status 0 if what it promises happened. */
export async function demo(args: readonly string[], console: Console): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    await console.print(HELP)
    return 0
  }
  const ports = console.ports(false)
  const place = console.place('none')
  // Below the run's directory, so that it goes when the run goes, whatever happens.
  const module = join(place.runDirectory, 'demo')
  for (const [name, text] of Object.entries(demoModule().files)) ports.files.writeText(join(module, name), text)
  const inputs: Readonly<Record<string, string>> = {
    'working-directory': module,
    'memory-limit': CAP,
    // The first attempt runs as plain `go build` would, or there would be nothing to show.
    'go-memory-limit': 'off',
    steering: 'off'
  }
  const checked = parseSettings((name) => inputs[name] ?? '', {
    platform: place.platform,
    argv: ['go', 'build', '-o', join(module, 'demo.out'), '.']
  })
  if ('problems' in checked) throw new Error(checked.problems.join('; '))

  console.complain(`A Go module whose compiler needs more than 290 MiB, built under a cap of 290 MiB.\n\n`)
  const { report, problems } = await guard(ports, place, checked.settings)
  for (const problem of problems) console.complain(`guard: ${problem}\n`)
  if (report === null) return 1
  await console.print(`\n${renderText(report)}\n`)
  return conclude(report, console)
}

function conclude(report: Report, console: Console): number {
  const [first] = report.attempts
  const isAsPromised = report.conclusion === 'recovered' && first?.outOfMemory === 'true'
  console.complain(
    isAsPromised
      ? `As promised: the first attempt ran out of memory, a later one passed (${formatDuration(report.durationMs)} in all).\n`
      : `Not as promised: the build ended with ${report.conclusion} after ${report.attempts.length} attempt(s).\n`
  )
  return isAsPromised ? 0 : 1
}
