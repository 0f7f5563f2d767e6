import { PassThrough } from 'node:stream'
import type { ExitStatus } from '../../src/model/outcome.ts'
import type { GatedSpec, Processes, ToolResult } from '../../src/ports/processes.ts'

export interface FakeProcesses extends Processes {
  /** Every signal sent, as "pid SIGNAL", in order. */
  readonly signals: string[]
  /** The children started, and whether their gate was opened. */
  readonly started: { readonly spec: GatedSpec; isOpen: boolean; isAbandoned: boolean }[]
  readonly stdout: PassThrough
  readonly stderr: PassThrough
  /** The child ends, and its output with it unless somebody still holds it. */
  end(exit: ExitStatus, keepsOutput?: boolean): void
  /** Called with each signal, after it was noted. */
  onSignal: (pid: number, signal: NodeJS.Signals) => void
  /** Answers of auxiliary commands by tool name. */
  readonly tools: Map<string, ToolResult>
}

export const CHILD_PID = 4242

export function fakeProcesses(): FakeProcesses {
  const stdout = new PassThrough()
  const stderr = new PassThrough()
  let resolve: (exit: ExitStatus) => void = () => {}
  const exited = new Promise<ExitStatus>((done) => {
    resolve = done
  })
  const fake: FakeProcesses = {
    signals: [],
    started: [],
    stdout,
    stderr,
    tools: new Map(),
    onSignal: () => {},
    async startGated(spec) {
      const child = { spec, isOpen: false, isAbandoned: false }
      fake.started.push(child)
      return {
        pid: CHILD_PID,
        stdout,
        stderr,
        exited,
        abandon() {
          child.isAbandoned = true
        },
        openGate() {
          child.isOpen = true
        }
      }
    },
    async run(tool) {
      return fake.tools.get(tool) ?? { code: null, stdout: '', stderr: '', problem: `spawn ${tool} ENOENT` }
    },
    startDetached: () => ({ pid: 1, pipe: new PassThrough() }),
    signal(pid, signal) {
      fake.signals.push(`${pid} ${signal}`)
      fake.onSignal(pid, signal)
    },
    end(exit, keepsOutput = false) {
      if (!keepsOutput) {
        stdout.end()
        stderr.end()
      }
      resolve(exit)
    }
  }
  return fake
}
