/** What one attempt runs with, each number with its reason. */
export interface Plan {
  /** 1, 2, 3 … */
  readonly attempt: number
  /** Whether memory looked sufficient for a build of this width: decides whether anything is set at all. */
  readonly level: 'ample' | 'tight' | 'unknown'
  readonly cap: Cap | null
  /** Build actions at once as the Go tool will see it, whether set by us, by the user, or its own default. */
  readonly parallelism: number
  /** What we set ourselves; `null`: left alone. */
  readonly setParallelism: number | null
  readonly setGoMemoryLimitBytes: number | null
  readonly setGcPercent: number | null
  /** Whether compile and link are held back and limited one by one; left out in reports of old. */
  readonly isSteered?: boolean
  /** What is added to the child's environment; printed in the log. */
  readonly environment: Readonly<Record<string, string>>
  readonly reasons: readonly PlanReason[]
}

export interface Cap {
  readonly bytes: number
  /** Whether the build may use the host's swap on top of it. */
  readonly swap: 'open' | 'closed'
}

export interface PlanReason {
  readonly subject: 'cap' | 'reserve' | 'swap' | 'parallelism' | 'go-memory-limit' | 'gc-percent' | 'steering'
  /** One sentence, plain words and numbers. */
  readonly text: string
}
