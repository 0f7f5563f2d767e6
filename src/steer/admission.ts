import { MIB } from '../model/bytes.ts'
import type { Levers, Rung } from './rungs.ts'
import type { Size } from './size.ts'

/** The tool at the head of the queue. */
export interface Waiting {
  readonly size: Size
  /** Where to begin; beyond `as it is` for one that was killed. */
  readonly rung: Rung
  readonly isReplay: boolean
}

/** A tool that was let in and has not ended. */
export interface Active {
  /** What it holds now. */
  readonly bytes: number
  /** What it was promised. */
  readonly reservedBytes: number
  /** Nobody may join it. */
  readonly isExclusive: boolean
}

export interface Room {
  readonly capBytes: number
  /** What all the rest of the build holds: the go command, tests, C compilers. */
  readonly othersBytes: number
}

export interface Leave {
  readonly rung: Rung
  /** For GOMEMLIMIT, on the rungs that have one. */
  readonly limitBytes: number
  readonly reservedBytes: number
  readonly isExclusive: boolean
}

/** Kept free for what is charged and not counted: hot text of the tools, page tables, stacks. */
export function reserveOf(capBytes: number): number {
  return Math.min(64 * MIB, Math.max(24 * MIB, 0.08 * capBytes))
}

/** What the admitted tools and the rest of the build leave. */
export function freeIn(room: Room, active: readonly Active[]): number {
  const promised = active.reduce((sum, tool) => sum + Math.max(tool.bytes, tool.reservedBytes), 0)
  return room.capBytes - reserveOf(room.capBytes) - room.othersBytes - promised
}

/** A guess by the size of the source is right within a factor of two; that much more is asked for. */
const EASY_MARGIN = 1.15
const LEAST_MARGIN = 1.2

/**
 * Whether the head of the queue may run now, and how; `null`: it waits, and all others behind it. When nothing else runs
 * the answer is never no.
 */
export function admit(head: Waiting, active: readonly Active[], room: Room, levers: Levers): Leave | null {
  const freeBytes = freeIn(room, active)
  const isEasy = head.size.easyBytes * EASY_MARGIN < freeBytes
  if (active.length === 0) return alone(head, room, isEasy, levers)
  if (head.isReplay || active.some((tool) => tool.isExclusive)) return null
  if (isEasy) {
    const reservedBytes = head.size.easyBytes
    return { rung: 'as it is', limitBytes: 0, reservedBytes, isExclusive: false }
  }
  const leastBytes = head.size.leastBytes * LEAST_MARGIN
  if (!levers.memoryLimit || leastBytes >= freeBytes) return null
  return { rung: 'soft limit', limitBytes: 0.9 * freeBytes, reservedBytes: leastBytes, isExclusive: false }
}

function alone(head: Waiting, room: Room, isEasy: boolean, levers: Levers): Leave {
  // A heap that may float up to the cap is collected least; the go command beside it has to have its own.
  const leftBytes = Math.min(0.9 * room.capBytes, room.capBytes - room.othersBytes - 12 * MIB)
  // A limit far below what it has to hold only makes it slow; what the others hold may be gone before it gets there.
  const limitBytes = Math.max(0.25 * room.capBytes, leftBytes)
  const begins = head.rung === 'as it is' && !isEasy && levers.memoryLimit ? 'soft limit' : head.rung
  if (begins === 'as it is' && isEasy && !head.isReplay) {
    return { rung: begins, limitBytes, reservedBytes: head.size.easyBytes, isExclusive: false }
  }
  return { rung: begins, limitBytes, reservedBytes: limitBytes, isExclusive: true }
}
