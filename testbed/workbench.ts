import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { atEnd } from './at-end.ts'
import { locate } from './locate.ts'

/** The project's own directory. */
export const projectRoot = resolve(import.meta.dirname, '..')

/** Node as the action runs it: the release that the project pins, where it is installed. */
export const projectBin = join(projectRoot, 'node_modules/.bin')

const running = new Map<ChildProcess, 'INT' | 'TERM'>()

/** A new empty directory, removed at the end. */
export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `gbg-${name}-`))
  atEnd(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export interface CommandRequest {
  readonly cwd?: string
  /** The whole environment; default: ours. */
  readonly env?: NodeJS.ProcessEnv
  readonly stdin?: string
  readonly timeoutMs?: number
  /** How a command that is out of time is asked to end, before SIGKILL to its group 20 s later; default: `TERM`. */
  readonly endSignal?: 'INT' | 'TERM'
  readonly onStdout?: (text: string, child: ChildProcess) => void
}

export interface CommandResult {
  /** Null where a signal ended the command. */
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  readonly timedOut: boolean
}

/** Runs one command in a process group of its own and waits for its end; it also ends if our process is killed. */
export function runCommand(command: readonly string[], request: CommandRequest = {}): Promise<CommandResult> {
  const endSignal = request.endSignal ?? 'TERM'
  const leash = locate('setpriv') === null ? [] : ['setpriv', '--pdeathsig', endSignal, '--']
  const [file = '', ...args] = [...leash, ...command]
  const child = spawn(file, args, {
    cwd: request.cwd,
    env: request.env ?? process.env,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe']
  })
  if (running.size === 0) atEnd(endRunning)
  running.set(child, endSignal)
  let stdout = ''
  let stderr = ''
  let timedOut = false
  child.stdin.on('error', () => {}) // it may end without reading
  child.stdin.end(request.stdin ?? '')
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    request.onStdout?.(text, child)
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const timer = setTimeout(() => {
    timedOut = true
    end(child, endSignal)
  }, request.timeoutMs ?? 300_000)
  return new Promise((settle, reject) => {
    child.once('error', (error) => {
      clearTimeout(timer)
      running.delete(child)
      reject(error)
    })
    child.once('close', (code, signal) => {
      clearTimeout(timer)
      running.delete(child)
      settle({ code, signal, stdout, stderr, timedOut })
    })
  })
}

function end(child: ChildProcess, signal: 'INT' | 'TERM'): void {
  child.kill(`SIG${signal}`)
  const killGroup = setTimeout(() => {
    try {
      if (child.pid !== undefined && running.has(child)) process.kill(-child.pid, 'SIGKILL')
    } catch {
      // the group is gone
    }
  }, 20_000)
  child.once('close', () => clearTimeout(killGroup))
}

async function endRunning(): Promise<void> {
  const ends = [...running.keys()].map((child) => new Promise((settle) => child.once('close', settle)))
  for (const [child, signal] of running) end(child, signal)
  await Promise.all(ends)
}
