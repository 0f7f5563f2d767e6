import { constants } from 'node:os'
import type { ExitStatus, Stop } from '../model/outcome.ts'

const TIMED_OUT = 124
export const COULD_NOT_RUN = 125

/** One number for both forms: the command's own status, 128+n where signal n ended it, 124 where our timeout or stall did. */
export function exitCodeOf(exit: ExitStatus, stop: Stop | null): number {
  if (stop?.kind === 'timeout' || stop?.kind === 'stall') return TIMED_OUT
  return exit.signal === null ? exit.code : 128 + (constants.signals[exit.signal] ?? 0)
}
