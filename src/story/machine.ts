import { parseVmstatOomKill } from '../kernel/vmstat.ts'
import { chainReading, type Reading } from '../model/reading.ts'
import type { Disk, Survey } from '../model/survey.ts'
import type { Place, Ports } from '../ports/ports.ts'
import type { Run } from './run.ts'

/** Where the counters of the kernel are read. */
interface Kernel {
  readonly ports: Pick<Ports, 'files'>
  readonly place: Pick<Place, 'root'>
}

/** The machine's own counter of kills for memory, by any limit. */
export function hostKills({ ports, place }: Kernel): Reading<number> {
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
 * (`/proc/PID/oom_score_adj`, inherited by children; raising it needs no privilege). Answers with why it could not be.
 */
export function preferAsVictim(
  { ports, place, survey }: Kernel & { readonly survey: Pick<Survey, 'platform' | 'killers'> },
  pid: number
): readonly string[] {
  const own = survey.killers.oomScoreAdj
  if (survey.platform !== 'linux' || own.kind === 'absent') return []
  try {
    if (own.kind === 'unreadable') throw new Error(own.reason)
    ports.files.writeText(`${place.root}/proc/${pid}/oom_score_adj`, String(Math.min(1000, own.value + VICTIM_RISE)))
    return []
  } catch (fault) {
    const reason = fault instanceof Error ? fault.message : String(fault)
    return [`the build could not be made the kernel's first choice (oom_score_adj: ${reason}): it chooses by size`]
  }
}
