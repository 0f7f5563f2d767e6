import { parseVmstatOomKill } from '../kernel/vmstat.ts'
import { chainReading, known, type Reading } from '../model/reading.ts'
import type { Disk } from '../model/survey.ts'
import type { Run } from './run.ts'

/** The machine's own counter of kills for memory, by any limit. */
export function hostKills({ ports, place }: Run): Reading<number> {
  return chainReading(ports.files.readText(`${place.root}/proc/vmstat`), parseVmstatOomKill)
}

/** The disks of the survey with what is free now. */
export function disksNow({ ports, survey }: Run): readonly Disk[] {
  return survey.disks.map((disk) => {
    const { bytes, inodes } = ports.files.freeSpace(disk.path)
    return { ...disk, freeBytes: bytes, freeInodes: inodes }
  })
}

/** Above our own, by so much that a build smaller than the runner still goes first. */
const VICTIM_RISE = 300

/**
 * The kernel's first choice, should the whole machine run out: rather the build than the runner that has to report it
 * (`/proc/PID/oom_score_adj`, inherited by children; raising it needs no privilege).
 */
export function preferAsVictim({ ports, place, survey }: Run, pid: number): void {
  const own = known(survey.killers.oomScoreAdj)
  if (own === null) return
  try {
    ports.files.writeText(`${place.root}/proc/${pid}/oom_score_adj`, String(Math.min(1000, own + VICTIM_RISE)))
  } catch {
    // The build runs all the same; without it the kernel chooses by size, and a build is large.
  }
}
