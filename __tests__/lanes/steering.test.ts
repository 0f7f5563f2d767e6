import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, expect, test } from '@jest/globals'
import { cgroupV1Unavailable } from '../../testbed/cgroup-v1.ts'
import { hungryProgram, program } from '../../testbed/programs.ts'
import { guardUnavailable, Stand } from '../../testbed/stand.ts'
import { lane } from './lane.ts'

/** Takes so much shared memory as says the first argument, until the kernel has killed something in this cgroup. */
const CROWD = `
memory=/sys/fs/cgroup/memory$(sed -n 's/^.*:memory://p' /proc/self/cgroup)
filler=$(mktemp -p /dev/shm)
head -c 150M /dev/zero >"$filler"
(until grep -q 'oom_kill [1-9]' "$memory/memory.oom_control"; do sleep 0.05; done; rm "$filler") &
go build -o crowded .
code=$?
wait
exit $code
`

lane('steering with root and cgroup v1', guardUnavailable() ?? cgroupV1Unavailable(), () => {
  const stand = new Stand('steering')

  beforeAll(async () => {
    await stand.start(['go', 'build', '-o', stand.path('warm'), '.'], { cwd: program('hello', stand.path('warming')) })
      .ended
  })

  afterEach(async () => {
    expect(await stand.left()).toEqual([])
  })

  test('a build of net/http finishes in one attempt under a cap that kills the plain one', async () => {
    const cwd = stand.fresh('net')
    mkdirSync(cwd)
    writeFileSync(join(cwd, 'go.mod'), 'module example.com/net\n\ngo 1.21\n')
    writeFileSync(
      join(cwd, 'main.go'),
      'package main\n\nimport "net/http"\n\nfunc main() { _ = http.ListenAndServe("", nil) }\n'
    )
    const build = ['--memory-limit=240M', '--on-out-of-memory=fail', '--', 'go', 'build', '-a', '-o', 'out', '.']
    const plain = await stand.guard(['--steering=off', '--go-memory-limit=off', ...build], { cwd })
    expect(plain.report).toMatchObject({ conclusion: 'failure', outOfMemory: 'true' })

    const { code, report } = await stand.guard(build, { cwd })
    expect(code).toBe(0)
    expect(report).toMatchObject({ conclusion: 'success', outOfMemory: 'false' })
    expect(report.attempts).toHaveLength(1)
    const { steering, plan } = report.attempts[0] ?? {}
    expect(plan).toMatchObject({ isSteered: true, setParallelism: null, setGoMemoryLimitBytes: null })
    expect(steering?.toolRuns).toBeGreaterThan(100)
    expect(steering?.steps.some(({ package: name }) => name === 'runtime')).toBe(true)
    expect(steering?.packages[0]).toMatchObject({ tool: 'compile', package: 'runtime' })
    expect(steering?.advice).toMatch(
      /^With `memory-limit: \d+MiB` at most, by estimate, nothing would have to be held back/
    )
  })

  test('a compile that the kernel kills is run again, and what comes out is what comes out without', async () => {
    const cwd = hungryProgram(stand.fresh('hungry'), { methods: 3000 })
    const { code, report, stderr } = await stand.guard(['--memory-limit=260M', `--command=${CROWD}`], { cwd })
    expect([code, stderr.toString()]).toEqual([0, expect.stringContaining('was killed for memory by the kernel')])
    expect(report).toMatchObject({ conclusion: 'success', outOfMemory: 'false', diagnoses: [] })
    const { steering } = report.attempts[0] ?? {}
    expect(steering?.replayed).toBeGreaterThan(0)
    expect(steering?.steps.filter(({ kind }) => kind === 'replayed')[0]).toMatchObject({
      tool: 'compile',
      package: 'example.com/hungry/appetite'
    })
    expect(steering?.packages[0]?.runs).toBeGreaterThan(1)

    // Another cache, so that everything is made again; the standard library is that of any build.
    const cache = stand.fresh('cache')
    const plain = await stand.start(['go', 'build', '-o', 'plain', '.'], { cwd, env: { GOCACHE: cache } }).ended
    expect(plain.code).toBe(0)
    expect(readFileSync(join(cwd, 'crowded')).equals(readFileSync(join(cwd, 'plain')))).toBe(true)
  })

  test('a compile error after such a kill is a compile error, and memory is not blamed', async () => {
    const cwd = hungryProgram(stand.fresh('broken'), { methods: 3000 })
    writeFileSync(join(cwd, 'wrong.go'), 'package main\n\nfunc wrong() int { return undefinedName }\n')
    const { code, report } = await stand.guard(['--memory-limit=260M', `--command=${CROWD}`], { cwd })
    expect(code).toBe(1)
    expect(report.attempts[0]?.steering?.replayed).toBeGreaterThan(0)
    expect(report.diagnoses[0]).toMatchObject({ id: 'compile.error' })
    expect(report.outOfMemory).toBe('false')
    expect(report.attempts[0]?.outcome.endedBy).toBe('itself')
  })

  test('a compile that fits nowhere is given up with the number, and is not tried in vain again', async () => {
    const cwd = hungryProgram(stand.fresh('vast'), { methods: 6000 })
    const { code, report, stderr } = await stand.guard(['--memory-limit=100M', '--', 'go', 'build', '.'], { cwd })
    expect(code).toBe(1)
    expect(report).toMatchObject({ conclusion: 'failure', outOfMemory: 'true' })
    expect(report.attempts).toHaveLength(1)
    expect(report.attempts[0]?.outcome.endedBy).toBe('kernel-oom-cap')
    expect(report.attempts[0]?.steering?.steps.at(-1)).toMatchObject({ kind: 'gave up' })
    expect(stderr.toString()).toContain('does not fit 100 MiB, not even alone with GOMEMLIMIT=')
    expect(stderr.toString()).toContain('compile: signal: killed\n')
    expect(stderr.toString()).toContain('no attempt 2: every setting was tried in this one')
  })

  test('a -toolexec of the user’s stays, and steering steps aside', async () => {
    const cwd = program('hello', stand.fresh('own'))
    const build = ['--memory-limit=300M', '--', 'go', 'build', '-toolexec', 'env', '-o', 'out', '.']
    const { code, report, stderr } = await stand.guard(build, { cwd })
    expect([code, report.attempts[0]?.plan.isSteered]).toEqual([0, false])
    expect(stderr.toString()).toContain('Steering steps aside: the command has a -toolexec of its own')
  })

  test('a Go that cannot build the helper leaves the build as it is without', async () => {
    const [cwd, folder] = [program('hello', stand.fresh('odd')), stand.fresh('bin')]
    mkdirSync(folder)
    const script =
      '#!/bin/sh\ncase "$PWD" in */helper) echo "no space left" >&2; exit 1 ;; esac\nexec "$REAL_GO" "$@"\n'
    writeFileSync(join(folder, 'go'), script, { mode: 0o755 })
    const real = (await stand.start(['sh', '-c', 'command -v go']).ended).stdout.toString().trim()
    const env = { PATH: `${folder}:${process.env['PATH']}`, REAL_GO: real }
    const { code, stderr } = await stand.guard(['--memory-limit=300M', '--', 'go', 'build', '.'], { cwd, env })
    expect(code).toBe(0)
    expect(stderr.toString()).toContain('Steering steps aside: its helper cannot be had: building it: no space left')
    expect(stderr.toString()).toContain('sets GOMEMLIMIT=270MiB')
  })
})
