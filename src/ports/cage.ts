import type { CageEvidence, EnforcementInForce } from '../model/evidence.ts'

/** A place for the build tree with a known size: open → join → look → kill → close; close on every path. */
export interface Cage {
  readonly way: EnforcementInForce
  readonly capBytes: number | null
  /** The cgroup to remove if we cannot do it ourselves; `null` for ways without one. */
  readonly directory: string | null
  /** Puts a process in before it executes. Throws if that cannot be had. */
  join(pid: number): Promise<void>
  /** Everything that runs inside now. */
  pids(): readonly number[]
  /** What the kernel charges to the tree; `null` where only its processes can be summed. */
  charged(): Charge | null
  /** How near the tree is to the limit that binds it, and whether the guard has to act (only `watch` ever does). */
  examine(treeBytes: number): Standing
  /** Counters now against those at the opening; must be read before `close`. */
  evidence(): CageEvidence
  /** SIGKILL to everything inside; resolves when nothing is left, or after a bounded wait. */
  kill(): Promise<void>
  /** Removes it, killing what is left. Says what it could not do; never throws. */
  close(): Promise<readonly string[]>
}

export interface Charge {
  /** Anonymous + shared. */
  readonly treeBytes: number
  readonly cacheBytes: number | null
}

export interface Standing {
  /** Used share of the limit that binds, 0 to 1 and beyond; paces the sampler. */
  readonly share: number
  readonly breach: Breach | null
}

/** A limit that the kernel would enforce next, by killing whom it likes. */
export interface Breach {
  readonly level: string
  readonly limitBytes: number
}
