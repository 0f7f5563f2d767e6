export interface Clock {
  /** Monotonic milliseconds, any origin. */
  nowMs(): number
  /** Wall clock, ISO 8601, UTC. */
  wallTime(): string
  sleep(ms: number): Promise<void>
  /** Calls `tick` after `ms`; returns the function that calls it off. Does not keep the process alive. */
  after(ms: number, tick: () => void): () => void
}
