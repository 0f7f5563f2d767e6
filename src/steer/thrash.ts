import type { Clock } from '../ports/clock.ts'
import type { Gauges, Toil } from './look.ts'

/**
 * A tool that reads the same pages again and again spends its time in the kernel. Healthy builds near their cap had at most
 * 7,600 refaults a second (32,000 in one lone second) and more user than system time; a thrashing link 74,000 to 234,000
 * and 9 times as much system as user time.
 */
const REFAULTS_PER_S = 40_000
const SYSTEM_TO_USER = 2
const SURE_AFTER_MS = 3000
const LEAST_STEP_MS = 900

/** For how long the tool has been thrashing, in milliseconds; takes a look about each second. */
export type ThrashMeter = (pid: number) => number

type Moment = Toil & { readonly atMs: number }

export function thrashMeter(clock: Clock, gauges: Gauges): ThrashMeter {
  let before: Moment | null = null
  let sinceMs: number | null = null
  return (pid) => {
    const atMs = clock.nowMs()
    if (before !== null && atMs - before.atMs < LEAST_STEP_MS) return 0
    const toil = gauges.toil(pid)
    if (toil === null) return 0
    const now = { ...toil, atMs }
    if (before !== null && isThrashing(before, now)) sinceMs ??= before.atMs
    else sinceMs = null
    before = now
    return sinceMs === null ? 0 : atMs - sinceMs
  }
}

export function isSure(thrashingMs: number): boolean {
  return thrashingMs >= SURE_AFTER_MS
}

function isThrashing(before: Moment, now: Moment): boolean {
  const refaultsPerS = ((now.refaults - before.refaults) * 1000) / (now.atMs - before.atMs)
  return refaultsPerS > REFAULTS_PER_S && now.systemMs - before.systemMs > SYSTEM_TO_USER * (now.userMs - before.userMs)
}
