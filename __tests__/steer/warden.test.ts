import { describe, expect, test } from '@jest/globals'
import { MIB } from '../../src/model/bytes.ts'
import type { SteeringStep } from '../../src/model/steering.ts'
import type { Levers } from '../../src/steer/rungs.ts'
import type { WardTools } from '../../src/steer/ward.ts'
import { openWarden } from '../../src/steer/warden.ts'
import { manualClock } from '../fakes/manual-clock.ts'
import { memoryFiles } from '../fakes/memory-files.ts'
import { ALL, compileOf, fakeGates, linkOf } from './fakes.ts'

const mib = (n: number): number => n * MIB
const GO_PID = 7
const BIG = 1_500_000
const SMALL = 50_000

interface Given {
  readonly levers?: Partial<Levers>
  readonly hasOpenSwap?: boolean
  readonly isKernels?: boolean
  readonly openSwap?: () => Promise<void>
}

/** A cage of 300 MiB with a go command of 20 MiB in it. */
async function stage({ levers = {}, hasOpenSwap = false, isKernels = true, openSwap = async () => {} }: Given = {}) {
  const clock = manualClock()
  const gates = fakeGates()
  const files = memoryFiles({ '/b/app/importcfg': 'packagefile fmt=/b/fmt.a\npackagefile net=/b/net.a\n' })
  const cage = { kills: 0, held: new Map([[GO_PID, mib(20)]]), isBroken: false, toil: { refaults: 0, systemMs: 0 } }
  const said: SteeringStep[] = []
  const killed: number[] = []
  const tools: WardTools = {
    clock,
    files,
    gates,
    gauges: {
      look() {
        if (cage.isBroken) throw new Error('EIO')
        const processes = [...cage.held].map(([pid, anonBytes]) => ({ pid, anonBytes }))
        return { processes, hardBytes: processes.reduce((sum, one) => sum + one.anonBytes, 0) }
      },
      kills: () => cage.kills,
      toil: () => ({ ...cage.toil, userMs: 0 })
    },
    kill: (pid) => void killed.push(pid),
    openSwap,
    said: (step) => void said.push(step)
  }
  const warden = await openWarden(tools, {
    capBytes: mib(300),
    levers: { ...ALL, swap: false, ...levers },
    parallelism: 2,
    cage: { isKernels, hasOpenSwap },
    directory: '/run/steer-1',
    isCapOfUser: true
  })
  /** The kernel kills that tool. */
  const kernelKills = (tool: ReturnType<typeof gates.tool>, pid: number): void => {
    cage.kills++
    cage.held.delete(pid)
    tool.ends(9, mib(280))
  }
  return { clock, gates, cage, said, killed, warden, kernelKills }
}

describe('small tools', () => {
  test('flow, and nothing is said', async () => {
    const { gates, said, warden } = await stage()
    const tools = ['a', 'b'].map((name) => gates.tool(compileOf(name, SMALL)))
    for (const tool of tools) tool.ask()
    expect(tools.map(({ told }) => told)).toEqual([[''], ['']])
    for (const tool of tools) tool.ends()
    const { steering } = warden.close()
    expect(steering).toMatchObject({ steps: [], heldBack: 0, toolRuns: 2, replayed: 0, advice: null })
    expect([said, gates.isOpen]).toEqual([[], false])
  })

  test('need not ask while there is room, and have to while somebody waits', async () => {
    const { gates } = await stage()
    expect(gates.lanes.at(-1)).toBeGreaterThan(SMALL)
    gates.tool(compileOf('big', BIG)).ask()
    expect(gates.lanes.at(-1)).toBeNull()
  })
})

describe('a big tool', () => {
  test('runs alone with what there is; those behind it wait for its end, in their order', async () => {
    const { gates, clock, warden } = await stage()
    const [big, second, third] = [compileOf('big', BIG), compileOf('b', BIG), compileOf('c', SMALL)].map(gates.tool)
    big?.ask()
    second?.ask()
    third?.ask()
    expect([big?.told, second?.told, third?.told]).toEqual([['GOMEMLIMIT=268MiB'], [], []])
    clock.pass(2000)
    big?.ends(0, mib(275))
    expect([second?.told, third?.told]).toEqual([['GOMEMLIMIT=268MiB'], []])
    second?.ends(0, mib(240))
    expect(third?.told).toEqual([''])
    third?.ends()
    const { steering } = warden.close()
    expect(steering).toMatchObject({ heldBack: 2, heldBackMs: 4000, replayed: 0 })
    expect(steering.packages[0]).toMatchObject({ package: 'big', peakBytes: mib(275), settings: 'GOMEMLIMIT=268MiB' })
    expect(steering.advice).toBe(
      'With `memory-limit: 512MiB` at most, by estimate, nothing would have to be held back or limited.'
    )
  })

  test('is forgotten when its helper goes, and the next one comes', async () => {
    const { gates } = await stage()
    const [big, next] = [compileOf('big', BIG), compileOf('b', BIG)].map(gates.tool)
    big?.ask()
    next?.ask()
    big?.leaves()
    expect(next?.told).toHaveLength(1)
  })
})

test('no advice is given where it turns out that there was no need', async () => {
  const { gates, warden } = await stage()
  const big = gates.tool(compileOf('big', BIG))
  big.ask()
  big.ends(0, mib(150))
  expect(warden.close().steering).toMatchObject({ steps: [{ kind: 'limited' }], advice: null })
})

describe('a kill', () => {
  test('by the kernel for memory is answered with the next rung, as long as there is one', async () => {
    const { gates, kernelKills, warden, said } = await stage()
    const big = gates.tool(compileOf('big', BIG))
    big.ask()
    for (const pid of [11, 12, 13]) {
      big.starts(pid)
      kernelKills(big, pid)
    }
    expect(big.told).toEqual(['GOMEMLIMIT=268MiB', 'GOGC=25', 'GOMEMLIMIT=268MiB GOGC=10', 'give up'])
    expect(said.map(({ kind }) => kind)).toEqual(['limited', 'replayed', 'replayed', 'gave up'])
    expect(said[1]?.text).toBe(
      '`compile big` was killed for memory by the kernel; it runs again, alone, with `GOGC=25`.'
    )
    expect(said.at(-1)?.text).toBe(
      '`compile big` does not fit 300 MiB, not even alone with `GOMEMLIMIT=268MiB` `GOGC=10`.'
    )
    expect(warden.close()).toMatchObject({ killsAnswered: 2, replayedPids: [11, 12], hasGivenUp: true })
  })

  test('that no counter knows of is somebody’s will', async () => {
    const { gates, warden } = await stage()
    const tool = gates.tool(compileOf('a', SMALL))
    tool.ask()
    tool.ends(9)
    expect(tool.told).toEqual(['', 'give up'])
    expect(warden.close()).toMatchObject({ killsAnswered: 0, hasGivenUp: false })
  })

  test('is answered once: one count of the kernel is not two kills', async () => {
    const { gates, cage } = await stage()
    const tools = ['a', 'b'].map((name) => gates.tool(compileOf(name, SMALL)))
    for (const tool of tools) tool.ask()
    cage.kills = 1
    for (const tool of tools) tool.ends(9)
    expect(tools.map(({ told }) => told)).toEqual([
      ['', 'GOMEMLIMIT=268MiB'],
      ['', 'give up']
    ])
  })

  test('of a tool that ran without asking is answered too', async () => {
    const { gates, cage } = await stage()
    const tool = gates.tool(compileOf('a', SMALL))
    cage.kills = 1
    tool.ask({ signal: 9, peakBytes: mib(100), cpuMs: 5 })
    expect(tool.told).toEqual(['GOMEMLIMIT=268MiB'])
  })

  test('of a tool that has ended well is not believed', async () => {
    const { gates, cage } = await stage()
    const tool = gates.tool(compileOf('a', SMALL))
    tool.ask()
    tool.ends(0)
    cage.kills = 1
    tool.ends(9)
    expect(tool.told).toEqual([''])
  })

  test('leaves swap as the last resort, where it is closed and there is some', async () => {
    let opened = 0
    const openSwap = async () => void opened++
    const { gates, kernelKills, said } = await stage({ levers: { gcPercent: false, swap: true }, openSwap })
    const big = gates.tool(compileOf('big', BIG))
    big.ask()
    kernelKills(big, 11)
    await Promise.resolve()
    await Promise.resolve()
    expect([opened, big.told]).toEqual([1, ['GOMEMLIMIT=268MiB', '']])
    expect(said.map(({ kind }) => kind)).toEqual(['limited', 'opened swap', 'replayed'])
  })

  test('is final where swap cannot be opened', async () => {
    const openSwap = () => Promise.reject(new Error('EACCES'))
    const { gates, kernelKills, warden } = await stage({ levers: { gcPercent: false, swap: true }, openSwap })
    const big = gates.tool(compileOf('big', BIG))
    big.ask()
    kernelKills(big, 11)
    await new Promise(setImmediate)
    expect(big.told.at(-1)).toBe('give up')
    expect(warden.close().killsAnswered).toBe(0)
  })
})

describe('the safety valve', () => {
  const crowd = async (given: Given = {}) => {
    const staged = await stage(given)
    const [first, second] = [compileOf('a', SMALL), compileOf('b', SMALL)].map(staged.gates.tool)
    for (const [i, tool] of [first, second].entries()) {
      tool?.ask()
      tool?.starts(11 + i)
      staged.cage.held.set(11 + i, mib(135))
    }
    staged.clock.pass(600)
    return { ...staged, first, second }
  }

  test('takes from the youngest, which runs again alone', async () => {
    const { killed, cage, first, second, said, warden } = await crowd()
    expect(killed).toEqual([12])
    cage.held.delete(12)
    second?.ends(9, mib(135))
    expect(second?.told).toEqual([''])
    first?.ends()
    expect(second?.told).toEqual(['', 'GOMEMLIMIT=268MiB'])
    expect(said.map(({ kind }) => kind)).toEqual(['took back', 'replayed'])
    expect(warden.close()).toMatchObject({ killsAnswered: 0, steering: { replayed: 1 } })
  })

  test('is not used where swap stands beside the cap', async () => {
    expect((await crowd({ hasOpenSwap: true })).killed).toEqual([])
  })

  test('takes from one alone too, where the guard itself would end the build', async () => {
    const { gates, cage, killed, clock } = await stage({ isKernels: false })
    const tool = gates.tool(compileOf('big', BIG))
    tool.ask()
    tool.starts(11)
    for (const pid of [11, 12]) {
      cage.held.set(pid, mib(267))
      clock.pass(600)
      cage.held.delete(pid)
      tool.ends(9, mib(267))
      tool.starts(12)
    }
    expect(killed).toEqual([11, 12])
    expect(tool.told).toEqual(['GOMEMLIMIT=268MiB', 'GOGC=25', 'GOMEMLIMIT=268MiB GOGC=10'])
  })

  test('signals nothing that is not in the cage', async () => {
    const { gates, cage, killed, clock } = await stage()
    const tool = gates.tool(compileOf('a', SMALL))
    tool.ask()
    tool.starts(4711)
    cage.held.set(12, mib(280))
    clock.pass(600)
    expect(killed).toEqual([])
  })
})

describe('a link whose archives do not fit beside it', () => {
  test('has them read from outside the cage as long as it runs', async () => {
    const { gates, said, clock } = await stage()
    const link = gates.tool(linkOf('app', mib(400)))
    link.ask()
    await new Promise(setImmediate)
    expect(gates.read).toEqual(['/b/fmt.a', '/b/net.a'])
    clock.pass(250)
    await new Promise(setImmediate)
    expect(gates.read).toHaveLength(4)
    link.ends()
    clock.pass(5000)
    await new Promise(setImmediate)
    expect(gates.read).toHaveLength(4)
    expect(said.map(({ kind }) => kind)).toEqual(['read archives'])
  })

  test('is told of when it thrashes, once, and left alone', async () => {
    const { gates, said, cage, clock, killed } = await stage()
    const link = gates.tool(linkOf('app', mib(100)))
    link.ask()
    link.starts(11)
    cage.held.set(11, mib(100))
    for (let i = 0; i < 8; i++) {
      cage.toil.refaults += 100_000
      cage.toil.systemMs += 800
      clock.pass(1000)
    }
    expect(said.map(({ kind }) => kind)).toEqual(['thrash'])
    expect(killed).toEqual([])
  })
})

test('a compile that thrashes is ended and run again with less', async () => {
  const { gates, said, cage, clock, killed } = await stage()
  const tool = gates.tool(compileOf('big', BIG))
  tool.ask()
  tool.starts(11)
  cage.held.set(11, mib(100))
  for (let i = 0; i < 5; i++) {
    cage.toil.refaults += 100_000
    cage.toil.systemMs += 800
    clock.pass(1000)
  }
  tool.ends(9)
  expect(killed).toEqual([11])
  expect(tool.told).toEqual(['GOMEMLIMIT=268MiB', 'GOGC=25'])
  expect(said.map(({ kind }) => kind)).toEqual(['limited', 'thrash', 'replayed'])
})

test('a fault opens the gate for everybody, and is told at the end', async () => {
  const { gates, cage, clock, warden } = await stage()
  cage.isBroken = true
  clock.pass(1000)
  expect(gates.isOpen).toBe(false)
  expect(warden.close().fault).toBe('EIO')
})
