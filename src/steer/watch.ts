import { reserveOf } from './admission.ts'
import type { Entry } from './entry.ts'
import { rungAfter } from './rungs.ts'
import { isSure, thrashMeter } from './thrash.ts'
import { toTakeBack } from './valve.ts'
import { isInCage, lookAgain, note, othersBytes, running, type Ward, waiting } from './ward.ts'
import { STEERING_WORDS } from './words.ts'

/** A look at the running tools, now and then. */
export function watch(ward: Ward): void {
  lookAgain(ward)
  if (running(ward).some((entry) => entry.isTakenBack)) return
  relieve(ward)
  for (const entry of running(ward)) watchForThrash(ward, entry)
}

/** The safety valve. With swap beside the cap a full cap kills nobody. */
function relieve(ward: Ward): void {
  const { hasOpenSwap } = ward.order.cage
  if (hasOpenSwap || ward.hasOpenedSwap) return
  const tools = running(ward)
  const held = tools.map((entry) => ({ rung: entry.rung, isStarted: isInCage(ward, entry.pid) }))
  const { hardBytes } = ward.look
  const { capBytes, cage } = ward.order
  const entry = tools[toTakeBack(held, hardBytes, { capBytes, isKernels: cage.isKernels }) ?? -1]
  if (entry === undefined) return
  takeBack(ward, entry, () =>
    note(ward, 'took back', entry, STEERING_WORDS.tookBack(entry.tool.job, entry.bytes, hardBytes, capBytes))
  )
}

/** Only where there is another way to run it. */
function takeBack(ward: Ward, entry: Entry, tell: () => void): void {
  if (!isInCage(ward, entry.pid) || rungAfter(ward.order.levers, entry.rung, entry.isAlone) === null) return
  entry.isTakenBack = true
  tell()
  ward.tools.kill(entry.pid)
}

function watchForThrash(ward: Ward, entry: Entry): void {
  if (!isInCage(ward, entry.pid)) return
  entry.meter ??= thrashMeter(ward.tools.clock, ward.tools.gauges)
  const thrashingMs = entry.meter(entry.pid)
  if (!isSure(thrashingMs)) return
  const { job } = entry.tool
  const seconds = Math.round(thrashingMs / 1000)
  if (job.tool === 'compile') {
    takeBack(ward, entry, () => note(ward, 'thrash', entry, STEERING_WORDS.thrashEnded(job, seconds)))
  } else if (!entry.isToldOfThrash) {
    entry.isToldOfThrash = true
    // A link that thrashes has always come to its end where it was measured.
    const wantedBytes = othersBytes(ward) + entry.size.easyBytes + job.archiveBytes + reserveOf(ward.order.capBytes)
    note(ward, 'thrash', entry, STEERING_WORDS.thrash(job, seconds, wantedBytes))
  }
}

const NEAR_PACE_MS = 50
const FAR_PACE_MS = 250

/** Until the next look: soon where memory is short or somebody waits. */
export function paceMs(ward: Ward): number {
  const isFar = ward.look.hardBytes < 0.5 * ward.order.capBytes && waiting(ward).length === 0
  return isFar ? FAR_PACE_MS : NEAR_PACE_MS
}
