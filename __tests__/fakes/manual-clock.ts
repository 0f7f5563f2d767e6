import type { Clock } from '../../src/ports/clock.ts'

/** A clock that stands still until told; sleeping passes time at once. */
export interface ManualClock extends Clock {
  /** Lets time pass, calling what is due in order. */
  pass(ms: number): void
}

export function manualClock(): ManualClock {
  let nowMs = 0
  let due: { readonly atMs: number; readonly tick: () => void }[] = []
  const pass = (ms: number): void => {
    const untilMs = nowMs + ms
    for (;;) {
      const next = due.filter((one) => one.atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0]
      if (next === undefined) break
      due = due.filter((one) => one !== next)
      nowMs = next.atMs
      next.tick()
    }
    nowMs = untilMs
  }
  return {
    nowMs: () => nowMs,
    wallTime: () => new Date(nowMs).toISOString(),
    async sleep(ms) {
      pass(ms)
    },
    after(ms, tick) {
      const entry = { atMs: nowMs + ms, tick }
      due.push(entry)
      return () => {
        due = due.filter((one) => one !== entry)
      }
    },
    pass
  }
}
