import { MIB } from '../model/bytes.ts'
import type { Evidence } from '../model/evidence.ts'
import { known } from '../model/reading.ts'
import type { SeenProcess } from '../model/timeline.ts'
import { killedLine } from './killed-words.ts'
import { group } from './log-hits.ts'

/** So soon after its start no Go tool holds much, and for so little memory nobody is killed. */
const AT_ONCE_MS = 1000
const SMALL_BYTES = 256 * MIB

/**
 * macOS kills a program at its start, with the same SIGKILL, when its signature or architecture is refused. It shows as
 * a life of less than a second with little memory, while the kernel wrote down no kill for memory. Of one tool among
 * many the samples alone are too coarse to say so: for that the kernel's log has to have been read.
 */
export function isLaunchKill(evidence: Evidence): boolean {
  const { platform, exit, durationMs, timeline, reportedKills } = evidence
  if (platform !== 'darwin' || (known(reportedKills) ?? []).some(({ isForMemory }) => isForMemory)) return false
  if (exit?.signal === 'SIGKILL') {
    const peakBytes = timeline?.peak?.treeBytes ?? null
    return durationMs !== null && durationMs < AT_ONCE_MS && peakBytes !== null && peakBytes < SMALL_BYTES
  }
  const victim = reportedKills.kind === 'value' ? namedVictim(evidence) : null
  return victim !== null && victim.lastMs - victim.firstMs < AT_ONCE_MS && victim.peakBytes < SMALL_BYTES
}

/** The last process of the tool that the log says was killed; `null` where it names none, or it was never seen. */
function namedVictim({ log, timeline }: Evidence): SeenProcess | null {
  const line = killedLine(log)
  const tool = group(line, 'tool')
  const ofPackage = group(line, 'package')
  const alike = (one: SeenProcess): boolean => one.tool === tool && (ofPackage === null || one.package === ofPackage)
  return timeline?.seen.findLast(alike) ?? null
}
