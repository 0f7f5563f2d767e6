import type { Requirement } from '../preflight/mod-file.ts'
import type { Variable } from '../preflight/variables.ts'
import type { BuildInfo } from './build-info.ts'
import type { OutputTally } from './output-tally.ts'

/** All that is known of a command that ended well. */
export interface GreenRun {
  readonly output: OutputTally
  /** The calls of `go test` that run tests; `null` where the command cannot be read. */
  readonly testCalls: readonly TestCall[] | null
  /** Kills for memory that the kernel counted in the build's own cgroup; `null` without a counter. */
  readonly kills: number | null
  readonly programs: readonly Program[]
  /** Files that a `//go:embed` takes in, and that Git LFS has left its pointer in. */
  readonly pointers: readonly { readonly file: string; readonly source: string; readonly line: number }[]
}

export interface TestCall {
  /** Of `-run`; `null` without. */
  readonly run: string | null
  readonly hasBenchmarks: boolean
}

/** A file that a call of `go build` was to write. */
export interface Program {
  /** As the command names it. */
  readonly name: string
  /** Whether `-o` names this very file: then it has to be there. */
  readonly isNamed: boolean
  readonly isThere: boolean
  /** Whether it was written while the command ran; `go` touches what is up to date. */
  readonly isNew: boolean
  /** `null`: not read, or no Go program. */
  readonly info: BuildInfo | null
  readonly asked: Asked
}

/** What the call, and the script around it, asked for. */
export interface Asked {
  /** GOOS, GOARCH and CGO_ENABLED that the script sets in a line of their own and never exports. */
  readonly unexported: Readonly<Record<string, string | null>>
  /** Set by `go env -w` alone, where it brings flags along. */
  readonly writtenFlags: Variable | null
  /** `-modfile` that stands in GOFLAGS. */
  readonly otherModFile: Variable | null
  readonly isStampWanted: boolean
  /** Of the go.mod; empty in a workspace. */
  readonly requires: readonly Requirement[]
}
