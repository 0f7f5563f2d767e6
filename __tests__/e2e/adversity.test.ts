import { mkdirSync, writeFileSync } from 'node:fs'
import { afterEach, describe, expect, test } from '@jest/globals'
import { cgroupV1Unavailable } from '../../testbed/cgroup-v1.ts'
import { locate } from '../../testbed/locate.ts'
import { GUARD, guardUnavailable, Stand } from '../../testbed/stand.ts'
import { lane } from '../lanes/lane.ts'

const MIB = 2 ** 20

/** What others do to a run while it is under way. */
lane('a guard in adversity', guardUnavailable(), () => {
  const stand = new Stand('adversity')

  afterEach(async () => {
    expect(await stand.left()).toEqual([])
  })

  const noMounts =
    process.getuid?.() === 0 && locate('unshare') !== null ? null : 'making a full disk needs root and unshare'
  lane('with a full disk', noMounts, () => {
    test('where the guard can write nothing, the build has its output and its result', async () => {
      const full = stand.path('full')
      mkdirSync(full)
      const fill =
        'mount -t tmpfs -o size=64k none "$0" && { head -c 100000 /dev/zero >"$0/fill" || :; } 2>/dev/null; exec "$@"'
      const build = ['sh', '-c', 'echo out; echo err >&2; exit 3']
      const guard = [...GUARD, 'run', `--report-file=${full}/report.json`, '--', ...build]
      const { ended } = stand.start(['unshare', '-m', 'sh', '-c', fill, full, ...guard], { env: { TMPDIR: full } })
      const { code, stdout, stderr } = await ended
      expect([code, stdout.toString()]).toEqual([3, 'out\n'])
      expect(stderr.toString()).toContain('err\n')
      expect(stderr.toString()).toMatch(/report-file: ENOSPC/)
    })
  })

  lane('with cgroups', cgroupV1Unavailable(), () => {
    /** Runs a script in a cage of 300 MiB; `$cage` is its directory. */
    const inCage = async (script: string, ...flags: string[]) => {
      const file = stand.path('script')
      writeFileSync(file, `cage=/sys/fs/cgroup/memory$(sed -n 's/^[0-9]*:memory://p' /proc/self/cgroup)\n${script}`)
      return stand.guard(['--memory-limit=300M', '--steering=off', ...flags, '--', 'bash', file])
    }

    test('a limit that somebody changes under the build is told as it was in the end', async () => {
      const { code, report } = await inCage('echo $((200 << 20)) >"$cage/memory.limit_in_bytes"; sleep 0.3')
      expect(code).toBe(0)
      expect(report.enforcement).toMatchObject({ inForce: 'cgroup-v1', limitBytes: 200 * MIB })
      expect(report.warnings).toEqual([
        'the limit was changed while the build ran: 300 MiB at first, 200 MiB at the end'
      ])
    })

    test('a build whose cgroup somebody takes away is still seen, and still ended', async () => {
      const script = `for pid in $(cat "$cage/cgroup.procs"); do echo $pid >"$cage/../cgroup.procs"; done 2>/dev/null
        until rmdir "$cage" 2>/dev/null; do sleep 0.05; done
        (trap '' TERM INT; sleep 300) &
        sleep 0.6; exit 4`
      const { code, report } = await inCage(script)
      expect(code).toBe(4)
      expect(report.outOfMemory).not.toBe('true')
      expect(report.warnings.join()).toContain('was removed while the build ran: its limit did not hold to the end')
      expect(report.attempts[0]?.memory.samples.length).toBeGreaterThan(2)
    })
  })

  describe('side by side', () => {
    test('two guards each have a cage of their own, and the end of one leaves the other alone', async () => {
      const begun = stand.path('begun')
      const long = stand.guard([
        '--memory-limit=200M',
        '--steering=off',
        '--',
        'sh',
        '-c',
        `touch ${begun}; sleep 2; cat ${begun}; exit 7`
      ])
      const short = await stand.guard(['--memory-limit=100M', '--steering=off', '--', 'sh', '-c', 'exit 5'])
      writeFileSync(begun, 'still here')
      const { code, stdout, report } = await long
      expect([short.code, code, stdout.toString()]).toEqual([5, 7, 'still here'])
      expect([short.report.enforcement.limitBytes, report.enforcement.limitBytes]).toEqual([100 * MIB, 200 * MIB])
    })
  })
})
