/** One look at the cage, for deciding. */
export interface Look {
  /** Anonymous + shared + kernel memory of the tree: what cannot be had by dropping page cache. */
  readonly hardBytes: number
  readonly processes: readonly { readonly pid: number; readonly anonBytes: number }[]
}

/** What tells a tool that works from one that only reads the same pages again. */
export interface Toil {
  readonly refaults: number
  readonly userMs: number
  readonly systemMs: number
}

/** Reading the cage; each may throw. */
export interface Gauges {
  look(): Look
  /** How often the kernel has killed something in the cage; `null` where that cannot be read. */
  kills(): number | null
  /** `null` where it cannot be read. */
  toil(pid: number): Toil | null
}
