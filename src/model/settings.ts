/** What the user asked for, checked and complete: made once by `settings/`, never changed after. */
export interface Settings {
  readonly command: Command
  readonly workingDirectory: string
  readonly memoryLimit: Auto | Size | Percent | Off
  readonly memoryReserve: Auto | Size | Percent
  readonly enforcement: EnforcementChoice
  readonly parallelism: Auto | Count | Off
  readonly goMemoryLimit: Auto | Size | Off
  readonly steering: 'auto' | 'off'
  readonly onOutOfMemory: 'auto' | 'retry' | 'fail'
  /** Attempts in all, 1 or more. */
  readonly maxAttempts: number
  readonly timeoutMs: number | null
  readonly stallTimeout: Duration | Off
  readonly stallAction: 'report' | 'kill'
  readonly preflight: 'warn' | 'error' | 'off'
  readonly verifyOutput: 'auto' | 'off'
  readonly jobName: string
  /** Matrix values as given by GitHub, flattened to text: `{ "os": "ubuntu-latest" }`; empty without a matrix. */
  readonly matrix: Readonly<Record<string, string>>
  readonly summary: 'auto' | 'always' | 'on-failure' | 'never'
  readonly comment: 'on-failure' | 'memory' | 'always' | 'never'
  readonly annotations: 'auto' | 'never'
  /** Where `report.json` goes; `null`: a path of our own below the run's directory. */
  readonly reportFile: string | null
}

/** A script goes through a shell as a `run:` step does; a vector is executed as it is. */
export type Command =
  | { readonly kind: 'script'; readonly script: string; readonly shell: string }
  | { readonly kind: 'vector'; readonly argv: readonly string[] }

export interface Auto {
  readonly kind: 'auto'
}
export interface Off {
  readonly kind: 'off'
}
export interface Size {
  readonly kind: 'size'
  readonly bytes: number
}
export interface Duration {
  readonly kind: 'duration'
  /** Above zero. */
  readonly ms: number
}
export interface Percent {
  readonly kind: 'percent'
  /** 0 < percent ≤ 100. */
  readonly percent: number
}
export interface Count {
  readonly kind: 'count'
  readonly count: number
}

export type EnforcementChoice = 'auto' | 'cgroup' | 'systemd' | 'job-object' | 'watch' | 'off'

/** The command as one line for people and reports. */
export function commandLine(command: Command): string {
  return command.kind === 'script' ? command.script.trim() : command.argv.join(' ')
}
