import type { Writable } from 'node:stream'
import type { ExitStatus } from '../model/outcome.ts'

/** Starting, signalling and waiting for processes. */
export interface Processes {
  /** Starts `argv` behind a gate: it exists, with its pid, and executes nothing of the user's until the gate opens. */
  startGated(spec: GatedSpec): Promise<GatedChild>
  /** Runs a small auxiliary command to its end or its deadline; never throws. */
  run(tool: string, args: readonly string[], options: RunOptions): Promise<ToolResult>
  /** Starts a process in a session of its own that outlives us and holds the reading end of a pipe from us. */
  startDetached(argv: readonly string[]): DetachedChild
  /** Signals one process, or with a negative pid its group; a process that is gone is no error. */
  signal(pid: number, signal: NodeJS.Signals): void
}

export interface GatedSpec {
  readonly argv: readonly string[]
  readonly cwd: string
  readonly environment: Readonly<Record<string, string>>
  readonly stdin: 'inherit' | 'none'
  /** A directory of the run, for what starting needs. */
  readonly scratch: string
}

/** What a process prints, as it comes. A piece is good until the next one is asked for: its memory is used again. */
export interface ByteStream extends AsyncIterable<Uint8Array> {
  /** Closes our end, so that the writer gets SIGPIPE. */
  destroy(): void
}

export interface GatedChild {
  readonly pid: number
  readonly stdout: ByteStream
  readonly stderr: ByteStream
  /** Lets the child execute. Called once. */
  openGate(): void
  readonly exited: Promise<ExitStatus>
  /** Waits for it no longer, so that we can end before it does. */
  abandon(): void
}

interface DetachedChild {
  readonly pid: number
  /** Ends with us, however we end: that is what the child waits for. */
  readonly pipe: Writable
}

export interface RunOptions {
  readonly cwd?: string
  readonly environment?: Readonly<Record<string, string>>
  readonly input?: string
  readonly deadlineMs: number
}

export interface ToolResult {
  /** `null`: did not start, or was ended at the deadline; `problem` says which. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  readonly problem: string | null
}
