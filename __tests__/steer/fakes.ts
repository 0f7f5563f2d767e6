import type { GateKeeper, ToolAtGate, ToolEnd, ToolGates, ToolJob } from '../../src/ports/tool-gate.ts'
import type { Levers } from '../../src/steer/rungs.ts'

export const ALL: Levers = { memoryLimit: true, gcPercent: true, swap: true }

export function compileOf(name: string, sourceBytes: number): ToolJob {
  return {
    tool: 'compile',
    package: name,
    parentPid: 1,
    sourceBytes,
    configBytes: 200,
    archiveBytes: 0,
    config: `/b/${name}/importcfg`
  }
}

export function linkOf(name: string, archiveBytes: number): ToolJob {
  return { ...compileOf(name, 0), tool: 'link', configBytes: 0, archiveBytes }
}

/** A tool whose helper waits at the gate; what it was told, in order: "GOGC=25", "" for nothing set, "give up". */
export interface FakeTool extends ToolAtGate {
  readonly told: string[]
  ask(end?: ToolEnd): void
  starts(pid: number): void
  ends(signal?: number, peakBytes?: number): void
  leaves(): void
}

/** The gate with the guard behind it, and no helpers but these. */
export interface FakeGates extends ToolGates {
  readonly lanes: (number | null)[]
  readonly read: string[]
  isOpen: boolean
  tool(job: ToolJob): FakeTool
}

export function fakeGates(): FakeGates {
  let keeper: GateKeeper | null = null
  const at = (): GateKeeper => {
    if (keeper === null) throw new Error('the gate is closed')
    return keeper
  }
  const gates: FakeGates = {
    lanes: [],
    read: [],
    isOpen: false,
    makeDirectory: (parent) => `${parent}/steer-1`,
    async open(_directory, of) {
      keeper = of
      gates.isOpen = true
      return {
        setLane: (weight) => void gates.lanes.push(weight),
        close: () => {
          gates.isOpen = false
        }
      }
    },
    async readThrough(path) {
      gates.read.push(path)
    },
    tool(job) {
      const told: string[] = []
      const settingsOf = (settings: Readonly<Record<string, string>>): string =>
        Object.entries(settings)
          .map((pair) => pair.join('='))
          .join(' ')
      const tool: FakeTool = {
        job,
        told,
        run: (settings) => void told.push(settingsOf(settings)),
        giveUp: () => void told.push('give up'),
        ask: (end) => at().asked(tool, end ?? null),
        starts: (pid) => at().started(tool, pid),
        ends: (signal = 0, peakBytes = 1) => at().ended(tool, { signal, peakBytes, cpuMs: 10 }),
        leaves: () => at().left(tool)
      }
      return tool
    }
  }
  return gates
}
