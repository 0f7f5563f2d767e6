import { mkdirSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { cgroupV1Unavailable, OuterCgroup } from '../../testbed/cgroup-v1.ts'
import { leftBehind } from '../../testbed/left-behind.ts'
import { guardUnavailable, kill, Stand } from '../../testbed/stand.ts'
import { lane } from '../lanes/lane.ts'

lane('the search for what a run left behind', guardUnavailable(), () => {
  const stand = new Stand('left')
  const traces = stand.traces

  test('finds processes, also those in a session of their own, and directories', async () => {
    expect(leftBehind(traces)).toEqual([])
    const { ended } = stand.start(['sh', '-c', 'setsid sleep 301 & wait; exit 0'])
    const sleeper = await stand.process((pid) => leftBehind(traces).includes(`process ${pid}: sleep 301`))
    mkdirSync(join(stand.temporary, 'go-build-guard-0123456789ab'))
    expect(leftBehind(traces)).toContain('directory go-build-guard-0123456789ab')
    rmdirSync(join(stand.temporary, 'go-build-guard-0123456789ab'))
    kill(sleeper)
    await ended
    expect(await stand.left()).toEqual([])
  })

  lane('with cgroups', cgroupV1Unavailable(), () => {
    test('finds an empty cage, and one with our processes, not that of somebody else', async () => {
      const outer = new OuterCgroup(2 ** 30)
      const cage = join(outer.directory, 'go-build-guard-0123456789ab')
      mkdirSync(cage)
      expect(leftBehind(traces)).toEqual([`cgroup ${cage}`])
      const { pid, ended } = stand.start(['sh', '-c', 'echo $$ >"$0/cgroup.procs"; exec sleep 302', cage])
      await stand.process((one) => leftBehind(traces).includes(`process ${one}: sleep 302`))
      expect(leftBehind(traces)).toContain(`cgroup ${cage}`)
      expect(leftBehind({ ...traces, mark: 'of-somebody-else' })).toEqual([])
      kill(pid)
      await ended
      rmdirSync(cage)
      await outer.remove()
      expect(await stand.left()).toEqual([])
    })
  })
})
