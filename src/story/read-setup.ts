import { parseMountinfo } from '../kernel/mountinfo.ts'
import { known } from '../model/reading.ts'
import type { GoInstallation } from '../model/survey.ts'
import { goCalls } from '../plan/go-calls.ts'
import type { Call, SettingsFile, Setup } from '../preflight/setup.ts'
import { readGoPlace } from './read-go-place.ts'
import { readSources } from './read-sources.ts'
import { readPids, readStorage, runsForeignPrograms } from './read-storage.ts'
import type { Breathe, SetupWorld } from './setup-world.ts'

const REFUSAL = /^go env ended with exit code \d+: (.+)$/

/** All that the checks need, in pieces between which others run. What there was no time for is `null` and named. */
export async function readSetup(
  world: SetupWorld,
  breathe: Breathe,
  knownSources: Setup['sources'] = null
): Promise<{ readonly setup: Setup; readonly notChecked: readonly string[] }> {
  const { survey, settings, environment, place } = world
  const go = known(survey.go)
  const notChecked: string[] = []
  const inTime = async <T>(what: string, read: () => T, otherwise: T): Promise<T> => {
    if (await breathe()) return read()
    notChecked.push(`${what}: no answer in time`)
    return otherwise
  }
  const files = await inTime('settings of Go', () => readGoFiles(world, go), NO_GO_FILES)
  const calls = await inTime('module and workspace', () => readCalls(world, go, files.written), null)
  const storage = await inTime('cache and temporary directory', () => readStorage(world, go, calls), [])
  const programs = await inTime('C compiler', () => readPrograms(world, go, calls ?? []), new Map<string, boolean>())
  const modules = [...new Set((calls ?? []).flatMap(({ place: { module } }) => module?.file ?? []))]
  const sources = knownSources ?? (await readSources(world, modules, breathe))
  if (sources === null) notChecked.push('imports and embedded files: too many sources to look at in time')
  const mounts = known(world.files.readText(`${place.root}/proc/self/mountinfo`)) ?? ''
  return {
    notChecked,
    setup: {
      platform: place.platform,
      environment,
      survey,
      settings,
      refusal: survey.go.kind === 'unreadable' ? (REFUSAL.exec(survey.go.reason)?.[1] ?? null) : null,
      go,
      ...files,
      calls,
      sources,
      programs,
      storage: storage.map((one) => ({ ...one, ...mountOf(parseMountinfo(mounts), one.nearest?.path ?? one.path) })),
      pids: readPids(world),
      runsForeignPrograms: runsForeignPrograms(world),
      repositoryRoot: place.github === null ? null : (place.environment['GITHUB_WORKSPACE'] ?? null),
      jobStartMs: jobStartMs(world)
    }
  }
}

type GoFiles = Pick<Setup, 'written' | 'release' | 'rootVersion' | 'targets'>
const NO_GO_FILES: GoFiles = { written: null, release: null, rootVersion: null, targets: null }

function readGoFiles(world: SetupWorld, go: GoInstallation | null): GoFiles {
  if (go === null) return NO_GO_FILES
  const { GOENV = '', GOROOT = '' } = go.env
  const inRoot = (path: string): string | null =>
    GOROOT === '' ? null : known(world.files.readText(`${world.place.root}${GOROOT}/${path}`))
  // {"linux", "amd64"},   (internal/platform/zosarch.go, from Go 1.21 on)
  const pairs = [...(inRoot('src/internal/platform/zosarch.go') ?? '').matchAll(/^\s*\{"(\w+)", "(\w+)"\},$/gm)]
  return {
    written: GOENV === 'off' || GOENV === '' ? null : settingsFile(world, GOENV),
    release: GOROOT === '' ? null : settingsFile(world, `${GOROOT}/go.env`),
    rootVersion: inRoot('VERSION')?.split('\n')[0]?.trim() ?? null,
    targets: pairs.length === 0 ? null : pairs.map(([, system, machine]) => `${system}/${machine}`)
  }
}

/** `NAME=value` lines; `#` begins a comment. */
function settingsFile({ files, place }: SetupWorld, file: string): SettingsFile | null {
  const text = known(files.readText(place.root + file))
  if (text === null) return null
  const pairs = text.split('\n').flatMap((line) => {
    const [, name, value] = /^([A-Z][A-Z0-9_]*)=(.*)$/.exec(line.trim()) ?? []
    return name === undefined || value === undefined ? [] : [[name, value.trim()] as const]
  })
  return {
    file,
    values: Object.fromEntries(pairs),
    modifiedMs: known(files.stat(place.root + file))?.modifiedMs ?? null
  }
}

function readCalls(world: SetupWorld, go: GoInstallation | null, written: SettingsFile | null): readonly Call[] | null {
  const calls = goCalls(world.settings.command, world.workingDirectory, world.place.platform)
  if (calls === null || go === null) return null
  return calls.map(({ verb, flags, operands, environment, directory }) => {
    const around = { directory, environment, flags, written, go }
    return { verb, flags, operands, environment, directory, place: readGoPlace(world, around) }
  })
}

/** C compilers and runners of foreign programs that the calls would look for, in the PATH of the build. */
function readPrograms(
  { files, place, environment }: SetupWorld,
  go: GoInstallation | null,
  calls: readonly Call[]
): ReadonlyMap<string, boolean> {
  const found = new Map<string, boolean>()
  if (place.platform === 'win32' || go === null) return found
  const directories = (environment['PATH'] ?? '').split(':').filter((directory) => directory !== '')
  for (const call of calls) {
    if ('PATH' in call.environment) continue
    const of = (name: string): string => call.environment[name] ?? environment[name] ?? go.env[name] ?? ''
    const [compiler = ''] = of('CC').split(/\s+/)
    for (const name of [compiler, `go_${of('GOOS')}_${of('GOARCH')}_exec`]) {
      const places = name.includes('/') ? [name] : directories.map((directory) => `${directory}/${name}`)
      if (name !== '' && !found.has(name))
        found.set(
          name,
          places.some((path) => files.exists(place.root + path))
        )
    }
  }
  return found
}

function mountOf(
  mounts: ReturnType<typeof parseMountinfo>,
  path: string
): { readonly fileSystem: string | null; readonly mountOptions: readonly string[] } {
  const holding = mounts.filter(({ mountPoint }) => mountPoint === '/' || `${path}/`.startsWith(`${mountPoint}/`))
  // Of two at the same place the later one lies on top.
  const mount = holding.reduce<(typeof holding)[number] | null>(
    (best, one) => (best === null || one.mountPoint.length >= best.mountPoint.length ? one : best),
    null
  )
  return { fileSystem: mount?.fileSystem ?? null, mountOptions: mount?.options ?? [] }
}

/** On a machine that outlives its jobs: when the runner wrote the event of this one. */
function jobStartMs({ files, place }: SetupWorld): number | null {
  const { RUNNER_ENVIRONMENT, GITHUB_EVENT_PATH } = place.environment
  if (RUNNER_ENVIRONMENT !== 'self-hosted' || GITHUB_EVENT_PATH === undefined) return null
  const isContainer = ['/.dockerenv', '/run/.containerenv'].some((path) => files.exists(place.root + path))
  return isContainer ? null : (known(files.stat(place.root + GITHUB_EVENT_PATH))?.modifiedMs ?? null)
}
