import { parseLimit } from '../kernel/limit.ts'
import { parseMeminfo } from '../kernel/meminfo.ts'
import { parseMemoryStat, unreclaimableBytes } from '../kernel/memory-stat.ts'
import { MIB } from '../model/bytes.ts'
import { chainReading, known, type LimitReading } from '../model/reading.ts'
import type { CgroupLevel, Survey } from '../model/survey.ts'
import type { Files } from '../ports/files.ts'

/** One limit that the tree can run into. */
export interface Level {
  /** `memory-limit`, `host`, or the directory of a cgroup. */
  readonly name: string
  /** What everybody uses of it now; `null` where there is no limit, or it cannot be read. */
  now(treeBytes: number): Use | null
}

interface Use {
  readonly usedBytes: number
  readonly limitBytes: number
  /** Before the limit fires, this much can still be swapped out. */
  readonly swapRoomBytes: number
  /** Kept free, so that the guard acts before the kernel does. */
  readonly marginBytes: number
}

interface LevelTools {
  readonly files: Files
  /** Stands before `/proc`. */
  readonly root: string
}

/**
 * Our own limit, every cgroup above us, and the machine. Limits are read at each look: a container can be given another
 * one while it runs. Used is what cannot be dropped, anonymous, shared and kernel memory; the page cache can.
 */
export function levelsOf(tools: LevelTools, survey: Survey, capBytes: number | null): readonly Level[] {
  const { version, levels } = survey.cgroup
  const ofCgroups = levels
    // The real root has no limit file, and can have none.
    .filter(({ limitBytes }) => limitBytes.kind !== 'absent')
    .map((level) => (version === 'v1' ? levelV1(tools, level) : levelV2(tools, level)))
  return [...(capBytes === null ? [] : [ownLimit(capBytes)]), ...ofCgroups, machine(tools, survey)]
}

function ownLimit(capBytes: number): Level {
  return {
    name: 'memory-limit',
    now: (treeBytes) => ({ usedBytes: treeBytes, limitBytes: capBytes, swapRoomBytes: 0, marginBytes: 0 })
  }
}

function levelV2(tools: LevelTools, level: CgroupLevel): Level {
  const read = readerOf(tools, level)
  return levelOf(tools, level, {
    limit: () => read('memory.max'),
    swapRoomBytes: () => roomOf(read('memory.swap.max'), known(read('memory.swap.current')) ?? 0)
  })
}

/** v1 limits RAM and swap together, and both figures contain RAM. */
function levelV1(tools: LevelTools, level: CgroupLevel): Level {
  const read = readerOf(tools, level)
  return levelOf(tools, level, {
    limit: () => read('memory.limit_in_bytes'),
    swapRoomBytes() {
      const limitBytes = known(read('memory.limit_in_bytes')) ?? 0
      const used = (known(read('memory.memsw.usage_in_bytes')) ?? 0) - (known(read('memory.usage_in_bytes')) ?? 0)
      return roomOf(read('memory.memsw.limit_in_bytes'), limitBytes + Math.max(0, used))
    }
  })
}

function readerOf({ files }: LevelTools, { directory }: CgroupLevel): (name: string) => LimitReading {
  return (name) => chainReading(files.readText(`${directory}/${name}`), parseLimit)
}

/** Without swap accounting nothing of the cgroup limits it. */
function roomOf(limit: LimitReading, usedBytes: number): number {
  return limit.kind === 'value' ? Math.max(0, limit.value - usedBytes) : Number.POSITIVE_INFINITY
}

interface Dialect {
  limit(): LimitReading
  /** What the cgroup lets go to swap yet, however much there is. */
  swapRoomBytes(): number
}

function levelOf({ files, root }: LevelTools, { directory }: CgroupLevel, dialect: Dialect): Level {
  return {
    name: directory,
    now() {
      const limitBytes = known(dialect.limit())
      const usedBytes = known(
        chainReading(files.readText(`${directory}/memory.stat`), (text) => unreclaimableBytes(parseMemoryStat(text)))
      )
      if (limitBytes === null || usedBytes === null) return null
      const freeSwapBytes = readMachine(files, root)?.freeSwapBytes ?? 0
      const swapRoomBytes = freeSwapBytes === 0 ? 0 : Math.min(freeSwapBytes, dialect.swapRoomBytes())
      return { usedBytes, limitBytes, swapRoomBytes, marginBytes: margin(limitBytes) }
    }
  }
}

function machine({ files, root }: LevelTools, survey: Survey): Level {
  const limitBytes = known(survey.host.totalBytes)
  return {
    name: 'host',
    now() {
      const memory = readMachine(files, root)
      if (limitBytes === null || memory === null) return null
      const usedBytes = limitBytes - memory.availableBytes
      return { usedBytes, limitBytes, swapRoomBytes: memory.freeSwapBytes, marginBytes: margin(limitBytes) }
    }
  }
}

function readMachine(files: Files, root: string): { availableBytes: number; freeSwapBytes: number } | null {
  const text = files.readText(`${root}/proc/meminfo`)
  if (text.kind !== 'value') return null
  const { availableBytes, swapFreeBytes } = parseMeminfo(text.value)
  if (availableBytes.kind !== 'value') return null
  return { availableBytes: availableBytes.value, freeSwapBytes: known(swapFreeBytes) ?? 0 }
}

function margin(limitBytes: number): number {
  return Math.max(64 * MIB, 0.03 * limitBytes)
}
