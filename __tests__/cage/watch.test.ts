import { describe, expect, test } from '@jest/globals'
import { openWatch } from '../../src/cage/watch.ts'
import { GIB, MIB } from '../../src/model/bytes.ts'
import { manualClock } from '../fakes/manual-clock.ts'
import { type MemoryFiles, memoryFiles } from '../fakes/memory-files.ts'
import { fakeProcesses } from '../fakes/processes.ts'
import { cgroupOf, levelOf, surveyOf } from '../fakes/surveys.ts'

function watchOf(files: MemoryFiles, survey = surveyOf(), capBytes: number | null = null) {
  const processes = fakeProcesses()
  const tools = { files, processes, clock: manualClock(), root: '', runId: '0123456789ab' }
  return { cage: openWatch(tools, survey, capBytes), processes }
}

function meminfo(availableBytes: number, freeSwapBytes = 0): Record<string, string> {
  const kib = (bytes: number): number => Math.floor(bytes / 1024)
  return {
    '/proc/meminfo': `MemTotal: ${kib(8 * GIB)} kB\nMemAvailable: ${kib(availableBytes)} kB\nSwapFree: ${kib(freeSwapBytes)} kB\n`
  }
}

const stat = (pid: number, parent: number, session: number, { state = 'S', start = pid * 10 } = {}): string =>
  `${pid} (compile) ${state} ${parent} ${session} ${session} 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 ${start} 0 0\n`

describe('watch', () => {
  test('acts when the tree passes an explicit limit, and not before', () => {
    const { cage } = watchOf(memoryFiles(meminfo(7 * GIB)), surveyOf(), 200 * MIB)
    expect(cage.examine(199 * MIB).breach).toBeNull()
    expect(cage.examine(201 * MIB).breach).toEqual({ level: 'memory-limit', limitBytes: 200 * MIB })
  })

  test('acts while the machine still has its margin, so that the kernel need not', () => {
    const margin = 0.03 * 8 * GIB
    expect(watchOf(memoryFiles(meminfo(margin + 8 * MIB))).cage.examine(6 * GIB).breach).toBeNull()
    expect(watchOf(memoryFiles(meminfo(margin - 8 * MIB))).cage.examine(6 * GIB).breach?.level).toBe('host')
  })

  test('does not act while what is not needed can still be swapped out', () => {
    const margin = 0.03 * 8 * GIB
    expect(watchOf(memoryFiles(meminfo(8 * MIB, margin))).cage.examine(6 * GIB).breach).toBeNull()
    expect(watchOf(memoryFiles(meminfo(8 * MIB, margin - 9 * MIB))).cage.examine(6 * GIB).breach?.level).toBe('host')
  })

  describe('in a container', () => {
    const top = '/sys/fs/cgroup'
    const container = (version: 'v1' | 'v2', texts: Record<string, string>, freeSwapBytes = 0) => {
      const survey = surveyOf({ cgroup: cgroupOf(version, top, '/', [levelOf(top, GIB)]) })
      const inside = Object.entries(texts).map(([name, text]) => [`${top}/${name}`, text])
      const files = memoryFiles({ ...meminfo(7 * GIB, freeSwapBytes), ...Object.fromEntries(inside) })
      return { files, cage: watchOf(files, survey).cage }
    }
    const holding = (anon: number, kernel = 0): string =>
      `anon ${anon * MIB}\nshmem 0\nfile 0\nkernel ${kernel * MIB}\n`
    const breach = { level: top, limitBytes: GIB }

    test.each([
      ['what others hold in it counts', { 'memory.stat': holding(970) }, breach],
      ['with room for the margin nothing is done', { 'memory.stat': holding(900) }, null],
      ['kernel memory counts: it cannot be dropped', { 'memory.stat': holding(900, 70) }, breach],
      ['an unreadable use is no reason to act', {}, null]
    ])('the guard acts before its limit does: %s', (_, texts, expected) => {
      const { cage } = container('v2', { 'memory.max': `${GIB}\n`, ...texts })
      expect(cage.examine(500 * MIB).breach).toEqual(expected)
    })

    test('a limit that is changed while the build runs is the one that counts', () => {
      const { files, cage } = container('v2', { 'memory.max': `${GIB}\n`, 'memory.stat': holding(700) })
      expect(cage.examine(500 * MIB).breach).toBeNull()
      files.texts.set(`${top}/memory.max`, `${700 * MIB}\n`)
      expect(cage.examine(500 * MIB).breach).toEqual({ level: top, limitBytes: 700 * MIB })
      files.texts.set(`${top}/memory.max`, 'max\n')
      expect(cage.examine(500 * MIB).breach).toBeNull()
    })

    test.each([
      ['none is allowed', 'v2', { 'memory.swap.max': '0', 'memory.swap.current': '0' }, breach],
      ['some is left', 'v2', { 'memory.swap.max': `${300 * MIB}`, 'memory.swap.current': `${100 * MIB}` }, null],
      [
        'what was allowed is used',
        'v2',
        { 'memory.swap.max': `${300 * MIB}`, 'memory.swap.current': `${295 * MIB}` },
        breach
      ],
      ['none is allowed', 'v1', { 'memory.memsw.limit_in_bytes': `${GIB}` }, breach],
      ['some is left', 'v1', { 'memory.memsw.limit_in_bytes': `${2 * GIB}` }, null],
      ['nothing limits it', 'v1', {}, null]
    ] as const)('swap puts its limit off, where %s (%s)', (_, version, swap, expected) => {
      const v1 = {
        'memory.limit_in_bytes': `${GIB}`,
        'memory.stat': `total_rss ${980 * MIB}\ntotal_shmem 0\ntotal_cache 0\n`
      }
      const v2 = { 'memory.max': `${GIB}`, 'memory.stat': holding(980) }
      const { cage } = container(version, { ...(version === 'v1' ? v1 : v2), ...swap }, 4 * GIB)
      expect(cage.examine(500 * MIB).breach).toEqual(expected)
    })
  })

  test('reports how near the tightest limit is, which paces the looks', () => {
    const { cage } = watchOf(memoryFiles(meminfo(7 * GIB)), surveyOf(), 200 * MIB)
    expect(cage.examine(150 * MIB).share).toBeCloseTo(0.75)
  })

  test('does not act on what it cannot read', () => {
    const { cage } = watchOf(memoryFiles())
    expect(cage.examine(7.9 * GIB)).toEqual({ share: 0, breach: null })
  })

  test('kills every process of the tree, also one that left its session and lost its parent', async () => {
    const files = memoryFiles({
      '/proc/50/stat': stat(50, 1, 50),
      '/proc/51/stat': stat(51, 50, 50),
      '/proc/52/stat': stat(52, 51, 52),
      '/proc/60/stat': stat(60, 1, 60)
    })
    const { cage, processes } = watchOf(files)
    await cage.join(50)
    expect(cage.pids()).toEqual([50, 51, 52])
    // 51 is gone, so 52 is adopted by pid 1: it still belongs.
    files.texts.delete('/proc/51/stat')
    files.texts.set('/proc/52/stat', stat(52, 1, 52))
    processes.onSignal = (pid) => files.texts.delete(`/proc/${pid}/stat`)
    expect(await cage.close()).toEqual([])
    expect(processes.signals).toEqual(['50 SIGKILL', '52 SIGKILL'])
  })

  test.each<[string, Record<string, string>, readonly number[]]>([
    [
      'one that left session and parent before the first look is known by its mark',
      { '/proc/53/stat': stat(53, 1, 53), '/proc/53/environ': 'PATH=/bin\0GO_BUILD_GUARD_0123456789ab=1\0' },
      [50, 53]
    ],
    [
      'the mark of another run, or in the value of a variable, is none',
      {
        '/proc/53/stat': stat(53, 1, 53),
        '/proc/53/environ': 'GO_BUILD_GUARD_aaaaaaaaaaaa=1\0NOTE=GO_BUILD_GUARD_0123456789ab=1\0'
      },
      [50]
    ],
    [
      'a zombie counts no more, be it that nobody ever reaps it',
      { '/proc/53/stat': stat(53, 50, 50, { state: 'Z' }) },
      [50]
    ],
    [
      'a child of a marked one belongs too',
      {
        '/proc/53/stat': stat(53, 1, 53),
        '/proc/53/environ': 'GO_BUILD_GUARD_0123456789ab=1\0',
        '/proc/54/stat': stat(54, 53, 54)
      },
      [50, 53, 54]
    ]
  ])('in the tree, %s', async (_, others, pids) => {
    const { cage } = watchOf(memoryFiles({ '/proc/50/stat': stat(50, 1, 50), ...others }))
    await cage.join(50)
    expect(cage.pids()).toEqual(pids)
    expect(cage.mark).toBe('GO_BUILD_GUARD_0123456789ab')
  })

  test('leaves processes alone that only got the number of a dead one, or of the dead root', async () => {
    const files = memoryFiles({ '/proc/50/stat': stat(50, 1, 50), '/proc/52/stat': stat(52, 50, 52) })
    const { cage } = watchOf(files)
    await cage.join(50)
    expect(cage.pids()).toEqual([50, 52])
    files.texts.set('/proc/52/stat', stat(52, 1, 52, { start: 999 }))
    expect(cage.pids()).toEqual([50])
    files.texts.set('/proc/50/stat', stat(50, 1, 50, { start: 1000 }))
    files.texts.set('/proc/55/stat', stat(55, 50, 50, { start: 1001 }))
    expect(cage.pids()).toEqual([])
  })
})
