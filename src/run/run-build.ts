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
  /**
   * Looks at the build before its time limit ends it, within a bounded time; resolves to the processes that tell what
   * they do on SIGQUIT. Never rejects.
   */
  readonly beforeTimeout?: () => Promise<readonly number[]>
  /** Lets go of what would keep SIGKILL from being heard (a frozen cgroup of v1); called right after it was sent. */
  readonly afterKill?: () => void
  readonly listeners: { readonly stdout: Listener; readonly stderr: Listener }
}

export interface Running {
  readonly pid: number
  /** Ends the build for a reason of ours; the first reason wins. Go programs among `tellers` print their stacks first. */
  stop(stop: Stop, tellers?: readonly number[]): void
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
/** A Go program prints its goroutines on SIGQUIT and ends; TERM in the middle of that would cut it short. */
const LAST_WORDS_MS = 1000
/** What has not ended so long after SIGKILL waits for a disk that does not answer, and no signal will end it. */
const GIVE_UP_MS = 10_000
const GIVE_UP_ON_CANCEL_MS = 1500
/** What outlives the command keeps its output open; that long is waited for a last word. */
const LAST_OUTPUT_MS = 2000

/** The child could not be put into the cage; nothing has executed. */
export class JoinRefused extends Error {}

/** Starts the command behind its gate and puts it into the cage. Throws if either fails; nothing has executed then. */
export async function startBuild(tools: RunTools, order: RunOrder): Promise<Running> {
  const { launcher = [] } = order.cage
  const child = await tools.processes.startGated({ ...order.spec, argv: [...launcher, ...order.spec.argv] })
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
  const isDeaf = order.cage.launcher !== undefined
  let reason: Stop | null = null
  let isOver = false
  let descend = (): void => {}
  let giveUp = (): void => {}
  const givenUp = new Promise<ExitStatus>((resolve) => {
    giveUp = () => resolve({ code: null, signal: 'SIGKILL' })
  })
  const kill = (): void => {
    void order.cage.kill()
    order.afterKill?.()
  }
  const stop = (why: Stop, tellers: readonly number[] = []): void => {
    if (reason !== null || isOver) return
    reason = why
    const signal = (pid: number, name: NodeJS.Signals): void => processes.signal(pid, name)
    descend = climb(clock, rungsOf(why, { group: -child.pid, isDeaf, tellers, signal, kill, giveUp }))
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
          : clock.after(order.timeoutMs, () => {
              const why: Stop = { kind: 'timeout', afterMs: elapsedMs() }
              if (order.beforeTimeout === undefined) stop(why)
              else void order.beforeTimeout().then((tellers) => stop(why, tellers))
            })
      child.openGate()
      const output = Promise.all([
        passThrough(child.stdout, 'stdout', tools.output, order.listeners.stdout),
        passThrough(child.stderr, 'stderr', tools.output, order.listeners.stderr)
      ])
      const isGivenUp = givenUp.then(() => abandon(child))
      const exit = await Promise.race([child.exited, givenUp])
      isOver = true
      const durationMs = elapsedMs()
      ignoreTimeout()
      await Promise.race([lastOutput(clock, order.cage, output), isGivenUp])
      descend()
      ignoreCancel()
      return { exit, stop: reason, durationMs }
    }
  }
}

/** What a ladder acts on. */
interface Reach {
  readonly group: number
  /** On Windows no signal can be sent; Ctrl-C comes from the console, to the build and to us alike. */
  readonly isDeaf: boolean
  readonly tellers: readonly number[]
  readonly signal: (pid: number, signal: NodeJS.Signals) => void
  readonly kill: () => void
  readonly giveUp: () => void
}

function rungsOf(why: Stop, { group, isDeaf, tellers, signal, kill, giveUp }: Reach): readonly Rung[] {
  switch (why.kind) {
    case 'cancel':
      return [
        { afterMs: 0, act: () => signal(group, 'SIGINT') },
        { afterMs: CANCEL_TERM_MS, act: () => signal(group, 'SIGTERM') },
        { afterMs: CANCEL_KILL_MS, act: kill },
        { afterMs: CANCEL_KILL_MS + GIVE_UP_ON_CANCEL_MS, act: giveUp }
      ]
    case 'timeout':
    case 'stall': {
      const termMs = tellers.length === 0 ? 0 : LAST_WORDS_MS
      const killMs = isDeaf ? 0 : termMs + TIMEOUT_KILL_MS
      return [
        ...tellers.map((pid) => ({ afterMs: 0, act: () => signal(pid, 'SIGQUIT') })),
        { afterMs: termMs, act: () => signal(group, 'SIGTERM') },
        // As timeout(1) does: what is stopped hears no signal but SIGKILL until it is continued.
        { afterMs: termMs, act: () => signal(group, 'SIGCONT') },
        { afterMs: killMs, act: kill },
        { afterMs: killMs + GIVE_UP_MS, act: giveUp }
      ]
    }
    case 'watch':
      return [
        { afterMs: 0, act: kill },
        { afterMs: GIVE_UP_MS, act: giveUp }
      ]
    case 'died':
      return []
  }
}

/** It can neither be ended nor waited for; the report has to go out all the same. */
function abandon(child: GatedChild): void {
  child.stdout.destroy()
  child.stderr.destroy()
  child.abandon()
}

/** The command has ended; children that it left behind hold its output open, and are ended after a moment's grace. */
async function lastOutput(clock: Clock, cage: Cage, output: Promise<unknown>): Promise<void> {
  const callOff = clock.after(LAST_OUTPUT_MS, () => void cage.kill())
  await output
  callOff()
}
