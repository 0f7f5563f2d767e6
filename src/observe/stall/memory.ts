import { numberUnder, parseKeyedLines } from '../../kernel/keyed-lines.ts'
import { parseLimit } from '../../kernel/limit.ts'
import { parsePressure } from '../../kernel/pressure.ts'
import { chainReading, known, mapReading, type Reading } from '../../model/reading.ts'
import type { MemoryMotion } from '../../model/stall.ts'
import type { Files } from '../../ports/files.ts'

/** Half of the time lost to finding memory: a build that waits for memory more than it works. */
const THRASHING_PERCENT = 50

export interface MemoryPlace {
  readonly files: Files
  readonly root: string
  /** The build's own cgroup, as it is found on this machine; `null` without one. */
  readonly cage: string | null
}

/** Pages that were read again, and reads from disk for pages that were missing, so far. */
export interface FaultCounters {
  readonly refaults: number | null
  readonly majorFaults: number | null
}

/** Whether the kernel spends the build's time on finding memory (pressure stall information; false where there is none). */
export function isThrashing(place: MemoryPlace): boolean {
  const { reading } = pressureOf(place)
  return reading.kind === 'value' && reading.value >= THRASHING_PERCENT
}

export function readFaults({ files, root, cage }: MemoryPlace): FaultCounters {
  const own = cage === null ? null : files.readText(`${cage}/memory.stat`)
  const text = own?.kind === 'value' ? own : files.readText(`${root}/proc/vmstat`)
  if (text.kind !== 'value') return { refaults: null, majorFaults: null }
  const pairs = parseKeyedLines(text.value)
  // v1 has sums under `total_`, and refaults in bytes of which only the rise matters (mm/memcontrol-v1.c).
  const isV1 = pairs.has('total_rss')
  const number = (key: string): number | null => known(numberUnder(pairs, isV1 ? `total_${key}` : key))
  const [anon, file] = [number('workingset_refault_anon'), number('workingset_refault_file')]
  const pages = anon === null && file === null ? null : (anon ?? 0) + (file ?? 0)
  return { refaults: pages === null || !isV1 ? pages : pages / 4096, majorFaults: number('pgmajfault') }
}

/** Now, against counters that were read `sinceMs` ago. */
export function memoryMotion(place: MemoryPlace, before: FaultCounters, sinceMs: number): MemoryMotion {
  const { files, cage } = place
  const now = readFaults(place)
  const perSecond = (from: number | null, to: number | null): number | null =>
    from === null || to === null || sinceMs <= 0 ? null : Math.round((1000 * Math.max(0, to - from)) / sinceMs)
  const { reading, of } = pressureOf(place)
  return {
    fullStallPercent: reading,
    of,
    refaultsPerSecond: perSecond(before.refaults, now.refaults),
    majorFaultsPerSecond: perSecond(before.majorFaults, now.majorFaults),
    usedBytes: cage === null ? null : firstNumber(files, cage, ['memory.current', 'memory.usage_in_bytes']),
    limitBytes: cage === null ? null : firstNumber(files, cage, ['memory.max', 'memory.limit_in_bytes'])
  }
}

function pressureOf({ files, root, cage }: MemoryPlace): {
  readonly reading: Reading<number>
  readonly of: MemoryMotion['of']
} {
  const percent = (path: string): Reading<number> =>
    mapReading(chainReading(files.readText(path), parsePressure), ({ fullAvg10 }) => fullAvg10)
  if (cage !== null) {
    const own = percent(`${cage}/memory.pressure`)
    if (own.kind === 'value') return { reading: own, of: 'build' }
  }
  return { reading: percent(`${root}/proc/pressure/memory`), of: 'machine' }
}

function firstNumber(files: Files, directory: string, names: readonly string[]): number | null {
  for (const name of names) {
    const limit = chainReading(files.readText(`${directory}/${name}`), parseLimit)
    if (limit.kind === 'value') return limit.value
  }
  return null
}
