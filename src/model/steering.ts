import type { Prose } from './prose.ts'

/** What steering did in one attempt: which tools it held back, limited or ran again, and what each of them took. */
export interface Steering {
  /** In order; the first of them where there were very many. */
  readonly steps: readonly SteeringStep[]
  /** Exact peaks as the kernel counted them, most first, a handful. */
  readonly packages: readonly SteeredPackage[]
  /** Runs of the compiler and the linker that were seen. */
  readonly toolRuns: number
  /** Those that had to wait for memory, and how long all of them together. */
  readonly heldBack: number
  readonly heldBackMs: number
  /** Those that were killed for memory and run again. */
  readonly replayed: number
  /** What to set so that nothing has to be done the next time; `null` where nothing was done. */
  readonly advice: Prose | null
}

export interface SteeringStep {
  /** Since the start of the attempt. */
  readonly atMs: number
  readonly kind: 'limited' | 'took back' | 'replayed' | 'opened swap' | 'read archives' | 'thrash' | 'gave up'
  readonly tool: string
  readonly package: string
  /** What happened and what was done, with the number. */
  readonly text: Prose
}

export interface SteeredPackage {
  readonly tool: string
  readonly package: string
  /** Highest resident memory of the process (`ru_maxrss`): mapped files are in it. */
  readonly peakBytes: number
  readonly cpuMs: number
  /** How often it was started; more than 1 where it was killed and run again. */
  readonly runs: number
  /** What was set for the last run, as one would type it: `GOMEMLIMIT=270MiB`, `GOGC=25`; empty where nothing was. */
  readonly settings: string
}
