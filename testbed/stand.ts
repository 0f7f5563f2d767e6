import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Report } from '../src/model/report.ts'
import { atEnd } from './at-end.ts'
import { allCages, leftInTheEnd, MARK, markedProcesses, type Traces } from './left-behind.ts'
import { locate } from './locate.ts'
import { readReport } from './read-report.ts'
import { projectRoot, temporaryFolder } from './workbench.ts'

/** Why the guard cannot be run on this machine as a user would, or null. */
export function guardUnavailable(): string | null {
  if (process.platform !== 'linux') return 'these are runs on Linux'
  if (locate('go') === null) return 'there is no go'
  return null
}

export interface StartOptions {
  readonly cwd?: string
  /** On top of the stand's own. */
  readonly env?: Readonly<Record<string, string>>
  readonly stdin?: Uint8Array
  /** Nothing of standard output is read before the test does so itself. */
  readonly leaveStdout?: boolean
}

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: Buffer
  readonly stderr: Buffer
}

export interface Started {
  readonly child: ChildProcess
  readonly pid: number
  /** Once both streams have ended too. */
  readonly ended: Promise<Ended>
}

export interface GuardEnded extends Ended {
  /** Throws where none was written. */
  readonly report: Report
}

export interface StandOptions {
  /** Makes of a guard's command one that runs it in another environment. */
  readonly around?: (command: readonly string[]) => readonly string[]
  /** Nobody else runs guards on this machine. */
  readonly isAlone?: boolean
}

/** A place of one test file, with directories and a mark of its own, in which guards are run and looked after. */
export class Stand {
  readonly around: NonNullable<StandOptions['around']>
  readonly folder: string
  /** TMPDIR of everything that is run. */
  readonly temporary: string
  readonly traces: Traces
  #count = 0
  readonly #told = new Set<string>()

  constructor(name: string, { around = (command) => command, isAlone = false }: StandOptions = {}) {
    this.around = around
    this.folder = temporaryFolder(name)
    this.temporary = this.path('tmp')
    mkdirSync(this.temporary)
    const mark = randomBytes(8).toString('hex')
    this.traces = { mark, temporary: this.temporary, cagesBefore: allCages(), isAlone }
    atEnd(() => this.endAll())
  }

  path(name: string): string {
    return join(this.folder, name)
  }

  /** A path that nothing else has. */
  fresh(name: string): string {
    this.#count += 1
    return this.path(`${this.#count}-${name}`)
  }

  get environment(): Record<string, string> {
    const kept = Object.entries(process.env).flatMap(([name, text]) =>
      text === undefined || /^(?:GITHUB|RUNNER|INPUT|STATE|ACTIONS|NODE)_|^(?:CI|GOMEMLIMIT|GOGC)$/.test(name)
        ? []
        : [[name, text] as const]
    )
    return { ...Object.fromEntries(kept), TMPDIR: this.temporary, [MARK]: this.traces.mark }
  }

  /** Starts a command; it dies with us. */
  start(command: readonly string[], options: StartOptions = {}): Started {
    const leash = locate('setpriv') === null ? [] : ['setpriv', '--pdeathsig', 'KILL', '--']
    const [file = '', ...args] = [...leash, ...command]
    const child = spawn(file, args, {
      cwd: options.cwd ?? this.folder,
      env: { ...this.environment, ...options.env },
      stdio: ['pipe', 'pipe', 'pipe']
    })
    child.stdin.on('error', () => {}) // it may end without reading
    child.stdin.end(options.stdin ?? '')
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    if (!options.leaveStdout) child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
    const ended = new Promise<Ended>((settle, reject) => {
      child.once('error', reject)
      child.once('close', (code, signal) =>
        settle({ code, signal, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr) })
      )
    })
    return { child, pid: child.pid ?? 0, ended }
  }

  /** `go-build-guard run` with these arguments. */
  startGuard(args: readonly string[], options: StartOptions = {}): Started {
    return this.start(this.around([...GUARD, 'run', ...args]), options)
  }

  /** The same to its end, with its report. */
  async guard(args: readonly string[], options: StartOptions = {}): Promise<GuardEnded> {
    const file = this.fresh('report.json')
    const ended = await this.startGuard([`--report-file=${file}`, ...args], options).ended
    return {
      ...ended,
      get report() {
        return readReport(file)
      }
    }
  }

  /** What is left of all that was run here, after a fair wait; has to be empty. What was told once is not told again. */
  async left(): Promise<readonly string[]> {
    const left = await leftInTheEnd(this.traces, this.#told)
    for (const one of left) this.#told.add(one)
    return left
  }

  /** The first process of a run here that is such, once there is one. */
  async process(isIt: (pid: number) => boolean): Promise<number> {
    let found: number | undefined
    await until('a process', () => {
      found = markedProcesses(this.traces.mark).find(isIt)
      return found !== undefined
    })
    return found ?? 0
  }

  async endAll(): Promise<void> {
    for (const pid of markedProcesses(this.traces.mark)) kill(pid)
    await sleep(50)
  }
}

/** What is run, as it is shipped; a bed has its own copy, so that all of a long run is about the same guard. */
export const DIST = process.env['GBG_DIST'] ?? join(projectRoot, 'dist')

/** The command line. */
export const GUARD: readonly string[] = [process.execPath, join(DIST, 'cli.js')]

/** Waits for something that has to come; how long it takes is not what is tested. */
export async function until(what: string, isSo: () => boolean, patienceMs = 60_000): Promise<void> {
  for (const deadline = Date.now() + patienceMs; !isSo(); await sleep(10)) {
    if (Date.now() > deadline) throw new Error(`waited ${patienceMs} ms in vain for ${what}`)
  }
}

export function kill(pid: number, signal: NodeJS.Signals = 'SIGKILL'): void {
  try {
    process.kill(pid, signal)
  } catch {
    // it is gone
  }
}

/**
 * The machine's count of out-of-memory kills. Where somebody else's build is killed while ours ends by a signal, the
 * guard rightly says that it does not know; a test that wants the plain answer has to be alone in this.
 */
export async function whileNobodyIsKilled<T>(run: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    const before = kernelKills()
    const result = await run()
    if (kernelKills() === before || tries === 5) return result
  }
}

/** `null` where the kernel does not tell. */
export function kernelKills(): number | null {
  const text = readFileSync('/proc/vmstat', 'utf8')
  const count = /^oom_kill (\d+)$/m.exec(text)?.[1]
  return count === undefined ? null : Number(count)
}
