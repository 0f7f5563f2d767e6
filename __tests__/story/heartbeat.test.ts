import { describe, expect, test } from '@jest/globals'
import { GIB } from '../../src/model/bytes.ts'
import { heartbeat } from '../../src/story/heartbeat.ts'
import { manualClock } from '../fakes/manual-clock.ts'

const MINUTE = 60_000

function bench(standingMs = 0) {
  const clock = manualClock()
  const said: string[] = []
  const beats = heartbeat(
    clock,
    (text) => said.push(text),
    () => standingMs
  )
  return { clock, said, beats }
}

describe('a build that prints nothing', () => {
  test('has a line every five minutes, with what it holds and what is largest', () => {
    const { clock, said, beats } = bench()
    const compile = { pid: 7, tool: 'compile', package: 'example.com/app/api', bytes: 2 * GIB }
    beats.saw({ atMs: 1, treeBytes: 3 * GIB, cacheBytes: null, availableBytes: null, processes: [compile] })
    clock.pass(16 * MINUTE)
    expect(said).toEqual(
      [5, 10, 15].map(
        (minutes) =>
          `no output for ${minutes} min, still at work; the build holds 3.0 GiB, largest \`compile\` \`example.com/app/api\` 2.0 GiB`
      )
    )
  })

  test('is told apart from one that stands still', () => {
    const { clock, said } = bench(4 * MINUTE)
    clock.pass(5 * MINUTE)
    expect(said).toEqual(['no output for 5 min, no progress for 4 min'])
  })

  test('has no line before five minutes after it last printed something', () => {
    const { clock, said, beats } = bench()
    clock.pass(4 * MINUTE)
    beats.heard()
    clock.pass(4.9 * MINUTE)
    expect(said).toEqual([])
    clock.pass(0.2 * MINUTE)
    expect(said).toHaveLength(1)
  })

  test('leaves room in the log, and stops with the build', () => {
    const { clock, said, beats } = bench()
    clock.pass(48 * 60 * MINUTE)
    expect(said).toHaveLength(20)
    const other = bench()
    other.beats.stop()
    other.clock.pass(60 * MINUTE)
    expect(other.said).toEqual([])
    beats.stop()
  })
})
