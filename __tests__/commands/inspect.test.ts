import { expect, test } from '@jest/globals'
import { describeTrial } from '../../src/commands/describe-trial.ts'
import { tryOut } from '../../src/commands/trial.ts'
import { GIB, MIB } from '../../src/model/bytes.ts'
import type { EnforcementInForce } from '../../src/model/evidence.ts'
import type { Plan } from '../../src/model/plan.ts'
import { parseSettings } from '../../src/settings/settings.ts'
import { cgroupTree } from '../fakes/cgroup-tree.ts'
import { manualClock } from '../fakes/manual-clock.ts'
import { memoryFiles } from '../fakes/memory-files.ts'
import { fakeProcesses } from '../fakes/processes.ts'
import { surveyOf } from '../fakes/surveys.ts'

const PLAN: Plan = {
  attempt: 1,
  level: 'ample',
  cap: { bytes: 600 * MIB, swap: 'open' },
  parallelism: 2,
  setParallelism: null,
  setGoMemoryLimitBytes: null,
  setGcPercent: null,
  environment: {},
  reasons: [{ subject: 'cap', text: 'cap 600 MiB: 1.0 GiB less what others use' }]
}

test.each<[EnforcementInForce, RegExp]>([
  ['cgroup-v2', /^What would be enforced: 600 MiB by the kernel, .*\(cgroup-v2\)\n/],
  ['cgroup-v1', /^What would be enforced: 600 MiB by the kernel, .*\(cgroup-v1\)\n/],
  ['systemd', /^What would be enforced: 600 MiB by the kernel, .* scope .*\(systemd\)\n/],
  ['job-object', /^What would be enforced: 600 MiB of committed memory by Windows/],
  ['watch', /^What would be enforced: nothing by the kernel\. .*\n.* 600 MiB \(auto\)/],
  ['none', /^What would be enforced: nothing\. /]
])('inspect says in plain words what %s means, and how that was found out', (inForce, expected) => {
  const reasons = ['cgroup-v2 (direct): EACCES', `${inForce} /sys/fs/cgroup/x, through sudo`]
  const text = describeTrial({ inForce, reasons, limitBytes: 600 * MIB, limitSource: 'auto' }, PLAN).join('\n')
  expect(text).toMatch(expected)
  expect(text).toContain('best way first:\n  cgroup-v2 (direct): EACCES\n')
  expect(text).toContain('\n  cap 600 MiB: 1.0 GiB less what others use')
})

test('a way counts as working once a process was let in, and nothing is left of the trial', async () => {
  const files = memoryFiles({ '/sys/fs/cgroup/cgroup.subtree_control': 'memory\n' })
  const checked = parseSettings(() => '', { platform: 'linux' })
  if ('problems' in checked) throw new Error(checked.problems.join())
  const place = { root: '', runId: '0123456789ab', runDirectory: '/tmp/x', environment: {} }
  const trial = (...means: ReturnType<typeof cgroupTree>[]) =>
    tryOut(
      { files, processes: fakeProcesses(), clock: manualClock(), means },
      place,
      surveyOf({ binding: { source: 'host', file: '/proc/meminfo', bytes: 8 * GIB, usedByOthersBytes: 0 } }),
      checked.settings
    )
  const shut = cgroupTree(files, 'v2', { isShut: true })
  const sudo = cgroupTree(files, 'v2', { means: 'sudo' })
  const { enforcement } = await trial(shut, sudo)
  expect(enforcement.inForce).toBe('cgroup-v2')
  expect(enforcement.reasons[0]).toMatch(/^cgroup-v2 \(direct\): entering it: EACCES/)
  expect(enforcement.reasons.at(-1)).toMatch(/, through sudo$/)
  expect((await trial(shut)).enforcement.inForce).toBe('watch')
  expect(files.exists('/sys/fs/cgroup/go-build-guard-0123456789ab')).toBe(false)
})
