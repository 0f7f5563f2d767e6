import { describe, expect, test } from '@jest/globals'
import { openPsTree } from '../../src/cage/ps-tree.ts'
import { KIB, MIB } from '../../src/model/bytes.ts'
import { manualClock } from '../fakes/manual-clock.ts'
import { memoryFiles } from '../fakes/memory-files.ts'
import { fakeProcesses } from '../fakes/processes.ts'

const VM_STAT = 'Mach Virtual Memory Statistics: (page size of 16384 bytes)\nPages free: 1000.\nPages inactive: 9000.\n'

/** pid parent group KiB args */
const BUILD = [
  '50 1 50 20480 go build ./...',
  '51 50 50 204800 /go/pkg/tool/darwin_arm64/compile -p example.com/a',
  '52 51 52 1024 setsid-child',
  '60 1 60 999999 somebody else'
]

function mac(use: Parameters<typeof openPsTree>[1], rows: readonly string[] = BUILD, level = 1) {
  const processes = fakeProcesses()
  const clock = manualClock()
  const show = (shown: readonly string[], pressure = level): void => {
    const stdout = `${shown.join('\n')}\n=\n${VM_STAT}=\nkern.memorystatus_vm_pressure_level: ${pressure}\n`
    processes.tools.set('/bin/sh', { code: 0, stdout, stderr: '', problem: null })
  }
  show(rows)
  const cage = openPsTree({ files: memoryFiles(), processes, clock, root: '' }, use)
  return { cage, processes, clock, show }
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('the tree of a build on macOS', () => {
  test('is its group and the children of its members, with resident memory', async () => {
    const { cage } = mac({ way: 'watch', capBytes: null })
    await cage.join(50)
    await settle()
    expect(cage.look?.()).toEqual({
      treeBytes: (20_480 + 204_800 + 1024) * KIB,
      availableBytes: 10_000 * 16_384,
      processes: [
        { pid: 50, bytes: 20_480 * KIB, argv: ['go', 'build', './...'] },
        expect.objectContaining({ pid: 51 }),
        expect.objectContaining({ pid: 52 })
      ]
    })
  })

  test('keeps a child whose parent has ended, and not a stranger that got its number', async () => {
    const { cage, clock, show } = mac({ way: 'watch', capBytes: null })
    await cage.join(50)
    await settle()
    show(['50 1 50 20480 go build ./...', '52 1 52 1024 setsid-child'])
    clock.pass(250)
    await settle()
    expect(cage.pids()).toEqual([50, 52])
    show(['50 1 50 20480 go build ./...', '52 1 52 1024 a stranger'])
    clock.pass(250)
    await settle()
    expect(cage.pids()).toEqual([50])
  })

  test('has nothing to show where ps did not answer', async () => {
    const { cage, processes } = mac({ way: 'watch', capBytes: MIB })
    processes.tools.delete('/bin/sh')
    await cage.join(50)
    await settle()
    expect(cage.look?.()).toBeNull()
    expect(cage.examine(0).breach).toBeNull()
  })

  test('is over its limit by its own resident memory', async () => {
    const { cage } = mac({ way: 'watch', capBytes: 200 * MIB })
    expect(cage.examine(199 * MIB).breach).toBeNull()
    expect(cage.examine(201 * MIB).breach).toEqual({ level: 'memory-limit', limitBytes: 200 * MIB })
  })

  test.each([
    [1, 'Pages free: 1000.', false],
    [4, 'Pages free: 9000.', false],
    [4, 'Pages free: 1000.', true]
  ])(
    'without a limit of its own is ended only when the system is about to: level %i, %s',
    async (level, pages, isEnded) => {
      const { cage, processes } = mac({ way: 'watch', capBytes: null })
      const stdout = `${BUILD.join('\n')}\n=\n${VM_STAT.replace('Pages free: 1000.', pages)}=\nkern.memorystatus_vm_pressure_level: ${level}\n`
      processes.tools.set('/bin/sh', { code: 0, stdout, stderr: '', problem: null })
      await cage.join(50)
      await settle()
      expect(cage.examine(200 * MIB).breach !== null).toBe(isEnded)
    }
  )

  test('is killed as a group and one by one, until nobody is left', async () => {
    const { cage, processes, show } = mac({ way: 'none', capBytes: null })
    await cage.join(50)
    await settle()
    processes.onSignal = (pid) => void (pid === 52 && show(['60 1 60 999999 somebody else']))
    expect(await cage.close()).toEqual([])
    expect(processes.signals.slice(0, 4)).toEqual(['-50 SIGKILL', '50 SIGKILL', '51 SIGKILL', '52 SIGKILL'])
    expect(processes.signals.some((signal) => signal.startsWith('60 '))).toBe(false)
  })

  test('that cannot be ended is told', async () => {
    const { cage } = mac({ way: 'none', capBytes: null })
    await cage.join(50)
    await settle()
    expect(await cage.close()).toEqual(['3 processes of the build could not be ended: 50, 51, 52'])
  })
})
