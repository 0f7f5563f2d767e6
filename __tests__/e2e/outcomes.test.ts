import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { afterEach, beforeAll, expect, test } from '@jest/globals'
import { commandOf } from '../../testbed/left-behind.ts'
import { hungryProgram, program } from '../../testbed/programs.ts'
import { guardUnavailable, kernelKills, kill, Stand, until, whileNobodyIsKilled } from '../../testbed/stand.ts'
import { runCommand } from '../../testbed/workbench.ts'
import { lane } from '../lanes/lane.ts'

lane('how a guarded command ends', guardUnavailable(), () => {
  const stand = new Stand('outcomes')
  const sh = (script: string) => ['--', 'sh', '-c', script]

  beforeAll(async () => {
    // So that no test below compiles the standard library.
    await stand.start(['go', 'build', '-o', stand.path('warm'), '.'], { cwd: program('hello', stand.path('warming')) })
      .ended
  })

  afterEach(async () => {
    expect(await stand.left()).toEqual([])
  })

  test('a build that succeeds is a success, and what it makes is there', async () => {
    const cwd = program('hello', stand.fresh('hello'))
    const { code, report, stdout } = await stand.guard(['--', 'go', 'build', '-o', 'hello', '.'], { cwd })
    expect(code).toBe(0)
    expect(stdout.toString()).toBe('')
    expect(report).toMatchObject({ conclusion: 'success', command: 'go build -o hello .', diagnoses: [] })
    expect(report.attempts.map(({ outcome }) => outcome)).toMatchObject([
      { exitCode: 0, signal: null, endedBy: 'itself' }
    ])
    expect(report.outOfMemory).toBe('false')
    expect((await runCommand([join(cwd, 'hello')])).stdout).toBe('hello\n')
  })

  test('a compile error is told with its places', async () => {
    const cwd = program('compile-error', stand.fresh('broken'))
    const { code, report, stderr } = await stand.guard(['--', 'go', 'build', './...'], { cwd })
    expect(code).toBe(1)
    expect(report).toMatchObject({ conclusion: 'failure', outOfMemory: 'false' })
    expect(report.attempts[0]?.outcome).toMatchObject({ exitCode: 1, signal: null, endedBy: 'itself' })
    expect(report.diagnoses[0]).toMatchObject({ id: 'compile.error', confidence: 'certain' })
    expect(report.diagnoses[0]?.locations).toMatchObject([
      { file: './main.go', line: 7, column: 18 },
      { file: './main.go', line: 8, column: 2 }
    ])
    expect(stderr.toString()).toContain('./main.go:8:2: undefined: undefinedName\n')
  })

  test('a module without its sum is told as that', async () => {
    const cwd = program('missing-sum', stand.fresh('unsummed'))
    const { code, report } = await stand.guard(['--', 'go', 'build', './...'], { cwd, env: { GOPROXY: 'off' } })
    expect(code).toBe(1)
    expect(report.diagnoses[0]).toMatchObject({ id: 'module.missing-sum' })
    expect(report.outOfMemory).toBe('false')
  })

  test.each([0, 1, 2, 3, 126, 127, 255])('exit status %d passes through', async (status) => {
    const { code, signal, report } = await stand.guard(sh(`exit ${status}`))
    expect({ code, signal }).toEqual({ code: status, signal: null })
    expect(report.conclusion).toBe(status === 0 ? 'success' : 'failure')
    expect(report.attempts[0]?.outcome).toMatchObject({ exitCode: status, signal: null })
    expect(report.outOfMemory).toBe(kernelKills() === null ? 'unknown' : 'false')
  })

  test('a command that is not there, or no program, has the status that a shell gives', async () => {
    const file = stand.fresh('no-program')
    writeFileSync(file, 'just text\n')
    chmodSync(file, 0o644)
    const missing = await stand.guard(['--', './not-there', 'x'])
    const locked = await stand.guard(['--', file])
    expect([missing.code, locked.code]).toEqual([127, 126])
    expect(missing.report.diagnoses[0]?.id).toBe('command.not-found')
    expect(locked.report.outOfMemory).toBe(kernelKills() === null ? 'unknown' : 'false')
  })

  test.each([
    ['KILL', 137, 'signal.kill', 'other'],
    ['TERM', 143, 'signal.term', 'other'],
    ['INT', 130, 'signal.int', 'other'],
    ['SEGV', 139, 'signal.crash', 'itself']
  ])('SIG%s of the command is told, and is not memory', async (name, status, cause, endedBy) => {
    const { code, report } = await whileNobodyIsKilled(() => stand.guard(sh(`kill -${name} $$`)))
    expect(code).toBe(status)
    expect(report.attempts[0]?.outcome).toMatchObject({ exitCode: status, signal: `SIG${name}`, endedBy })
    expect(report.diagnoses[0]?.id).toBe(cause)
    expect(report.outOfMemory).toBe(kernelKills() === null ? 'unknown' : 'false')
  })

  test('a compiler that somebody kills while memory is free has not run out of it', async () => {
    const cwd = hungryProgram(stand.fresh('killed'))
    const { code, report } = await whileNobodyIsKilled(async () => {
      const run = stand.guard(['--', 'go', 'build', '-o', 'out', '.'], { cwd })
      kill(await stand.process((pid) => isCompiler(pid, 'example.com/hungry/appetite')))
      return run
    })
    expect(code).toBe(1)
    expect(report.attempts).toHaveLength(1)
    expect(report.attempts[0]?.outcome).toMatchObject({ exitCode: 1, signal: null, endedBy: 'other' })
    expect(report.diagnoses[0]).toMatchObject({ id: 'signal.kill' })
    expect(report.diagnoses[0]?.summary).toContain('`compile` on `example.com/hungry/appetite`')
    expect(report.outOfMemory).toBe('false')
  })

  test('a timeout ends the tree, first with TERM', async () => {
    const script = `trap 'echo told; exit 0' TERM; sleep 300 & setsid sleep 300 & echo begun; wait`
    const { code, report, stdout } = await stand.guard(['--timeout=1s', ...sh(script)])
    expect(code).toBe(124)
    expect(stdout.toString()).toBe('begun\ntold\n')
    expect(report.conclusion).toBe('failure')
    expect(report.attempts[0]?.outcome).toMatchObject({ exitCode: 124, endedBy: 'guard' })
    expect(report.diagnoses[0]).toMatchObject({ id: 'timeout', confidence: 'certain' })
  })

  test('a timeout ends a tree that ignores TERM too, ten seconds later', async () => {
    const script = `trap '' TERM; sleep 300 & setsid sleep 300 & echo begun; wait`
    const { code, report } = await stand.guard(['--timeout=500ms', ...sh(script)])
    expect(code).toBe(124)
    expect(report.attempts[0]?.outcome).toMatchObject({ exitCode: 124, signal: 'SIGKILL', endedBy: 'guard' })
    expect(report.attempts[0]?.outcome.durationMs).toBeGreaterThanOrEqual(10_500)
    expect(report.diagnoses[0]?.id).toBe('timeout')
    expect(report.outOfMemory).toBe('false')
  })

  test('a child in a session of its own is ended with the build', async () => {
    const { code } = await stand.guard(sh('setsid sleep 300 </dev/null >/dev/null 2>&1 & sleep 0.5'))
    expect(code).toBe(0)
  })

  test('the working directory may have blanks in it', async () => {
    const cwd = program('hello', stand.fresh('a place with blanks'))
    const { code } = await stand.guard([
      `--working-directory=${basename(cwd)}`,
      '--',
      'go',
      'build',
      '-o',
      'hello',
      '.'
    ])
    expect(code).toBe(0)
    expect(existsSync(join(cwd, 'hello'))).toBe(true)
  })

  test('a script goes where it says, and stops at its first error', async () => {
    const cwd = program('compile-error', stand.fresh('script'))
    const script = 'cd store\npwd\ngo build .\ncd ..\ngo build ./...\necho never'
    const { code, stdout, report } = await stand.guard([`--command=${script}`], { cwd })
    expect(code).toBe(1)
    expect(stdout.toString()).toBe(`${join(cwd, 'store')}\n`)
    expect(report.command).toBe(script)
    expect(report.diagnoses[0]?.id).toBe('compile.error')
  })

  test('every wrong flag is named with what is allowed, and nothing is run', async () => {
    const values = ['--memory-limit=12X', '--timeout=never', '--parallelism=0', '--enforcement=jail']
    const { code, stderr } = await stand.guard([...values, ...sh('touch ran')])
    expect(code).toBe(125)
    for (const flag of values) {
      const [name = '', wrong = ''] = flag.slice(2).split('=')
      expect(stderr.toString()).toMatch(new RegExp(`${name}.*${wrong}.*allowed: `))
    }
    const unknown = await stand.guard(['--memory-limt=1G', '--frobnicate', ...sh('touch ran')])
    expect(unknown.code).toBe(125)
    expect(unknown.stderr.toString()).toMatch(/memory-limt.*memory-limit[\s\S]*frobnicate/)
    expect(existsSync(stand.path('ran'))).toBe(false)
  })

  test('a working directory that is not there is a reason not to run', async () => {
    const { code, stderr } = await stand.guard(['--working-directory=nowhere', ...sh('touch ran')])
    expect(code).toBe(125)
    expect(stderr.toString()).toContain('nowhere does not exist')
    expect(existsSync(stand.path('ran'))).toBe(false)
  })

  test('an interrupt from a terminal ends the command, and the guard tells of it', async () => {
    const file = stand.fresh('report.json')
    const { pid, ended } = stand.startGuard([`--report-file=${file}`, ...sh('sleep 300 & sleep 300')])
    await stand.process((one) => commandOf(one)[0] === 'sleep')
    kill(pid, 'SIGINT')
    const { code } = await ended
    await until('the report', () => existsSync(file))
    expect(code).toBe(130)
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ conclusion: 'cancelled' })
  })

  function isCompiler(pid: number, ofPackage: string): boolean {
    const [tool = '', ...args] = commandOf(pid)
    return basename(tool) === 'compile' && args[args.indexOf('-p') + 1] === ofPackage
  }
})
