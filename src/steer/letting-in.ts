import { admit, type Leave } from './admission.ts'
import { keepArchivesOutside } from './archives.ts'
import { activeOf, type Entry, settingsText, waitingOf } from './entry.ts'
import { settingsOf } from './rungs.ts'
import { weightFor } from './size.ts'
import { freeBytes, lookAgain, note, roomOf, running, type Ward, waiting } from './ward.ts'
import { STEERING_WORDS } from './words.ts'

/** Lets in whom the room is for, in their order. */
export function letIn(ward: Ward): void {
  if (waiting(ward).length > 0) lookAgain(ward, 'if stale')
  for (;;) {
    const [head] = waiting(ward)
    if (head === undefined) return
    const leave = admit(waitingOf(head), running(ward).map(activeOf), roomOf(ward), ward.order.levers)
    if (leave === null) return
    start(ward, head, leave)
  }
}

function start(ward: Ward, entry: Entry, leave: Leave): void {
  const { order, tools } = ward
  const company = running(ward)
  const leftBytes = freeBytes(ward)
  for (const other of company) other.isAlone = false
  Object.assign(entry, leave, {
    state: 'running',
    isAlone: company.length === 0,
    isTakenBack: false,
    pid: null,
    bytes: 0,
    killsBefore: tools.gauges.kills() ?? 0,
    meter: null
  } satisfies Partial<Entry>)
  // Behind all that were let in before.
  ward.entries.delete(entry.tool)
  ward.entries.set(entry.tool, entry)
  ward.book.waited(tools.clock.nowMs() - entry.askedMs)
  tell(ward, entry, leftBytes)
  readArchives(ward, entry, leftBytes)
  entry.tool.run(settingsOf(entry.rung, entry.limitBytes, order.levers))
}

function tell(ward: Ward, entry: Entry, leftBytes: number): void {
  const { job } = entry.tool
  const settings = settingsText(entry, ward.order.levers)
  if (entry.killedBy !== null) {
    note(ward, 'replayed', entry, STEERING_WORDS.replayed(job, entry.killedBy, settings))
  } else if (entry.rung === 'soft limit') {
    note(ward, 'limited', entry, STEERING_WORDS.limited(job, settings, Math.max(0, leftBytes)))
  }
}

function readArchives(ward: Ward, entry: Entry, leftBytes: number): void {
  const { job } = entry.tool
  const isCrowded = job.archiveBytes + entry.size.easyBytes > leftBytes
  if (job.tool !== 'link' || !ward.order.cage.isKernels || !isCrowded) return
  note(ward, 'read archives', entry, STEERING_WORDS.readArchives(job))
  entry.stopReading = keepArchivesOutside(ward.tools, job.config)
}

/** Half of what is free, shared by as many as the build starts at once, may go without asking. */
const LANE_SHARE = 0.5

/** The weight up to which nobody has to ask; `null`: all have to. */
export function laneOf(ward: Ward): number | null {
  if (waiting(ward).length > 0 || running(ward).some((entry) => entry.isExclusive)) return null
  const weight = weightFor((LANE_SHARE * freeBytes(ward)) / ward.order.parallelism, ward.learned)
  return weight > 0 ? weight : null
}
