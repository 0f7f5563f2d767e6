import { describe, expect, test } from '@jest/globals'
import type { Activity, Usage } from '../../../src/observe/stall/activity.ts'
import { progressMeter } from '../../../src/observe/stall/meter.ts'

const STALL_MS = 600_000
const PACE_MS = 10_000
const never = (): boolean => false
const always = (): boolean => true

function usage(change: Partial<Usage> = {}): Usage {
  return { isRunnable: false, userTicks: 100, systemTicks: 10, movedBytes: 3000, ...change }
}

function one(change: Partial<Usage> = {}): Activity {
  return new Map([['7 4711', usage(change)]])
}

/** Looks every 10 s for ten minutes at what `at` says; how long it was quiet in the end. */
function afterTenMinutes(at: (look: number) => Activity, isThrashing = never): number {
  const meter = progressMeter(STALL_MS)
  let quietMs = 0
  for (let look = 0; look <= STALL_MS / PACE_MS; look++) quietMs = meter.look(at(look), PACE_MS, isThrashing)
  return quietMs
}

describe('nothing moves', () => {
  test.each([
    ['in a process that sleeps', () => one()],
    [
      'in a Go program that waits: a collection every two minutes, 6 bytes of a CPU limit',
      (look: number) =>
        one({ userTicks: 100 + Math.floor(look / 12) * 5, movedBytes: 3000 + Math.floor(look / 12) * 6 })
    ],
    ['where the bytes of another user cannot be seen', () => one({ movedBytes: null })]
  ])('%s', (_name, at) => {
    expect(afterTenMinutes(at)).toBe(STALL_MS)
  })

  test('where the kernel uses its time to find memory', () => {
    const at = (look: number): Activity => one({ isRunnable: true, systemTicks: 900 * look, userTicks: 100 + 5 * look })
    expect(afterTenMinutes(at, always)).toBe(STALL_MS)
    expect(afterTenMinutes(at, never)).toBe(0)
  })
})

describe('something moves', () => {
  test.each([
    ['in a compiler that says nothing', (look: number) => one({ userTicks: 1000 * look })],
    ['in a process that only waits for its turn', () => one({ isRunnable: true })],
    ['in a download of a few bytes a second', (look: number) => one({ movedBytes: 3000 + 40 * look })],
    ['where processes come and go', (look: number) => new Map([[`${look} 1`, usage()]])]
  ])('%s', (_name, at) => {
    expect(afterTenMinutes(at)).toBeLessThan(STALL_MS / 2)
  })

  test('in a build that works although memory is short', () => {
    expect(afterTenMinutes((look) => one({ userTicks: 300 * look, systemTicks: 500 * look }), always)).toBe(0)
  })

  test('and what is told of it counts from when it was', () => {
    const meter = progressMeter(STALL_MS)
    for (let look = 0; look < 10; look++) meter.look(one(), PACE_MS, never)
    meter.moved(3000)
    expect(meter.look(one(), PACE_MS, never)).toBe(3000)
    expect(meter.look(one(), PACE_MS, never)).toBe(13_000)
  })
})
