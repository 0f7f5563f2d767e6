import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { nodeFiles } from '../../src/adapters/node-files.ts'
import { nodeProcesses } from '../../src/adapters/node-processes.ts'
import { GIB } from '../../src/model/bytes.ts'
import type { Caution } from '../../src/model/caution.ts'
import { ABSENT } from '../../src/model/reading.ts'
import type { Survey } from '../../src/model/survey.ts'
import { CHECKS, examine } from '../../src/preflight/catalogue.ts'
import type { Setup } from '../../src/preflight/setup.ts'
import { parseSettings } from '../../src/settings/settings.ts'
import { readSetup } from '../../src/story/read-setup.ts'
import type { VerificationWorld } from '../../src/story/verification.ts'
import { surveyMachine } from '../../src/survey/survey.ts'
import { manualClock } from '../fakes/manual-clock.ts'

/** A directory with files, an environment and a command: what a job finds before the build. */
export interface RealSetup {
  readonly files: Readonly<Record<string, string>>
  /** `$DIR` stands for the directory. */
  readonly env?: Readonly<Record<string, string>>
  readonly command?: string
  /** Relative to the directory. */
  readonly cwd?: string
  /** What cannot be had by files and variables: a survey of a smaller machine, a mount. */
  readonly machine?: (survey: Survey) => Survey
  readonly setup?: (setup: Setup) => Setup
  readonly executable?: readonly string[]
}

export interface Stage {
  readonly directory: string
  readonly environment: Readonly<Record<string, string>>
  readonly workingDirectory: string
  readonly command: string
}

const GO_ROOT = execFileSync('go', ['env', 'GOROOT', 'GOCACHE'], { encoding: 'utf8' }).split('\n')

/** Lays the directory out; its HOME is its own, so that nothing of this machine's user is in it. */
export function layOut(of: RealSetup): Stage {
  const directory = mkdtempSync(join(tmpdir(), 'preflight-'))
  const own = (text: string): string => text.replaceAll('$DIR', directory).replaceAll('$GOROOT', GO_ROOT[0] ?? '')
  for (const [path, text] of Object.entries(of.files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), own(text))
  }
  for (const path of of.executable ?? []) chmodSync(join(directory, path), 0o755)
  const environment = {
    PATH: `${GO_ROOT[0]}/bin:/usr/local/bin:/usr/bin:/bin`,
    HOME: join(directory, 'home'),
    GOCACHE: GO_ROOT[1] ?? '',
    GOPROXY: 'off',
    ...Object.fromEntries(Object.entries(of.env ?? {}).map(([name, text]) => [name, own(text)]))
  }
  // Or a second process of go outlives the first one, and writes there while it is removed.
  mkdirSync(join(directory, 'home/.config/go/telemetry'), { recursive: true })
  writeFileSync(join(directory, 'home/.config/go/telemetry/mode'), 'off 2026-01-01')
  const filled = Object.fromEntries(Object.entries(environment).filter(([, text]) => text !== '(unset)'))
  return {
    directory,
    environment: filled,
    workingDirectory: join(directory, of.cwd ?? '.'),
    command: own(of.command ?? 'go build ./...')
  }
}

export function tidyUp({ directory }: Stage): void {
  spawnSync('chmod', ['-R', 'u+w', directory])
  rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
}

/** What preflight finds there, read with the real ports and without a deadline. */
export async function findingsOf(stage: Stage, of: RealSetup): Promise<readonly Caution[]> {
  const setup = await setupOf(stage, of)
  return CHECKS.flatMap((check) => {
    const found = examine(check, setup)
    if ('fault' in found) throw new Error(`${check.id}: ${found.fault}`)
    return found
  })
}

async function setupOf(stage: Stage, of: RealSetup): Promise<Setup> {
  const world = await worldOf(stage, of)
  const { setup, notChecked } = await readSetup(world, async () => true)
  if (notChecked.length > 0) throw new Error(notChecked.join())
  return of.setup?.(setup) ?? setup
}

/** This machine, with the stage's environment and command; no time passes, however busy it is. */
export async function worldOf(stage: Stage, of: RealSetup): Promise<VerificationWorld> {
  const parsed = parseSettings((name) => (name === 'command' ? stage.command : ''), { platform: process.platform })
  if ('problems' in parsed) throw new Error(parsed.problems.join())
  const { environment, workingDirectory } = stage
  const place = {
    root: '',
    platform: process.platform,
    environment,
    github: environment['GITHUB_WORKSPACE'] === undefined ? null : GITHUB
  }
  const ports = { files: nodeFiles, processes: nodeProcesses, clock: manualClock() }
  const read = await surveyMachine({
    ...place,
    ...ports,
    cpus: 2,
    nodeMemory: { totalBytes: 8 * GIB, freeBytes: 4 * GIB },
    workingDirectory,
    launcher: ABSENT
  })
  return {
    ...ports,
    place,
    settings: parsed.settings,
    survey: of.machine?.(read) ?? read,
    environment,
    workingDirectory
  }
}

const GITHUB = {
  repository: 'acme/shop',
  serverUrl: 'https://github.com',
  apiUrl: 'https://api.github.com',
  sha: '0'.repeat(40),
  runId: 1,
  runNumber: 1,
  runAttempt: 1,
  workflowKey: 'ci.yml',
  jobUrl: '',
  pullRequestNumber: null,
  headSha: '0'.repeat(40),
  isFork: false
}

/** The command as a step would run it. */
export function runIt({ command, environment, workingDirectory }: Stage): {
  readonly code: number | null
  readonly output: string
} {
  const { status, stdout, stderr } = spawnSync('/bin/bash', ['-e', '-c', command], {
    cwd: workingDirectory,
    env: environment,
    encoding: 'utf8'
  })
  return { code: status, output: `${stdout}${stderr}` }
}
