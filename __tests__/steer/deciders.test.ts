import { describe, expect, test } from '@jest/globals'
import { MIB } from '../../src/model/bytes.ts'
import { type Active, admit, type Leave, type Room, reserveOf } from '../../src/steer/admission.ts'
import { archivesIn } from '../../src/steer/archives.ts'
import { type Levers, type Rung, rungAfter, rungsFor, settingsOf } from '../../src/steer/rungs.ts'
import { learnFrom, NOTHING_LEARNED, sizeOf, weightFor } from '../../src/steer/size.ts'
import { isSure, thrashMeter } from '../../src/steer/thrash.ts'
import { toTakeBack } from '../../src/steer/valve.ts'
import { manualClock } from '../fakes/manual-clock.ts'
import { ALL, compileOf, linkOf } from './fakes.ts'

const mib = (n: number): number => n * MIB
const NONE: Levers = { memoryLimit: false, gcPercent: false, swap: false }

describe('the rungs of one tool', () => {
  test.each<[string, Levers, readonly Rung[]]>([
    ['all', ALL, ['as it is', 'soft limit', 'GOGC=25', 'GOGC=10', 'swap']],
    ['no free swap', { ...ALL, swap: false }, ['as it is', 'soft limit', 'GOGC=25', 'GOGC=10']],
    ['GOGC of the user', { ...ALL, gcPercent: false }, ['as it is', 'soft limit', 'swap']],
    ['everything of the user', NONE, ['as it is']]
  ])('with %s', (_title, levers, rungs) => {
    expect(rungsFor(levers)).toEqual(rungs)
  })

  test.each<[Rung, 'alone' | 'in company', Levers, Rung | null]>([
    ['as it is', 'in company', ALL, 'soft limit'],
    ['as it is', 'alone', ALL, 'soft limit'],
    ['soft limit', 'in company', ALL, 'soft limit'],
    ['soft limit', 'alone', ALL, 'GOGC=25'],
    ['GOGC=25', 'alone', ALL, 'GOGC=10'],
    ['GOGC=10', 'alone', ALL, 'swap'],
    ['GOGC=10', 'alone', { ...ALL, swap: false }, null],
    ['swap', 'alone', ALL, null],
    ['as it is', 'in company', NONE, 'as it is'],
    ['as it is', 'alone', NONE, null]
  ])('after %s, %s', (rung, company, levers, next) => {
    expect(rungAfter(levers, rung, company === 'alone')).toBe(next)
  })

  test.each<[Rung, Levers, Readonly<Record<string, string>>]>([
    ['as it is', ALL, {}],
    ['soft limit', ALL, { GOMEMLIMIT: '270MiB' }],
    ['GOGC=25', ALL, { GOGC: '25' }],
    ['GOGC=10', ALL, { GOGC: '10', GOMEMLIMIT: '270MiB' }],
    ['GOGC=10', { ...ALL, memoryLimit: false }, { GOGC: '10' }],
    ['swap', ALL, {}]
  ])('%s is set so', (rung, levers, settings) => {
    expect(settingsOf(rung, mib(270), levers)).toEqual(settings)
  })
})

describe('admission', () => {
  const room: Room = { capBytes: mib(300), othersBytes: mib(20) }
  const active = (reserved: number, over: Partial<Active> = {}): Active => {
    return { bytes: 0, reservedBytes: mib(reserved), isExclusive: false, ...over }
  }
  const head = (least: number, easy: number, over: { rung?: Rung; isReplay?: boolean } = {}) => {
    return {
      size: { leastBytes: mib(least), easyBytes: mib(easy) },
      rung: 'as it is',
      isReplay: false,
      ...over
    } as const
  }
  // 300 less 24 of reserve and 20 of others leave 256.
  test.each<[string, ReturnType<typeof head>, readonly Active[], Partial<Leave> | null]>([
    ['one that fits runs as it is', head(60, 100), [], { rung: 'as it is', isExclusive: false }],
    [
      'one that may not fit gets what there is, and nobody joins it',
      head(200, 300),
      [],
      { rung: 'soft limit', limitBytes: mib(268), reservedBytes: mib(268), isExclusive: true }
    ],
    ['one that cannot fit is tried all the same', head(900, 1500), [], { rung: 'soft limit' }],
    ['a second one that fits beside it flows', head(40, 60), [active(100)], { rung: 'as it is' }],
    [
      'what a tool holds counts if it is more than was promised',
      head(40, 60),
      [active(100, { bytes: mib(220) })],
      null
    ],
    [
      'a second one that fits when squeezed gets a limit',
      head(90, 150),
      [active(100)],
      { rung: 'soft limit', limitBytes: mib(156) * 0.9, reservedBytes: mib(90) * 1.2 }
    ],
    ['a second one that does not fit waits', head(140, 250), [active(100)], null],
    ['nobody joins one that is to be alone', head(1, 1), [active(10, { isExclusive: true })], null],
    ['one that was killed waits until it is alone', head(1, 1, { isReplay: true }), [active(10)], null],
    [
      'one that was killed keeps its rung, alone',
      head(1, 1, { isReplay: true, rung: 'GOGC=25' }),
      [],
      { rung: 'GOGC=25', isExclusive: true }
    ]
  ])('%s', (_title, waiting, others, leave) => {
    const given = admit(waiting, others, room, ALL)
    if (leave === null) expect(given).toBeNull()
    else expect(given).toMatchObject(leave)
  })

  test('where GOMEMLIMIT is the user’s, a big one runs alone as it is', () => {
    expect(admit(head(200, 300), [], room, NONE)).toMatchObject({ rung: 'as it is', isExclusive: true })
  })

  test.each([
    [mib(100), mib(24)],
    [mib(500), mib(40)],
    [mib(4000), mib(64)]
  ])('of a cap of %d bytes %d stay free', (cap, reserve) => {
    expect(reserveOf(cap)).toBe(reserve)
  })
})

describe('the size of a job', () => {
  test('grows with source and imports, and squeezed it is less', () => {
    const [small, large] = [compileOf('a', 10_000), compileOf('b', 4_000_000)].map((job) =>
      sizeOf(job, NOTHING_LEARNED)
    )
    expect(small?.easyBytes).toBeLessThan(mib(40))
    expect(large?.easyBytes).toBeGreaterThan(mib(500))
    expect(large?.leastBytes).toBeLessThan(0.7 * (large?.easyBytes ?? 0))
    const imports = sizeOf({ ...compileOf('a', 10_000), configBytes: 40_000 }, NOTHING_LEARNED)
    expect(imports.easyBytes).toBeGreaterThan(2 * (small?.easyBytes ?? 0))
  })

  test('of a link is a share of its archives, which are mapped', () => {
    const { easyBytes } = sizeOf(linkOf('a', mib(527)), NOTHING_LEARNED)
    expect(easyBytes).toBeGreaterThan(mib(160))
    expect(easyBytes).toBeLessThan(mib(260))
  })

  test('is at least what it was killed with', () => {
    const job = compileOf('a', 1000)
    const learned = learnFrom(NOTHING_LEARNED, job, { signal: 9, peakBytes: mib(318), cpuMs: 1 }, 'as it is')
    expect(sizeOf(job, learned).easyBytes).toBe(mib(300) * 1.1)
    expect(sizeOf(compileOf('b', 1000), learned).easyBytes).toBeLessThan(mib(40))
  })

  test.each<[string, number, Rung, number, 'up' | 'down' | 'same']>([
    ['took more than was guessed', 900, 'as it is', 0, 'up'],
    ['took less', 120, 'as it is', 0, 'down'],
    ['took less since it was squeezed', 120, 'soft limit', 0, 'same'],
    ['failed', 120, 'as it is', 6, 'same']
  ])('is learned from one that %s', (_title, peak, rung, signal, direction) => {
    const job = compileOf('a', 2_000_000)
    const { scale } = learnFrom(NOTHING_LEARNED, job, { signal, peakBytes: mib(peak), cpuMs: 1 }, rung)
    expect(Math.sign(scale - 1)).toBe({ up: 1, down: -1, same: 0 }[direction])
  })

  test('tells the weight of a compile by its size, too', () => {
    const job = compileOf('a', 500_000)
    expect(weightFor(sizeOf(job, NOTHING_LEARNED).easyBytes, NOTHING_LEARNED)).toBeCloseTo(
      500_000 + 16 * job.configBytes
    )
  })
})

describe('the safety valve', () => {
  const tool = (rung: Rung = 'as it is', isStarted = true) => ({ rung, isStarted })
  // A reserve of 24: two are looked at above 285.6, one above 291.6.
  test.each([
    ['nobody, as long as there is room', [tool(), tool()], 285, null],
    ['the last one of several', [tool(), tool(), tool('soft limit')], 286, 2],
    ['the last one that can be signalled', [tool(), tool(), tool('as it is', false)], 286, 1],
    ['never the first of several', [tool(), tool('as it is', false)], 299, null],
    ['one alone that has no limit yet', [tool()], 292, 0],
    ['not one alone that has one', [tool('soft limit')], 299, null],
    ['nobody where nobody runs', [], 299, null]
  ])('takes from %s', (_title, tools, hard, victim) => {
    expect(toTakeBack(tools, mib(hard), { capBytes: mib(300), isKernels: true })).toBe(victim)
  })

  test.each([
    [285, null],
    [286, 0]
  ])('where the guard holds the limit, leaves nothing to chance: at %d', (hard, victim) => {
    const limit = { capBytes: mib(300), isKernels: false }
    expect(toTakeBack([tool('GOGC=25')], mib(hard), limit)).toBe(victim)
  })
})

describe('the thrash meter', () => {
  /** After each second: refaults, user and system time so far. */
  const measure = (seconds: readonly (readonly [number, number, number])[]): readonly number[] => {
    const clock = manualClock()
    let at = 0
    const toil = () => {
      const [refaults, userMs, systemMs] = seconds[at] ?? [0, 0, 0]
      return { refaults, userMs, systemMs }
    }
    const meter = thrashMeter(clock, { toil, kills: () => 0, look: () => ({ hardBytes: 0, processes: [] }) })
    return seconds.map((_, i) => {
      at = i
      const thrashing = meter(1)
      clock.pass(1000)
      return thrashing
    })
  }
  const THRASH = [180_000, 50, 460] as const
  const adding = (...steps: readonly (readonly [number, number, number])[]) => {
    let sum: readonly [number, number, number] = [0, 0, 0]
    return [sum, ...steps.map((step) => (sum = [sum[0] + step[0], sum[1] + step[1], sum[2] + step[2]]))]
  }

  test('is sure after three such seconds', () => {
    const times = measure(adding(THRASH, THRASH, THRASH))
    expect(times).toEqual([0, 1000, 2000, 3000])
    expect(times.map(isSure)).toEqual([false, false, false, true])
  })

  test.each<[string, readonly [number, number, number]]>([
    ['much is read again while it works', [60_000, 1000, 400]],
    ['the kernel is busy and nothing is read again', [7600, 50, 460]]
  ])('is not, where %s', (_title, step) => {
    expect(measure(adding(step, step, step, step))).toEqual([0, 0, 0, 0, 0])
  })

  test('begins anew after a good second', () => {
    expect(measure(adding(THRASH, THRASH, [0, 900, 10], THRASH))).toEqual([0, 1000, 2000, 0, 1000])
  })
})

test('the archives of an importcfg are its package files', () => {
  const text =
    '# import config\npackagefile fmt=/tmp/b/b003/_pkg_.a\nimportmap x=y\npackagefile a=/c/d=e.a\nmodinfo "x"\n'
  expect(archivesIn(text)).toEqual(['/tmp/b/b003/_pkg_.a', '/c/d=e.a'])
})
