import { describe, expect, test } from '@jest/globals'
import { formatBytes, formatShare, GIB, MIB } from '../../src/model/bytes.ts'
import { durationInput, formatClock, formatDuration, parseDuration } from '../../src/model/duration.ts'
import { endOfPath } from '../../src/model/prose.ts'

describe('a moment', () => {
  test.each([
    [1400, '1 s', '0:01'],
    [1600, '2 s', '0:02'],
    [94_400, '1 min 34 s', '1:34'],
    [94_500, '1 min 35 s', '1:35'],
    [59_700, '1 min', '1:00'],
    [999.7, '1 s', '0:01'],
    [3_599_800, '1 h', '1:00:00']
  ])('of %d ms is the same in text and on the clock', (ms, text, clock) => {
    expect([formatDuration(ms), formatClock(ms)]).toEqual([text, clock])
  })

  test.each(['3s', '30m', '1h30m', '1m30s', '2h', '500ms'])('of %s is shown as an input would be written', (text) => {
    expect(durationInput(parseDuration(text) ?? 0)).toBe(text)
  })
})

describe('a size', () => {
  test('of less than a MiB is not told as nothing', () => {
    expect([formatBytes(0), formatBytes(1), formatBytes(0.3 * MIB)]).toEqual(['0 MiB', '1 MiB', '1 MiB'])
    expect([formatShare(0.3 * MIB, 512 * MIB), formatShare(0.3 * MIB, GIB)]).toEqual([
      '1 of 512 MiB',
      '1 MiB of 1.0 GiB'
    ])
  })
})

describe('the end of a path', () => {
  test.each([
    ['/sys/fs/cgroup/system.slice/agent.service/memory.max', 2, '…/agent.service/memory.max'],
    ['/sys/memory.max', 2, '/sys/memory.max'],
    [`/a/b/docker-${'0'.repeat(64)}.scope/memory.max`, 2, `…/docker-00000…000000.scope/memory.max`]
  ])('of %s', (path, count, end) => {
    expect(endOfPath(path, count)).toBe(end)
  })
})
