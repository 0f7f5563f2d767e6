import { dirname, join } from 'node:path'
import { ABSENT, mapReading, type Reading, unreadable, value } from '../model/reading.ts'
import type { Place, Ports } from '../ports/ports.ts'
import type { ToolResult } from '../ports/processes.ts'

/** A launcher of Job Objects that is ready, and where it and the guard tell each other things. */
export interface Launcher {
  readonly launcher: string
  readonly directory: string
}

/** Cold, with two busy processors and every package of the standard library that it needs, it took 5.7 s. */
const COMPILE_DEADLINE_MS = 60_000
const ASK_DEADLINE_MS = 10_000

/**
 * Nothing of the user's settings reaches this compilation, and nothing is downloaded. Without `-trimpath`, which would
 * forfeit that its standard packages are in the build cache for the build itself.
 */
const SETTINGS = {
  GOFLAGS: '',
  GOWORK: 'off',
  GOENV: 'off',
  GO111MODULE: 'off',
  GOTOOLCHAIN: 'local',
  CGO_ENABLED: '0',
  GOOS: 'windows'
} as const

type LauncherPlace = Pick<Place, 'platform' | 'runDirectory' | 'script'>

/** Compiles the launcher with the user's own Go; absent but on Windows. A refusal costs the cap, not the build. */
export async function compileLauncher(
  ports: Pick<Ports, 'files' | 'processes'>,
  place: LauncherPlace,
  environment: Readonly<Record<string, string>>
): Promise<Reading<Launcher>> {
  if (place.platform !== 'win32') return ABSENT
  const sources = sourcesOf(ports, place)
  if (sources === null) return unreadable('its sources are not shipped here')
  const made = { launcher: join(place.runDirectory, 'launcher.exe'), directory: join(place.runDirectory, 'job') }
  try {
    ports.files.writeText(join(made.directory, 'limit'), '')
  } catch (fault) {
    return unreadable(fault instanceof Error ? fault.message : String(fault))
  }
  const go = (args: readonly string[], deadlineMs: number, more = {}): Promise<ToolResult> =>
    ports.processes.run('go', args, {
      cwd: place.runDirectory,
      environment: { ...environment, ...SETTINGS, ...more },
      deadlineMs
    })
  const arch = await go(['env', 'GOHOSTARCH'], ASK_DEADLINE_MS)
  const target = arch.code === 0 ? { GOARCH: arch.stdout.trim() } : {}
  const built = await go(['build', '-p', '1', '-o', made.launcher, ...sources], COMPILE_DEADLINE_MS, target)
  return built.code === 0 ? value(made) : unreadable(`go build: ${refusalOf(built)}`)
}

/** The program alone, for whoever only asks it something. */
export function programOf(launcher: Reading<Launcher>): Reading<string> {
  return mapReading(launcher, (of) => of.launcher)
}

/** Beside the bundle in `dist`, or above it; a directory that is the same in each run, so that Go's cache knows it. */
function sourcesOf({ files }: Pick<Ports, 'files'>, { script }: LauncherPlace): readonly string[] | null {
  for (const directory of [dirname(script), dirname(dirname(script))]) {
    const sources = files.list(join(directory, 'helper-windows'))
    if (sources.kind !== 'value') continue
    const names = sources.value.filter((name) => name.endsWith('.go')).sort()
    if (names.length > 0) return names.map((name) => join(directory, 'helper-windows', name))
  }
  return null
}

function refusalOf({ problem, stderr, code }: ToolResult): string {
  return problem ?? (stderr.trim().split('\n').at(-1)?.trim() || `exit code ${code}`)
}
