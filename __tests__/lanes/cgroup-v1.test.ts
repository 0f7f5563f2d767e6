import { afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { cgroupV1Unavailable, OuterCgroup } from '../../testbed/cgroup-v1.ts'
import { hungryProgram, program } from '../../testbed/programs.ts'
import { readReport } from '../../testbed/read-report.ts'
import { GUARD, guardUnavailable, Stand } from '../../testbed/stand.ts'
import { lane } from './lane.ts'

const MIB = 2 ** 20
const BUILD = ['--', 'go', 'build', '-o', 'out', '.']

/** Under this cap a compiler that needs 300 MiB is killed, and what it needs is not set by the plan. */
const CAPPED = ['--memory-limit=120M', '--on-out-of-memory=fail', '--go-memory-limit=off', '--steering=off']

/** About 180 MiB: more than that cap, and built in half the time. */
const FOUR_THOUSAND = { methods: 4000 }

lane('root with cgroup v1', guardUnavailable() ?? cgroupV1Unavailable(), () => {
  const stand = new Stand('v1')

  beforeAll(async () => {
    // So that no test below compiles the standard library under its cap.
    await stand.start(['go', 'build', '-o', stand.path('warm'), '.'], { cwd: program('hello', stand.path('warming')) })
      .ended
  })

  afterEach(async () => {
    expect(await stand.left()).toEqual([])
  })

  test('a compiler that needs more than the cap is killed by it, and the kernel log says so', async () => {
    const { code, report, stderr } = await stand.guard([...CAPPED, ...BUILD], { cwd: hungryProgram(stand.fresh('a')) })
    expect(code).toBe(1)
    expect(report).toMatchObject({ conclusion: 'failure', outOfMemory: 'true' })
    expect(report.enforcement).toMatchObject({
      inForce: 'cgroup-v1',
      limitBytes: 120 * MIB,
      limitSource: 'memory-limit'
    })
    expect(report.attempts).toHaveLength(1)
    expect(report.attempts[0]?.outcome).toMatchObject({ exitCode: 1, signal: null, endedBy: 'kernel-oom-cap' })
    // v1 has no counter of whose limit fired: certain is what only the record of the kernel log can make it.
    expect(report.diagnoses[0]).toMatchObject({ id: 'oom.cgroup', confidence: 'certain' })
    expect(report.diagnoses[0]?.summary).toContain('`compile` on `example.com/hungry/appetite`')
    expect(report.diagnoses[0]?.evidence[0]).toMatchObject({ hypothesis: 'Build hit its own cap', verdict: 'cause' })
    expect(report.diagnoses[0]?.evidence[0]?.measured).toContain('`oom_kill` 0 to 1')
    expect(report.diagnoses[0]?.evidence[0]?.measured).toContain('`task=compile`')
    expect(stderr.toString()).toMatch(/oom_kill 0 to 1; kernel log: this cgroup's limit, task=compile/)
    expect(report.attempts[0]?.memory.peakBytes).toBeGreaterThan(60 * MIB)
    expect(report.attempts[0]?.memory.peakBytes).toBeLessThanOrEqual(120 * MIB)
    expect(stderr.toString()).toContain('compile: signal: killed\n')
  })

  test('the build is resumed with tighter settings, and passes', async () => {
    // Two packages at once need about 240 MiB, one after another with GOGC=25 about 100.
    const cwd = hungryProgram(stand.fresh('b'), { methods: 2500, packages: 2 })
    const { code, report } = await stand.guard(
      ['--memory-limit=170M', '--go-memory-limit=off', '--steering=off', ...BUILD],
      { cwd }
    )
    expect(code).toBe(0)
    expect(report).toMatchObject({ conclusion: 'recovered', outOfMemory: 'true' })
    expect(report.attempts.map(({ outcome }) => outcome)).toMatchObject([
      { exitCode: 1, endedBy: 'kernel-oom-cap' },
      { exitCode: 0, endedBy: 'itself' }
    ])
    expect(report.attempts[0]?.plan).toMatchObject({ setGcPercent: null, setParallelism: null })
    expect(report.attempts[1]?.plan).toMatchObject({ setGcPercent: 25, setParallelism: 1 })
    expect(report.diagnoses[0]?.id).toBe('oom.cgroup')
  })

  test('a script with more than builds in it is not run twice', async () => {
    const cwd = hungryProgram(stand.fresh('c'), { methods: 3000 })
    const script = 'echo once >>runs\ncurl --version >/dev/null || true\ngo build -o out .\n'
    const { code, report } = await stand.guard(
      ['--memory-limit=60M', '--go-memory-limit=off', '--steering=off', `--command=${script}`],
      {
        cwd
      }
    )
    expect(code).toBe(1)
    expect(report.attempts).toHaveLength(1)
    expect(report.outOfMemory).toBe('true')
  })

  test('the cap that is chosen kills nothing where there is room', async () => {
    const { code, report } = await stand.guard(BUILD, { cwd: hungryProgram(stand.fresh('d'), FOUR_THOUSAND) })
    expect(code).toBe(0)
    expect(report).toMatchObject({ conclusion: 'success', outOfMemory: 'false' })
    expect(report.enforcement).toMatchObject({ inForce: 'cgroup-v1', limitSource: 'auto' })
    const { plan, memory } = report.attempts[0] ?? {}
    expect(plan).toMatchObject({ cap: { bytes: report.enforcement.limitBytes, swap: 'open' } })
    if (plan?.level === 'ample') expect(plan.environment).toEqual({})
    expect(memory?.peakBytes).toBeGreaterThan(120 * MIB)
  })

  test('enforcement watch: the guard ends the build itself', async () => {
    const cwd = hungryProgram(stand.fresh('e'))
    const { code, report } = await stand.guard(['--enforcement=watch', ...CAPPED, ...BUILD], { cwd })
    expect(code).toBe(137)
    expect(report.enforcement).toMatchObject({ inForce: 'watch', limitBytes: 120 * MIB })
    expect(report.attempts[0]?.outcome).toMatchObject({ exitCode: 137, signal: 'SIGKILL', endedBy: 'guard' })
    expect(report.diagnoses[0]).toMatchObject({ id: 'oom.watch', confidence: 'certain' })
    expect(report.diagnoses[0]?.summary).toContain('`compile` on `example.com/hungry/appetite`')
    expect(report.outOfMemory).toBe('true')
    expect(report.attempts[0]?.memory.peakBytes).toBeGreaterThan(120 * MIB)
  })

  test('enforcement off: the build has what it needs, and is looked at', async () => {
    const cwd = hungryProgram(stand.fresh('f'), FOUR_THOUSAND)
    const { code, report } = await stand.guard(['--enforcement=off', ...CAPPED, ...BUILD], { cwd })
    expect(code).toBe(0)
    expect(report.enforcement.inForce).toBe('none')
    expect(report.attempts[0]?.memory.peakBytes).toBeGreaterThan(120 * MIB)
    expect(report.attempts[0]?.heaviest[0]).toMatchObject({ tool: 'compile', package: 'example.com/hungry/appetite' })
  })

  test('two guards side by side: each has a cage of its own, and tells of its own', async () => {
    const run = (name: string, cap: string) => {
      const cwd = hungryProgram(stand.fresh(name), FOUR_THOUSAND)
      return stand.guard([`--memory-limit=${cap}`, ...CAPPED.slice(1), ...BUILD], { cwd })
    }
    const [small, smaller, large] = await Promise.all([run('g', '120M'), run('h', '90M'), run('i', '2G')])
    expect([small.code, smaller.code, large.code]).toEqual([1, 1, 0])
    for (const [{ report }, bytes] of [
      [small, 120 * MIB],
      [smaller, 90 * MIB]
    ] as const) {
      expect(report.diagnoses[0]).toMatchObject({ id: 'oom.cgroup', confidence: 'certain' })
      expect(report.enforcement.limitBytes).toBe(bytes)
      expect(report.attempts[0]?.outcome.endedBy).toBe('kernel-oom-cap')
    }
    expect(large.report).toMatchObject({ conclusion: 'success', outOfMemory: 'false' })
  })

  describe('inside a cgroup with a limit', () => {
    const inside = async (args: readonly string[], limitBytes = 220 * MIB) => {
      const outer = new OuterCgroup(limitBytes)
      const file = stand.fresh('report.json')
      const command = [...GUARD, 'run', `--report-file=${file}`, '--go-memory-limit=off', '--steering=off', ...args]
      const ended = await stand.start(outer.around(command), { cwd: hungryProgram(stand.fresh('j')) }).ended
      expect(await stand.left()).toEqual([])
      await outer.remove()
      return { outer, ...ended, report: readReport(file) }
    }

    test('that limit binds, and its kill is not taken for one by a cap, since there is none', async () => {
      const { code, report, outer } = await inside(['--on-out-of-memory=fail', '--enforcement=off', ...BUILD])
      expect(report.survey.binding).toMatchObject({ source: 'cgroup-v1', bytes: 220 * MIB, file: outer.limitFile })
      expect(code).toBe(1)
      expect(report.attempts[0]?.outcome.endedBy).toBe('kernel-oom-ancestor')
      expect(report.diagnoses[0]).toMatchObject({ id: 'oom.cgroup', confidence: 'certain' })
      expect(report.diagnoses[0]?.summary).toContain('`compile` on `example.com/hungry/appetite`')
      expect(report.outOfMemory).toBe('true')
    })

    test('a cap above that limit is not what fires', async () => {
      const { code, report } = await inside(['--on-out-of-memory=fail', '--memory-limit=1G', ...BUILD])
      expect(code).toBe(1)
      expect(report.enforcement).toMatchObject({ inForce: 'cgroup-v1', limitBytes: 1024 * MIB })
      expect(report.attempts[0]?.outcome.endedBy).toBe('kernel-oom-ancestor')
      expect(report.diagnoses[0]).toMatchObject({ id: 'oom.cgroup', confidence: 'certain' })
    })

    test('watch acts before that limit does', async () => {
      const { code, report } = await inside(['--on-out-of-memory=fail', '--enforcement=watch', ...BUILD], 300 * MIB)
      expect(code).toBe(137)
      expect(report.attempts[0]?.outcome.endedBy).toBe('guard')
      expect(report.diagnoses[0]?.id).toBe('oom.watch')
    })
  })
})
