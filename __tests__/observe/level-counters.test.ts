import { describe, expect, test } from '@jest/globals'
import { rise } from '../../src/model/evidence.ts'
import { levelCounters } from '../../src/observe/level-counters.ts'
import { memoryFiles } from '../fakes/memory-files.ts'

const events = (oom: number, oomKill: number): string =>
  `low 0\nhigh 0\nmax 9\noom ${oom}\noom_kill ${oomKill}\noom_group_kill 0\n`
const control = (oomKill: number): string => `oom_kill_disable 0\nunder_oom 0\noom_kill ${oomKill}\n`

const V2 = { root: '', version: 'v2', mountPoint: '/cg', directory: '/cg/a/cage', isCage: true } as const
const V1 = { root: '', version: 'v1', mountPoint: '/cg', directory: '/cg/a/cage', isCage: true } as const

describe('counters of the cgroups around a build', () => {
  test('on v2 are read at each level up to the mount point, with what only that level counts', () => {
    const files = memoryFiles({
      '/cg/cgroup.procs': '',
      '/cg/a/memory.max': '2147483648\n',
      '/cg/a/memory.events': events(3, 4),
      '/cg/a/memory.events.local': events(2, 0),
      '/cg/a/cage/memory.max': 'max\n',
      '/cg/a/cage/memory.events': events(0, 0),
      '/cg/a/cage/memory.events.local': events(0, 0)
    })
    const again = levelCounters({ ...V2, files })
    files.texts.set('/cg/a/memory.events', events(4, 5)).set('/cg/a/memory.events.local', events(3, 0))
    files.texts.set('/cg/a/cage/memory.events', events(0, 1))
    const levels = again()
    expect(
      levels.map(({ directory, isCage, ownHits, kills }) => [directory, isCage, rise(ownHits), rise(kills)])
    ).toEqual([
      ['/cg/a/cage', true, 0, 1],
      ['/cg/a', false, 1, 1],
      ['/cg', false, null, null]
    ])
    expect(levels.map(({ limitBytes }) => limitBytes.kind)).toEqual(['unlimited', 'value', 'absent'])
  })

  test('on kernels before 5.2 come from the one file there is, which counted one level alone', () => {
    const files = memoryFiles({ '/cg/a/cage/memory.events': events(1, 1) })
    const again = levelCounters({ ...V2, files })
    files.texts.set('/cg/a/cage/memory.events', events(2, 2))
    expect(rise(again()[0]?.ownHits ?? NOTHING)).toBe(1)
  })

  test('on v1 say how often usage stood at a limit, of memory or of memory and swap', () => {
    const files = memoryFiles({
      '/cg/a/memory.limit_in_bytes': '9223372036854771712\n',
      '/cg/a/memory.failcnt': '5\n',
      '/cg/a/cage/memory.limit_in_bytes': '67108864\n',
      '/cg/a/cage/memory.oom_control': control(0),
      '/cg/a/cage/memory.failcnt': '0\n',
      '/cg/a/cage/memory.memsw.failcnt': '0\n'
    })
    const again = levelCounters({ ...V1, files })
    files.texts.set('/cg/a/cage/memory.oom_control', control(1)).set('/cg/a/cage/memory.memsw.failcnt', '1600\n')
    const levels = again()
    expect(levels.map(({ kills, failures, ownHits }) => [rise(kills), rise(failures), rise(ownHits)])).toEqual([
      [1, 1600, null],
      [null, 0, null],
      [null, null, null]
    ])
    expect(levels.map(({ limitBytes }) => limitBytes.kind)).toEqual(['value', 'unlimited', 'absent'])
  })

  test('on v1 do not clear a limit of memory and swap together, of which newer kernels keep no count', () => {
    const files = memoryFiles({
      '/cg/a/memory.failcnt': '5\n',
      '/cg/a/memory.memsw.failcnt': '0\n',
      '/cg/a/memory.memsw.limit_in_bytes': '9223372036854771712\n',
      '/cg/a/cage/memory.failcnt': '0\n',
      '/cg/a/cage/memory.memsw.failcnt': '0\n',
      '/cg/a/cage/memory.memsw.limit_in_bytes': '67108864\n'
    })
    const again = levelCounters({ ...V1, files })
    expect(again().map(({ failures }) => rise(failures))).toEqual([null, 0, null])
    files.texts.set('/cg/a/cage/memory.failcnt', '9\n')
    expect(again().map(({ failures }) => rise(failures))).toEqual([9, 0, null])
  })

  test('on v1 end where the limit of the parent does not hold', () => {
    const files = memoryFiles({ '/cg/a/memory.use_hierarchy': '0\n', '/cg/memory.use_hierarchy': '1\n' })
    expect(levelCounters({ ...V1, files })().map(({ directory }) => directory)).toEqual(['/cg/a/cage'])
  })

  test('are none where there is no memory controller', () => {
    expect(levelCounters({ ...V2, version: 'none', files: memoryFiles() })()).toEqual([])
  })

  test('that cannot be read say so', () => {
    const files = memoryFiles()
    files.refused.set('/cg/a/memory.events', 'EACCES')
    const level = levelCounters({ ...V2, files, directory: '/cg/a' })()[0]
    expect(level?.kills.after).toEqual({ kind: 'unreadable', reason: 'EACCES' })
  })
})

const NOTHING = { before: { kind: 'absent' }, after: { kind: 'absent' } } as const
