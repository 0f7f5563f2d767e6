import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Writable } from 'node:stream'
import type { ExitStatus } from '../model/outcome.ts'
import type { GatedChild, GatedSpec, Processes, RunOptions, ToolResult } from '../ports/processes.ts'
import { outputPipes } from './node-pipes.ts'

/**
 * The gate: a shell that waits for one line on descriptor 3, closes it and becomes the command, keeping its pid. If we
 * die before the line is written, the read ends and nothing was executed. `exec` gives 126 and 127 as any shell does.
 */
const GATE = 'read -r go <&3 || exit 125; exec 3<&-; exec "$@"'

const MOST_TOOL_OUTPUT = 1024 * 1024

/** Processes of the operating system. The signal of a killed child is kept apart from its code, and nothing is thrown away. */
export const nodeProcesses: Processes = {
  startGated: process.platform === 'win32' ? startUngated : startGated,
  run,
  startDetached(argv) {
    const child = launch(argv, { detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
    const pipe = streamOf(child.stdin)
    // The other end may go first (it was killed); that is for the next run to notice, not for us to die of.
    pipe.on('error', () => {})
    child.on('error', () => {})
    child.unref()
    return { pid: child.pid ?? 0, pipe }
  },
  signal(pid, signal) {
    try {
      process.kill(pid, signal)
    } catch {
      // ESRCH: gone already. EPERM: not ours to end; what is left is seen and said when the cage closes.
    }
  }
}

async function startGated(spec: GatedSpec): Promise<GatedChild> {
  const pipes = outputPipes(spec.scratch)
  const [stdout, stderr] = pipes?.childEnds ?? (['pipe', 'pipe'] as const)
  const child = launch(['/bin/sh', '-c', GATE, 'sh', ...spec.argv], {
    cwd: spec.cwd,
    env: { ...spec.environment },
    // A session and process group of its own: the whole tree can be signalled at once.
    detached: true,
    stdio: [spec.stdin === 'inherit' ? 'inherit' : 'ignore', stdout, stderr, 'pipe']
  })
  pipes?.closeChildEnds()
  const exited = exitOf(child)
  await once(child, 'spawn')
  const gate = streamOf(child.stdio[3])
  gate.on('error', () => {})
  const outputs = pipes ?? outputsOf(child)
  const { pid = 0 } = child
  return {
    stdout: outputs.stdout,
    stderr: outputs.stderr,
    pid,
    exited,
    openGate: () => gate.end('go\n'),
    abandon: () => child.unref()
  }
}

/** Without a cage to enter there is nothing to wait for. */
async function startUngated(spec: GatedSpec): Promise<GatedChild> {
  const [tool = '', ...args] = spec.argv
  const child = launch([tool, ...args], {
    cwd: spec.cwd,
    env: { ...spec.environment },
    stdio: [spec.stdin === 'inherit' ? 'inherit' : 'ignore', 'pipe', 'pipe']
  })
  const exited = exitOf(child)
  await once(child, 'spawn')
  return { ...outputsOf(child), pid: child.pid ?? 0, exited, openGate: () => {}, abandon: () => child.unref() }
}

function launch(argv: readonly string[], options: Parameters<typeof spawn>[2]): ChildProcess {
  const [tool = '', ...args] = argv
  return spawn(tool, args, options)
}

function outputsOf(child: ChildProcess): Pick<GatedChild, 'stdout' | 'stderr'> {
  if (child.stdout === null || child.stderr === null) throw new Error('the child was started without output pipes')
  return { stdout: child.stdout, stderr: child.stderr }
}

function streamOf(stream: unknown): Writable {
  if (stream instanceof Writable) return stream
  throw new Error('the child was started without its pipe')
}

function exitOf(child: ChildProcess): Promise<ExitStatus> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      resolve(signal === null ? { code: code ?? 0, signal: null } : { code: null, signal })
    })
  })
}

/** Ended with SIGKILL at its deadline, with its group, so that no auxiliary command outlives its use. */
function run(tool: string, args: readonly string[], options: RunOptions): Promise<ToolResult> {
  return new Promise((resolve) => {
    const child = spawn(tool, args, {
      cwd: options.cwd,
      env: options.environment === undefined ? process.env : { ...options.environment },
      detached: process.platform !== 'win32',
      stdio: ['pipe', 'pipe', 'pipe']
    })
    let stdout = ''
    let stderr = ''
    let problem: string | null = null
    const timer = setTimeout(() => {
      problem = `no answer within ${options.deadlineMs} ms`
      nodeProcesses.signal(process.platform === 'win32' ? (child.pid ?? 0) : -(child.pid ?? 0), 'SIGKILL')
    }, options.deadlineMs)
    const finish = (code: number | null): void => {
      clearTimeout(timer)
      resolve({ code: problem === null ? code : null, stdout, stderr, problem })
    }
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (stdout.length < MOST_TOOL_OUTPUT) stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (stderr.length < MOST_TOOL_OUTPUT) stderr += text
    })
    child.stdin.on('error', () => {})
    child.stdin.end(options.input ?? '')
    child.once('error', (fault) => {
      problem ??= fault.message
      finish(null)
    })
    child.once('close', (code, signal) => {
      if (signal !== null) problem ??= `ended by ${signal}`
      finish(code)
    })
  })
}
