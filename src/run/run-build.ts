import type { ExitStatus, Stop } from '../model/outcome.ts'
import type { Cage } from '../ports/cage.ts'
import type { Cancellation } from '../ports/cancellation.ts'
import type { Clock } from '../ports/clock.ts'
import type { Output } from '../ports/output.ts'
import type { GatedChild, GatedSpec, Processes } from '../ports/processes.ts'
import { climb, type Rung } from './ladder.ts'
import { type Listener, passThrough } from './pass-through.ts'

export interface RunTools {
  readonly processes: Processes
  readonly clock: Clock
  readonly cancellation: Cancellation
  readonly output: Output
}

export interface RunOrder {
  readonly spec: GatedSpec
  readonly cage: Cage
  readonly timeoutMs: number | null
  readonly listeners: { readonly stdout: Listener; readonly stderr: Listener }
}

export interface Running {
  readonly pid: number
  /** Ends the build for a reason of ours; the first reason wins. */
  stop(stop: Stop): void
  /** Lets it execute, and waits for its end and that of its output. */
  finish(): Promise<Ended>
}

export interface Ended {
  readonly exit: ExitStatus
  readonly stop: Stop | null
  readonly durationMs: number
}

/** SIGINT at once, as from a keyboard; the runner itself sends SIGTERM after 7.5 s and SIGKILL after 10 s. */
const CANCEL_TERM_MS = 3000
const CANCEL_KILL_MS = 5000
const TIMEOUT_KILL_MS = 10_000
/** What outlives the command keeps its output open; that long is waited for a last word. */
const LAST_OUTPUT_MS = 2000

/** The child could not be put into the cage; nothing has executed. */
export class JoinRefused extends Error {}

/** Starts the command behind its gate and puts it into the cage. Throws if either fails; nothing has executed then. */
export async function startBuild(tools: RunTools, order: RunOrder): Promise<Running> {
  const child = await tools.processes.startGated(order.spec)
  try {
    await order.cage.join(child.pid)
  } catch (fault) {
    tools.processes.signal(child.pid, 'SIGKILL')
    await child.exited
    throw new JoinRefused(fault instanceof Error ? fault.message : String(fault))
  }
  return running(tools, order, child)
}

function running(tools: RunTools, order: RunOrder, child: GatedChild): Running {
  const { clock, processes } = tools
  let reason: Stop | null = null
  let descend = (): void => {}
  const stop = (why: Stop): void => {
    if (reason !== null) return
    reason = why
    descend = climb(clock, rungsOf(why, child.pid, order.cage, processes))
  }

  return {
    pid: child.pid,
    stop,
    async finish() {
      const startMs = clock.nowMs()
      const elapsedMs = (): number => Math.round(clock.nowMs() - startMs)
      const ignoreCancel = tools.cancellation.onCancel((signal) =>
        stop({ kind: 'cancel', signal, afterMs: elapsedMs() })
      )
      const ignoreTimeout =
        order.timeoutMs === null
          ? () => {}
          : clock.after(order.timeoutMs, () => stop({ kind: 'timeout', afterMs: elapsedMs() }))
      child.openGate()
      const output = Promise.all([
        passThrough(child.stdout, 'stdout', tools.output, order.listeners.stdout),
        passThrough(child.stderr, 'stderr', tools.output, order.listeners.stderr)
      ])
      const exit = await child.exited
      const durationMs = elapsedMs()
      ignoreTimeout()
      await lastOutput(clock, order.cage, output)
      descend()
      ignoreCancel()
      return { exit, stop: reason, durationMs }
    }
  }
}

function rungsOf(why: Stop, pid: number, cage: Cage, processes: Processes): readonly Rung[] {
  const group = (signal: NodeJS.Signals) => () => processes.signal(-pid, signal)
  const kill = (): void => void cage.kill()
  switch (why.kind) {
    case 'cancel':
      return [
        { afterMs: 0, act: group('SIGINT') },
        { afterMs: CANCEL_TERM_MS, act: group('SIGTERM') },
        { afterMs: CANCEL_KILL_MS, act: kill }
      ]
    case 'timeout':
      return [
        { afterMs: 0, act: group('SIGTERM') },
        { afterMs: TIMEOUT_KILL_MS, act: kill }
      ]
    case 'watch':
      return [{ afterMs: 0, act: kill }]
    case 'died':
      return []
  }
}

/** The command has ended; children that it left behind hold its output open, and are ended after a moment's grace. */
async function lastOutput(clock: Clock, cage: Cage, output: Promise<unknown>): Promise<void> {
  const callOff = clock.after(LAST_OUTPUT_MS, () => void cage.kill())
  await output
  callOff()
}
