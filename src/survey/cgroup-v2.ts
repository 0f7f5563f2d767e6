import { parseLimit } from '../kernel/limit.ts'
import { parseMemoryStat, unreclaimableBytes } from '../kernel/memory-stat.ts'
import { chainReading, type LimitReading, mapReading, type Reading } from '../model/reading.ts'
import type { CgroupLevel } from '../model/survey.ts'
import type { Files } from '../ports/files.ts'

/** One directory of a v2 tree. The real root has none of these files: everything is absent there. */
export function readV2Level(files: Files, root: string, directory: string): CgroupLevel {
  const read = (name: string): Reading<string> => files.readText(`${root}${directory}/${name}`)
  const limit = (name: string): LimitReading => chainReading(read(name), parseLimit)
  return {
    directory,
    limitBytes: limit('memory.max'),
    highBytes: limit('memory.high'),
    swapLimitBytes: limit('memory.swap.max'),
    usedBytes: chainReading(read('memory.stat'), (text) => unreclaimableBytes(parseMemoryStat(text))),
    killsAsGroup: mapReading(read('memory.oom.group'), (text) => text.trim() === '1')
  }
}

/**
 * Whether the tree limits memory at all. On a hybrid machine, or with the controller switched off on the kernel command
 * line, a v2 tree is there and `cgroup.controllers` does not list `memory`.
 */
export function hasMemoryController(files: Files, root: string, mountPoint: string): boolean {
  const controllers = files.readText(`${root}${mountPoint}/cgroup.controllers`)
  return controllers.kind !== 'value' || controllers.value.trim().split(/\s+/).includes('memory')
}
