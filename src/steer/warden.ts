import type { Steering } from '../model/steering.ts'
import { type GateKeeper, SIGKILL, type ToolAtGate, type ToolEnd, type ToolGate } from '../ports/tool-gate.ts'
import { afterKill } from './after-death.ts'
import { openBook } from './book.ts'
import { type Entry, newEntry, settingsText } from './entry.ts'
import { laneOf, letIn } from './letting-in.ts'
import { learnFrom, NOTHING_LEARNED, sizeOf } from './size.ts'
import { forget, type Ward, type WardOrder, type WardTools } from './ward.ts'
import { paceMs, watch } from './watch.ts'

export interface Warden {
  /** No tool is held back any more. What was done, and what the kernel's counters have to be understood with. */
  close(): Warded
}

export interface Warded {
  readonly steering: Steering
  /** Kills by the kernel that were answered with another run. */
  readonly killsAnswered: number
  readonly replayedPids: readonly number[]
  /** A tool was given up: no other settings will help. */
  readonly hasGivenUp: boolean
  /** Why it stopped helping before the end; `null` if it did not. */
  readonly fault: string | null
}

/** Keeps the gate from now on. Throws where the gate cannot be opened; from then on a fault opens it for everybody. */
export async function openWarden(
  tools: WardTools,
  order: WardOrder & { readonly directory: string; readonly isCapOfUser: boolean }
): Promise<Warden> {
  const ward = newWard(tools, order)
  let gate: ToolGate | null = null
  let fault: string | null = null
  let callOff = (): void => {}
  const safely = (act: () => void): void => {
    if (fault !== null) return
    try {
      act()
    } catch (problem) {
      fault = problem instanceof Error ? problem.message : String(problem)
      gate?.close()
    }
  }
  const tick = (): void => {
    safely(() => {
      watch(ward)
      letIn(ward)
      gate?.setLane(laneOf(ward))
    })
    if (fault === null) callOff = tools.clock.after(paceMs(ward), tick)
  }
  gate = await tools.gates.open(
    order.directory,
    keeperOf(ward, safely, () => gate?.setLane(laneOf(ward)))
  )
  tick()
  return {
    close() {
      callOff()
      for (const entry of ward.entries.values()) entry.stopReading()
      gate?.close()
      return {
        steering: ward.book.close(order.capBytes, order.isCapOfUser),
        killsAnswered: ward.killsAnswered,
        replayedPids: ward.replayedPids,
        hasGivenUp: ward.hasGivenUp,
        fault
      }
    }
  }
}

function newWard(tools: WardTools, order: WardOrder): Ward {
  return {
    tools,
    order,
    book: openBook(),
    startMs: tools.clock.nowMs(),
    entries: new Map(),
    look: { hardBytes: 0, processes: [] },
    lookedMs: Number.NEGATIVE_INFINITY,
    learned: NOTHING_LEARNED,
    places: 0,
    killsAnswered: 0,
    replayedPids: [],
    hasOpenedSwap: false,
    hasGivenUp: false
  }
}

function keeperOf(ward: Ward, safely: (act: () => void) => void, setLane: () => void): GateKeeper {
  const withEntry = (tool: ToolAtGate, act: (entry: Entry) => void): void => {
    const entry = ward.entries.get(tool)
    if (entry !== undefined) safely(() => act(entry))
  }
  return {
    asked: (tool, end) =>
      safely(() => {
        const entry = newEntry(tool, ward.places++, sizeOf(tool.job, ward.learned), ward.tools.clock.nowMs())
        ward.entries.set(tool, entry)
        if (end !== null) ended(ward, entry, end)
        letIn(ward)
        setLane()
      }),
    started: (tool, pid) =>
      withEntry(tool, (entry) => {
        entry.pid = pid
      }),
    ended: (tool, end) =>
      withEntry(tool, (entry) => {
        // Twice told, or by one that was never let in: not from a helper.
        if (entry.state !== 'running') return
        ended(ward, entry, end)
        letIn(ward)
        setLane()
      }),
    left: (tool) =>
      withEntry(tool, (entry) => {
        entry.state = 'gone'
        entry.stopReading()
        ward.entries.delete(tool)
        letIn(ward)
        setLane()
      })
  }
}

function ended(ward: Ward, entry: Entry, end: ToolEnd): void {
  const { job } = entry.tool
  entry.state = 'gone'
  entry.stopReading()
  forget(ward, entry.pid)
  ward.learned = learnFrom(ward.learned, job, end, entry.rung)
  entry.size = sizeOf(job, ward.learned)
  const settings = settingsText(entry, ward.order.levers)
  const { rung, limitBytes } = entry
  ward.book.ran({ job, end, rung, limitBytes, settings, easyBytes: entry.size.easyBytes })
  if (end.signal === SIGKILL) afterKill(ward, entry)
}
