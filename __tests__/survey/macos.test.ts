import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { GIB, MIB } from '../../src/model/bytes.ts'
import { unreadable, value } from '../../src/model/reading.ts'
import type { ToolResult } from '../../src/ports/processes.ts'
import { surveyMachine } from '../../src/survey/survey.ts'
import { fakeProcesses } from '../fakes/processes.ts'
import { worldOf } from './world.ts'

const sample = (name: string): string => readFileSync(join(import.meta.dirname, 'fixtures/macos', name), 'utf8')
const VM_STAT = sample('vm_stat-32g-under-pressure.txt')
const AVAILABLE = (10_069 + 5899 + 426_177 + 11_278) * 16_384

function survey(tools: Readonly<Record<string, string>>) {
  const processes = fakeProcesses()
  const told = (stdout: string): ToolResult => ({ code: 0, stdout, stderr: '', problem: null })
  for (const [tool, stdout] of Object.entries(tools)) processes.tools.set(tool, told(stdout))
  return surveyMachine({
    ...worldOf('no-cgroup'),
    platform: 'darwin',
    nodeMemory: { totalBytes: 7 * GIB, freeBytes: 1 },
    processes
  })
}

const sysctl = (swap: string, level: number): string =>
  `hw.memsize: ${32 * GIB}\nvm.swapusage: ${swap}\nkern.memorystatus_vm_pressure_level: ${level}\n`
const SOME_SWAP = 'total = 2048.00M  used = 1024.00M  free = 1024.00M  (encrypted)'
const NO_SWAP = 'total = 0.00M  used = 0.00M  free = 0.00M  (encrypted)'

test('a Mac tells its memory, its swap, and what it can give away', async () => {
  const { host, binding } = await survey({
    '/usr/sbin/sysctl': sysctl(SOME_SWAP, 1),
    '/usr/bin/vm_stat': VM_STAT,
    '/usr/bin/memory_pressure': 'System-wide memory free percentage: 65%\n'
  })
  expect(host).toEqual({
    totalBytes: value(32 * GIB),
    availableBytes: value(AVAILABLE),
    swapTotalBytes: value(2048 * MIB),
    swapFreeBytes: value(1024 * MIB)
  })
  expect(binding).toMatchObject({ source: 'host', file: 'hw.memsize', usedByOthersBytes: 32 * GIB - AVAILABLE })
})

test('no swap yet is not no swap', async () => {
  const { host } = await survey({ '/usr/sbin/sysctl': sysctl(NO_SWAP, 1) })
  expect(host.swapTotalBytes.kind).toBe('unreadable')
})

test('without its tools a Mac has the memory that Node tells, and the rest is unreadable with the reason', async () => {
  const { host, binding } = await survey({})
  expect(host.availableBytes).toEqual(unreadable('/usr/bin/vm_stat: spawn /usr/bin/vm_stat ENOENT'))
  expect(host.swapTotalBytes).toEqual(unreadable('/usr/sbin/sysctl: spawn /usr/sbin/sysctl ENOENT'))
  expect(binding).toMatchObject({ bytes: 7 * GIB, usedByOthersBytes: 0 })
})

test('an empty answer is no answer', async () => {
  const { host } = await survey({ '/usr/bin/vm_stat': '\n' })
  expect(host.availableBytes).toEqual(unreadable('/usr/bin/vm_stat: no output, exit code 0'))
})
