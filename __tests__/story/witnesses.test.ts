import { describe, expect, test } from '@jest/globals'
import { diagnose } from '../../src/diagnose/rank.ts'
import type { Evidence } from '../../src/model/evidence.ts'
import { rise } from '../../src/model/evidence.ts'
import { known } from '../../src/model/reading.ts'
import { countKills, withReports } from '../../src/story/witnesses.ts'
import { counter, evidenceOf, KILLED, noCage, PASSED, surveyOf } from '../diagnose/evidence.ts'
import { manualClock } from '../fakes/manual-clock.ts'
import { memoryFiles } from '../fakes/memory-files.ts'
import { fakeProcesses } from '../fakes/processes.ts'

const OOMD_KILL = JSON.stringify({
  _SYSTEMD_UNIT: 'systemd-oomd.service',
  MESSAGE: 'Killed /go-build-guard-7 due to memory pressure for / being 83.21% > 60.00% for > 30s with reclaim activity'
})

function scene() {
  const files = memoryFiles({
    '/proc/2/comm': 'kthreadd\n',
    '/proc/vmstat': 'oom_kill 3\n',
    '/sys/fs/cgroup/cgroup.procs': '',
    '/sys/fs/cgroup/a/memory.events': 'oom 0\noom_kill 0\n',
    '/sys/fs/cgroup/a/cage/memory.events': 'oom 0\noom_kill 0\n'
  })
  const asked: string[] = []
  const processes = fakeProcesses()
  processes.run = async (tool, args) => {
    asked.push([tool, ...args].join(' '))
    return { code: 0, stdout: OOMD_KILL, stderr: '', problem: null }
  }
  return { files, asked, ports: { files, processes, clock: manualClock(), means: [] }, place: { root: '' } }
}

describe('counters', () => {
  test('are those of the cage and what is above it, and of the machine', () => {
    const { files, ...rest } = scene()
    const again = countKills(
      { ...rest, survey: surveyOf({ cgroupPath: '/a' }) },
      { directory: '/sys/fs/cgroup/a/cage' }
    )
    files.texts.set('/sys/fs/cgroup/a/cage/memory.events', 'oom 0\noom_kill 1\n').set('/proc/vmstat', 'oom_kill 4\n')
    const { hostKills, levels } = again()
    expect(rise(hostKills)).toBe(1)
    expect(levels.map(({ directory, isCage, kills }) => [directory, isCage, rise(kills)])).toEqual([
      ['/sys/fs/cgroup/a/cage', true, 1],
      ['/sys/fs/cgroup/a', false, 0],
      ['/sys/fs/cgroup', false, null]
    ])
  })

  test('are those of the cgroup of the guard where there is no cage', () => {
    const again = countKills({ ...scene(), survey: surveyOf({ cgroupPath: '/a' }) }, { directory: null })
    expect(again().levels.map(({ directory, isCage }) => [directory, isCage])).toEqual([
      ['/sys/fs/cgroup/a', false],
      ['/sys/fs/cgroup', false]
    ])
  })
})

describe('others are asked who killed', () => {
  test('where a process was killed and no counter moved', async () => {
    const { asked, ...rest } = scene()
    const evidence = await withReports(rest, evidenceOf({ exit: KILLED }), 1_700_000_000_000)
    expect(known(evidence.reportedKills)).toHaveLength(1)
    expect(asked).toHaveLength(1)
    expect(asked[0]).toContain('--since=@1700000000 ')
    expect(diagnose(evidence)).toMatchObject({ endedBy: 'other', outOfMemory: 'true' })
  })

  const unasked: readonly (readonly [title: string, change: Partial<Evidence>])[] = [
    ['that ended well', { exit: PASSED }],
    ['that failed by itself', {}],
    ['that the guard ended', { exit: KILLED, stop: { kind: 'timeout', afterMs: 1 } }],
    ['whose kill was counted', { exit: KILLED, cage: noCage(), hostKills: counter(0, 1) }],
    ['on Windows', { platform: 'win32', exit: KILLED }]
  ]
  test.each(unasked)('and not of a build %s', async (_title, change) => {
    const { asked, ...rest } = scene()
    const evidence = evidenceOf(change)
    expect(await withReports(rest, evidence, 1)).toBe(evidence)
    expect(asked).toEqual([])
  })
})
