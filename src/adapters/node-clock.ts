import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../ports/clock.ts'

export const nodeClock: Clock = {
  nowMs: () => performance.now(),
  wallTime: () => new Date().toISOString(),
  sleep: (ms) => sleep(ms),
  after(ms, tick) {
    const timer = setTimeout(tick, ms)
    timer.unref()
    return () => clearTimeout(timer)
  }
}
