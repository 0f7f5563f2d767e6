import { GIB, goMemoryLimit } from '../model/bytes.ts'
import type { GoInstallation } from '../model/survey.ts'
import type { Processes } from '../ports/processes.ts'

/** What the helper prints without arguments. */
const BANNER = 'go-build-guard helper 1'
const BUILD_DEADLINE_MS = 120_000
const TRIAL_DEADLINE_MS = 10_000

/** Cold, the compiler takes 290 MiB for the package runtime. */
const LITTLE_BYTES = GIB

export interface HelperOrder {
  readonly sources: string
  /** Where it goes: a directory that nobody else may enter, made for this run. */
  readonly target: string
  readonly go: GoInstallation
  readonly environment: Readonly<Record<string, string>>
  /** What the machine has left, outside the cage; `null`: not known. */
  readonly roomBytes: number | null
}

export type BuiltHelper = { readonly path: string } | { readonly problem: string }

/**
 * Builds the helper with the user's own Go, for this machine whatever the build is for, and tries it. The Go build cache
 * makes the second time quick: it knows sources and release, and is the user's own as much as the compiler is. The binary
 * itself is made anew for each run, so that none is ever found lying there.
 */
export async function buildHelper(processes: Processes, order: HelperOrder): Promise<BuiltHelper> {
  const path = `${order.target}/helper`
  const built = await processes.run('go', ['build', '-buildvcs=false', '-o', path, '.'], {
    cwd: order.sources,
    environment: environmentFor(order),
    deadlineMs: BUILD_DEADLINE_MS
  })
  if (built.code !== 0) return { problem: `building it: ${built.problem ?? lastLine(built.stderr)}` }
  const tried = await processes.run(path, [], { deadlineMs: TRIAL_DEADLINE_MS })
  if (tried.code === 0 && tried.stdout.trim() === BANNER) return { path }
  return { problem: `starting it: ${tried.problem ?? (lastLine(tried.stderr) || `exit code ${tried.code}`)}` }
}

/** `-trimpath` and the like would share nothing with the packages that most builds have in the cache. */
function environmentFor({ go, environment, roomBytes }: HelperOrder): Readonly<Record<string, string>> {
  const { GOCACHE = '', GOHOSTOS = '', GOHOSTARCH = '' } = go.env
  return {
    ...environment,
    GOENV: 'off',
    GOFLAGS: '',
    GOWORK: 'off',
    GO111MODULE: 'on',
    GOTOOLCHAIN: 'local',
    GOPROXY: 'off',
    GOOS: GOHOSTOS,
    GOARCH: GOHOSTARCH,
    GOCACHE,
    CGO_ENABLED: '0',
    ...(roomBytes !== null && roomBytes < LITTLE_BYTES ? { GOMEMLIMIT: goMemoryLimit(0.7 * roomBytes) } : {})
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? ''
}
