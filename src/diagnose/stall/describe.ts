import { formatBytes } from '../../model/bytes.ts'
import { formatDuration } from '../../model/duration.ts'
import { figure, type Prose, prose } from '../../model/prose.ts'
import type { StallSnapshot, WaitingProcess } from '../../model/stall.ts'
import { causeOfStall, quietInWords } from './cause.ts'
import { processName } from './finding.ts'
import { lockInWords, peerInWords, waitInWords } from './waits.ts'

const MOST_PROCESSES = 8
const MOST_LOCKS = 3

/** The snapshot for the log: why the build stands still, then its processes, then what could not be read. */
export function stallInLines(snapshot: StallSnapshot): readonly Prose[] {
  const { processes, omittedProcesses, locks, unread } = snapshot
  const { id, confidence, reason } = causeOfStall(snapshot)
  const why = snapshot.isStill ? `${quietInWords(snapshot)}: ${reason} (${confidence}, ${id})` : 'the build is at work'
  const shown = processes.slice(0, MOST_PROCESSES)
  const more = processes.length - shown.length + omittedProcesses
  return [
    why,
    ...shown.map(processLine),
    ...(more > 0 ? [`and ${more} more processes`] : []),
    ...locks.slice(0, MOST_LOCKS).map((wait) => lockInWords(wait, snapshot)),
    ...unread.map((one) => prose`not readable: ${figure(one)}`)
  ]
}

function processLine(one: WaitingProcess): Prose {
  const age = one.ageMs === null ? [] : [`${formatDuration(one.ageMs)} old`]
  const figures = [...age, `CPU ${formatDuration(one.cpuMs)}`, formatBytes(one.residentBytes)].join(', ')
  const peers = one.peers.slice(0, 2).map((peer) => `; ${peerInWords(peer)}`)
  return `${processName(one)}, child of ${one.parentPid}, state ${one.state}, ${figures}: ${waitInWords(one)}${peers.join('')}`
}
