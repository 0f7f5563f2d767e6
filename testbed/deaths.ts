/** The ways in which a build, or its guard, can die; in the order of the table. */
export const DEATHS = {
  ownCap: 'own cap',
  limitAbove: 'limit above',
  hostWide: 'machine out of memory',
  killed: 'SIGKILL from elsewhere',
  watch: 'watch',
  timeout: 'timeout',
  cancel: 'cancel',
  guardKilled: 'guard killed'
} as const

export type Death = keyof typeof DEATHS

/** Where systemd puts the service of the guard. */
export const SLICE = 'ci.slice'

/** What the bed is asked to do for one cell of the table. */
export interface Order {
  readonly name: string
  readonly death: Death
  /** Inputs, by name. */
  readonly settings: Readonly<Record<string, string>>
  /** Which limit stands above the guard: one that is made for the cell, or the bed's own. */
  readonly above: 'v1' | 'v2' | 'slice' | 'own'
  /** Without any cgroup file system. */
  readonly isBare: boolean
}

/** What only the bed can see; the report is left beside it as `NAME.json`. */
export interface Told {
  readonly name: string
  readonly exitCode: number | null
  /** Processes, cgroups and files that stayed, and bystanders that were hit; empty is how it has to be. */
  readonly left: readonly string[]
  /** Of a guard that was killed: what it had written down, and what `post` made of it. */
  readonly aftermath: { readonly enforcement: string; readonly summary: string } | null
  readonly seconds: number
  /** Why the cell could not be run, if so. */
  readonly fault: string | null
}
