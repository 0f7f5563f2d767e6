import { ABSENT, type LimitReading, type Reading, value } from '../model/reading.ts'
import { numberUnder, parseKeyedLines } from './keyed-lines.ts'
import { parseLimit } from './limit.ts'

/** Memory charged to a cgroup and everything below it, in bytes. The four parts do not overlap. */
export interface MemoryStat {
  readonly anonBytes: Reading<number>
  /** tmpfs and shared memory: cannot be dropped, only swapped out. */
  readonly shmemBytes: Reading<number>
  /** Page cache without {@link shmemBytes}: the kernel takes it back when memory is short. */
  readonly fileBytes: Reading<number>
  /** Slab, stacks, page tables and the like. Absent on v1, whose `memory.stat` does not say. */
  readonly kernelBytes: Reading<number>
}

/**
 * `memory.stat`, v2 or v1, told apart by its keys (admin-guide/cgroup-v2.rst; cgroup-v1/memory.rst §5.2):
 *
 *     anon 1658880              cache 86016
 *     file 86016                rss 1716224
 *     kernel 1421312            total_cache 1812242432
 *     shmem 0                   total_rss 143564800
 *
 * v1 keys without `total_` leave out the child cgroups. Both `file` and `cache` contain shared memory.
 */
export function parseMemoryStat(text: string): MemoryStat {
  const pairs = parseKeyedLines(text)
  const isV1 = pairs.has('total_rss')
  const shmemBytes = numberUnder(pairs, isV1 ? 'total_shmem' : 'shmem')
  return {
    anonBytes: numberUnder(pairs, isV1 ? 'total_rss' : 'anon'),
    shmemBytes,
    fileBytes: less(numberUnder(pairs, isV1 ? 'total_cache' : 'file'), shmemBytes),
    kernelBytes: isV1 ? ABSENT : kernelBytes(pairs)
  }
}

/**
 * v1 only: the smallest limit of the cgroup and all its ancestors, also those outside the visible mount; `memory.stat`
 *
 *     hierarchical_memory_limit 67108864
 */
export function parseHierarchicalLimit(text: string): LimitReading {
  const limit = parseKeyedLines(text).get('hierarchical_memory_limit')
  return limit === undefined ? ABSENT : parseLimit(limit)
}

/** Anonymous + shared + kernel memory: what cannot be had by dropping page cache. */
export function unreclaimableBytes(stat: MemoryStat): Reading<number> {
  if (stat.anonBytes.kind !== 'value') return stat.anonBytes
  const others = [stat.shmemBytes, stat.kernelBytes]
  return value(others.reduce((sum, part) => sum + (part.kind === 'value' ? part.value : 0), stat.anonBytes.value))
}

function less(whole: Reading<number>, part: Reading<number>): Reading<number> {
  if (whole.kind !== 'value' || part.kind !== 'value') return whole
  return value(Math.max(0, whole.value - part.value))
}

/** The key `kernel` came with Linux 5.18; before that the parts it is made of were listed one by one. */
const KERNEL_PARTS = ['kernel_stack', 'pagetables', 'percpu', 'vmalloc', 'slab'] as const

function kernelBytes(pairs: ReadonlyMap<string, string>): Reading<number> {
  const whole = numberUnder(pairs, 'kernel')
  if (whole.kind !== 'absent') return whole
  const parts = KERNEL_PARTS.map((key) => numberUnder(pairs, key)).filter((part) => part.kind === 'value')
  return parts.length === 0 ? ABSENT : value(parts.reduce((sum, part) => sum + part.value, 0))
}
