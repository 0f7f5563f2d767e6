import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from '@jest/globals'
import { hungryProgram } from '../e2e/programs.ts'
import { guardUnavailable, readReport } from '../e2e/stand.ts'
import { lane } from './lane.ts'
import { runInVm, type VmResult, vmUnavailable } from './vm.ts'
import { projectRoot, runCommand, temporaryFolder } from './workbench.ts'

const MIB = 2 ** 20
const script = join(import.meta.dirname, 'cgroup-v2-guest.sh')

lane('cgroup v2 in a virtual machine', guardUnavailable() ?? vmUnavailable(), () => {
  /** The guest sees it, may write into it, and leaves its reports there. */
  const shareDir = temporaryFolder('v2')
  const inGuest = (name: string, ...cases: string[]) =>
    [script, shareDir, name, process.execPath, join(projectRoot, 'dist/cli.js'), ...cases] as const

  beforeAll(async () => {
    hungryProgram(join(shareDir, 'hungry'))
    // Compiling even the little of the standard library that it needs takes minutes in there.
    const warm = hungryProgram(join(shareDir, 'warm'), { methods: 1 })
    mkdirSync(join(shareDir, 'gocache'))
    const env = { ...process.env, GOCACHE: join(shareDir, 'gocache') }
    await runCommand(['go', 'build', '-o', '/dev/null', '.'], { cwd: warm, env })
    await runCommand(['chmod', '-R', 'a+rwX', shareDir])
    chmodSync(shareDir, 0o777)
  })

  test('a compiler that needs more than the cap, and a guard that is killed: as the runner with sudo, and as root', async () => {
    const asRoot = [
      'sudo',
      '--preserve-env',
      'env',
      '"PATH=$PATH"',
      'HOME=/root',
      ...inGuest('root', 'capped', 'killed')
    ]
    const both = [...inGuest('runner', 'capped', 'killed'), '&&', ...asRoot].join(' ')
    const result = await runInVm({ shareDir, command: ['bash', '-c', both], timeoutSeconds: 240 })
    expect(casesOf(result)).toEqual([
      { case: 'runner-capped', code: 1, left: '', neighbourIsAlive: true },
      { case: 'runner-killed', code: 137, left: '', neighbourIsAlive: true },
      { case: 'root-capped', code: 1, left: '', neighbourIsAlive: true },
      { case: 'root-killed', code: 137, left: '', neighbourIsAlive: true }
    ])
    expect(result.stderr).not.toContain('no cage was made')

    for (const [name, isThroughSudo] of [
      ['runner', true],
      ['root', false]
    ] as const) {
      const report = readReport(join(shareDir, `${name}-capped.json`))
      expect(report.enforcement).toMatchObject({ inForce: 'cgroup-v2', limitBytes: 120 * MIB })
      expect(report.enforcement.reasons.join()).toMatch(isThroughSudo ? /, through sudo$/ : /\/go-build-guard-\w{12}$/)
      expect(report.attempts[0]?.outcome).toMatchObject({ exitCode: 1, signal: null, endedBy: 'kernel-oom-cap' })
      expect(report.diagnoses[0]).toMatchObject({ id: 'oom.cgroup', confidence: 'certain' })
      expect(report.diagnoses[0]?.summary).toContain('`compile` on `example.com/hungry/appetite`')
      expect(report.diagnoses[0]?.evidence[0]?.measured).toMatch(/`oom` 0 to \d+, `oom_kill` 0 to 1/)
      expect(report.outOfMemory).toBe('true')
    }
  })

  test('a container job, whose cgroups cannot be written: the guard watches, and ends the build before its limit', async () => {
    const command = inGuest('container', 'watched')
    const result = await runInVm({ user: 'root', roCgroup: '700M', shareDir, command, timeoutSeconds: 240 })
    expect(casesOf(result)).toEqual([{ case: 'container-watched', code: 137, left: '', neighbourIsAlive: true }])
    const report = readReport(join(shareDir, 'container-watched.json'))
    expect(report.enforcement).toMatchObject({ inForce: 'watch', limitBytes: 120 * MIB })
    expect(report.survey.binding).toMatchObject({ source: 'cgroup-v2', bytes: 700 * MIB })
    expect(report.attempts[0]?.outcome).toMatchObject({ endedBy: 'guard' })
    expect(report.diagnoses[0]).toMatchObject({ id: 'oom.watch', confidence: 'certain' })
    expect(report.outOfMemory).toBe('true')
  })

  /** The lines of the guest's script; what else went wrong in there is shown instead. */
  function casesOf({ code, stdout, stderr }: VmResult): readonly unknown[] {
    const lines = stdout.split('\n').filter((line) => line.startsWith('{'))
    if (lines.length === 0) throw new Error(`the guest ended with ${code}: ${stdout}${stderr}`)
    return lines.map((line): unknown => JSON.parse(line))
  }
})
