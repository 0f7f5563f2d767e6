import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { nodeToolGates } from '../../src/adapters/node-tool-gates.ts'
import { SIGKILL, type ToolAtGate, type ToolEnd, type ToolGate } from '../../src/ports/tool-gate.ts'
import { hungryProgram, program } from '../../testbed/programs.ts'
import { guardUnavailable, kill, Stand, until } from '../../testbed/stand.ts'
import { projectRoot, runCommand } from '../../testbed/workbench.ts'
import { lane } from '../lanes/lane.ts'

lane('the helper before the tools', guardUnavailable(), () => {
  const stand = new Stand('helper')
  const directory = stand.path('my steer')
  const helper = join(directory, 'helper')
  let gate: ToolGate | null = null

  beforeAll(async () => {
    mkdirSync(directory)
    const env = { ...process.env, GOFLAGS: '', GOWORK: 'off' }
    const built = await runCommand(['go', 'build', '-o', helper, '.'], { cwd: join(projectRoot, 'helper'), env })
    expect(built.stderr).toBe('')
  })

  test('passes its own tests, and the vet', async () => {
    const cwd = join(projectRoot, 'helper')
    for (const args of [
      ['vet', '.'],
      ['test', '.']
    ]) {
      const { code, stderr } = await stand.start(['go', ...args], { cwd, env: { GOFLAGS: '', GOWORK: 'off' } }).ended
      expect([code, stderr.toString()]).toEqual([0, ''])
    }
  })

  afterEach(() => {
    gate?.close()
    gate = null
  })

  /** A program of that name, which is a script. */
  const tool = (name: 'compile' | 'link' | 'asm', script: string): string => {
    const folder = stand.fresh('tools')
    mkdirSync(folder)
    const path = join(folder, name)
    writeFileSync(path, `#!/bin/sh\n${script}\n`)
    chmodSync(path, 0o755)
    return path
  }

  /** As the go command starts it: both outputs are one pipe. */
  const start = (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
    const child = spawn('sh', ['-c', 'exec "$@" 2>&1', 'sh', helper, ...args], {
      env: { ...stand.environment, ...env }
    })
    let output = ''
    child.stdout.on('data', (text: Buffer) => {
      output += text.toString()
    })
    const ended = new Promise<{ code: number | null; signal: string | null; output: string }>((settle) => {
      child.once('close', (code, signal) => settle({ code, signal, output }))
    })
    return { pid: child.pid ?? 0, ended }
  }
  const run = (args: readonly string[], env = {}) => start(args, env).ended

  interface Orders {
    asked?: (tool: ToolAtGate, end: ToolEnd | null) => void
    ended?: (tool: ToolAtGate, end: ToolEnd) => void
    started?: (pid: number) => void
  }

  /** Opens the gate; what comes is noted. */
  const keep = async (orders: Orders = {}): Promise<string[]> => {
    const heard: string[] = []
    if (nodeToolGates === null) throw new Error('there are no gates here')
    gate = await nodeToolGates.open(directory, {
      asked(at, end) {
        heard.push(`asked ${at.job.tool}${end === null ? '' : ` after ${end.signal}`}`)
        if (orders.asked !== undefined) orders.asked(at, end)
        else if (end === null) at.run({})
      },
      started: (_, pid) => orders.started?.(pid),
      ended(at, end) {
        heard.push(`ended ${end.signal}`)
        orders.ended?.(at, end)
      },
      left: () => void heard.push('left')
    })
    gate.setLane(null)
    return heard
  }

  describe('where nobody listens', () => {
    test.each([
      ['a compile', 'compile', 'echo out; echo err >&2; exit 3', { code: 3, signal: null, output: 'out\nerr\n' }],
      ['a link', 'link', 'echo done', { code: 0, signal: null, output: 'done\n' }],
      ['another tool', 'asm', 'exit 2', { code: 2, signal: null, output: '' }],
      ['a compile that is killed', 'compile', 'kill -KILL $$', { code: null, signal: 'SIGKILL', output: '' }]
    ] as const)('%s runs as if it were not there', async (_title, name, script, ended) => {
      expect(await run([tool(name, script)])).toEqual(ended)
    })

    test('a tool that is missing is told as that', async () => {
      const { code, output } = await run(['/nowhere/compile'])
      expect([code, output]).toEqual([127, '/nowhere/compile: no such file or directory\n'])
    })
  })

  describe('at the gate', () => {
    test('asks, runs with what it is told, and tells what it took', async () => {
      const jobs: ToolAtGate['job'][] = []
      const ends: ToolEnd[] = []
      const heard = await keep({
        asked(at) {
          jobs.push(at.job)
          at.run({ GOGC: '25', GOMEMLIMIT: '270MiB' })
        },
        ended: (_, end) => void ends.push(end)
      })
      const [source, config] = [stand.fresh('a b.go'), stand.fresh('importcfg')]
      writeFileSync(source, 'x'.repeat(1234))
      writeFileSync(config, 'packagefile fmt=/x\n')
      const compile = tool('compile', 'echo "$GOGC $GOMEMLIMIT $GOX"')
      const env = { TOOLEXEC_IMPORTPATH: 'example.com/m [example.com/m.test]', GOGC: '400', GOX: 'kept' }
      expect(await run([compile, '-importcfg', config, source], env)).toMatchObject({
        code: 0,
        output: '25 270MiB kept\n'
      })
      expect(heard.slice(0, 2)).toEqual(['asked compile', 'ended 0'])
      expect(jobs[0]).toMatchObject({
        package: 'example.com/m [example.com/m.test]',
        sourceBytes: 1234,
        configBytes: 19,
        config
      })
      expect(ends[0]?.peakBytes).toBeGreaterThan(500_000)
    })

    test('a link tells how large its archives are', async () => {
      const jobs: ToolAtGate['job'][] = []
      await keep({
        asked(at) {
          jobs.push(at.job)
          at.run({})
        }
      })
      const [archive, config] = [stand.fresh('_pkg_.a'), stand.fresh('importcfg.link')]
      writeFileSync(archive, 'x'.repeat(500))
      writeFileSync(config, `packagefile a=${archive}\npackagefile b=${archive}\npackagefile c=/nowhere\n`)
      await run([tool('link', ''), '-importcfg', config])
      expect(jobs[0]).toMatchObject({ tool: 'link', archiveBytes: 1000 })
    })

    test('the version of a tool passes untouched, without asking', async () => {
      const heard = await keep()
      const compile = tool('compile', 'echo "compile version go1.99 $*"')
      expect(await run([compile, '-V=full'])).toMatchObject({ code: 0, output: 'compile version go1.99 -V=full\n' })
      expect(heard).toEqual([])
    })

    test('on the fast lane it runs first, and tells of it afterwards', async () => {
      const heard = await keep()
      gate?.setLane(100_000)
      expect(await run([tool('compile', 'exit 1')])).toMatchObject({ code: 1 })
      await until('its leaving', () => heard.length === 2)
      expect(heard).toEqual(['asked compile after 0', 'left'])
    })

    test('what was killed runs again, and its first words are not heard twice', async () => {
      const again = (at: ToolAtGate, end: ToolEnd | null): void => {
        if (end?.signal === SIGKILL) at.run({ AGAIN: '1' })
      }
      const heard = await keep({ ended: again })
      const compile = tool('compile', 'echo warning; [ -n "$AGAIN" ] || kill -KILL $$; echo made')
      expect(await run([compile])).toEqual({ code: 0, signal: null, output: 'warning\nmade\n' })
      expect(heard.slice(0, 3)).toEqual(['asked compile', 'ended 9', 'ended 0'])
    })

    test('what was killed on the fast lane runs again too', async () => {
      const heard = await keep({ asked: (at) => at.run({ AGAIN: '1' }) })
      gate?.setLane(100_000)
      const compile = tool('compile', '[ -n "$AGAIN" ] || kill -KILL $$; echo made')
      expect(await run([compile])).toMatchObject({ code: 0, output: 'made\n' })
      expect(heard.slice(0, 2)).toEqual(['asked compile after 9', 'ended 0'])
    })

    test('given up, it dies as the tool died, and names it', async () => {
      await keep({ ended: (at) => at.giveUp() })
      const compile = tool('compile', 'kill -KILL $$')
      expect(await run([compile])).toEqual({ code: null, signal: 'SIGKILL', output: `${compile}: signal: killed\n` })
    })

    test.each(['TERM', 'SEGV', 'ABRT', 'QUIT'])('a tool that died of SIG%s is not run again', async (signal) => {
      const heard = await keep()
      expect(await run([tool('link', `ulimit -c 0; kill -${signal} $$`)])).toMatchObject({
        signal: `SIG${signal}`,
        output: ''
      })
      expect(heard[1]).toMatch(/^ended \d+$/)
    })

    test('a guard that goes while it waits leaves the tool to itself', async () => {
      await keep({ asked: () => gate?.close() })
      expect(await run([tool('compile', 'echo made')])).toMatchObject({ code: 0, output: 'made\n' })
    })

    test('a guard that goes while the tool runs changes nothing', async () => {
      await keep({ started: () => gate?.close() })
      expect(await run([tool('compile', 'sleep 0.2; echo made; exit 4')])).toMatchObject({ code: 4, output: 'made\n' })
    })

    test('when it is killed, its tool does not stay behind', async () => {
      let pid = 0
      await keep({
        started: (of) => {
          pid = of
        }
      })
      const running = start([tool('compile', 'exec sleep 600')])
      await until('the tool', () => pid > 0)
      kill(running.pid)
      expect(await running.ended).toMatchObject({ signal: 'SIGKILL' })
      await until('its end', () => !isAlive(pid))
    })

    test('who does not speak the language is sent away', async () => {
      const heard = await keep()
      for (const words of ['GET / HTTP/1.1\r\n', `ask compile ${'x'.repeat(40_000)}`, 'ask asm 1 p 1 1 1 c\n']) {
        const socket = connect(join(directory, 'gate'))
        const closed = new Promise((settle) => socket.once('close', settle))
        socket.on('error', () => {})
        socket.end(words)
        await closed
      }
      expect(heard).toEqual([])
    })
  })

  describe('with the real Go', () => {
    const goflags = `-buildvcs=false "-toolexec='${helper}'"`
    const go = (cwd: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
      stand.start(['go', ...args], { cwd, env }).ended

    test('a package is compiled once, with it or without, and the binaries are the same', async () => {
      await keep()
      const cwd = hungryProgram(stand.fresh('app'), { methods: 50 })
      const steered = await go(cwd, ['build', '-v', '-o', 'steered', '.'], { GOFLAGS: goflags })
      expect(steered.stderr.toString()).toContain('example.com/hungry/appetite\n')
      const plain = await go(cwd, ['build', '-v', '-o', 'plain', '.'], { GOFLAGS: '-buildvcs=false' })
      expect([plain.code, plain.stderr.toString()]).toEqual([0, ''])
      expect(readFileSync(join(cwd, 'plain')).equals(readFileSync(join(cwd, 'steered')))).toBe(true)
    })

    test.each([
      ['a trimmed build', ['build', '-trimpath', '-o', 'out', '.'], {}],
      ['a build for another system', ['build', '-o', 'out', '.'], { GOOS: 'windows', GOARCH: 'arm64' }],
      ['go test, which vets too', ['test', '-count=1', '.'], {}],
      ['a link by the C compiler', ['build', '-ldflags=-linkmode=external', '-o', 'out', '.'], {}]
    ])('%s passes', async (_title, args, env) => {
      const heard = await keep()
      const cwd = program('hello', stand.fresh('hello'))
      writeFileSync(join(cwd, 'fresh.go'), `package main\n\nconst Fresh = "${cwd}"\n`)
      const { code, stderr } = await go(cwd, args, { ...env, GOFLAGS: goflags })
      expect([code, stderr.toString()]).toEqual([0, ''])
      expect(heard).toContain('asked compile')
    })
  })
})

function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}
