import type { Settings } from '../model/settings.ts'
import type { GoInstallation, Survey } from '../model/survey.ts'
import type { ModFile } from './mod-file.ts'
import type { ModulesTxt } from './modules-txt.ts'
import type { SourceFile } from './source-file.ts'

/** All that the checks look at, read before; `null` is "not known", and then nothing is said. */
export interface Setup {
  readonly platform: NodeJS.Platform
  /** The environment of the build. */
  readonly environment: Readonly<Record<string, string>>
  readonly survey: Survey
  readonly settings: Settings
  /** Why `go env` refuses the settings, in its words; `null` where it answers. */
  readonly refusal: string | null
  /** `null` without Go, or where it does not answer. */
  readonly go: GoInstallation | null
  /** What `go env -w` wrote. */
  readonly written: SettingsFile | null
  /** `$GOROOT/go.env`: what the release sets by itself. */
  readonly release: SettingsFile | null
  /** First line of `$GOROOT/VERSION`. */
  readonly rootVersion: string | null
  /** `linux/amd64`, …: every target of this release. */
  readonly targets: readonly string[] | null
  /** Every call of `go` in the command; `null` where that cannot be told, as with `make`. */
  readonly calls: readonly Call[] | null
  /** Of the modules in which the calls are made. */
  readonly sources: readonly SourceFile[] | null
  /** Programs that were looked for in the PATH of the build, and whether they are there. */
  readonly programs: ReadonlyMap<string, boolean>
  readonly storage: readonly Storage[]
  /** Of the outermost cgroup that can be seen, which limits whatever is made below it. */
  readonly pids: { readonly file: string; readonly max: number; readonly current: number } | null
  /** Whether the machine runs programs of other systems (`binfmt_misc`); `null`: not known. */
  readonly runsForeignPrograms: boolean | null
  /** Where the repository is, on GitHub. */
  readonly repositoryRoot: string | null
  /** When the job began; `null` where that cannot be told, or a container image made the rest. */
  readonly jobStartMs: number | null
}

export interface SettingsFile {
  readonly file: string
  readonly values: Readonly<Record<string, string>>
  readonly modifiedMs: number | null
}

/** One call of `go`, as `plan/go-calls.ts` reads it, and where it is made. */
export interface Call {
  readonly verb: string
  readonly flags: Readonly<Record<string, string | null>>
  readonly operands: readonly (string | null)[]
  readonly environment: Readonly<Record<string, string | null>>
  readonly directory: string
  readonly place: GoPlace
}

/** What stands around a directory in which `go` is called. */
export interface GoPlace {
  /** The nearest go.mod at or above it. */
  readonly module: ModFile | null
  readonly workspace: Workspace | null
  /** `vendor` beside the go.mod; `null` without. */
  readonly vendor: ModulesTxt | null
  /** Directories named by `replace` that hold no go.mod, as they are written. */
  readonly missingReplacements: ReadonlySet<string>
  /** Required modules that are not in the module cache; `null`: not looked for. */
  readonly uncachedModules: ReadonlySet<string> | null
}

export interface Workspace {
  readonly file: string
  /** `GOWORK` names it, or it was found on the way up. */
  readonly origin: 'named' | 'found'
  /** `null`: it is not there. */
  readonly content: ModFile | null
  readonly members: readonly Member[]
}

/** A `use` of a go.work. */
export interface Member {
  readonly path: string
  readonly line: number
  readonly directory: string
  /** `null`: no go.mod there. */
  readonly module: ModFile | null
}

/** Where the build writes. */
export interface Storage {
  readonly name: 'GOCACHE' | 'GOTMPDIR' | 'TMPDIR'
  readonly path: string
  /** What stands at the path or, where it is yet to be made, at the nearest place above it. */
  readonly nearest: { readonly path: string; readonly isDirectory: boolean; readonly isWritable: boolean } | null
  readonly exists: boolean
  readonly freeBytes: number | null
  readonly freeInodes: number | null
  readonly fileSystem: string | null
  readonly mountOptions: readonly string[]
}
