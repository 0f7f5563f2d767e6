import type { Finding } from '../../model/diagnosis.ts'
import { formatDuration } from '../../model/duration.ts'
import { figure, prose } from '../../model/prose.ts'
import type { Case } from '../case.ts'
import { rowFor } from '../rows.ts'
import { causeOfStall, quietInWords } from './cause.ts'

/** A standstill that was reported, and that something else ended; where the guard ended it, it is told elsewhere. */
export function stoodStillBefore({ evidence: { stall, stop } }: Case): Finding | null {
  if (stall === null || stop?.kind === 'stall' || stop?.kind === 'timeout') return null
  const from = figure(formatDuration(Math.max(0, stall.atMs - stall.quietMs)))
  const reason = causeOfStall(stall).reason
  return rowFor('No progress')(`${prose`after ${from}`}, ${quietInWords(stall)}; ${reason}`, 'contributed')
}
