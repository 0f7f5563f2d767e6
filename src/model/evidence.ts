import type { ExitStatus, Stop } from './outcome.ts'
import type { Plan } from './plan.ts'
import type { LimitReading, Reading } from './reading.ts'
import type { StallSnapshot } from './stall.ts'
import type { Disk, Survey } from './survey.ts'
import type { Timeline } from './timeline.ts'

/** Everything one attempt left behind that can prove or disprove a cause. `explain` fills only what a stored log gives. */
export interface Evidence {
  /** `null`: not known (a stored log without a status). */
  readonly exit: ExitStatus | null
  readonly durationMs: number | null
  readonly stop: Stop | null
  readonly cage: CageEvidence | null
  /** `/proc/vmstat` `oom_kill`, the machine's own counter, before and after. */
  readonly hostKills: Change
  /** The cgroups that the build's memory was charged to, innermost first; empty where none could be seen. */
  readonly levels: readonly LevelEvidence[]
  readonly kernelLog: Reading<KernelLogEvidence>
  /** Kills that others wrote down: memory daemons in the journal, the kernel of macOS. Absent: nobody was asked. */
  readonly reportedKills: Reading<readonly ReportedKill[]>
  readonly timeline: Timeline | null
  /** The last look at the build while nothing moved; `null`: it never stood still for long, or nobody looked. */
  readonly stall: StallSnapshot | null
  readonly survey: Survey | null
  readonly plan: Plan | null
  /** Free space after the end. */
  readonly disksAfter: readonly Disk[]
  readonly log: LogFindings
  readonly platform: NodeJS.Platform
}

/** The enforcement that was really in force, with its counters. */
export interface CageEvidence {
  readonly way: EnforcementInForce
  /** The cgroup as the kernel log names it (`/go-build-guard-1f…`); `null` for ways without one. */
  readonly cgroupPath: string | null
  readonly capBytes: number | null
  /** v2 `memory.events` `oom`: our own limit fired. Absent on v1. */
  readonly ownLimitHits: Change
  /** `oom_kill` of the cage (v2 `memory.events`, v1 `memory.oom_control`). */
  readonly kills: Change
  /** The kernel's own high-water mark, page cache included. */
  readonly kernelPeakBytes: Reading<number>
}

export type EnforcementInForce = 'cgroup-v2' | 'cgroup-v1' | 'systemd' | 'job-object' | 'watch' | 'none'

/** A counter before and after the attempt. */
export interface Change {
  readonly before: Reading<number>
  readonly after: Reading<number>
}

/** How much a counter rose; `null` where one of its ends could not be read. */
export function rise(change: Change): number | null {
  if (change.before.kind !== 'value' || change.after.kind !== 'value') return null
  return Math.max(0, change.after.value - change.before.value)
}

/** One cgroup of those that the build's memory was charged to, with its counters before and after. */
export interface LevelEvidence {
  readonly directory: string
  /** The cage's own cgroup; without a cage no level is, and the innermost is the one the guard lives in too. */
  readonly isCage: boolean
  readonly limitBytes: LimitReading
  /** v2 `memory.events.local` `oom`: this very limit could not be met by reclaim. Absent on v1, and at the real root. */
  readonly ownHits: Change
  /** `oom_kill`; v2 (`memory.events`): of this cgroup and all below it. v1 (`memory.oom_control`): of this one alone. */
  readonly kills: Change
  /**
   * v1 `memory.failcnt` and `memory.memsw.failcnt` together: usage stood at the limit, killed or not. Absent on v2; not
   * readable where it did not rise and the kernel may not have counted.
   */
  readonly failures: Change
}

/** A kill of which somebody outside the build left a note. */
export interface ReportedKill {
  readonly by: 'systemd-oomd' | 'earlyoom' | 'nohang' | 'jetsam'
  readonly victim: KilledProcess | { readonly cgroup: string }
  readonly signal: 'SIGTERM' | 'SIGKILL'
  /** False where the note names another reason than memory. */
  readonly isForMemory: boolean
  /** The note in its own words, bounded. Untrusted. */
  readonly words: string
}

interface KilledProcess {
  readonly pid: number
  readonly name: string
}

/** What the kernel log of Linux says of this run's time. */
export interface KernelLogEvidence {
  readonly kills: readonly OomRecord[]
  /** Messages about kills that the kernel left out to keep its log short: a kill may be without a record then. */
  readonly suppressed: number
}

/** One kill as the kernel log tells it (mm/oom_kill.c). */
export interface OomRecord {
  readonly constraint: 'memcg' | 'none' | 'cpuset' | 'memory-policy' | 'unknown'
  /** Whose limit fired (`oom_memcg`); `null` for a host-wide one. */
  readonly limitCgroup: string | null
  /** Where the victim lived (`task_memcg`). */
  readonly victimCgroup: string | null
  /** 15 bytes of name: `compile`, `link`, `go`. */
  readonly task: string
  /** `null` where the kernel's pids are not those seen here (another pid namespace), or it could not be told. */
  readonly pid: number | null
  readonly anonBytes: number | null
}

/** What the output scanner found: bounded, whatever the length of the output. */
export interface LogFindings {
  /** Per pattern (`diagnosis id` + `/` + `pattern name`) the first few hits and how many there were. */
  readonly hits: ReadonlyMap<string, LogHit>
  /** The last lines of output, oldest first, decoded and stripped of colour: for people, never for `report.json`. */
  readonly tail: readonly string[]
  readonly lineCount: number
}

export interface LogHit {
  readonly count: number
  readonly first: readonly LogLine[]
}

export interface LogLine {
  /** 1-based. */
  readonly lineNumber: number
  /** Stripped of colour and wrapper prefixes. */
  readonly text: string
  readonly groups: Readonly<Record<string, string>>
  /** Whether a test of the build's own printed it, as far as the log shows. */
  readonly isOfTest?: boolean
}

export const NO_LOG: LogFindings = { hits: new Map(), tail: [], lineCount: 0 }
