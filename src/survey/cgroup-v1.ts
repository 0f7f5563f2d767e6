import { parseLimit } from '../kernel/limit.ts'
import { parseMemoryStat, unreclaimableBytes } from '../kernel/memory-stat.ts'
import { ABSENT, chainReading, type LimitReading, type Reading, value } from '../model/reading.ts'
import type { CgroupLevel } from '../model/survey.ts'
import type { Files } from '../ports/files.ts'

/** One directory of a v1 memory hierarchy. Kernel memory is not in `usedBytes`: v1 does not tell its reclaimable part. */
export function readV1Level(files: Files, root: string, directory: string): CgroupLevel {
  const read = (name: string): Reading<string> => files.readText(`${root}${directory}/${name}`)
  const limitBytes = chainReading(read('memory.limit_in_bytes'), parseLimit)
  return {
    directory,
    limitBytes,
    highBytes: ABSENT,
    swapLimitBytes: swapPart(chainReading(read('memory.memsw.limit_in_bytes'), parseLimit), limitBytes),
    usedBytes: chainReading(read('memory.stat'), (text) => unreclaimableBytes(parseMemoryStat(text))),
    killsAsGroup: ABSENT
  }
}

/** Whether the limit of a parent holds for its children: always on kernels since 5.11, a setting before. */
export function reachesParent(files: Files, root: string, parent: string): boolean {
  const setting = files.readText(`${root}${parent}/memory.use_hierarchy`)
  return setting.kind !== 'value' || setting.value.trim() !== '0'
}

/** v1 limits memory and swap together; its file is absent where swap is not accounted for. */
function swapPart(both: LimitReading, memory: LimitReading): LimitReading {
  if (both.kind !== 'value' || memory.kind !== 'value') return both
  return value(Math.max(0, both.value - memory.value))
}
