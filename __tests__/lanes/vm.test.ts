import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { runInVm, vmUnavailable } from '../../testbed/vm.ts'
import { temporaryFolder } from '../../testbed/workbench.ts'
import { lane } from './lane.ts'

lane('virtual machine', vmUnavailable(), () => {
  test('the runner user, its exit code, both streams and the environment come through', async () => {
    const result = await runInVm({
      command: ['bash', '-c', 'id -un; echo "$GREETING"; echo aside >&2; exit 42'],
      env: { GREETING: 'good day' }
    })
    expect(result).toEqual({ code: 42, stdout: 'runner\ngood day\n', stderr: 'aside\n' })
  })

  test('a memory.max that is written is the one that kills', async () => {
    const script = `
      set -e
      stat -f -c %T /sys/fs/cgroup
      mkdir /sys/fs/cgroup/cage && cd /sys/fs/cgroup/cage
      echo 64M >memory.max; echo 0 >memory.swap.max
      cat memory.max
      rc=0; bash -c 'echo $$ >cgroup.procs; exec node -e "Buffer.alloc(200e6, 1)"' || rc=$?
      echo "rc $rc"; grep '^oom_kill ' memory.events`
    const result = await runInVm({ user: 'root', command: ['bash', '-c', script] })
    expect(result.stdout.split('\n')).toEqual(['cgroup2fs', String(64 * 2 ** 20), 'rc 137', 'oom_kill 1', ''])
    expect(result.code).toBe(0)
  })

  test('a container job sees its own root, read-only', async () => {
    const script = 'cat /proc/self/cgroup /sys/fs/cgroup/memory.max; mkdir /sys/fs/cgroup/x 2>&1'
    const result = await runInVm({ roCgroup: '256M', command: ['sh', '-c', script] })
    expect(result.stdout).toMatch(/^0::\/\n268435456\n.*Read-only file system\n$/)
    expect(result.code).not.toBe(0)
  })

  test('a command that a signal ends has the code of a shell, and nothing is added to its output', async () => {
    const result = await runInVm({ roCgroup: '256M', command: ['sh', '-c', 'echo last; kill -9 $$'] })
    expect(result).toEqual({ code: 137, stdout: 'last\n', stderr: '' })
  })

  test('systemd, the pinned Node and a shared directory', async () => {
    const shareDir = temporaryFolder('vm')
    writeFileSync(join(shareDir, 'in'), 'from outside')
    const program = `const fs = require('node:fs')
      fs.writeFileSync('out', fs.readFileSync('in', 'utf8') + ' ' + fs.readFileSync('/proc/self/cgroup', 'utf8'))
      console.log(process.versions.node, fs.readFileSync('/proc/1/comm', 'utf8').trim())`
    const result = await runInVm({
      systemd: true,
      shareDir,
      command: ['bash', '-c', `cd ${shareDir} && node -e "$1"`, 'bash', program]
    })
    expect(result).toEqual({ code: 0, stdout: `${process.versions.node} systemd\n`, stderr: '' })
    expect(readFileSync(join(shareDir, 'out'), 'utf8')).toContain(
      'from outside 0::/system.slice/hosted-compute-agent.service'
    )
  })

  test('a guest that hangs is ended', async () => {
    const result = await runInVm({ command: ['sleep', '600'], timeoutSeconds: 8 })
    expect(result.code).toBe(124)
  })
})
