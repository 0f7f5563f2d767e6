import { ABSENT, type Reading, unreadable, value } from '../model/reading.ts'
import type { GoInstallation } from '../model/survey.ts'
import type { Files } from '../ports/files.ts'
import type { Processes, ToolResult } from '../ports/processes.ts'

const DEADLINE_MS = 5000

/** Neither downloads a toolchain nor asks a proxy: looking at Go must not take the network. */
const OFFLINE = { GOTOOLCHAIN: 'local', GOPROXY: 'off' } as const

export interface GoWorld {
  readonly files: Files
  readonly processes: Processes
  readonly root: string
  readonly environment: Readonly<Record<string, string>>
  readonly workingDirectory: string
}

/**
 * The Go that is first in PATH, with its effective settings in the working directory; absent without one. `GOTOOLCHAIN`
 * and `GOPROXY` are those of the user, left out where they are not set.
 */
export async function readGo(world: GoWorld): Promise<Reading<GoInstallation>> {
  const result = await runGo(world, ['env', '-json'])
  if (result.code === null) return isMissing(result) ? ABSENT : unreadable(result.problem ?? 'go env did not answer')
  if (result.code !== 0) return unreadable(refusalOf(result))
  const asked = parseGoEnv(result.stdout)
  if (asked === null) return unreadable('go env printed no JSON object')
  const env = withUserSettings(asked, world)
  const version = env['GOVERSION'] || versionIn((await runGo(world, ['version'])).stdout)
  if (version === null) return unreadable('go does not tell its version')
  return value({ version, minor: minorOf(version), mainModule: mainModule(env, world), env })
}

function runGo(world: GoWorld, args: readonly string[]): Promise<ToolResult> {
  return world.processes.run('go', args, {
    cwd: world.workingDirectory,
    environment: { ...world.environment, ...OFFLINE },
    deadlineMs: DEADLINE_MS
  })
}

/** `go: unknown environment setting GO111MODULE=yes`: what stops `go env` stops every other go command too. */
function refusalOf({ code, stderr }: ToolResult): string {
  const [said = ''] = stderr.trim().split('\n')
  return `go env ended with exit code ${code}${said === '' ? '' : `: ${said}`}`
}

function isMissing(result: ToolResult): boolean {
  return /\bENOENT\b/.test(result.problem ?? '')
}

/** Text values of `go env -json`, or `null` where it is none: `{"GOVERSION": "go1.26.8", "GOFLAGS": "", …}`. */
function parseGoEnv(text: string): Readonly<Record<string, string>> | null {
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return null
    return Object.fromEntries(
      Object.entries(parsed).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
    )
  } catch {
    return null
  }
}

/** `go version go1.26.8 linux/amd64`, for releases whose `go env` has no GOVERSION (before 1.16). */
function versionIn(text: string): string | null {
  return /^go version (.+) \S+\/\S+$/m.exec(text)?.[1] ?? null
}

function minorOf(version: string): number | null {
  const minor = /\bgo1\.(\d+)/.exec(version)?.[1]
  return minor === undefined ? null : Number(minor)
}

/** `GOMOD` is empty outside modules and the null device where there is no go.mod; a workspace has many main modules. */
function mainModule(env: Readonly<Record<string, string>>, { files, root }: GoWorld): string | null {
  const { GOMOD: path = '', GOWORK: workspace = '' } = env
  if (!path.endsWith('go.mod') || (workspace !== '' && workspace !== 'off')) return null
  const text = files.readText(root + path)
  return text.kind === 'value' ? modulePath(text.value) : null
}

/** `module example.com/app // Deprecated: …`, with quotes, or as a block in parentheses (go.dev/ref/mod#go-mod-file-module). */
function modulePath(text: string): string | null {
  const plain = text.replaceAll(/\/\/.*$/gm, '')
  const [, quoted, bare] = /^[ \t]*module(?:[ \t]*\(\s*|[ \t]+)(?:["`]([^"`\s]+)["`]|([^\s()"`]+))/m.exec(plain) ?? []
  return quoted ?? bare ?? null
}

/** Undoes what {@link OFFLINE} did to the answer: the environment goes before the file that `go env -w` writes. */
function withUserSettings(asked: Readonly<Record<string, string>>, world: GoWorld): Readonly<Record<string, string>> {
  const lines = writtenSettings(asked['GOENV'] ?? '', world)
  const settings = Object.entries(asked).flatMap(([name, of]): readonly (readonly [string, string])[] => {
    if (!(name in OFFLINE)) return [[name, of]]
    const written = lines.findLast((line) => line.startsWith(`${name}=`))?.slice(name.length + 1)
    const own = world.environment[name] || written?.trim()
    return own ? [[name, own]] : []
  })
  return Object.fromEntries(settings)
}

/** `NAME=value` lines; no file where GOENV is `off`. */
function writtenSettings(path: string, { files, root }: GoWorld): readonly string[] {
  const text = path === '' || path === 'off' ? ABSENT : files.readText(root + path)
  return text.kind === 'value' ? text.value.split('\n') : []
}
