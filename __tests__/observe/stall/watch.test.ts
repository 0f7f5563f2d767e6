import { describe, expect, test } from '@jest/globals'
import { lookPaceMs, type WatchTimes, watchProgress } from '../../../src/observe/stall/watch.ts'
import { manualClock } from '../../fakes/manual-clock.ts'
import { memoryFiles } from '../../fakes/memory-files.ts'

function bench(times: Partial<WatchTimes> = {}) {
  const clock = manualClock()
  const files = memoryFiles()
  let outputBytes = 0
  let reads = 0
  const told: string[] = []
  const use = (ticks: number): void => {
    files.texts.set('/proc/7/stat', `7 (go) S 1 7 7 0 -1 0 0 0 0 0 ${ticks} 0 0 0 20 0 1 0 500 0 0`)
  }
  use(0)
  const watch = watchProgress(
    {
      files: {
        ...files,
        readText(path) {
          reads++
          return files.readText(path)
        }
      },
      clock,
      root: '',
      pids: () => [7],
      outputBytes: () => outputBytes,
      isThrashing: () => false,
      onStall: (quietMs) => told.push(`stall after ${quietMs}`),
      onProgress: () => told.push('progress')
    },
    { stallMs: 60_000, timeoutMs: null, ...times }
  )
  return {
    clock,
    watch,
    told,
    use,
    files,
    reads: () => reads,
    print() {
      outputBytes += 10
    }
  }
}

describe('watching for progress', () => {
  test('tells once that nothing moves, and once that it moves again', () => {
    const { clock, told, use } = bench()
    clock.pass(66_000)
    expect(told).toEqual(['stall after 60000'])
    clock.pass(600_000)
    expect(told).toHaveLength(1)
    use(1000)
    clock.pass(6000)
    expect(told.slice(1)).toEqual(['progress'])
    clock.pass(66_000)
    expect(told.slice(2)).toEqual(['stall after 60000'])
  })

  test('reads nothing while the build prints', () => {
    const { clock, told, print, reads } = bench()
    for (let i = 0; i < 100; i++) {
      print()
      clock.pass(6000)
    }
    expect([reads(), told]).toEqual([0, []])
  })

  test('looks at most every ten seconds, ten times in shorter times, and not more than five times a second', () => {
    expect([600_000, 3_600_000, 60_000, 1000].map(lookPaceMs)).toEqual([10_000, 10_000, 6000, 200])
  })

  test('does not count the time in which it could not look itself', () => {
    const { clock, watch } = bench()
    clock.pass(12_000)
    const { nowMs } = clock
    clock.nowMs = () => nowMs() + 3_600_000
    expect(watch.quietNowMs()).toBeLessThan(30_000)
  })

  test('tells nobody where nothing can be read', () => {
    const { clock, told, files } = bench()
    files.texts.clear()
    clock.pass(600_000)
    expect(told).toEqual([])
  })

  test('knows for a time limit how long nothing has moved, also where nobody is told', () => {
    const { clock, told, watch } = bench({ stallMs: null, timeoutMs: 4000 })
    clock.pass(3900)
    expect(watch.quietNowMs()).toBeGreaterThan(3000)
    expect(told).toEqual([])
  })

  test('waits for the whole time again after progress that it was told of', () => {
    const { clock, told, watch } = bench()
    clock.pass(66_000)
    watch.moved(0)
    clock.pass(54_000)
    expect(told).toHaveLength(1)
    clock.pass(12_000)
    expect(told).toHaveLength(2)
  })
})
