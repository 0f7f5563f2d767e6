import type { Clock } from '../../ports/clock.ts'
import type { Files } from '../../ports/files.ts'
import { readActivity } from './activity.ts'
import { progressMeter } from './meter.ts'

export interface WatchTools {
  readonly files: Files
  readonly clock: Clock
  readonly root: string
  readonly pids: () => readonly number[]
  /** Bytes of output so far. */
  readonly outputBytes: () => number
  readonly isThrashing: () => boolean
  /** Nothing has moved for so long; called once each time that it begins to. */
  readonly onStall: (quietMs: number) => void
  /** It moves again after it had been called stalled. */
  readonly onProgress: () => void
}

export interface ProgressWatch {
  /** How long nothing has moved, as of the last look. */
  quietMs(): number
  /** The same after a look now. */
  quietNowMs(): number
  /** Progress that the watch cannot see itself, so long ago. */
  moved(agoMs: number): void
  stop(): void
}

/** Ten looks in the time that matters, and never more than one in a few seconds for a real one. */
export function lookPaceMs(stallMs: number): number {
  return Math.min(10_000, Math.max(200, Math.round(stallMs / 10)))
}

export interface WatchTimes {
  /** For how long nothing has to move; `null`: nobody is told. */
  readonly stallMs: number | null
  /** When the build will be asked how long it has stood, at the latest: a look that comes after that is no use. */
  readonly timeoutMs: number | null
}

/** What `stall-timeout` is when it is not given; decides how closely is looked where nobody is told. */
const USUAL_MS = 600_000

/** Looks from now on whether anything moves. While the build prints, `/proc` is not read at all. */
export function watchProgress(tools: WatchTools, { stallMs, timeoutMs }: WatchTimes): ProgressWatch {
  const { clock, files, root } = tools
  const windowMs = Math.min(stallMs ?? USUAL_MS, timeoutMs ?? USUAL_MS)
  const meter = progressMeter(windowMs)
  const paceMs = lookPaceMs(windowMs)
  let lastMs = clock.nowMs()
  let seenBytes = tools.outputBytes()
  let quietMs = 0
  let isStalled = false

  const measure = (): number => {
    const nowMs = clock.nowMs()
    // The machine, or this process with the build, may have been stopped for a while: that was nobody's standing still.
    const sinceLastLookMs = Math.min(nowMs - lastMs, 2 * paceMs)
    lastMs = nowMs
    if (tools.outputBytes() !== seenBytes) {
      seenBytes = tools.outputBytes()
      meter.moved(0)
      return 0
    }
    const activity = readActivity(files, root, tools.pids())
    return activity === null ? 0 : meter.look(activity, sinceLastLookMs, tools.isThrashing)
  }
  const readQuietMs = (): number => {
    try {
      return measure()
    } catch {
      // What cannot be looked at is not called stalled.
      return 0
    }
  }
  const look = (): void => {
    quietMs = readQuietMs()
    if (stallMs === null) return
    if (isStalled && quietMs < stallMs) {
      isStalled = false
      tools.onProgress()
    } else if (!isStalled && quietMs >= stallMs) {
      isStalled = true
      tools.onStall(quietMs)
    }
  }
  let callOff = (): void => {}
  const tick = (): void => {
    look()
    callOff = clock.after(paceMs, tick)
  }
  callOff = clock.after(paceMs, tick)
  return {
    quietMs: () => quietMs,
    quietNowMs() {
      quietMs = readQuietMs()
      return quietMs
    },
    moved(agoMs) {
      meter.moved(agoMs)
      quietMs = Math.min(quietMs, agoMs)
      isStalled = false
    },
    stop: () => callOff()
  }
}
