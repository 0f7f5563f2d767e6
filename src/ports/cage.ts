import type { CageEvidence, EnforcementInForce } from '../model/evidence.ts'

/** A place for the build tree with a known size: open → join → look → kill → close; close on every path. */
export interface Cage {
  readonly way: EnforcementInForce
  readonly capBytes: number | null
  /** The cgroup to remove if we cannot do it ourselves; `null` for ways without one. */
  readonly directory: string | null
  /** Stands before the command and puts it in itself (a Windows job); without one the process that was started is put in. */
  readonly launcher?: readonly string[]
  /** A variable that every process inside inherits, by which they are known where nothing else keeps them together. */
  readonly mark?: string
  /** Puts a process in before it executes. Throws if that cannot be had. */
  join(pid: number): Promise<void>
  /** Everything that runs inside now. */
  pids(): readonly number[]
  /** What the kernel charges to the tree; `null` where only its processes can be summed. */
  charged(): Charge | null
  /** The tree as this way sees it itself; where it is left out, or has nothing to tell yet, `/proc` is read. */
  look?(): Look | null
  /** How near the tree is to the limit that binds it, and whether the guard has to act (only `watch` ever does). */
  examine(treeBytes: number): Standing
  /**
   * Counters now against those at the opening, and the cap as it is now: somebody may have changed it. Must be read
   * before `close`.
   */
  evidence(): CageEvidence
  /** Lets it use the machine's free swap, its RAM bounded as before; left out where swap is not closed. Throws if that cannot be had. */
  openSwap?(): Promise<void>
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

/** The tree at one moment, on systems without `/proc`. */
export interface Look {
  readonly treeBytes: number
  /** Of the machine. */
  readonly availableBytes: number | null
  readonly processes: readonly TreeProcess[]
}

export interface TreeProcess {
  readonly pid: number
  readonly bytes: number
  /** As far as it could be read, the program first. */
  readonly argv: readonly string[]
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
