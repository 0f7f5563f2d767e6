import { describe, expect, test } from '@jest/globals'
import type { Plan } from '../../src/model/plan.ts'
import { value } from '../../src/model/reading.ts'
import { nextAttempt, type PlanInput, planAttempt } from '../../src/plan/plan.ts'
import { count, gib, input, machine, mib, OFF, size } from './machines.ts'

/** Every plan that would be tried if each died of memory, and why it then ends. */
function allAttempts(start: PlanInput): { readonly plans: readonly Plan[]; readonly end: string } {
  const plans: Plan[] = []
  for (;;) {
    plans.push(planAttempt({ ...start, previous: plans }))
    const next = nextAttempt({ ...start, previous: plans })
    if (!next.isWorthwhile) return { plans, end: next.reason }
  }
}

const environments = (start: PlanInput): unknown => allAttempts(start).plans.map(({ environment }) => environment)

const ample = machine({ limitBytes: gib(16), usedBytes: 0, cpus: 4 })
const tight = machine({ limitBytes: gib(2), usedBytes: mib(832), cpus: 4, swapFree: value(0) })
// 2 GiB - 832 MiB - 192 MiB = 1 GiB, of which 0.9 are 921 MiB.

describe('with ample memory', () => {
  test('nothing is set', () => {
    expect(planAttempt(input(ample))).toMatchObject({
      attempt: 1,
      level: 'ample',
      parallelism: 4,
      setParallelism: null,
      setGoMemoryLimitBytes: null,
      setGcPercent: null,
      environment: {}
    })
  })

  test('the reason names the memory and who shares it', () => {
    const reasonFor = (actions: number): string | undefined => {
      const { reasons } = planAttempt(input(ample, { memoryLimit: size(gib(9)), parallelism: count(actions) }))
      return reasons.find(({ subject }) => subject === 'go-memory-limit')?.text
    }
    expect(reasonFor(2)).toBe('memory is ample: 9.0 GiB for 2 build actions, so GOMEMLIMIT is left alone.')
    expect(reasonFor(1)).toContain('9.0 GiB for 1 build action,')
  })

  test.each([
    [gib(8), 'ample'],
    [gib(8) - 1, 'tight']
  ])('which is 2 GiB for each build action: a cap of %d for four is %s', (bytes, level) => {
    expect(planAttempt(input(ample, { memoryLimit: size(bytes) })).level).toBe(level)
  })

  test('the actions are those of the user', () => {
    const narrow = { memoryLimit: size(gib(4)) }
    expect(planAttempt(input(ample, narrow)).level).toBe('tight')
    expect(planAttempt(input(ample, { ...narrow, parallelism: count(2) })).level).toBe('ample')
    expect(planAttempt(input(ample, narrow, { userEnvironment: { GOMAXPROCS: '2' } })).level).toBe('ample')
    expect(planAttempt(input(machine({ limitBytes: gib(16), usedBytes: 0, goflags: '-p=2' }), narrow)).level).toBe(
      'ample'
    )
  })

  test('a build that dies all the same takes one step after the other', () => {
    expect(environments(input(ample, { memoryLimit: size(gib(10)) }, { enforcement: 'watch' }))).toEqual([
      {},
      { GOMEMLIMIT: '9216MiB' },
      { GOMEMLIMIT: '9216MiB', GOGC: '25', GOFLAGS: '-p=1' }
    ])
  })
})

describe('with tight memory', () => {
  test('the first attempt has a soft limit and full parallelism', () => {
    const plan = planAttempt(input(tight))
    expect(plan).toMatchObject({
      level: 'tight',
      cap: { bytes: gib(1), swap: 'open' },
      parallelism: 4,
      setGoMemoryLimitBytes: Math.floor(0.9 * gib(1)),
      environment: { GOMEMLIMIT: '921MiB' }
    })
    expect(plan.reasons.map(({ text }) => text)).toEqual([
      'Cap 1.0 GiB: limit 2.0 GiB of `/sys/fs/cgroup/memory.max`, less 832 MiB used by others and 192 MiB kept back.',
      'This machine has no free swap.',
      "-p is left at 4, Go's own default.",
      'GOMEMLIMIT=921MiB, 0.9 of the 1.0 GiB that the build can have.',
      'steering is off.'
    ])
  })

  test('a release that does not know GOMEMLIMIT goes from nothing to the collector', () => {
    const old = input(machine({ limitBytes: gib(2), usedBytes: mib(832), goMinor: 18, swapFree: value(0) }))
    expect(environments(old)).toEqual([{}, { GOGC: '25', GOFLAGS: '-p=1' }])
    expect(planAttempt(old).reasons.map(({ text }) => text)).toContain('Go before 1.19 does not know GOMEMLIMIT.')
  })

  test('the second has one action at a time and a diligent collector, and there is no third', () => {
    const { plans, end } = allAttempts(input(tight))
    expect(plans.map(({ attempt }) => attempt)).toEqual([1, 2])
    expect(plans[1]).toMatchObject({
      parallelism: 1,
      setParallelism: 1,
      setGcPercent: 25,
      environment: { GOMEMLIMIT: '921MiB', GOGC: '25', GOFLAGS: '-p=1' }
    })
    expect(end).toBe('no attempt 3: no tighter setting is left after -p=1 GOMEMLIMIT=921MiB GOGC=25')
  })

  test.each(['watch', 'none'] as const)('and enforcement %s the room takes the place of the cap', (enforcement) => {
    expect(planAttempt(input(tight, {}, { enforcement }))).toMatchObject({
      level: 'tight',
      cap: null,
      environment: { GOMEMLIMIT: '921MiB' }
    })
  })

  test('an explicit cap opens swap as the last resort, where there is any', () => {
    const swapping = machine({ cpus: 4, swapFree: value(gib(4)) })
    const { plans } = allAttempts(input(swapping, { memoryLimit: size(gib(1)) }))
    expect(plans.map(({ cap }) => cap?.swap)).toEqual(['closed', 'closed', 'open'])
    expect(plans[2]?.environment).toEqual(plans[1]?.environment)
    expect(plans[2]?.reasons.filter(({ subject }) => subject === 'swap')).toEqual([
      { subject: 'swap', text: 'Swap is opened to the build, as the last resort.' }
    ])
  })

  test.each([
    [72, '64MiB'],
    [71, undefined]
  ])('a soft limit below 64 MiB is not set: a cap of %d MiB', (megabytes, expected) => {
    const plan = planAttempt(input(tight, { memoryLimit: size(mib(megabytes)) }))
    expect(plan.environment['GOMEMLIMIT']).toBe(expected)
  })

  test('below that floor the next step is the collector alone', () => {
    expect(environments(input(tight, { memoryLimit: size(mib(60)) }))).toEqual([{}, { GOGC: '25', GOFLAGS: '-p=1' }])
  })
})

test('where nothing is known about memory the first attempt is left alone', () => {
  const { plans } = allAttempts(input(machine({ isBlind: true })))
  expect(plans.map(({ level, environment }) => [level, environment])).toEqual([
    ['unknown', {}],
    ['tight', { GOGC: '25', GOFLAGS: '-p=1' }]
  ])
})

describe('the user', () => {
  test('who sets GOMEMLIMIT or GOGC keeps them under auto, by name', () => {
    const plan = planAttempt(input(tight, {}, { userEnvironment: { GOMEMLIMIT: '500MiB', GOGC: '50' } }))
    expect(plan.environment).toEqual({})
    expect(plan.reasons.slice(-3).map(({ text }) => text)).toEqual([
      'GOMEMLIMIT=`500MiB` of the environment stands.',
      'GOGC=`50` of the environment stands.',
      'steering is off.'
    ])
  })

  test('who asks for a soft limit gets it in every attempt, above the environment', () => {
    const start = input(ample, { goMemoryLimit: size(gib(3)) }, { userEnvironment: { GOMEMLIMIT: '1GiB' } })
    expect(environments(start)).toEqual([
      { GOMEMLIMIT: '3072MiB' },
      { GOMEMLIMIT: '3072MiB', GOGC: '25', GOFLAGS: '-p=1' }
    ])
    expect(planAttempt(start).reasons.at(-1)?.text).toBe(
      'GOMEMLIMIT=3072MiB, as go-memory-limit says, above `1GiB` in the environment.'
    )
  })

  test('who switches settings off keeps them off', () => {
    expect(environments(input(tight, { goMemoryLimit: OFF, parallelism: OFF }))).toEqual([{}, { GOGC: '25' }])
  })

  test('who only observes has nothing set, and no second attempt unasked', () => {
    const { plans, end } = allAttempts(input(tight, { enforcement: 'off' }, { enforcement: 'none' }))
    expect(plans.map(({ level, environment }) => [level, environment])).toEqual([['tight', {}]])
    expect(end).toBe('no attempt 2: enforcement is off, and on-out-of-memory is not retry')
  })
})

describe('another attempt', () => {
  const reasonAfter = (settings: Parameters<typeof input>[1], died = 1): string => {
    const start = input(ample, settings)
    const previous = Array.from({ length: died }, () => planAttempt(start))
    return nextAttempt({ ...start, previous }).reason
  }

  test('is announced with what it changes', () => {
    expect(reasonAfter({ memoryLimit: size(gib(10)) })).toBe('attempt 2 of at most 3 with -p=4 GOMEMLIMIT=9216MiB')
  })

  test('is not made against the inputs', () => {
    expect(reasonAfter({ onOutOfMemory: 'fail' })).toBe('no attempt 2: on-out-of-memory is fail')
    expect(reasonAfter({ maxAttempts: 1 })).toBe('no attempt 2: max-attempts is 1')
    expect(reasonAfter({ maxAttempts: 2 }, 2)).toBe('no attempt 3: max-attempts is 2')
  })

  const deploy = { kind: 'script', script: 'go build && ./deploy', shell: '' } as const

  test('is not made of a command with side effects, unless that was asked for', () => {
    expect(reasonAfter({ command: deploy })).toBe(
      'no attempt 2: the command does more than build, or cannot be read with certainty, and on-out-of-memory is not retry'
    )
    expect(reasonAfter({ command: deploy, onOutOfMemory: 'retry' })).toMatch(/^attempt 2 of/)
  })

  test('planned beyond the last step keeps it', () => {
    const start = input(tight)
    const previous = Array.from({ length: 5 }, () => planAttempt(start))
    expect(planAttempt({ ...start, previous })).toMatchObject({ attempt: 6, setGcPercent: 25 })
  })
})
