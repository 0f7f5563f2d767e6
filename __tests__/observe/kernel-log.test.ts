import { describe, expect, test } from '@jest/globals'
import { known } from '../../src/model/reading.ts'
import { kernelLog, type LogTools } from '../../src/observe/kernel-log.ts'
import type { ToolResult } from '../../src/ports/processes.ts'
import { memoryFiles } from '../fakes/memory-files.ts'
import { fakeProcesses } from '../fakes/processes.ts'

const HOUR_S = 3600
const kill = (pid: number): string =>
  `Memory cgroup out of memory: Killed process ${pid} (compile) total-vm:9kB, anon-rss:8kB, file-rss:0kB`
const kmsg = (...records: readonly (readonly [seconds: number, text: string])[]): string =>
  records.map(([seconds, text], i) => `6,${i},${seconds * 1e6},-;${text}\n`).join('')
const done = (stdout: string): ToolResult => ({ code: 0, stdout, stderr: '', problem: null })

function machine(
  files: Readonly<Record<string, string>>
): LogTools & { readonly files: ReturnType<typeof memoryFiles> } {
  const all = { '/proc/2/comm': 'kthreadd\n', '/proc/uptime': `${HOUR_S}.00 7.00\n`, ...files }
  return { files: memoryFiles(all), processes: fakeProcesses(), root: '', maySudo: false }
}

async function pidsIn(log: ReturnType<typeof kernelLog>): Promise<readonly (number | null)[] | undefined> {
  return known(await log.kills())?.kills.map(({ pid }) => pid)
}

describe('the kernel log', () => {
  test('tells what came after the start, as far as its clock can be trusted', async () => {
    const tools = machine({ '/dev/kmsg': kmsg([HOUR_S - 60, kill(1)], [HOUR_S - 1, kill(2)], [HOUR_S + 5, kill(3)]) })
    expect(await pidsIn(kernelLog(tools))).toEqual([2, 3])
  })

  test('tells each kill once: the next attempt did not die of it', async () => {
    const tools = machine({ '/dev/kmsg': kmsg([HOUR_S + 5, kill(3)]) })
    const log = kernelLog(tools)
    expect(await pidsIn(log)).toEqual([3])
    tools.files.texts.set('/dev/kmsg', kmsg([HOUR_S + 5, kill(3)], [HOUR_S + 6, kill(4)]))
    expect(await pidsIn(log)).toEqual([4])
    expect(await pidsIn(log)).toEqual([])
  })

  test('knows no pids where those of the kernel are not those seen here', async () => {
    const tools = machine({ '/proc/2/comm': 'node\n', '/dev/kmsg': kmsg([HOUR_S + 5, kill(3)]) })
    expect(await pidsIn(kernelLog(tools))).toEqual([null])
  })

  test('is read by dmesg and the journal where it is closed, and says why where neither may', async () => {
    const tools = machine({})
    tools.files.refused.set('/dev/kmsg', 'EPERM')
    const processes = fakeProcesses()
    const closed = { ...tools, processes }
    expect(await kernelLog({ ...closed, maySudo: true }).kills()).toEqual({
      kind: 'unreadable',
      reason: '/dev/kmsg: EPERM; sudo: spawn sudo ENOENT; journalctl: spawn journalctl ENOENT'
    })
    processes.tools.set('journalctl', done(`[${HOUR_S + 5}.000001] host kernel: ${kill(7)}\n`))
    expect(await pidsIn(kernelLog(closed))).toEqual([7])
    processes.tools.set('sudo', done(`[${HOUR_S + 5}.000001] ${kill(8)}\n`))
    expect(await pidsIn(kernelLog({ ...closed, maySudo: true }))).toEqual([8])
  })
})
