import type { Clock } from '../ports/clock.ts'

/** One rung: after so long, do this. */
export interface Rung {
  readonly afterMs: number
  readonly act: () => void
}

/** From now on, each rung at its time; returns the way down. */
export function climb(clock: Clock, rungs: readonly Rung[]): () => void {
  const callOffs = rungs.map(({ afterMs, act }) => {
    if (afterMs > 0) return clock.after(afterMs, act)
    act()
    return () => {}
  })
  return () => {
    for (const callOff of callOffs) callOff()
  }
}
