import type { GitHubContext } from '../model/github.ts'
import type { Cancellation } from './cancellation.ts'
import type { Clock } from './clock.ts'
import type { ControlFiles } from './control-files.ts'
import type { Files } from './files.ts'
import type { Output } from './output.ts'
import type { Processes } from './processes.ts'
import type { PullRequests } from './pull-requests.ts'
import type { Runner } from './runner.ts'
import type { ToolGates } from './tool-gate.ts'

/** Every way in which the guard touches the world, made by the doors and nowhere else. */
export interface Ports {
  readonly files: Files
  readonly processes: Processes
  readonly clock: Clock
  readonly output: Output
  readonly cancellation: Cancellation
  readonly runner: Runner
  /** Ways to change cgroups, in the order in which they are to be tried; at least one. */
  readonly means: readonly ControlFiles[]
  /** `null` where the event carries no pull request, or there is no token. */
  readonly pullRequests: PullRequests | null
  /** `null` where there are none: not on Windows. */
  readonly toolGates: ToolGates | null
}

/** What is known of the place without asking anybody. */
export interface Place {
  /** Stands before `/proc`, `/sys` and `/dev`: empty on the real machine. */
  readonly root: string
  readonly platform: NodeJS.Platform
  readonly cpus: number
  readonly nodeMemory: { readonly totalBytes: number; readonly freeBytes: number }
  /** Of this process, complete. */
  readonly environment: Readonly<Record<string, string>>
  /** The script that Node was started with: what is shipped with us is found from there. */
  readonly script: string
  /** Where relative paths of the user start. */
  readonly currentDirectory: string
  /** A directory of this run alone, below the runner's or the system's temporary one. */
  readonly runDirectory: string
  /** 12 hexadecimal digits, random. */
  readonly runId: string
  readonly stdin: 'inherit' | 'none'
  /** Whether somebody looks after the run directory if we die (`post`); otherwise the reaper removes it. */
  readonly hasPost: boolean
  /** `null` outside GitHub Actions. */
  readonly github: GitHubContext | null
}
