import { describe, expect, test } from '@jest/globals'
import { MIB } from '../../src/model/bytes.ts'
import type { ProcessSample, Sample } from '../../src/model/timeline.ts'
import { paceMs } from '../../src/observe/observer.ts'
import { timelineBuilder } from '../../src/observe/timeline.ts'

function sampleAt(atMs: number, treeBytes: number): Sample {
  return { atMs, treeBytes, cacheBytes: null, availableBytes: null, processes: [] }
}

function compiling(name: string, bytes: number, pid = 7): ProcessSample {
  return { pid, tool: 'compile', package: name, bytes }
}

describe('a timeline', () => {
  test('stays bounded however long the build runs, and keeps the peak', () => {
    const timeline = timelineBuilder()
    for (let i = 0; i < 100_000; i++) timeline.add(sampleAt(i, i === 77_777 ? 999 : i % 500), [])
    const { samples, peak } = timeline.build()
    expect(samples.length).toBeLessThanOrEqual(601)
    expect(peak).toMatchObject({ atMs: 77_777, treeBytes: 999 })
    expect(samples).toContain(peak)
    expect(samples.map((one) => one.atMs)).toEqual(samples.map((one) => one.atMs).toSorted((a, b) => a - b))
  })

  test('remembers the last look that saw somebody, since the tree is empty once it has died', () => {
    const timeline = timelineBuilder()
    timeline.add(sampleAt(10, 5), [compiling('example.com/a', 5)])
    timeline.add(sampleAt(20, 0), [])
    expect(timeline.build().last?.atMs).toBe(10)
  })

  test('remembers the tool at work, and not the go command that was left for a moment when it had been killed', () => {
    const timeline = timelineBuilder()
    const go = { pid: 1, tool: 'go', package: null, bytes: 7 }
    timeline.add(sampleAt(5000, 90), [compiling('example.com/a', 80), go])
    timeline.add(sampleAt(5050, 7), [go])
    expect(timeline.build().last?.atMs).toBe(5000)
    timeline.add(sampleAt(7000, 9), [go])
    expect(timeline.build().last?.atMs).toBe(7000)
  })

  test('lists packages by their own peak, whoever else ran beside them', () => {
    const timeline = timelineBuilder()
    timeline.add(sampleAt(0, 30), [compiling('example.com/a', 10, 1), compiling('example.com/b', 20, 2)])
    timeline.add(sampleAt(50, 90), [compiling('example.com/a', 90, 1)])
    expect(timeline.build().heaviest).toEqual([
      { tool: 'compile', package: 'example.com/a', peakBytes: 90, seenMs: 50 },
      { tool: 'compile', package: 'example.com/b', peakBytes: 20, seenMs: 0 }
    ])
  })

  test('keeps the largest processes of each sample', () => {
    const timeline = timelineBuilder()
    const many = Array.from({ length: 40 }, (_, i) => compiling(`example.com/p${i}`, i * MIB, i))
    const kept = timeline.add(sampleAt(0, 0), many)
    expect(kept.processes.map((one) => one.bytes / MIB)).toEqual([39, 38, 37, 36, 35])
  })
})

test('the pace is 50 ms near the limit, and slow where there is room', () => {
  expect([paceMs(0.9, 60_000), paceMs(0.7, 60_000), paceMs(0.5, 60_000), paceMs(0.1, 60_000)]).toEqual([
    50, 50, 250, 500
  ])
})
