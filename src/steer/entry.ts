import type { ToolAtGate } from '../ports/tool-gate.ts'
import type { Active, Waiting } from './admission.ts'
import { type Levers, type Rung, settingsOf } from './rungs.ts'
import type { Size } from './size.ts'
import type { ThrashMeter } from './thrash.ts'

/** One tool from its first asking to its end. */
export interface Entry {
  readonly tool: ToolAtGate
  /** Of its first asking: first come, first served, also after a kill. */
  readonly place: number
  /** Known better after a kill. */
  size: Size
  state: 'waiting' | 'running' | 'gone'
  askedMs: number
  rung: Rung
  limitBytes: number
  reservedBytes: number
  /** Who ended its last run for memory; `null` before the first. */
  killedBy: 'kernel' | 'guard' | null
  isExclusive: boolean
  /** Nobody was let in while it ran. */
  isAlone: boolean
  /** Our own signal is on its way to it. */
  isTakenBack: boolean
  /** Believed only as long as it is in the cage. */
  pid: number | null
  bytes: number
  /** The cage's counter when it was let in. */
  killsBefore: number
  meter: ThrashMeter | null
  isToldOfThrash: boolean
  stopReading: () => void
}

export function newEntry(tool: ToolAtGate, place: number, size: Size, askedMs: number): Entry {
  return {
    tool,
    place,
    size,
    state: 'waiting',
    askedMs,
    rung: 'as it is',
    limitBytes: 0,
    reservedBytes: 0,
    killedBy: null,
    isExclusive: false,
    isAlone: false,
    isTakenBack: false,
    pid: null,
    bytes: 0,
    killsBefore: 0,
    meter: null,
    isToldOfThrash: false,
    stopReading: () => {}
  }
}

export function waitingOf({ size, rung, killedBy }: Entry): Waiting {
  return { size, rung, isReplay: killedBy !== null }
}

export function activeOf({ bytes, reservedBytes, isExclusive }: Entry): Active {
  return { bytes, reservedBytes, isExclusive }
}

/** "GOMEMLIMIT=270MiB GOGC=10", "swap"; empty where nothing is set. */
export function settingsText({ rung, limitBytes }: Entry, levers: Levers): string {
  if (rung === 'swap') return 'swap'
  return Object.entries(settingsOf(rung, limitBytes, levers))
    .map(([name, text]) => `${name}=${text}`)
    .join(' ')
}
