/** One look at the build tree. Memory is anonymous + shared, page cache apart. */
export interface Sample {
  /** Since the start of the attempt. */
  readonly atMs: number
  readonly treeBytes: number
  /** `null`: not readable here. */
  readonly cacheBytes: number | null
  readonly availableBytes: number | null
  /** The largest processes of the tree, most first, a handful. */
  readonly processes: readonly ProcessSample[]
}

export interface ProcessSample {
  readonly pid: number
  /** `compile`, `link`, `asm`, `cgo`, `vet`, `go`, `cc1`, … or the process's own name. */
  readonly tool: string
  /** Import path (or file) it works on; `null` where it does not say. */
  readonly package: string | null
  readonly bytes: number
}

/** What was seen of one attempt, bounded however long it ran. */
export interface Timeline {
  /** Thinned evenly once there are too many; the peak is never thinned out. */
  readonly samples: readonly Sample[]
  readonly peak: Sample | null
  /** The last look before the end: who held what when it died. */
  readonly last: Sample | null
  readonly heaviest: readonly PackageCost[]
  /** The processes that were seen, the latest few thousand: whose pid a log names can be told from them. */
  readonly seen: readonly SeenProcess[]
  /** What could not be read on the way, each once. */
  readonly gaps: readonly string[]
}

export interface SeenProcess {
  readonly pid: number
  readonly tool: string
  readonly package: string | null
  /** Highest sampled anonymous + shared memory (macOS: resident). */
  readonly peakBytes: number
  readonly firstMs: number
  readonly lastMs: number
}

export interface PackageCost {
  readonly tool: string
  readonly package: string
  /** Highest sampled anonymous + shared memory. */
  readonly peakBytes: number
  /** From first to last sample that saw it; 0 if one. */
  readonly seenMs: number
}
