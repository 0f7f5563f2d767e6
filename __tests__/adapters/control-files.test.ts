import { describe, expect, test } from '@jest/globals'
import { directControlFiles, sudoControlFiles } from '../../src/adapters/control-files.ts'
import type { ToolResult } from '../../src/ports/processes.ts'
import { fakeProcesses } from '../fakes/processes.ts'

const SAID: Omit<ToolResult, 'stderr'> = { code: 1, stdout: '', problem: null }
const DONE: ToolResult = { code: 0, stdout: '', stderr: '', problem: null }

function sudoThat(answer: ToolResult) {
  const processes = fakeProcesses()
  const ran: string[] = []
  processes.run = async (tool, args) => {
    ran.push([tool, ...args].join(' '))
    return answer
  }
  return { control: sudoControlFiles(processes), ran }
}

describe('cgroups through sudo', () => {
  test.each<[string, ToolResult, string]>([
    ['is not there', { ...SAID, code: null, stderr: '', problem: 'spawn sudo ENOENT' }, 'spawn sudo ENOENT'],
    ['hangs', { ...SAID, code: null, stderr: '', problem: 'no answer within 10000 ms' }, 'no answer within 10000 ms'],
    ['asks for a password', { ...SAID, stderr: 'sudo: a password is required\n' }, 'a password is required'],
    [
      'needs a terminal',
      {
        ...SAID,
        stderr: 'sudo: a terminal is required to read the password\nsudo: a password is required\n'
      },
      'a terminal is required'
    ]
  ])('sudo that %s is asked once, and the reason is told each time', async (_, answer, reason) => {
    const { control, ran } = sudoThat(answer)
    await expect(control.makeDirectory('/sys/fs/cgroup/x')).rejects.toThrow(reason)
    await expect(control.write('/sys/fs/cgroup/x/memory.max', '1')).rejects.toThrow(reason)
    await control.kill([1234])
    expect(ran).toEqual(['sudo -n -- mkdir /sys/fs/cgroup/x'])
  })

  test('a command that fails below sudo says nothing about the next one', async () => {
    const { control, ran } = sudoThat({
      ...SAID,
      stderr: 'sudo: unable to resolve host vm\nmkdir: cannot create directory: Read-only file system\n'
    })
    await expect(control.makeDirectory('/x')).rejects.toThrow('Read-only file system')
    await expect(control.removeDirectory('/x')).rejects.toThrow('sudo rmdir /x: ')
    expect(ran).toHaveLength(2)
  })

  test('sudo that worked and once does not answer is asked again: there is something to clean up', async () => {
    const answers = [DONE, { ...SAID, code: null, stderr: '', problem: 'no answer within 10000 ms' }, DONE]
    const processes = fakeProcesses()
    processes.run = async () => answers.shift() ?? DONE
    const control = sudoControlFiles(processes)
    await control.makeDirectory('/x')
    await expect(control.removeDirectory('/x')).rejects.toThrow('no answer')
    await control.removeDirectory('/x')
    expect(answers).toEqual([])
  })

  test('systemd is asked without anybody being asked for a password', async () => {
    const { control, ran } = sudoThat(DONE)
    await control.callSystemd({
      manager: 'system',
      method: 'AttachProcessesToUnit',
      args: ['ssau', 'x.scope', '', '1', '7']
    })
    expect(ran).toEqual([
      'sudo -n -- busctl --system --quiet --allow-interactive-authorization=no call org.freedesktop.systemd1 ' +
        '/org/freedesktop/systemd1 org.freedesktop.systemd1.Manager AttachProcessesToUnit ssau x.scope  1 7'
    ])
  })
})

test('the manager of our user is looked for where it always is, unless the environment says so itself', async () => {
  const processes = fakeProcesses()
  const seen: (string | undefined)[] = []
  processes.run = async (_, __, { environment }) => {
    seen.push(environment?.['XDG_RUNTIME_DIR'])
    return { ...SAID, stderr: 'Failed to connect to bus\nNo such file or directory\n' }
  }
  const before = process.env['XDG_RUNTIME_DIR']
  const call = { manager: 'user', method: 'StartTransientUnit', args: [] } as const
  try {
    delete process.env['XDG_RUNTIME_DIR']
    await expect(directControlFiles(processes).callSystemd(call)).rejects.toThrow(
      'Failed to connect to bus; No such file'
    )
    process.env['XDG_RUNTIME_DIR'] = '/run/elsewhere'
    await expect(directControlFiles(processes).callSystemd(call)).rejects.toThrow('busctl StartTransientUnit: ')
  } finally {
    if (before === undefined) delete process.env['XDG_RUNTIME_DIR']
    else process.env['XDG_RUNTIME_DIR'] = before
  }
  expect(seen).toEqual([`/run/user/${process.getuid?.() ?? 0}`, '/run/elsewhere'])
})
