import { type Reading, unreadable, value } from '../model/reading.ts'
import type { Pressure } from '../model/survey.ts'

/**
 * `/proc/pressure/memory` or a cgroup's `memory.pressure` (accounting/psi.rst): shares in percent, totals in µs:
 *
 *     some avg10=10.17 avg60=8.20 avg300=2.55 total=7284311
 *     full avg10=9.02 avg60=7.11 avg300=2.20 total=6500120
 */
export function parsePressure(text: string): Reading<Pressure> {
  const some = stallOf(text, 'some')
  const full = stallOf(text, 'full')
  if (some === null || full === null) return unreadable('not in the form of pressure stall information')
  return value({
    someAvg10: some.avg10,
    fullAvg10: full.avg10,
    someTotalUs: some.totalUs,
    fullTotalUs: full.totalUs
  })
}

function stallOf(text: string, kind: 'some' | 'full'): { readonly avg10: number; readonly totalUs: number } | null {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${kind} `))
  const avg10 = /\bavg10=(\d+(?:\.\d+)?)/.exec(line ?? '')?.[1]
  const totalUs = /\btotal=(\d+)/.exec(line ?? '')?.[1]
  return avg10 === undefined || totalUs === undefined ? null : { avg10: Number(avg10), totalUs: Number(totalUs) }
}
