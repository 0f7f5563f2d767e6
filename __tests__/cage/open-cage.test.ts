import { describe, expect, test } from '@jest/globals'
import { placesFor } from '../../src/cage/cgroup-places.ts'
import { type CageOrder, EnforcementUnavailable, openCage } from '../../src/cage/open-cage.ts'
import { sweepCage } from '../../src/cage/sweep.ts'
import { sliceOf } from '../../src/cage/systemd-scope.ts'
import type { CageMaker } from '../../src/cage/way.ts'
import { MIB } from '../../src/model/bytes.ts'
import { value } from '../../src/model/reading.ts'
import type { ControlFiles } from '../../src/ports/control-files.ts'
import { cgroupTree } from '../fakes/cgroup-tree.ts'
import { manualClock } from '../fakes/manual-clock.ts'
import { type MemoryFiles, memoryFiles } from '../fakes/memory-files.ts'
import { type FakeProcesses, fakeProcesses } from '../fakes/processes.ts'
import { cgroupOf, surveyOf } from '../fakes/surveys.ts'
import { systemd } from '../fakes/systemd.ts'

const RUN_ID = '0123456789ab'
const SERVICE = '/sys/fs/cgroup/system.slice/hosted-compute-agent.service'
const LEAF = '/sys/fs/cgroup/system.slice/go-build-guard-0123456789ab'

/** A hosted runner: our service holds processes, its slice hands the memory controller on. */
function hostedFiles(): MemoryFiles {
  return memoryFiles({
    '/sys/fs/cgroup/cgroup.subtree_control': 'cpu io memory pids\n',
    '/sys/fs/cgroup/system.slice/cgroup.procs': '',
    '/sys/fs/cgroup/system.slice/cgroup.subtree_control': 'memory pids\n',
    [`${SERVICE}/cgroup.subtree_control`]: '\n',
    [`${SERVICE}/cgroup.procs`]: '100\n'
  })
}

interface FakeMaker extends CageMaker {
  readonly processes: FakeProcesses
  readonly announced: string[]
}

function makerOf(files: MemoryFiles, ...means: ControlFiles[]): FakeMaker {
  const announced: string[] = []
  return {
    files,
    means,
    processes: fakeProcesses(),
    clock: manualClock(),
    root: '',
    announced,
    announce: (directory) => announced.push(directory)
  }
}

function orderOf(changes: Partial<CageOrder> = {}): CageOrder {
  return {
    choice: 'auto',
    survey: surveyOf(),
    capFor: () => ({ bytes: 600 * MIB, swap: 'open' }),
    runId: RUN_ID,
    refused: [],
    ...changes
  }
}

describe('the cage on cgroup v2', () => {
  test('stands beside the service of the runner, which holds processes and so can have no limited child', async () => {
    const files = hostedFiles()
    const maker = makerOf(files, cgroupTree(files, 'v2'))
    const { cage, reach } = await openCage(maker, orderOf())
    expect([cage.way, cage.directory, reach]).toEqual(['cgroup-v2', LEAF, 'cgroup'])
    expect(files.texts.get(`${LEAF}/memory.max`)).toBe(`${600 * MIB}\n`)
    expect(maker.announced).toEqual([LEAF])
  })

  test('leaves swap open unless the plan closes it', async () => {
    for (const [swap, text] of [
      ['open', 'max\n'],
      ['closed', '0\n']
    ] as const) {
      const files = hostedFiles()
      await openCage(makerOf(files, cgroupTree(files, 'v2')), orderOf({ capFor: () => ({ bytes: 600 * MIB, swap }) }))
      expect(files.texts.get(`${LEAF}/memory.swap.max`)).toBe(text)
    }
  })

  test('is made through sudo where we may not, and says so', async () => {
    const files = hostedFiles()
    const denied = cgroupTree(files, 'v2', { isReadOnly: true })
    const { cage, reasons } = await openCage(
      makerOf(files, denied, cgroupTree(files, 'v2', { means: 'sudo' })),
      orderOf()
    )
    expect(cage.way).toBe('cgroup-v2')
    expect(reasons.at(-1)).toContain('through sudo')
  })

  test('is not used when the kernel does not repeat the limit, and nothing is left of it', async () => {
    const files = hostedFiles()
    const { cage, reasons } = await openCage(
      makerOf(files, cgroupTree(files, 'v2', { limitBecomes: () => 'max' })),
      orderOf()
    )
    expect(cage.way).toBe('watch')
    expect(reasons.join()).toContain(`memory.max reads max after ${600 * MIB} was set`)
    expect(files.exists(LEAF)).toBe(false)
  })

  test('tells its own kills from those of others by its counters', async () => {
    const files = hostedFiles()
    const { cage } = await openCage(makerOf(files, cgroupTree(files, 'v2')), orderOf())
    files.texts.set(`${LEAF}/memory.events`, 'max 7\noom 2\noom_kill 1\n')
    const { ownLimitHits, kills, cgroupPath } = cage.evidence()
    expect(cgroupPath).toBe('/system.slice/go-build-guard-0123456789ab')
    expect(ownLimitHits.after).toEqual({ kind: 'value', value: 2 })
    expect(kills).toEqual({ before: { kind: 'value', value: 0 }, after: { kind: 'value', value: 1 } })
  })

  test('kills what is left inside before it goes', async () => {
    const files = hostedFiles()
    const { cage } = await openCage(makerOf(files, cgroupTree(files, 'v2')), orderOf())
    await cage.join(77)
    expect(cage.pids()).toEqual([77])
    expect(await cage.close()).toEqual([])
    expect(files.exists(LEAF)).toBe(false)
  })

  test('tells the limit that was in force at the end, should somebody have changed it meanwhile', async () => {
    const files = hostedFiles()
    const { cage } = await openCage(makerOf(files, cgroupTree(files, 'v2')), orderOf())
    expect(cage.evidence().capBytes).toBe(600 * MIB)
    files.texts.set(`${LEAF}/memory.max`, `${400 * MIB}\n`)
    expect(cage.evidence().capBytes).toBe(400 * MIB)
    files.texts.set(`${LEAF}/memory.max`, 'max\n')
    expect(cage.evidence().capBytes).toBeNull()
  })

  test('that somebody takes away, or whose processes somebody moves, still sees and ends the build, and says so', async () => {
    const files = hostedFiles()
    files.texts.set('/proc/1/stat', '1 (init) S 0 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 10 0 0\n')
    files.texts.set('/proc/77/stat', '77 (go) S 1 77 77 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 770 0 0\n')
    const maker = makerOf(files, cgroupTree(files, 'v2'))
    const { cage } = await openCage(maker, orderOf())
    await cage.join(77)
    files.remove(LEAF)
    expect(cage.pids()).toEqual([77])
    expect(cage.evidence().kills.after).toEqual({ kind: 'absent' })
    maker.processes.onSignal = (pid) => files.texts.delete(`/proc/${pid}/stat`)
    await cage.kill()
    expect(maker.processes.signals).toEqual(['77 SIGKILL'])
    expect(await cage.close()).toEqual([expect.stringContaining('was removed while the build ran')])
    expect(await cage.close()).toEqual([])
  })

  test('says that swap stays open where the kernel cannot close it', async () => {
    for (const [swapTotalBytes, isSaid] of [
      [512 * MIB, true],
      [0, false]
    ] as const) {
      const files = hostedFiles()
      const tree = cgroupTree(files, 'v2')
      const without = {
        ...tree,
        makeDirectory: (path: string) => tree.makeDirectory(path).then(() => files.remove(`${path}/memory.swap.max`))
      }
      const { host } = surveyOf()
      const survey = surveyOf({ host: { ...host, swapTotalBytes: value(swapTotalBytes) } })
      const capFor = () => ({ bytes: 600 * MIB, swap: 'closed' }) as const
      const { reasons } = await openCage(makerOf(files, without), orderOf({ survey, capFor }))
      expect(reasons.some((reason) => reason.startsWith('swap stays open'))).toBe(isSaid)
    }
  })

  test('says what it could not remove', async () => {
    const files = hostedFiles()
    const { cage } = await openCage(makerOf(files, cgroupTree(files, 'v2')), orderOf())
    files.texts.delete(`${LEAF}/cgroup.kill`)
    await cage.join(77)
    expect(await cage.close()).toEqual([expect.stringMatching(/go-build-guard-0123456789ab is left behind: EBUSY/)])
  })
})

describe('the cage on cgroup v1', () => {
  const survey = surveyOf({ cgroup: cgroupOf('v1', '/sys/fs/cgroup/memory', '/docker/abc') })
  const leaf = '/sys/fs/cgroup/memory/docker/abc/go-build-guard-0123456789ab'

  test('stands below our own cgroup, so that the limits above us stay above it', async () => {
    const files = memoryFiles()
    const { cage } = await openCage(makerOf(files, cgroupTree(files, 'v1')), orderOf({ survey }))
    expect([cage.way, cage.directory]).toEqual(['cgroup-v1', leaf])
  })

  test('closes swap by giving RAM and swap together the same limit', async () => {
    const files = memoryFiles()
    const capFor = () => ({ bytes: 600 * MIB, swap: 'closed' }) as const
    await openCage(makerOf(files, cgroupTree(files, 'v1')), orderOf({ survey, capFor }))
    expect(files.texts.get(`${leaf}/memory.memsw.limit_in_bytes`)).toBe(`${600 * MIB}\n`)
  })

  test('cannot tell whose limit fired, and does not pretend to', async () => {
    const files = memoryFiles()
    const { cage } = await openCage(makerOf(files, cgroupTree(files, 'v1')), orderOf({ survey }))
    expect(cage.evidence().ownLimitHits).toEqual({ before: { kind: 'absent' }, after: { kind: 'absent' } })
  })
})

describe('choosing a way', () => {
  test('falls back to watching where cgroups are read-only, with the refusal as the reason', async () => {
    const files = hostedFiles()
    const { cage, reach, reasons } = await openCage(
      makerOf(files, cgroupTree(files, 'v2', { isReadOnly: true })),
      orderOf()
    )
    expect([cage.way, reach]).toEqual(['watch', 'watch'])
    expect(reasons.join()).toContain('EROFS')
  })

  test('asks the plan again for the cap of the way that is left', async () => {
    const files = hostedFiles()
    const asked: string[] = []
    const capFor: CageOrder['capFor'] = (reach) => {
      asked.push(reach)
      return reach === 'cgroup' ? { bytes: 600 * MIB, swap: 'open' } : null
    }
    const { cage } = await openCage(makerOf(files, cgroupTree(files, 'v2', { isReadOnly: true })), orderOf({ capFor }))
    expect(asked).toEqual(['cgroup', 'watch'])
    expect(cage.capBytes).toBeNull()
  })

  test('refuses when an explicit cgroup cannot be had, and never downgrades', async () => {
    const files = hostedFiles()
    const opened = openCage(
      makerOf(files, cgroupTree(files, 'v2', { isReadOnly: true })),
      orderOf({ choice: 'cgroup' })
    )
    await expect(opened).rejects.toThrow(EnforcementUnavailable)
  })

  test('refuses to watch where memory of a tree is not read', async () => {
    const files = memoryFiles()
    const survey = surveyOf({ platform: 'freebsd' })
    const opened = openCage(makerOf(files, cgroupTree(files, 'v2')), orderOf({ choice: 'watch', survey }))
    await expect(opened).rejects.toThrow('freebsd')
  })

  test('only observes with enforcement: off, though a cgroup could be had', async () => {
    const files = hostedFiles()
    const { cage } = await openCage(makerOf(files, cgroupTree(files, 'v2')), orderOf({ choice: 'off' }))
    expect([cage.way, cage.directory]).toEqual(['none', null])
  })
})

describe('places for a cgroup', () => {
  test('a private namespace has its root only, if that hands the controller on', () => {
    const survey = surveyOf({ cgroup: cgroupOf('v2', '/sys/fs/cgroup', '/') })
    const files = memoryFiles({ '/sys/fs/cgroup/cgroup.subtree_control': 'memory\n' })
    expect(placesFor(files, survey, 'x').map((place) => place.directory)).toEqual(['/sys/fs/cgroup/x'])
    files.texts.set('/sys/fs/cgroup/cgroup.subtree_control', 'cpu\n')
    expect(placesFor(files, survey, 'x')).toEqual([])
  })

  const OUTER = '/sys/fs/cgroup/go-build-guard-aaaaaaaaaaaa'
  const inOuter = surveyOf({ cgroup: cgroupOf('v2', '/sys/fs/cgroup', '/go-build-guard-aaaaaaaaaaaa') })

  test('a guard inside a guard stays in its cage: who is there moves aside, where the outer cap holds as before', async () => {
    const files = memoryFiles({ '/sys/fs/cgroup/cgroup.subtree_control': 'memory\n' })
    const control = cgroupTree(files, 'v2')
    await control.makeDirectory(OUTER)
    for (const pid of ['50', '51']) await control.write(`${OUTER}/cgroup.procs`, pid)
    const { cage } = await openCage(makerOf(files, control), orderOf({ survey: inOuter }))
    expect(cage.directory).toBe(`${OUTER}/go-build-guard-0123456789ab`)
    expect(files.texts.get(`${OUTER}/cgroup.procs`)).toBe('')
    expect(files.texts.get(`${OUTER}/aside/cgroup.procs`)).toBe('50\n51\n')
    // The next one finds the room that was made.
    const next = placesFor(
      files,
      surveyOf({ cgroup: cgroupOf('v2', '/sys/fs/cgroup', '/go-build-guard-aaaaaaaaaaaa/aside') }),
      'x'
    )
    expect(next).toEqual([{ directory: `${OUTER}/x`, mountPoint: '/sys/fs/cgroup', crowded: null }])
  })

  test.each([
    [
      'hybrid, memory on v1',
      cgroupOf('v1', '/sys/fs/cgroup/memory', '/user.slice'),
      '/sys/fs/cgroup/memory/user.slice/x'
    ],
    [
      'memory on v2 beside what is left of v1',
      cgroupOf('v2', '/sys/fs/cgroup/unified', '/ci.slice/a.service'),
      '/sys/fs/cgroup/unified/ci.slice/x'
    ]
  ])('a machine with both generations: %s', (_, cgroup, directory) => {
    const files = memoryFiles({ '/sys/fs/cgroup/unified/ci.slice/cgroup.subtree_control': 'memory\n' })
    expect(placesFor(files, surveyOf({ cgroup }), 'x').map((place) => place.directory)).toEqual([directory])
  })
})

describe('a scope of systemd', () => {
  const SCOPE = '/sys/fs/cgroup/system.slice/go-build-guard-0123456789ab.scope'

  test('is made around a placeholder, in the slice that we are in, and the build is attached to it', async () => {
    const files = hostedFiles()
    const { control, calls } = systemd(files, cgroupTree(files, 'v2', { means: 'sudo' }), '/system.slice', 'system')
    const maker = makerOf(files, control)
    const { cage, reach, reasons } = await openCage(maker, orderOf({ choice: 'systemd' }))
    expect([cage.way, cage.directory, reach]).toEqual(['systemd', SCOPE, 'cgroup'])
    expect(reasons).toEqual([`systemd ${SCOPE}, through sudo`])
    expect(maker.announced).toEqual([SCOPE])
    await cage.join(77)
    expect(cage.pids()).toEqual([77])
    await cage.kill()
    expect(cage.pids()).toEqual([])
    // An empty scope would be gone, and its counters with it.
    expect(files.texts.get(`${SCOPE}/cgroup.procs`)).toBe('1\n')
    expect(calls.map(({ method }) => method)).toEqual(['StartTransientUnit', 'AttachProcessesToUnit'])
    expect(calls[0]?.args.join(' ')).toContain(`MemoryMax t ${600 * MIB}`)
    expect(calls[0]?.args.join(' ')).toContain('Slice s system.slice')
    expect(await cage.close()).toEqual([])
    expect(files.exists(SCOPE)).toBe(false)
  })

  test("of the user's own manager is what is left where neither cgroups nor the machine's systemd may be changed", async () => {
    const files = hostedFiles()
    const slice = '/user.slice/user-1001.slice/user@1001.service/app.slice'
    const kernel = cgroupTree(files, 'v2')
    const shut = {
      ...kernel,
      makeDirectory: (path: string) =>
        path.includes('user@') ? kernel.makeDirectory(path) : Promise.reject(new Error('EACCES'))
    }
    const { control } = systemd(files, shut, slice, 'user')
    const { cage, reasons } = await openCage(makerOf(files, control), orderOf())
    expect(cage.way).toBe('systemd')
    expect(reasons.slice(0, -1)).toEqual(['cgroup-v2 (direct): EACCES', 'systemd (system, direct): Access denied'])
    expect(reasons.at(-1)).toMatch(/^systemd .*app\.slice.*, by the user's own manager$/)
  })

  test.each([
    ['no /run/systemd/system', surveyOf(), memoryFiles()],
    [
      'not one of cgroup v2',
      surveyOf({ cgroup: cgroupOf('v1', '/x', '/y') }),
      memoryFiles({ '/run/systemd/system/x': '' })
    ],
    [
      'the guard around this one',
      surveyOf({ cgroup: cgroupOf('v2', '/x', '/go-build-guard-aaaaaaaaaaaa') }),
      memoryFiles({ '/run/systemd/system/x': '' })
    ]
  ])('is not asked for, and refused where it was chosen: %s', async (reason, survey, files) => {
    const opened = openCage(makerOf(files, cgroupTree(files, 'v2')), orderOf({ choice: 'systemd', survey }))
    await expect(opened).rejects.toThrow(reason)
  })

  test.each([
    ['/system.slice/hosted-compute-agent.service', 'system', 'system.slice'],
    ['/ci.slice/ci-heavy.slice/runner.service', 'system', 'ci-heavy.slice'],
    ['/user.slice/user-1001.slice/session-3.scope', 'system', 'user-1001.slice'],
    ['/init.scope', 'system', null],
    ['/user.slice/user-1001.slice/user@1001.service/app.slice/runner.service', 'user', 'app.slice'],
    ['/user.slice/user-1001.slice/session-3.scope', 'user', null]
  ] as const)('%s of the %s manager stays in %s', (path, manager, slice) => {
    expect(sliceOf(path, manager)).toBe(slice)
  })
})

describe('sweeping after a guard that died', () => {
  test('finds the cage of the run by its id, ends what is inside and removes it', async () => {
    const files = hostedFiles()
    const control = cgroupTree(files, 'v2')
    await control.makeDirectory(LEAF)
    await control.write(`${LEAF}/cgroup.procs`, '77')
    expect(await sweepCage(makerOf(files, control), surveyOf(), RUN_ID)).toEqual([])
    expect(files.exists(LEAF)).toBe(false)
  })

  test('finds a scope of systemd and a cage in a cage, and leaves those of other runs alone', async () => {
    const files = memoryFiles()
    const control = cgroupTree(files, 'v2')
    const other = '/sys/fs/cgroup/go-build-guard-aaaaaaaaaaaa'
    const own = [
      `${other}/go-build-guard-0123456789ab`,
      '/sys/fs/cgroup/a.slice/b.slice/go-build-guard-0123456789ab.scope'
    ]
    for (const directory of ['/sys/fs/cgroup/a.slice', '/sys/fs/cgroup/a.slice/b.slice', other, ...own]) {
      await control.makeDirectory(directory)
    }
    expect(await sweepCage(makerOf(files, control), surveyOf(), RUN_ID)).toEqual([])
    expect(own.map((directory) => files.exists(directory))).toEqual([false, false])
    expect(files.exists(other)).toBe(true)
  })

  test('ends the processes that carry the mark of the run, and no others', async () => {
    const stat = (pid: number): string =>
      `${pid} (sleep) S 1 ${pid} ${pid} 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 ${pid} 0 0\n`
    const files = memoryFiles({
      '/proc/1/stat': stat(1),
      '/proc/80/stat': stat(80),
      '/proc/80/environ': 'PATH=/bin\0GO_BUILD_GUARD_0123456789ab=1\0',
      '/proc/81/stat': stat(81),
      '/proc/81/environ': 'GO_BUILD_GUARD_aaaaaaaaaaaa=1\0NOTE=GO_BUILD_GUARD_0123456789ab=1\0'
    })
    const maker = makerOf(files, cgroupTree(files, 'v2'))
    maker.processes.onSignal = (pid) => files.texts.delete(`/proc/${pid}/stat`)
    expect(await sweepCage(maker, surveyOf(), RUN_ID)).toEqual([])
    expect(maker.processes.signals).toEqual(['80 SIGKILL'])
  })

  test('takes nothing for an id that is not one: it becomes part of a path', async () => {
    const files = hostedFiles()
    await expect(sweepCage(makerOf(files, cgroupTree(files, 'v2')), surveyOf(), '../../x')).rejects.toThrow(
      'not a run id'
    )
  })
})
