import { parseLimit } from '../kernel/limit.ts'
import { parseMemoryEvents } from '../kernel/memory-events.ts'
import { parseOomControl } from '../kernel/oom-control.ts'
import { type Change, type LevelEvidence, rise } from '../model/evidence.ts'
import { ABSENT, chainReading, type LimitReading, type Reading, unreadable, value } from '../model/reading.ts'
import type { Files } from '../ports/files.ts'

/** The cgroups whose limits hold for the build. */
export interface LevelsOrder {
  readonly files: Files
  /** Stands before every path; empty on the real machine. */
  readonly root: string
  readonly version: 'v1' | 'v2' | 'none'
  readonly mountPoint: string | null
  /** The cage's cgroup, or without one that of the guard; `null` where it is not visible. */
  readonly directory: string | null
  readonly isCage: boolean
}

interface Counters {
  readonly ownHits: Reading<number>
  readonly kills: Reading<number>
  readonly failures: Reading<number>
}

/**
 * Reads the counters of every visible cgroup from the build's own up to the mount point, and answers with the function
 * that reads them again: to be called before the cage is closed. Never throws.
 */
export function levelCounters(order: LevelsOrder): () => readonly LevelEvidence[] {
  const { version, mountPoint } = order
  if (version === 'none' || mountPoint === null) return () => []
  const countersOf = (directory: string): Counters => (version === 'v2' ? countersV2 : countersV1)(order, directory)
  const innermost = order.directory ?? mountPoint
  const levels = directoriesUp(order, innermost, mountPoint).map((directory) => ({
    directory,
    isCage: order.isCage && directory === innermost,
    limitBytes: limitOf(order, directory),
    before: countersOf(directory)
  }))
  return () =>
    levels.map(({ before, ...level }) => {
      const after = countersOf(level.directory)
      const change = (name: keyof Counters): Change => ({ before: before[name], after: after[name] })
      const failures = areSwapFailuresHidden(order, level.directory, change('failures'))
        ? { before: before.failures, after: NOT_KEPT }
        : change('failures')
      return { ...level, ownHits: change('ownHits'), kills: change('kills'), failures }
    })
}

/** On v1 before 5.11 a parent's limit need not hold for its children (`memory.use_hierarchy`): then nothing above counts. */
function directoriesUp(order: LevelsOrder, own: string, top: string): readonly string[] {
  if (own === top || !own.startsWith(`${top === '/' ? '' : top}/`)) return [top]
  const parent = own.slice(0, own.lastIndexOf('/')) || '/'
  const setting = order.version === 'v1' ? read(order, parent, 'memory.use_hierarchy') : ABSENT
  if (setting.kind === 'value' && setting.value.trim() === '0') return [own]
  return [own, ...directoriesUp(order, parent, top)]
}

function read({ files, root }: LevelsOrder, directory: string, name: string): Reading<string> {
  return files.readText(`${root}${directory}/${name}`)
}

function limitOf(order: LevelsOrder, directory: string): LimitReading {
  return chainReading(
    read(order, directory, order.version === 'v2' ? 'memory.max' : 'memory.limit_in_bytes'),
    parseLimit
  )
}

/** `memory.events.local` came with 5.2; before, `memory.events` itself counted this one cgroup alone. */
function countersV2(order: LevelsOrder, directory: string): Counters {
  const all = read(order, directory, 'memory.events')
  const local = read(order, directory, 'memory.events.local')
  return {
    ownHits: chainReading(local.kind === 'absent' ? all : local, (text) => parseMemoryEvents(text).oom),
    kills: chainReading(all, (text) => parseMemoryEvents(text).oomKill),
    failures: ABSENT
  }
}

function countersV1(order: LevelsOrder, directory: string): Counters {
  return {
    ownHits: ABSENT,
    kills: chainReading(read(order, directory, 'memory.oom_control'), (text) => parseOomControl(text).oomKill),
    failures: failures(order, directory)
  }
}

/**
 * A limit of memory and swap together is asked before that of memory. Kernels since 6.14 keep no count of it (only
 * `memory` has `track_failcnt`, mm/memcontrol.c; seen on 6.18), so that where there is one, a count that did not rise
 * says nothing.
 */
function areSwapFailuresHidden(order: LevelsOrder, directory: string, failures: Change): boolean {
  const both = chainReading(read(order, directory, 'memory.memsw.limit_in_bytes'), parseLimit)
  return both.kind === 'value' && rise(failures) === 0
}

const NOT_KEPT = unreadable('not kept where memory and swap together are limited')

/** Of both limits, where the kernel keeps both counts. */
function failures(order: LevelsOrder, directory: string): Reading<number> {
  const memory = chainReading(read(order, directory, 'memory.failcnt'), countOf)
  const both = chainReading(read(order, directory, 'memory.memsw.failcnt'), countOf)
  if (memory.kind !== 'value' || both.kind === 'absent') return memory
  return both.kind === 'value' ? value(memory.value + both.value) : both
}

function countOf(text: string): Reading<number> {
  const count = text.trim()
  return /^\d+$/.test(count) ? value(Number(count)) : unreadable('not a number')
}
