import type { ControlFiles, SystemdCall } from '../../src/ports/control-files.ts'
import { moveInto } from './cgroup-tree.ts'
import type { MemoryFiles } from './memory-files.ts'

export interface Systemd {
  readonly control: ControlFiles
  readonly calls: SystemdCall[]
}

/** A manager that makes scopes below `slice`, with a kernel below it. */
export function systemd(files: MemoryFiles, kernel: ControlFiles, slice: string, manager: 'system' | 'user'): Systemd {
  const calls: SystemdCall[] = []
  const enter = (scope: string, pid: string): void => {
    moveInto(files, `/sys/fs/cgroup${slice}/${scope}`, pid)
    files.texts.set(`/proc/${pid}/cgroup`, `0::${slice}/${scope}\n`)
  }
  files.texts.set('/run/systemd/system/x', '')
  const control: ControlFiles = {
    ...kernel,
    async callSystemd(call) {
      if (call.manager !== manager) throw new Error('Access denied')
      calls.push(call)
      const [, scope = ''] = call.args
      const after = (name: string, steps: number): string => call.args[call.args.indexOf(name) + steps] ?? ''
      if (call.method === 'AttachProcessesToUnit') {
        const [, , below = '', , pid = ''] = call.args
        if (!files.exists(`/sys/fs/cgroup${slice}/${scope}${below}`)) throw new Error('No such file or directory')
        return enter(scope + below, pid)
      }
      const directory = `/sys/fs/cgroup${slice}/${scope}`
      await kernel.makeDirectory(directory)
      files.texts.set(`${directory}/memory.max`, `${after('MemoryMax', 2)}\n`)
      enter(scope, after('PIDs', 3))
    }
  }
  return { control, calls }
}
