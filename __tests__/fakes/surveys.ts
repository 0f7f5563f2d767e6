import { GIB } from '../../src/model/bytes.ts'
import { ABSENT, UNLIMITED, value } from '../../src/model/reading.ts'
import type { CgroupLevel, CgroupSurvey, Survey } from '../../src/model/survey.ts'

/** A Linux machine with 8 GiB, 1 GiB of it in use, and no cgroup limit; change what the test is about. */
export function surveyOf(changes: Partial<Survey> = {}): Survey {
  return {
    platform: 'linux',
    cpus: 2,
    host: {
      totalBytes: value(8 * GIB),
      availableBytes: value(7 * GIB),
      swapTotalBytes: value(0),
      swapFreeBytes: value(0)
    },
    cgroup: cgroupOf('v2', '/sys/fs/cgroup', '/system.slice/hosted-compute-agent.service'),
    limits: [],
    binding: { source: 'host', file: '/proc/meminfo', bytes: 8 * GIB, usedByOthersBytes: GIB },
    pressure: ABSENT,
    rlimits: [],
    killers: { oomScoreAdj: value(500), systemdOomd: value(false), earlyoom: value(false) },
    disks: [],
    go: ABSENT,
    ...changes
  }
}

export function cgroupOf(
  version: 'v1' | 'v2',
  mountPoint: string,
  path: string,
  levels: readonly CgroupLevel[] = []
): CgroupSurvey {
  return {
    version,
    isHybrid: false,
    path: value(path),
    mountPoint,
    directory: mountPoint + (path === '/' ? '' : path),
    levels
  }
}

export function levelOf(directory: string, limitBytes: number | null): CgroupLevel {
  return {
    directory,
    limitBytes: limitBytes === null ? UNLIMITED : value(limitBytes),
    highBytes: ABSENT,
    swapLimitBytes: ABSENT,
    usedBytes: value(0),
    killsAsGroup: ABSENT
  }
}
