import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, test } from '@jest/globals'
import { commandOf, parentOf } from '../../testbed/left-behind.ts'
import { locate } from '../../testbed/locate.ts'
import { hungryProgram } from '../../testbed/programs.ts'
import { drippingServer, silentServer } from '../../testbed/slow-servers.ts'
import { GUARD, type GuardEnded, guardUnavailable, kill, Stand, until } from '../../testbed/stand.ts'
import { lane } from '../lanes/lane.ts'

const FREEZER = '/sys/fs/cgroup/freezer'
const UNIFIED = '/sys/fs/cgroup/unified'

lane('a build that stands still', guardUnavailable(), () => {
  const stand = new Stand('stall')
  const sh = (script: string) => ['--', 'sh', '-c', script]
  const stall = ['--stall-timeout=2s', '--stall-action=kill']

  afterEach(async () => {
    expect(await stand.left()).toEqual([])
  })

  /** A module that needs `example.com/x`, which is not in its cache. */
  function needy(): { readonly cwd: string; readonly env: Readonly<Record<string, string>> } {
    const cwd = stand.fresh('needy')
    mkdirSync(cwd)
    writeFileSync(join(cwd, 'go.mod'), 'module example.com/m\n\ngo 1.21\n\nrequire example.com/x.git v1.0.0\n')
    writeFileSync(join(cwd, 'main.go'), 'package main\n\nimport _ "example.com/x.git"\n\nfunc main() {}\n')
    const cache = stand.fresh('modules')
    return { cwd, env: { GOMODCACHE: cache, GOFLAGS: '-mod=mod -modcacherw', GONOSUMDB: '*', GOTOOLCHAIN: 'local' } }
  }

  function firstOf({ code, report }: GuardEnded) {
    expect(code).toBe(124)
    expect(report).toMatchObject({ conclusion: 'failure', outOfMemory: 'false' })
    expect(report.attempts[0]?.outcome).toMatchObject({ exitCode: 124, endedBy: 'guard' })
    const [first] = report.diagnoses
    if (first === undefined) throw new Error('no diagnosis')
    return first
  }

  describe('because a server does not answer', () => {
    test('is ended, and the module proxy is named', async () => {
      const { address } = await silentServer()
      const { cwd, env } = needy()
      const ended = await stand.guard([...stall, '--', 'go', 'build', './...'], {
        cwd,
        env: { ...env, GOPROXY: `http://${address}` }
      })
      const { id, summary } = firstOf(ended)
      expect(id).toBe('stall.network')
      expect(summary).toMatch(new RegExp(`\`go\` \\(process \\d+\\) waits for \`${address}\`, the module proxy`))
      expect(ended.stderr.toString()).toMatch(/^goroutine \d+ .*\[IO wait/m)
    })

    test('is ended, and the checksum database is named', async () => {
      const { address } = await silentServer()
      const files = {
        '/example.com/x.git/@v/v1.0.0.info': '{"Version":"v1.0.0"}',
        '/example.com/x.git/@v/v1.0.0.mod': 'module example.com/x.git\n'
      }
      const proxy = await drippingServer(files, 1)
      const { cwd, env } = needy()
      const ended = await stand.guard([...stall, '--', 'go', 'build', './...'], {
        cwd,
        env: {
          ...env,
          GONOSUMDB: '',
          GOPROXY: `http://${proxy.address}`,
          GOSUMDB: `sum.${['golang', 'org'].join('.')} http://${address}`
        }
      })
      const { id, summary } = firstOf(ended)
      expect(id).toBe('stall.network')
      expect(summary).toContain(`\`${address}\`, the checksum database`)
    })

    test('is ended, and the Git server is named', async () => {
      const { address } = await silentServer()
      const { cwd, env } = needy()
      const ended = await stand.guard([...stall, '--', 'go', 'build', './...'], {
        cwd,
        env: {
          ...env,
          GOPROXY: 'direct',
          GIT_CONFIG_COUNT: '1',
          GIT_CONFIG_KEY_0: `url.http://${address}/.insteadOf`,
          GIT_CONFIG_VALUE_0: 'https://example.com/'
        }
      })
      const { id, summary } = firstOf(ended)
      expect(id).toBe('stall.network')
      expect(summary).toContain(`\`${address}\`, the Git server`)
    })

    test('is a timeout where its time is over first, with the server as evidence', async () => {
      const { address } = await silentServer()
      const { cwd, env } = needy()
      const ended = await stand.guard(['--timeout=3s', '--', 'go', 'build', './...'], {
        cwd,
        env: { ...env, GOPROXY: `http://${address}` }
      })
      const first = firstOf(ended)
      expect(first).toMatchObject({ id: 'timeout', confidence: 'certain' })
      expect(first.summary).toContain(`waits for \`${address}\`, the module proxy`)
      expect(first.evidence.find(({ hypothesis }) => hypothesis === 'Waiting for the network')?.measured).toContain(
        address
      )
    })
  })

  test('because another process holds the lock of the module cache is ended, and the holder is named', async () => {
    const cwd = stand.fresh('tidy')
    const lock = join(stand.fresh('modules'), 'cache/lock')
    for (const directory of [cwd, dirname(lock)]) mkdirSync(directory, { recursive: true })
    writeFileSync(join(cwd, 'go.mod'), 'module example.com/m\n\ngo 1.21\n')
    const holder = stand.start(['flock', lock, 'sleep', '301'])
    const sleeper = await stand.process((pid) => commandOf(pid).join(' ') === 'sleep 301')
    const ended = await stand.guard([...stall, '--', 'go', 'mod', 'tidy'], {
      cwd,
      env: { GOMODCACHE: dirname(dirname(lock)), GOTOOLCHAIN: 'local', GOPROXY: 'off' }
    })
    const { id, confidence, summary } = firstOf(ended)
    expect({ id, confidence }).toEqual({ id: 'stall.lock', confidence: 'certain' })
    expect(summary).toContain(`waits for the module cache lock \`${lock}\``)
    expect(summary).toMatch(/held by process \d+ \(`flock` `.*` `sleep` `301`\)/)
    for (const pid of [sleeper, holder.pid]) kill(pid)
    await holder.ended
  })

  test('because a process was stopped is ended at once, and the process is named', async () => {
    const run = stand.guard([...stall, ...sh('sleep 302; exit 0')])
    const pid = await stand.process((one) => commandOf(one).join(' ') === 'sleep 302')
    kill(pid, 'SIGSTOP')
    const { id, confidence, summary } = firstOf(await run)
    expect({ id, confidence }).toEqual({ id: 'stall.stopped', confidence: 'certain' })
    expect(summary).toContain(`\`sleep\` (process ${pid}) is stopped`)
  })

  test('because it waits for standard input is ended, and that is said', async () => {
    const fifo = stand.fresh('fifo')
    execFileSync('mkfifo', [fifo])
    const file = stand.fresh('report.json')
    const open = ['sh', '-c', 'f=$0; exec 3<>"$f"; exec "$@" <&3 3<&-', fifo]
    const { ended } = stand.start([...open, ...GUARD, 'run', `--report-file=${file}`, ...stall, ...sh('cat; exit 0')])
    expect((await ended).code).toBe(124)
    const { diagnoses } = JSON.parse(readFileSync(file, 'utf8'))
    expect(diagnoses[0]).toMatchObject({ id: 'stall.unknown' })
    expect(diagnoses[0].summary).toMatch(/`cat` \(process \d+\) waits for standard input/)
  })

  test('is only reported by default, goes on, and keeps its own result', async () => {
    const { code, report, stderr } = await stand.guard(['--stall-timeout=1s', ...sh('sleep 3; exit 7')])
    expect(code).toBe(7)
    expect(report.diagnoses.map(({ id }) => id)).not.toContain('stall.unknown')
    expect(linesWith('stall.unknown', stderr)).toEqual([
      expect.stringMatching(/no output, CPU time or I\/O for \d s: sleep \(process \d+\) sleeps on purpose/)
    ])
  })

  lane('in a frozen cgroup', unwritable(FREEZER), () => {
    test('is ended all the same, and the cgroup is named', async () => {
      const cgroup = join(FREEZER, `gbg-frozen-${process.pid}`)
      mkdirSync(cgroup)
      const run = stand.guard([...stall, ...sh('sleep 303; exit 0')])
      const pid = await stand.process((one) => commandOf(one).join(' ') === 'sleep 303')
      for (const one of [pid, parentOf(pid) ?? 0]) writeFileSync(join(cgroup, 'cgroup.procs'), String(one))
      writeFileSync(join(cgroup, 'freezer.state'), 'FROZEN')
      const { id, confidence, summary } = firstOf(await run)
      expect({ id, confidence }).toEqual({ id: 'stall.frozen', confidence: 'certain' })
      expect(summary).toContain(`the cgroup \`${cgroup}\` is frozen (v1), with 2 processes of the build in it`)
      await until('the cgroup to be empty', () => readFileSync(join(cgroup, 'cgroup.procs'), 'utf8') === '')
      rmdirSync(cgroup)
    })
  })

  lane('in a frozen cgroup of v2', unwritable(UNIFIED), () => {
    test('is told, and goes on once it is thawed', async () => {
      const cgroup = join(UNIFIED, `gbg-frozen-${process.pid}`)
      mkdirSync(cgroup)
      const { ended, child } = stand.startGuard(['--stall-timeout=1s', ...sh('sleep 3; exit 0')])
      let said = ''
      child.stderr?.on('data', (text: Buffer) => {
        said += text.toString()
      })
      const pid = await stand.process((one) => commandOf(one).join(' ') === 'sleep 3')
      for (const one of [pid, parentOf(pid) ?? 0]) writeFileSync(join(cgroup, 'cgroup.procs'), String(one))
      writeFileSync(join(cgroup, 'cgroup.freeze'), '1')
      await until('the report', () => said.includes('stall.frozen'))
      writeFileSync(join(cgroup, 'cgroup.freeze'), '0')
      expect((await ended).code).toBe(0)
      expect(said).toContain(`the cgroup ${cgroup} is frozen (v2)`)
      await until('the cgroup to be empty', () => readFileSync(join(cgroup, 'cgroup.procs'), 'utf8') === '')
      rmdirSync(cgroup)
    })
  })

  lane('on a file system that does not answer', unmountable(), () => {
    test('is told, with where in the kernel it waits', async () => {
      const mount = stand.fresh('mount')
      const image = stand.fresh('image')
      mkdirSync(mount)
      execFileSync('truncate', ['-s', '16M', image])
      execFileSync('mkfs.ext4', ['-q', '-F', image])
      execFileSync('mount', ['-o', 'loop', image, mount])
      const { ended, child } = stand.startGuard(['--stall-timeout=1s', ...sh(`sleep 0.3; echo text >${mount}/file`)])
      let said = ''
      child.stderr?.on('data', (text: Buffer) => {
        said += text.toString()
      })
      try {
        execFileSync('fsfreeze', ['-f', mount])
        await until('the report', () => said.includes('stall.'))
      } finally {
        execFileSync('fsfreeze', ['-u', mount])
        await ended
        execFileSync('umount', [mount])
      }
      expect(said).toMatch(/sh \(process \d+\) is in uninterruptible sleep \(state D\) in \w+: a disk or file system/)
      expect(said).toContain('stall.io')
    })
  })

  describe('is not what it is called', () => {
    test('while a compiler works without a word', async () => {
      const cwd = hungryProgram(stand.fresh('silent'), { methods: 3000 })
      const { code, stderr } = await stand.guard(['--stall-timeout=1s', '--', 'go', 'build', '-o', 'out', '.'], { cwd })
      expect(code).toBe(0)
      expect(linesWith('no output', stderr)).toEqual([])
    })

    test('while a download moves slowly', async () => {
      const files = {
        '/example.com/x.git/@v/v1.0.0.info': '{"Version":"v1.0.0"}',
        '/example.com/x.git/@v/v1.0.0.mod': 'module example.com/x.git'
      }
      const { address } = await drippingServer(files, 150)
      const { cwd, env } = needy()
      const { code, stderr, stdout } = await stand.guard(
        [...stall, '--', 'go', 'list', '-m', 'example.com/x.git@v1.0.0'],
        { cwd, env: { ...env, GOPROXY: `http://${address}` } }
      )
      expect(linesWith('no output', stderr)).toEqual([])
      expect({ code, stdout: stdout.toString() }).toEqual({ code: 0, stdout: 'example.com/x.git v1.0.0\n' })
    })
  })

  function linesWith(words: string, output: Buffer): readonly string[] {
    return output
      .toString()
      .split('\n')
      .filter((line) => line.startsWith('guard: ') && line.includes(words))
  }
})

/** Why no cgroup can be made there, or null. */
function unwritable(hierarchy: string): string | null {
  if (process.getuid?.() !== 0) return 'making a cgroup needs root'
  return existsSync(join(hierarchy, 'cgroup.procs')) ? null : `there is no ${hierarchy}`
}

/** Why no file system can be mounted and held, or null. */
function unmountable(): string | null {
  const missing = ['mkfs.ext4', 'mount', 'fsfreeze'].find((tool) => locate(tool) === null)
  if (missing !== undefined) return `there is no ${missing}`
  if (process.getuid?.() !== 0) return 'mounting needs root'
  return existsSync('/dev/loop-control') ? null : 'there are no loop devices'
}
