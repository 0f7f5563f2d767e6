import { expect, test } from '@jest/globals'
import type { ProcessSample } from '../../src/model/timeline.ts'
import { seenProcesses } from '../../src/observe/seen-processes.ts'

const one = (pid: number, tool = 'compile', bytes = 1): ProcessSample => ({ pid, tool, package: null, bytes })

test('who had which pid is remembered with its span and peak, and a reused pid is somebody new', () => {
  const seen = seenProcesses()
  seen.note([one(7, 'compile', 5), one(8)], 100)
  seen.note([one(7, 'compile', 9)], 200)
  seen.note([one(8, 'link', 3)], 300)
  expect(seen.list()).toEqual([
    { pid: 7, tool: 'compile', package: null, peakBytes: 9, firstMs: 100, lastMs: 200 },
    { pid: 8, tool: 'link', package: null, peakBytes: 3, firstMs: 300, lastMs: 300 }
  ])
})

test('they stay bounded, and those longest not seen go first', () => {
  const seen = seenProcesses()
  seen.note([one(1)], 0)
  for (let pid = 2; pid < 9000; pid += 2) seen.note([one(1), one(pid), one(pid + 1)], pid)
  const list = seen.list()
  expect(list).toHaveLength(4096)
  expect(list.find(({ pid }) => pid === 1)).toMatchObject({ firstMs: 0, lastMs: 8998 })
  expect(list.some(({ pid }) => pid === 8999)).toBe(true)
})
