import type { SteeringStep } from '../model/steering.ts'
import type { Clock } from '../ports/clock.ts'
import type { Files } from '../ports/files.ts'
import type { ToolAtGate, ToolGates } from '../ports/tool-gate.ts'
import { freeIn, type Room } from './admission.ts'
import type { Book } from './book.ts'
import { activeOf, type Entry } from './entry.ts'
import type { Gauges, Look } from './look.ts'
import type { Levers } from './rungs.ts'
import type { Learned } from './size.ts'

export interface WardTools {
  readonly clock: Clock
  readonly files: Files
  readonly gates: ToolGates
  readonly gauges: Gauges
  kill(pid: number): void
  /** Lets the cage use the machine's free swap, its RAM bounded as before. Throws if that cannot be had. */
  openSwap(): Promise<void>
  /** Tells of a step as it is made. */
  said(step: SteeringStep): void
}

export interface WardOrder {
  /** What the build can have. */
  readonly capBytes: number
  readonly levers: Levers
  /** Build actions at once. */
  readonly parallelism: number
  /** The kernel's counts page cache against the cap, and may have swap beside it. */
  readonly cage: { readonly isKernels: boolean; readonly hasOpenSwap: boolean }
}

/** All tools at the gate, and what is known of the cage. */
export interface Ward {
  readonly tools: WardTools
  readonly order: WardOrder
  readonly book: Book
  readonly startMs: number
  readonly entries: Map<ToolAtGate, Entry>
  look: Look
  lookedMs: number
  learned: Learned
  places: number
  /** Of the cage's counter, how many were kills of our tools that were answered with another run. */
  killsAnswered: number
  readonly replayedPids: number[]
  hasOpenedSwap: boolean
  /** A tool that had the build to itself did not fit with the tightest settings. */
  hasGivenUp: boolean
}

/** Between two askings within this the first look is good enough. */
const FRESH_MS = 10

export function lookAgain(ward: Ward, mode: 'now' | 'if stale' = 'now'): void {
  const nowMs = ward.tools.clock.nowMs()
  if (mode === 'if stale' && nowMs - ward.lookedMs < FRESH_MS) return
  ward.look = ward.tools.gauges.look()
  ward.lookedMs = nowMs
  const bytesOf = new Map(ward.look.processes.map((process) => [process.pid, process.anonBytes]))
  for (const entry of running(ward)) entry.bytes = entry.pid === null ? 0 : (bytesOf.get(entry.pid) ?? 0)
  ward.book.others(othersBytes(ward))
}

/** It has ended: what the last look saw of it is free again, and nobody else's. */
export function forget(ward: Ward, pid: number | null): void {
  if (pid === null) return
  const processes = ward.look.processes.filter((process) => process.pid !== pid)
  ward.look = { ...ward.look, processes }
}

/** In the order in which they were let in. */
export function running(ward: Ward): readonly Entry[] {
  return [...ward.entries.values()].filter((entry) => entry.state === 'running')
}

/** First come first; who was killed keeps his place. */
export function waiting(ward: Ward): readonly Entry[] {
  return [...ward.entries.values()].filter((entry) => entry.state === 'waiting').sort((a, b) => a.place - b.place)
}

export function roomOf(ward: Ward): Room {
  return { capBytes: ward.order.capBytes, othersBytes: othersBytes(ward) }
}

export function freeBytes(ward: Ward): number {
  return freeIn(roomOf(ward), running(ward).map(activeOf))
}

/** What is not held by tools of ours would not leave much room, whatever the settings. */
const MUCH_SHARE = 0.25

export function hadItsRoom(ward: Ward): boolean {
  return othersBytes(ward) < MUCH_SHARE * ward.order.capBytes
}

/** Processes that are no tools of ours, each by itself: the tree's charge less the tools would count what is just starting. */
export function othersBytes(ward: Ward): number {
  const pids = new Set(running(ward).map((entry) => entry.pid))
  return ward.look.processes.reduce((sum, { pid, anonBytes }) => (pids.has(pid) ? sum : sum + anonBytes), 0)
}

export function isInCage(ward: Ward, pid: number | null): pid is number {
  return pid !== null && ward.look.processes.some((process) => process.pid === pid)
}

export function note(ward: Ward, kind: SteeringStep['kind'], entry: Entry, text: string): void {
  const { tool, package: name } = entry.tool.job
  const atMs = Math.round(ward.tools.clock.nowMs() - ward.startMs)
  const step: SteeringStep = { atMs, kind, tool, package: name, text }
  ward.book.step(step)
  ward.tools.said(step)
}
