/** How the child ended, as the kernel told it: exactly one of the two is set. */
export type ExitStatus =
  | { readonly code: number; readonly signal: null }
  | { readonly code: null; readonly signal: NodeJS.Signals }

/** Who made an attempt end (`design` name `endedBy`); `itself` also where it ended well. */
export type EndedBy =
  | 'itself'
  | 'kernel-oom-cap'
  | 'kernel-oom-ancestor'
  | 'kernel-oom-host'
  | 'guard'
  | 'cancel'
  | 'other'
  | 'unknown'

/** The end of one attempt in the words of the report. */
export interface Outcome {
  /** The command's own status; 128+n where signal n ended it; 124 where our timeout did. */
  readonly exitCode: number
  readonly signal: NodeJS.Signals | null
  readonly durationMs: number
  readonly endedBy: EndedBy
}

/** Why the guard ended a build, or why it ended with the guard: the first reason wins and is recorded where it arises. */
export type Stop =
  | { readonly kind: 'timeout'; readonly afterMs: number }
  | { readonly kind: 'stall'; readonly afterMs: number; readonly quietMs: number }
  | { readonly kind: 'cancel'; readonly signal: NodeJS.Signals; readonly afterMs: number }
  | {
      readonly kind: 'watch'
      readonly afterMs: number
      readonly limitBytes: number
      readonly treeBytes: number
      readonly level: string
    }
  /** The guard itself was killed; told afterwards, from its journal. */
  | { readonly kind: 'died'; readonly afterMs: number }
