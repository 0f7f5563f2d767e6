import { type Entry, settingsText } from './entry.ts'
import { letIn } from './letting-in.ts'
import { rungAfter } from './rungs.ts'
import { hadItsRoom, note, type Ward } from './ward.ts'
import { STEERING_WORDS } from './words.ts'

/**
 * A tool ended by SIGKILL. It is run again only if memory is why: the guard took it back, or the cage's counter of kills has
 * risen by one that nobody has answered for. Whoever else kills a compiler means it.
 */
export function afterKill(ward: Ward, entry: Entry): void {
  const who = entry.isTakenBack ? 'guard' : killedByKernel(ward, entry) ? 'kernel' : null
  if (who === null) {
    entry.tool.giveUp()
    return
  }
  const next = rungAfter(ward.order.levers, entry.rung, entry.isAlone)
  if (next === null) {
    giveUp(ward, entry)
    return
  }
  entry.rung = next
  entry.killedBy = who
  if (next === 'swap') void openSwap(ward, entry)
  else again(ward, entry)
}

function again(ward: Ward, entry: Entry): void {
  if (entry.killedBy === 'kernel') ward.killsAnswered++
  if (entry.killedBy === 'kernel' && entry.pid !== null) ward.replayedPids.push(entry.pid)
  entry.state = 'waiting'
  entry.askedMs = ward.tools.clock.nowMs()
  letIn(ward)
}

async function openSwap(ward: Ward, entry: Entry): Promise<void> {
  try {
    if (!ward.hasOpenedSwap) await ward.tools.openSwap()
    ward.hasOpenedSwap = true
    note(ward, 'opened swap', entry, STEERING_WORDS.openedSwap(entry.tool.job))
    again(ward, entry)
  } catch {
    giveUp(ward, entry)
  }
}

function giveUp(ward: Ward, entry: Entry): void {
  const { levers, capBytes } = ward.order
  note(ward, 'gave up', entry, STEERING_WORDS.gaveUp(entry.tool.job, settingsText(entry, levers), capBytes))
  ward.hasGivenUp ||= hadItsRoom(ward)
  entry.tool.giveUp()
}

function killedByKernel(ward: Ward, entry: Entry): boolean {
  const kills = ward.tools.gauges.kills()
  return kills !== null && kills > Math.max(ward.killsAnswered, entry.killsBefore)
}
