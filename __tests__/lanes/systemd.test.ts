import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { readReport } from '../../testbed/read-report.ts'
import { guardUnavailable } from '../../testbed/stand.ts'
import { runInVm, vmUnavailable } from '../../testbed/vm.ts'
import { projectRoot, temporaryFolder } from '../../testbed/workbench.ts'
import { lane } from './lane.ts'

const MIB = 2 ** 20
const script = join(import.meta.dirname, 'systemd-guest.sh')

lane('systemd in a virtual machine', guardUnavailable() ?? vmUnavailable(), () => {
  test("a scope by the machine's systemd through sudo, a cage in a cage, and a scope by the manager of a user who may nothing else", async () => {
    const shareDir = temporaryFolder('systemd')
    const result = await runInVm({
      systemd: true,
      shareDir,
      memory: '768M',
      timeoutSeconds: 500,
      command: [
        script,
        shareDir,
        process.execPath,
        join(projectRoot, 'dist/cli.js'),
        'scope',
        'killed',
        'nested',
        'own'
      ]
    })
    const told = result.stdout.split('\n').filter((line) => line.startsWith('{'))
    if (told.length === 0) throw new Error(`the guest ended with ${result.code}: ${result.stdout}${result.stderr}`)
    const cgroup = expect.stringMatching(/^\/system\.slice\/go-build-guard-[0-9a-f]{12}\.scope\/build$/)
    expect(told.map((line): unknown => JSON.parse(line))).toEqual([
      { case: 'scope', code: 3, left: '', isSameUser: true, cgroup },
      { case: 'killed', code: 137, left: '', isSameUser: true, cgroup },
      {
        case: 'nested',
        code: 3,
        left: '',
        isSameUser: true,
        cgroup: expect.stringMatching(/^\/system\.slice(?:\/go-build-guard-[0-9a-f]{12}){2}$/)
      },
      {
        case: 'own',
        code: 3,
        left: '',
        isSameUser: true,
        cgroup: expect.stringMatching(/\/user@1001\.service\/app\.slice\/go-build-guard-[0-9a-f]{12}\.scope\/build$/)
      }
    ])
    for (const name of ['scope', 'own']) {
      const { enforcement, attempts, diagnoses } = readReport(join(shareDir, `${name}.json`))
      expect(enforcement).toMatchObject({ inForce: 'systemd', limitBytes: 150 * MIB })
      expect(attempts[0]?.outcome).toMatchObject({ exitCode: 3, endedBy: 'kernel-oom-cap' })
      // The counters of the scope are there to be read after its last process but the placeholder has ended.
      expect(diagnoses[0]).toMatchObject({ id: 'oom.cgroup', confidence: 'certain' })
      expect(diagnoses[0]?.evidence[0]?.measured).toMatch(/`oom` 0 to \d+, `oom_kill` 0 to 1/)
    }
    const { reasons } = readReport(join(shareDir, 'own.json')).enforcement
    expect(reasons.join('\n')).toMatch(/^cgroup-v2 \(sudo\): sudo cannot be used: sudo: a password is required$/m)
    expect(reasons.at(-1)).toMatch(/, by the user's own manager$/)
  })
})
