import { parseMeminfo } from '../kernel/meminfo.ts'
import { known } from '../model/reading.ts'
import type { Sample, Timeline } from '../model/timeline.ts'
import type { Breach, Cage, Look } from '../ports/cage.ts'
import type { Clock } from '../ports/clock.ts'
import type { Files } from '../ports/files.ts'
import { processSampler } from './process-sampler.ts'
import { timelineBuilder } from './timeline.ts'
import { toolWork } from './tool-work.ts'

export interface ObserverTools {
  readonly files: Files
  readonly clock: Clock
  readonly root: string
  readonly cage: Cage
  readonly onSample: (sample: Sample, share: number) => void
  readonly onBreach: (breach: Breach, sample: Sample) => void
}

export interface Observer {
  /** A last look, and what was seen. */
  stop(): Timeline
}

/** Looks at the tree from now on, more often the nearer it is to its limit. A fault in looking becomes a gap. */
export function observe(tools: ObserverTools): Observer {
  const { clock, cage, files, root } = tools
  const startMs = clock.nowMs()
  const timeline = timelineBuilder()
  const processesOf = processSampler(files, root)
  let callOff = (): void => {}

  const lookAtProc = (): Seen => {
    const processes = processesOf(cage.pids())
    const charged = processes.length === 0 ? null : cage.charged()
    return {
      treeBytes: charged?.treeBytes ?? processes.reduce((sum, process) => sum + process.bytes, 0),
      cacheBytes: charged?.cacheBytes ?? null,
      availableBytes: availableBytes(files, root),
      processes
    }
  }
  const look = (): number => {
    try {
      const seen = cage.look === undefined ? lookAtProc() : ownLook(cage.look())
      // All have ended: what is charged now is what the kernel has not yet given back.
      if (seen === null || seen.processes.length === 0) return 0
      const atMs = Math.round(clock.nowMs() - startMs)
      const sample = timeline.add({ ...seen, atMs, processes: [] }, seen.processes)
      const standing = cage.examine(seen.treeBytes)
      tools.onSample(sample, standing.share)
      if (standing.breach !== null) tools.onBreach(standing.breach, sample)
      return standing.share
    } catch (fault) {
      timeline.gap(`sampling: ${fault instanceof Error ? fault.message : String(fault)}`)
      return 0
    }
  }
  const tick = (): void => {
    const share = look()
    callOff = clock.after(paceMs(share, clock.nowMs() - startMs), tick)
  }
  callOff = clock.after(FIRST_LOOK_MS, tick)
  return {
    stop() {
      callOff()
      look()
      return timeline.build()
    }
  }
}

type Seen = Omit<Sample, 'atMs'>

function ownLook(look: Look | null): Seen | null {
  if (look === null) return null
  const processes = look.processes.map(({ pid, bytes, argv }) => ({ pid, bytes, ...toolWork(argv, [], '') }))
  return { ...look, cacheBytes: null, processes }
}

/** The gate has opened and a shell has become the command. */
const FIRST_LOOK_MS = 20

/**
 * 50 ms near the limit, where memory can grow by a hundred MiB between two looks; rarely where there is room. The first
 * second is looked at closely, since a short build has no other.
 */
export function paceMs(share: number, elapsedMs: number): number {
  if (share >= 0.7) return 50
  if (elapsedMs < 1000) return 100
  return share >= 0.3 ? 250 : 500
}

function availableBytes(files: Files, root: string): number | null {
  const text = files.readText(`${root}/proc/meminfo`)
  return text.kind === 'value' ? known(parseMeminfo(text.value).availableBytes) : null
}
