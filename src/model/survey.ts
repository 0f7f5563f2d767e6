import type { LimitReading, Reading } from './reading.ts'

/** What this machine really gives, read once before the build; every figure keeps its source and its readability. */
export interface Survey {
  readonly platform: NodeJS.Platform
  readonly cpus: number
  readonly host: HostMemory
  readonly cgroup: CgroupSurvey
  /** Every memory limit that was looked for, binding or not, innermost first, the host last. */
  readonly limits: readonly LimitFinding[]
  /** The smallest hard limit on the visible path, host memory included; `null` where not even that could be read. */
  readonly binding: BindingLimit | null
  readonly pressure: Reading<Pressure>
  /** Resource limits of this process that are set, or could not be read. */
  readonly rlimits: readonly ResourceLimit[]
  readonly killers: Killers
  readonly disks: readonly Disk[]
  readonly go: Reading<GoInstallation>
}

/** `/proc/meminfo` in bytes (elsewhere: what Node tells, the rest absent). */
export interface HostMemory {
  readonly totalBytes: Reading<number>
  readonly availableBytes: Reading<number>
  readonly swapTotalBytes: Reading<number>
  readonly swapFreeBytes: Reading<number>
}

export interface CgroupSurvey {
  /** Where the *memory* controller is: `hybrid` hosts count as `v1`, a v2 tree without it as `none`. */
  readonly version: 'v1' | 'v2' | 'none'
  /** A cgroup2 mount stands beside a v1 memory hierarchy. */
  readonly isHybrid: boolean
  /** Our own cgroup as `/proc/self/cgroup` names it. */
  readonly path: Reading<string>
  /** Mount point of the memory hierarchy, and the directory in it that is our own cgroup. */
  readonly mountPoint: string | null
  readonly directory: string | null
  /** From our own cgroup up to the mount point. */
  readonly levels: readonly CgroupLevel[]
}

export interface CgroupLevel {
  readonly directory: string
  readonly limitBytes: LimitReading
  /** v2 `memory.high`; absent on v1. */
  readonly highBytes: LimitReading
  readonly swapLimitBytes: LimitReading
  /** Anonymous + shared + kernel memory charged here, page cache apart. */
  readonly usedBytes: Reading<number>
  /** `memory.oom.group`: everything in this cgroup dies together. */
  readonly killsAsGroup: Reading<boolean>
}

/** `commit`: what Windows may promise to all processes together, RAM and page files. */
type LimitSource = 'cgroup-v2' | 'cgroup-v1' | 'host' | 'commit'

export interface LimitFinding {
  readonly source: LimitSource
  /** The file that said it, elsewhere the call or tool. */
  readonly file: string
  readonly limit: LimitReading
}

export interface BindingLimit {
  readonly source: LimitSource
  readonly file: string
  readonly bytes: number
  /** Memory that others hold within this limit already (cgroup: anonymous + shared + kernel; host: total − available). */
  readonly usedByOthersBytes: number
}

/** `/proc/pressure/memory`: share of time in percent, and total stall in microseconds. */
export interface Pressure {
  readonly someAvg10: number
  readonly fullAvg10: number
  readonly someTotalUs: number
  readonly fullTotalUs: number
}

export interface ResourceLimit {
  /** As `ulimit` and `/proc/self/limits` name it, e.g. `Max address space`. */
  readonly name: string
  readonly soft: LimitReading
  readonly hard: LimitReading
  readonly unit: string
}

/** Who may kill the build besides its own cap. */
export interface Killers {
  /** Of this process; children inherit it. */
  readonly oomScoreAdj: Reading<number>
  readonly systemdOomd: Reading<boolean>
  readonly earlyoom: Reading<boolean>
}

export interface Disk {
  readonly role: 'workspace' | 'GOCACHE' | 'TMPDIR'
  readonly path: string
  readonly freeBytes: Reading<number>
  /** Zero inodes free with blocks left is "no space left on device" too; absent on file systems without a fixed number. */
  readonly freeInodes: Reading<number>
}

export interface GoInstallation {
  /** `go1.26.8`. */
  readonly version: string
  /** Minor release, 26 of go1.26.8; `null` of a development version that does not say. */
  readonly minor: number | null
  /** Module path of the one main module, as `go.mod` says it; `null` without one, in a workspace, or not readable. */
  readonly mainModule: string | null
  readonly env: Readonly<Record<string, string>>
}
