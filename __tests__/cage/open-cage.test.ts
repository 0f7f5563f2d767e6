import { describe, expect, test } from '@jest/globals'
import {
  type CageMaker,
  type CageOrder,
  EnforcementUnavailable,
  openCage,
  placesFor
} from '../../src/cage/open-cage.ts'
import { sweepCage } from '../../src/cage/sweep.ts'
import { MIB } from '../../src/model/bytes.ts'
import type { ControlFiles } from '../../src/ports/control-files.ts'
import { cgroupTree } from '../fakes/cgroup-tree.ts'
import { manualClock } from '../fakes/manual-clock.ts'
import { type MemoryFiles, memoryFiles } from '../fakes/memory-files.ts'
import { fakeProcesses } from '../fakes/processes.ts'
import { cgroupOf, surveyOf } from '../fakes/surveys.ts'

const RUN_ID = '0123456789ab'
const SERVICE = '/sys/fs/cgroup/system.slice/hosted-compute-agent.service'
const LEAF = '/sys/fs/cgroup/system.slice/go-build-guard-0123456789ab'

/** A hosted runner: our service holds processes, its slice hands the memory controller on. */
function hostedFiles(): MemoryFiles {
  return memoryFiles({
    '/sys/fs/cgroup/cgroup.subtree_control': 'cpu io memory pids\n',
    '/sys/fs/cgroup/system.slice/cgroup.subtree_control': 'memory pids\n',
    [`${SERVICE}/cgroup.subtree_control`]: '\n',
    [`${SERVICE}/cgroup.procs`]: '100\n'
  })
}

function makerOf(files: MemoryFiles, ...means: ControlFiles[]): CageMaker & { readonly announced: string[] } {
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
    expect(reasons.join()).toContain(`memory.max reads max after ${600 * MIB} was written`)
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
    const survey = surveyOf({ platform: 'darwin' })
    const opened = openCage(makerOf(files, cgroupTree(files, 'v2')), orderOf({ choice: 'watch', survey }))
    await expect(opened).rejects.toThrow('darwin')
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

  test('takes nothing for an id that is not one: it becomes part of a path', async () => {
    const files = hostedFiles()
    await expect(sweepCage(makerOf(files, cgroupTree(files, 'v2')), surveyOf(), '../../x')).rejects.toThrow(
      'not a run id'
    )
  })
})
