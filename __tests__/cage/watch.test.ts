import { describe, expect, test } from '@jest/globals'
import { openWatch } from '../../src/cage/watch.ts'
import { GIB, MIB } from '../../src/model/bytes.ts'
import { cgroupTree } from '../fakes/cgroup-tree.ts'
import { manualClock } from '../fakes/manual-clock.ts'
import { type MemoryFiles, memoryFiles } from '../fakes/memory-files.ts'
import { fakeProcesses } from '../fakes/processes.ts'
import { cgroupOf, levelOf, surveyOf } from '../fakes/surveys.ts'

function watchOf(files: MemoryFiles, survey = surveyOf(), capBytes: number | null = null) {
  const processes = fakeProcesses()
  const tools = { files, processes, clock: manualClock(), control: cgroupTree(files, 'v2') }
  return { cage: openWatch(tools, survey, capBytes, ''), processes }
}

function meminfo(availableBytes: number): Record<string, string> {
  return { '/proc/meminfo': `MemTotal: ${8 * 1024 * 1024} kB\nMemAvailable: ${Math.floor(availableBytes / 1024)} kB\n` }
}

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

  test('acts before the limit of a container, counting what others hold in it', () => {
    const survey = surveyOf({ cgroup: cgroupOf('v2', '/sys/fs/cgroup', '/', [levelOf('/sys/fs/cgroup', GIB)]) })
    const files = memoryFiles({
      ...meminfo(7 * GIB),
      '/sys/fs/cgroup/memory.stat': `anon ${970 * MIB}\nshmem 0\nfile 0\n`
    })
    expect(watchOf(files, survey).cage.examine(500 * MIB).breach).toEqual({ level: '/sys/fs/cgroup', limitBytes: GIB })
    files.texts.set('/sys/fs/cgroup/memory.stat', `anon ${900 * MIB}\nshmem 0\nfile 0\n`)
    expect(watchOf(files, survey).cage.examine(500 * MIB).breach).toBeNull()
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
    const stat = (pid: number, parent: number, session: number): string =>
      `${pid} (compile) S ${parent} ${session} ${session} 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 ${pid * 10} 0 0\n`
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

  test('leaves a process alone that only got the number of a dead one', async () => {
    const files = memoryFiles({
      '/proc/50/stat': '50 (go) S 1 50 50 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 500 0 0\n',
      '/proc/52/stat': '52 (x) S 50 52 52 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 520 0 0\n'
    })
    const { cage } = watchOf(files)
    await cage.join(50)
    expect(cage.pids()).toEqual([50, 52])
    files.texts.set('/proc/52/stat', '52 (sshd) S 1 52 52 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 999 0 0\n')
    expect(cage.pids()).toEqual([50])
  })
})
