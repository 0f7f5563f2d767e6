import { TICK_MS } from '../../kernel/proc-stat.ts'
import type { Activity, Usage } from './activity.ts'

/** Tells progress from the little that even a waiting process does. */
export interface ProgressMeter {
  /**
   * For how long there was no progress, this look included. `isThrashing` is asked only where CPU time is all that
   * moved: the kernel's search for memory is no work.
   */
  look(activity: Activity, sinceLastLookMs: number, isThrashing: () => boolean): number
  /** Progress of another kind was seen, so long ago. */
  moved(agoMs: number): void
}

/**
 * A Go program that waits still collects garbage every two minutes and looks up its CPU limit: measured, no tick and
 * 6 bytes in three minutes. A compiler uses a hundred ticks a second.
 */
const IDLE_CPU_SHARE = 0.005
const LEAST_TICKS = 2
const IDLE_BYTES_PER_SECOND = 1
const LEAST_BYTES = 32
/** While memory is being searched for, a build that still does its work uses at least so much of one CPU for itself. */
const WORK_SHARE_WHILE_THRASHING = 0.1

/** `stallMs`: for how long nothing has to move until it matters; what moves less than a trickle in all that time stands. */
export function progressMeter(stallMs: number): ProgressMeter {
  const idleTicks = Math.max(LEAST_TICKS, (IDLE_CPU_SHARE * stallMs) / TICK_MS)
  const idleBytes = Math.max(LEAST_BYTES, (IDLE_BYTES_PER_SECOND * stallMs) / 1000)
  let base: Activity | null = null
  let quietMs = 0
  const isProgress = (before: Activity, now: Activity, isThrashing: () => boolean): boolean => {
    if (before.size !== now.size || [...now.keys()].some((key) => !before.has(key))) return true
    if (risen(before, now, ({ movedBytes }) => movedBytes ?? 0) > idleBytes) return true
    const user = risen(before, now, ({ userTicks }) => userTicks)
    const system = risen(before, now, ({ systemTicks }) => systemTicks)
    const isRunnable = [...now.values()].some((usage) => usage.isRunnable)
    if (user + system <= idleTicks && !isRunnable) return false
    return !isThrashing() || user > Math.max(idleTicks, (WORK_SHARE_WHILE_THRASHING * quietMs) / TICK_MS)
  }
  return {
    look(activity, sinceLastLookMs, isThrashing) {
      if (base === null) {
        base = activity
        return quietMs
      }
      quietMs += sinceLastLookMs
      if (isProgress(base, activity, isThrashing)) {
        base = activity
        quietMs = 0
      }
      return quietMs
    },
    moved(agoMs) {
      base = null
      quietMs = Math.min(quietMs, agoMs)
    }
  }
}

function risen(before: Activity, now: Activity, of: (usage: Usage) => number): number {
  let sum = 0
  for (const [key, usage] of now) {
    const was = before.get(key)
    if (was !== undefined) sum += Math.max(0, of(usage) - of(was))
  }
  return sum
}
