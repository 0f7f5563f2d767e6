import { GIB, MIB } from '../../src/model/bytes.ts'
import { ABSENT, type Reading, value } from '../../src/model/reading.ts'
import type { Settings } from '../../src/model/settings.ts'
import type { BindingLimit, Survey } from '../../src/model/survey.ts'
import type { PlanInput } from '../../src/plan/plan.ts'

interface Machine {
  readonly limitBytes?: number
  readonly usedBytes?: number
  /** Nothing about memory could be read. */
  readonly isBlind?: boolean
  readonly cpus?: number
  readonly swapTotal?: Reading<number>
  readonly swapFree?: Reading<number>
  /** `go env GOFLAGS`; `null`: Go could not be asked. */
  readonly goflags?: string | null
  /** Minor release of Go, 26 unless said. */
  readonly goMinor?: number
}

export function machine(of: Machine = {}): Survey {
  const binding: BindingLimit = {
    source: 'cgroup-v2',
    file: '/sys/fs/cgroup/memory.max',
    bytes: of.limitBytes ?? 8 * GIB,
    usedByOthersBytes: of.usedBytes ?? GIB
  }
  const { goflags = '', goMinor = 26 } = of
  return {
    platform: 'linux',
    cpus: of.cpus ?? 4,
    host: {
      totalBytes: value(16 * GIB),
      availableBytes: value(12 * GIB),
      swapTotalBytes: of.swapTotal ?? ABSENT,
      swapFreeBytes: of.swapFree ?? value(4 * GIB)
    },
    cgroup: { version: 'v2', isHybrid: false, path: ABSENT, mountPoint: null, directory: null, levels: [] },
    limits: [],
    binding: of.isBlind ? null : binding,
    pressure: ABSENT,
    rlimits: [],
    killers: { oomScoreAdj: ABSENT, systemdOomd: ABSENT, earlyoom: ABSENT },
    disks: [],
    go:
      goflags === null
        ? ABSENT
        : value({ version: `go1.${goMinor}.8`, minor: goMinor, mainModule: null, env: { GOFLAGS: goflags } })
  }
}

const STANDARD: Settings = {
  command: { kind: 'script', script: 'go build ./...', shell: '' },
  workingDirectory: '.',
  memoryLimit: { kind: 'auto' },
  memoryReserve: { kind: 'auto' },
  enforcement: 'auto',
  parallelism: { kind: 'auto' },
  goMemoryLimit: { kind: 'auto' },
  steering: 'off',
  onOutOfMemory: 'auto',
  maxAttempts: 3,
  timeoutMs: null,
  stallTimeout: { kind: 'off' },
  stallAction: 'report',
  preflight: 'off',
  verifyOutput: 'off',
  jobName: 'build',
  matrix: {},
  summary: 'auto',
  comment: 'never',
  annotations: 'auto',
  reportFile: null
}

export function input(survey: Survey, settings: Partial<Settings> = {}, rest: Partial<PlanInput> = {}): PlanInput {
  return {
    survey,
    settings: { ...STANDARD, ...settings },
    enforcement: 'cgroup',
    previous: [],
    userEnvironment: {},
    runsTests: false,
    helper: { kind: 'unbuilt' },
    ...rest
  }
}

export const size = (bytes: number) => ({ kind: 'size', bytes }) as const
export const percent = (of: number) => ({ kind: 'percent', percent: of }) as const
export const count = (of: number) => ({ kind: 'count', count: of }) as const
export const OFF = { kind: 'off' } as const
export const mib = (n: number): number => n * MIB
export const gib = (n: number): number => n * GIB
