import { reserveOf } from './admission.ts'
import type { Rung } from './rungs.ts'

export interface Limit {
  readonly capBytes: number
  /** Whether the kernel holds it, by killing one process; else the guard does, by ending the build. */
  readonly isKernels: boolean
}

export interface Held {
  readonly rung: Rung
  /** Can be signalled. */
  readonly isStarted: boolean
}

/**
 * Which of the running tools, in the order in which they were let in, has to give its memory back before the kernel takes
 * what it likes; `null`: none. With two or more the last one, which is run again alone. One alone only where it has no limit
 * yet: a tool with one is left to the kernel, since ended early it would lose its work for nothing. Where nobody but the
 * guard holds the limit nothing is left to it: the whole build would go.
 */
export function toTakeBack(tools: readonly Held[], hardBytes: number, { capBytes, isKernels }: Limit): number | null {
  const reserve = reserveOf(capBytes)
  const [only] = tools
  if (only === undefined) return null
  if (tools.length === 1) {
    const isOver = hardBytes > capBytes - (isKernels ? 0.35 : 0.6) * reserve
    return isOver && only.isStarted && (only.rung === 'as it is' || !isKernels) ? 0 : null
  }
  if (hardBytes <= capBytes - 0.6 * reserve) return null
  const last = tools.findLastIndex((tool) => tool.isStarted)
  // The first of them is never the one: somebody has to get on.
  return last > 0 ? last : null
}
