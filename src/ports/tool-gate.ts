/**
 * The gate before the compiler and the linker: the helper (`helper/`, run by `go build -toolexec`) asks there for leave.
 * The build runs as the same user and could talk to it too: whatever comes in is bounded in size and number, and may at
 * worst mis-steer the build that sent it.
 */
export interface ToolGates {
  /** Makes a directory of its own below `parent` that nobody but this user may enter. Throws what the system says. */
  makeDirectory(parent: string): string
  /** Listens in that directory. Throws what the system says. */
  open(directory: string, keeper: GateKeeper): Promise<ToolGate>
  /**
   * Reads a file from outside the cage and throws the bytes away, so that its pages are charged to us; never throws. What is
   * no plain file is passed over.
   */
  readThrough(path: string): Promise<void>
}

export interface ToolGate {
  /** Compiles up to this weight need not ask from now on; `null`: all have to. */
  setLane(weight: number | null): void
  /** Lets everybody go who still waits; no more is heard. */
  close(): void
}

export interface GateKeeper {
  /** A tool asks for leave, once; `end` where it ran unasked: then it waits for an answer only if it was killed. */
  asked(tool: ToolAtGate, end: ToolEnd | null): void
  started(tool: ToolAtGate, pid: number): void
  /** Its end; after SIGKILL it waits for an answer. */
  ended(tool: ToolAtGate, end: ToolEnd): void
  /** The helper has gone, whatever the reason. */
  left(tool: ToolAtGate): void
}

export interface ToolAtGate {
  readonly job: ToolJob
  /** Runs it with these in its environment, words without blanks. */
  run(settings: Readonly<Record<string, string>>): void
  /** It ends as it was ended, SIGKILL. */
  giveUp(): void
}

/** What the helper says of a job, all of it to be believed only as far as it concerns the job itself. */
export interface ToolJob {
  readonly tool: 'compile' | 'link'
  /** As the go command names it, `example.com/m [example.com/m.test]`. */
  readonly package: string
  /** The go command that started it. */
  readonly parentPid: number
  readonly sourceBytes: number
  /** Of the importcfg, a line for each import. */
  readonly configBytes: number
  /** Of all archives together that a link reads. */
  readonly archiveBytes: number
  /** The importcfg. */
  readonly config: string
}

export interface ToolEnd {
  /** 0: it exited by itself. */
  readonly signal: number
  readonly peakBytes: number
  readonly cpuMs: number
}

export const SIGKILL = 9
