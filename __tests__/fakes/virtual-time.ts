import type { Clock } from '../../src/ports/clock.ts'

/** A clock on which many sleep at once; time passes when all of them do, in order and without waiting. */
export interface VirtualTime extends Clock {
  /** Runs to the end of what was started. */
  run<T>(work: Promise<T>): Promise<T>
}

export function virtualTime(): VirtualTime {
  let nowMs = 0
  let sleepers: { readonly atMs: number; readonly wake: () => void }[] = []
  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
  return {
    nowMs: () => nowMs,
    wallTime: () => new Date(nowMs).toISOString(),
    sleep: (ms) => new Promise((wake) => sleepers.push({ atMs: nowMs + ms, wake })),
    after: () => () => {},
    async run(work) {
      let isDone = false
      const end = work.finally(() => {
        isDone = true
      })
      end.catch(() => {})
      for (await settled(); !isDone; await settled()) {
        const [next] = sleepers.toSorted((a, b) => a.atMs - b.atMs)
        if (next === undefined) throw new Error('nobody sleeps and nothing is done')
        sleepers = sleepers.filter((one) => one !== next)
        nowMs = next.atMs
        next.wake()
      }
      return end
    }
  }
}
