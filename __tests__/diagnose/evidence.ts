import { CATALOGUE } from '../../src/diagnose/catalogue.ts'
import { createScanner } from '../../src/diagnose/scanner.ts'
import { GIB } from '../../src/model/bytes.ts'
import type { CageEvidence, Change, Evidence, LevelEvidence, LogFindings, OomRecord } from '../../src/model/evidence.ts'
import type { ExitStatus } from '../../src/model/outcome.ts'
import type { Plan } from '../../src/model/plan.ts'
import { ABSENT, type Reading, UNLIMITED, unreadable, value } from '../../src/model/reading.ts'
import type { CgroupLevel, Survey } from '../../src/model/survey.ts'
import type { ProcessSample, Sample, Timeline } from '../../src/model/timeline.ts'

export const CAGE_PATH = '/go-build-guard-7'

export const FAILED: ExitStatus = { code: 1, signal: null }
export const PASSED: ExitStatus = { code: 0, signal: null }
export const KILLED: ExitStatus = { code: null, signal: 'SIGKILL' }

export const ABSENT_COUNTER: Change = { before: ABSENT, after: ABSENT }
export const UNREADABLE_COUNTER: Change = { before: unreadable('EACCES'), after: unreadable('EACCES') }

export function counter(before: number, after: number): Change {
  return { before: value(before), after: value(after) }
}

export function logOf(text: string): LogFindings {
  const scanner = createScanner(CATALOGUE)
  scanner.push(new TextEncoder().encode(text))
  return scanner.finish()
}

export function cageV2(change: Partial<CageEvidence> = {}): CageEvidence {
  return {
    way: 'cgroup-v2',
    cgroupPath: CAGE_PATH,
    capBytes: 6 * GIB,
    ownLimitHits: counter(0, 0),
    kills: counter(0, 0),
    kernelPeakBytes: value(6 * GIB),
    ...change
  }
}

/** v1 has no counter of limits that fired. */
export function cageV1(change: Partial<CageEvidence> = {}): CageEvidence {
  return cageV2({ way: 'cgroup-v1', ownLimitHits: ABSENT_COUNTER, ...change })
}

export function noCage(): CageEvidence {
  return cageV2({
    way: 'none',
    cgroupPath: null,
    capBytes: null,
    ownLimitHits: ABSENT_COUNTER,
    kills: ABSENT_COUNTER,
    kernelPeakBytes: ABSENT
  })
}

export function record(change: Partial<OomRecord> = {}): OomRecord {
  return {
    constraint: 'memcg',
    limitCgroup: CAGE_PATH,
    victimCgroup: CAGE_PATH,
    task: 'compile',
    pid: 957,
    anonBytes: 3 * GIB,
    ...change
  }
}

export function kernelLogOf(kills: readonly OomRecord[], suppressed = 0): Evidence['kernelLog'] {
  return value({ kills, suppressed })
}

export function sample(processes: readonly ProcessSample[], change: Partial<Sample> = {}): Sample {
  return {
    atMs: 94_000,
    treeBytes: processes.reduce((sum, { bytes }) => sum + bytes, 0),
    cacheBytes: null,
    availableBytes: GIB,
    processes,
    ...change
  }
}

export function timelineOf(last: Sample, peak: Sample = last): Timeline {
  return { samples: peak === last ? [last] : [peak, last], peak, last, heaviest: [], seen: [], gaps: [] }
}

export function compiler(pid: number, path: string, bytes: number): ProcessSample {
  return { pid, tool: 'compile', package: path, bytes }
}

export function planOf(change: Partial<Plan> = {}): Plan {
  return {
    attempt: 1,
    level: 'tight',
    cap: { bytes: 6 * GIB, swap: 'open' },
    parallelism: 2,
    setParallelism: null,
    setGoMemoryLimitBytes: null,
    setGcPercent: null,
    environment: {},
    reasons: [],
    ...change
  }
}

export interface Machine {
  readonly totalBytes?: number
  readonly usedByOthersBytes?: number
  readonly cgroupPath?: string
  readonly levels?: readonly CgroupLevel[]
  readonly oomd?: Reading<boolean>
  readonly version?: 'v1' | 'v2' | 'none'
  /** Go is installed, and this is the module it stands in. */
  readonly mainModule?: string
}

export function level(limitBytes: CgroupLevel['limitBytes']): CgroupLevel {
  return {
    directory: '/sys/fs/cgroup',
    limitBytes,
    highBytes: ABSENT,
    swapLimitBytes: ABSENT,
    usedBytes: ABSENT,
    killsAsGroup: ABSENT
  }
}

/** A cgroup around the build with its counters; v2 unless said otherwise. */
export function levelOf(change: Partial<LevelEvidence> = {}): LevelEvidence {
  return {
    directory: '/sys/fs/cgroup/system.slice',
    isCage: false,
    limitBytes: UNLIMITED,
    ownHits: counter(0, 0),
    kills: counter(0, 0),
    failures: ABSENT_COUNTER,
    ...change
  }
}

export function surveyOf(machine: Machine = {}): Survey {
  const totalBytes = machine.totalBytes ?? 8 * GIB
  const levels = machine.levels ?? []
  const cgroupPath = machine.cgroupPath ?? '/system.slice/agent.service'
  const inner = levels.find((one) => one.limitBytes.kind === 'value')?.limitBytes
  return {
    platform: 'linux',
    cpus: 2,
    host: {
      totalBytes: value(totalBytes),
      availableBytes: value(totalBytes),
      swapTotalBytes: value(0),
      swapFreeBytes: value(0)
    },
    cgroup: {
      version: machine.version ?? 'v2',
      isHybrid: false,
      path: value(cgroupPath),
      mountPoint: '/sys/fs/cgroup',
      directory: `/sys/fs/cgroup${cgroupPath === '/' ? '' : cgroupPath}`,
      levels
    },
    limits: [],
    binding: {
      source: inner?.kind === 'value' ? 'cgroup-v2' : 'host',
      file: inner?.kind === 'value' ? '/sys/fs/cgroup/memory.max' : '/proc/meminfo',
      bytes: inner?.kind === 'value' ? inner.value : totalBytes,
      usedByOthersBytes: machine.usedByOthersBytes ?? GIB
    },
    pressure: ABSENT,
    rlimits: [],
    killers: {
      oomScoreAdj: value(500),
      systemdOomd: machine.oomd ?? value(false),
      earlyoom: machine.oomd?.kind === 'unreadable' ? machine.oomd : value(false)
    },
    disks: [],
    go:
      machine.mainModule === undefined
        ? ABSENT
        : value({ version: 'go1.26.8', minor: 26, mainModule: machine.mainModule, env: {} })
  }
}

/** A failed attempt on a machine whose counters can be read and did not move. */
export function evidenceOf(change: Partial<Evidence> = {}): Evidence {
  return {
    exit: FAILED,
    durationMs: 94_000,
    stop: null,
    cage: cageV2(),
    hostKills: counter(3, 3),
    levels: [],
    kernelLog: ABSENT,
    reportedKills: ABSENT,
    timeline: null,
    stall: null,
    survey: surveyOf(),
    plan: planOf(),
    disksAfter: [
      { role: 'GOCACHE', path: '/home/u/.cache/go-build', freeBytes: value(10 * GIB), freeInodes: value(1000) },
      { role: 'TMPDIR', path: '/tmp', freeBytes: value(12 * GIB), freeInodes: value(1000) }
    ],
    log: logOf(''),
    platform: 'linux',
    ...change
  }
}
