import { describe, expect, test } from '@jest/globals'
import { ABSENT, value } from '../../src/model/reading.ts'
import { budgetFor } from '../../src/plan/budget.ts'
import { gib, input, machine, mib, OFF, percent, size } from './machines.ts'

describe('the cap under memory-limit: auto', () => {
  test('is the limit less what others use and less the reserve, and leaves swap open', () => {
    const { cap, bytes } = budgetFor(input(machine({ limitBytes: gib(4), usedBytes: gib(1) })))
    expect(cap).toEqual({ bytes: gib(3) - mib(192), swap: 'open' })
    expect(bytes).toBe(gib(3) - mib(192))
  })

  test('keeps 3 % back where that is more than 192 MiB', () => {
    expect(budgetFor(input(machine({ limitBytes: gib(100), usedBytes: 0 }))).cap?.bytes).toBe(gib(97))
  })

  test.each([
    [size(gib(1)), gib(6)],
    [percent(25), gib(5)]
  ])('keeps back what memory-reserve says: %j', (memoryReserve, expected) => {
    expect(budgetFor(input(machine(), { memoryReserve })).cap?.bytes).toBe(expected)
  })

  test.each([
    [448, mib(256)],
    [447, null]
  ])('is there from 256 MiB on: a limit of %d MiB', (limit, expected) => {
    const budget = budgetFor(input(machine({ limitBytes: mib(limit), usedBytes: 0 })))
    expect(budget.cap?.bytes ?? null).toBe(expected)
    expect(budget.bytes).toBe(mib(limit - 192))
  })

  test('is not there where others hold more than the limit leaves, and says how it came to that', () => {
    const budget = budgetFor(input(machine({ limitBytes: gib(1), usedBytes: gib(1) })))
    expect(budget).toMatchObject({ cap: null, bytes: 0 })
    expect(budget.reasons.map(({ text }) => text)).toEqual([
      'No cap: 0 MiB would be left, below 256 MiB (limit 1.0 GiB of `/sys/fs/cgroup/memory.max`, less 1.0 GiB used by others and 192 MiB kept back).'
    ])
  })

  test.each(['watch', 'none'] as const)(
    'is not there with enforcement %s, and the room is known all the same',
    (enforcement) => {
      const budget = budgetFor(input(machine(), {}, { enforcement }))
      expect(budget.cap).toBeNull()
      expect(budget.bytes).toBe(gib(7) - Math.ceil(gib(8) * 0.03))
    }
  )

  test('is not there where no limit could be read', () => {
    expect(budgetFor(input(machine({ isBlind: true })))).toMatchObject({ cap: null, bytes: null })
  })

  test.each([
    [value(gib(4)), 'The 4.0 GiB of free swap stay open to the build.'],
    [value(0), 'This machine has no free swap.'],
    [ABSENT, 'Swap stays open to the build; how much is free is not known.']
  ])('says what swap there is: %j', (swapFree, expected) => {
    const { reasons } = budgetFor(input(machine({ swapFree })))
    expect(reasons.find(({ subject }) => subject === 'swap')?.text).toBe(expected)
  })
})

test('where the machine has no swap, it is neither open nor closed', () => {
  const without = machine({ swapTotal: value(0), swapFree: value(0) })
  for (const settings of [{}, { memoryLimit: size(mib(100)) }]) {
    const { reasons } = budgetFor(input(without, settings))
    expect(reasons.find(({ subject }) => subject === 'swap')?.text).toBe('This machine has no swap.')
  }
})

describe('the cap of an explicit memory-limit', () => {
  test('is taken as it is and closes swap', () => {
    const budget = budgetFor(input(machine(), { memoryLimit: size(mib(100)) }))
    expect(budget.cap).toEqual({ bytes: mib(100), swap: 'closed' })
    expect(budget.reasons.map(({ text }) => text)).toEqual([
      'Cap 100 MiB, as memory-limit says.',
      'Swap is closed to the build, since memory-limit is given.'
    ])
  })

  test('as a percentage is of the smallest limit', () => {
    expect(budgetFor(input(machine(), { memoryLimit: percent(50) })).cap?.bytes).toBe(gib(4))
  })

  test('as a percentage of nothing known is no cap', () => {
    expect(budgetFor(input(machine({ isBlind: true }), { memoryLimit: percent(50) })).cap).toBeNull()
  })

  test('as a size needs to know nothing', () => {
    expect(budgetFor(input(machine({ isBlind: true }), { memoryLimit: size(gib(1)) }))).toMatchObject({
      cap: { bytes: gib(1) },
      bytes: gib(1)
    })
  })

  test('above what is left is taken as well, and says what is hit first', () => {
    const budget = budgetFor(input(machine(), { memoryLimit: size(gib(20)) }))
    expect(budget).toMatchObject({ cap: { bytes: gib(20) }, bytes: gib(7) })
    expect(budget.reasons[1]?.text).toBe(
      'memory-limit 20.0 GiB is above the 7.0 GiB that are left: the limit 8.0 GiB of `/sys/fs/cgroup/memory.max` will be hit first.'
    )
  })

  test('is what watch watches for', () => {
    const { cap, reasons } = budgetFor(input(machine(), { memoryLimit: size(gib(2)) }, { enforcement: 'watch' }))
    expect(cap?.bytes).toBe(gib(2))
    expect(reasons.some(({ subject }) => subject === 'swap')).toBe(false)
  })

  test('is said to be requested and not enforced where it cannot be had', () => {
    const budget = budgetFor(input(machine(), { memoryLimit: size(gib(2)) }, { enforcement: 'none' }))
    expect(budget.cap).toBeNull()
    expect(budget.reasons[0]?.text).toBe('memory-limit 2.0 GiB is requested, not enforced: no way was found.')
  })
})

test('memory-limit: off sets no cap and knows the room all the same', () => {
  expect(budgetFor(input(machine({ limitBytes: gib(4) }), { memoryLimit: OFF }))).toMatchObject({
    cap: null,
    bytes: gib(3) - mib(192)
  })
})
