import { describe, expect, test } from '@jest/globals'
import type { Cage } from '../../src/ports/cage.ts'
import { type RunOrder, startBuild } from '../../src/run/run-build.ts'
import { manualClock } from '../fakes/manual-clock.ts'
import { CHILD_PID, fakeProcesses } from '../fakes/processes.ts'

const SPEC = { argv: ['go', 'build'], cwd: '/src', environment: {}, stdin: 'none', scratch: '/tmp/x' } as const

function bench(timeoutMs: number | null = null) {
  const log: string[] = []
  const processes = fakeProcesses()
  processes.onSignal = (pid, signal) => log.push(`${pid} ${signal}`)
  const clock = manualClock()
  let cancel: (signal: NodeJS.Signals) => void = () => {}
  const cage = {
    way: 'cgroup-v2',
    capBytes: null,
    directory: '/sys/fs/cgroup/x',
    join: async (pid) => void log.push(`join ${pid}`),
    pids: () => [],
    charged: () => null,
    examine: () => ({ share: 0, breach: null }),
    evidence: () => {
      throw new Error('not asked for here')
    },
    kill: async () => void log.push('kill cage'),
    close: async () => []
  } satisfies Cage
  const tools = {
    processes,
    clock,
    cancellation: {
      onCancel: (listener: typeof cancel) => {
        cancel = listener
        return () => {}
      }
    },
    output: {
      write: async (stream: string, chunk: Uint8Array) => void log.push(`${stream}: ${Buffer.from(chunk).toString()}`)
    }
  }
  const order: RunOrder = { spec: SPEC, cage, timeoutMs, listeners: { stdout: { push() {} }, stderr: { push() {} } } }
  return { log, processes, clock, cage, tools, order, cancel: (signal: NodeJS.Signals) => cancel(signal) }
}

/** Lets promises that are ready run. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('running a build', () => {
  test('puts the child into the cage before it executes anything', async () => {
    const { log, processes, tools, order } = bench()
    const running = await startBuild(tools, order)
    expect(log).toEqual([`join ${CHILD_PID}`])
    expect(processes.started[0]?.isOpen).toBe(false)
    const finished = running.finish()
    expect(processes.started[0]?.isOpen).toBe(true)
    processes.end({ code: 0, signal: null })
    expect(await finished).toMatchObject({ exit: { code: 0, signal: null }, stop: null })
  })

  test('executes nothing if the child cannot enter the cage', async () => {
    const { processes, tools, order, cage } = bench()
    processes.onSignal = () => processes.end({ code: null, signal: 'SIGKILL' })
    const refusing = { ...cage, join: () => Promise.reject(new Error('EACCES')) }
    await expect(startBuild(tools, { ...order, cage: refusing })).rejects.toThrow('EACCES')
    expect(processes.started[0]?.isOpen).toBe(false)
    expect(processes.signals).toEqual([`${CHILD_PID} SIGKILL`])
  })

  test('keeps code and signal apart', async () => {
    const { processes, tools, order } = bench()
    const running = await startBuild(tools, order)
    const finished = running.finish()
    processes.end({ code: null, signal: 'SIGKILL' })
    expect((await finished).exit).toEqual({ code: null, signal: 'SIGKILL' })
  })

  test('on cancel sends INT at once, TERM after 3 s, and kills the cage after 5 s', async () => {
    const { log, clock, tools, order, processes, cancel } = bench()
    const finished = (await startBuild(tools, order)).finish()
    clock.pass(1000)
    cancel('SIGINT')
    expect(log.slice(1)).toEqual([`-${CHILD_PID} SIGINT`])
    clock.pass(3000)
    expect(log.slice(2)).toEqual([`-${CHILD_PID} SIGTERM`])
    clock.pass(2000)
    expect(log.slice(3)).toEqual(['kill cage'])
    processes.end({ code: null, signal: 'SIGKILL' })
    expect((await finished).stop).toEqual({ kind: 'cancel', signal: 'SIGINT', afterMs: 1000 })
  })

  test('a launcher stands before the command, and where no signal can be sent a timeout kills at once', async () => {
    const { log, processes, clock, tools, order, cage } = bench(60_000)
    const job = { ...cage, launcher: ['launcher.exe', 'run', '--'] }
    const finished = (await startBuild(tools, { ...order, cage: job })).finish()
    expect(processes.started[0]?.spec.argv).toEqual(['launcher.exe', 'run', '--', 'go', 'build'])
    clock.pass(60_000)
    expect(log).toContain('kill cage')
    processes.end({ code: 1, signal: null })
    expect((await finished).stop).toEqual({ kind: 'timeout', afterMs: 60_000 })
  })

  test('on timeout sends TERM, lets what is stopped hear it, and kills the cage 10 s later', async () => {
    const { log, clock, tools, order, processes } = bench(60_000)
    const finished = (await startBuild(tools, order)).finish()
    clock.pass(60_000)
    expect(log.slice(1)).toEqual([`-${CHILD_PID} SIGTERM`, `-${CHILD_PID} SIGCONT`])
    clock.pass(10_000)
    expect(log.slice(3)).toEqual(['kill cage'])
    processes.end({ code: null, signal: 'SIGKILL' })
    expect((await finished).stop).toEqual({ kind: 'timeout', afterMs: 60_000 })
  })

  test('looks at the build before a timeout ends it, and lets Go programs tell what they do', async () => {
    const { log, clock, tools, order, processes } = bench(60_000)
    const beforeTimeout = async (): Promise<readonly number[]> => {
      log.push('look')
      return [4250]
    }
    const finished = (await startBuild(tools, { ...order, beforeTimeout })).finish()
    clock.pass(60_000)
    await settle()
    expect(log.slice(1)).toEqual(['look', '4250 SIGQUIT'])
    clock.pass(1000)
    expect(log.slice(3)).toEqual([`-${CHILD_PID} SIGTERM`, `-${CHILD_PID} SIGCONT`])
    processes.end({ code: 2, signal: null })
    expect((await finished).stop).toEqual({ kind: 'timeout', afterMs: 60_000 })
  })

  test('does not end by a timeout what ended by itself while it was looked at', async () => {
    const { clock, tools, order, processes } = bench(60_000)
    let seen = (_pids: readonly number[]): void => {}
    const beforeTimeout = (): Promise<readonly number[]> =>
      new Promise((resolve) => {
        seen = resolve
      })
    const finished = (await startBuild(tools, { ...order, beforeTimeout })).finish()
    clock.pass(60_000)
    processes.end({ code: 0, signal: null })
    await settle()
    seen([])
    expect(await finished).toMatchObject({ exit: { code: 0 }, stop: null })
  })

  test('lets go of what keeps SIGKILL from being heard, once it was sent', async () => {
    const { log, clock, tools, order, processes } = bench()
    const running = await startBuild(tools, { ...order, afterKill: () => log.push('thaw') })
    const finished = running.finish()
    running.stop({ kind: 'stall', afterMs: 9, quietMs: 8 })
    clock.pass(10_000)
    expect(log.slice(-2)).toEqual(['kill cage', 'thaw'])
    processes.end({ code: null, signal: 'SIGKILL' })
    expect((await finished).stop).toEqual({ kind: 'stall', afterMs: 9, quietMs: 8 })
  })

  test('does not wait for ever for what no signal can end', async () => {
    const { clock, tools, order, processes, cancel } = bench()
    const finished = (await startBuild(tools, order)).finish()
    cancel('SIGINT')
    clock.pass(6500)
    processes.stdout.end()
    expect(await finished).toMatchObject({ exit: { code: null, signal: 'SIGKILL' }, durationMs: 6500 })
    expect(processes.started[0]?.isAbandoned).toBe(true)
  })

  test('does not climb on once the build has ended', async () => {
    const { log, clock, tools, order, processes, cancel } = bench()
    const finished = (await startBuild(tools, order)).finish()
    cancel('SIGTERM')
    processes.end({ code: 130, signal: null })
    await finished
    clock.pass(60_000)
    expect(log.slice(1)).toEqual([`-${CHILD_PID} SIGINT`])
  })

  test('records the first reason to stop and ignores later ones', async () => {
    const { clock, tools, order, processes, cancel } = bench(5000)
    const running = await startBuild(tools, order)
    const finished = running.finish()
    running.stop({ kind: 'watch', afterMs: 0, limitBytes: 100, treeBytes: 101, level: 'host' })
    cancel('SIGINT')
    clock.pass(5000)
    processes.end({ code: null, signal: 'SIGKILL' })
    expect((await finished).stop?.kind).toBe('watch')
  })

  test('ends children that outlive the command and hold its output open', async () => {
    const { log, clock, tools, order, processes } = bench()
    const finished = (await startBuild(tools, order)).finish()
    processes.end({ code: 0, signal: null }, true)
    await settle()
    expect(log).not.toContain('kill cage')
    clock.pass(2000)
    expect(log).toContain('kill cage')
    processes.stdout.end()
    processes.stderr.end()
    expect((await finished).exit.code).toBe(0)
  })
})
