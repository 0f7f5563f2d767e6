import { describe, expect, test } from '@jest/globals'
import { ABSENT, unreadable, value } from '../../src/model/reading.ts'
import type { Survey } from '../../src/model/survey.ts'
import { describeSurvey } from '../../src/survey/describe.ts'
import { surveyMachine } from '../../src/survey/survey.ts'
import { fixtureFiles, refusing } from '../hosts/fixture-files.ts'
import { worldOf } from './world.ts'

const surveyOf = (host: string, refused?: RegExp): Promise<Survey> =>
  surveyMachine(worldOf(host, refused === undefined ? fixtureFiles : refusing(fixtureFiles, refused)))
const linesOf = async (host: string, refused?: RegExp): Promise<readonly string[]> =>
  describeSurvey(await surveyOf(host, refused))

test('a container is described line by line', async () => {
  expect(await linesOf('docker-v2-private-namespace')).toEqual([
    'Processors: 4',
    'Memory of the machine: 15.6 GiB, available: 14.0 GiB',
    'Swap of the machine: 4.0 GiB, free: 4.0 GiB',
    'Cgroup: / (v2)',
    'It is the root of a namespace: limits further up are not visible from here',
    'Limit (cgroup-v2): 2.0 GiB, /sys/fs/cgroup/memory.max - this one binds',
    'Limit (host): 15.6 GiB, /proc/meminfo',
    'Binding limit: 2.0 GiB, the smallest hard limit that can be seen from here',
    'Used by others within it: 134 MiB',
    'Swap limit of /sys/fs/cgroup: 0 MiB',
    'Memory pressure of the last 10 s: some 0 %, full 0 %; everything stood still for 0 ms since boot',
    'Max stack size: 8 MiB, can be raised to: unlimited',
    'Max open files: 1048576 files, can be raised to: 1048576 files',
    'Max locked memory: 1.9 GiB, can be raised to: 1.9 GiB',
    'oom_score_adj of this process tree: 0 (killed for want of memory: at 1000 first, at -1000 never)',
    'systemd-oomd: not known (the processes of the host are not visible from here)',
    'earlyoom: not known (the processes of the host are not visible from here)',
    'Free for workspace: 20.0 GiB, 1000000 inodes, /home/runner/work/app',
    'Free for GOCACHE: 20.0 GiB, 1000000 inodes, /home/runner/.cache/go-build',
    'Free for TMPDIR: 20.0 GiB, 1000000 inodes, /tmp',
    'Go: go1.26.8, GOFLAGS=-trimpath'
  ])
})

describe('the lines say', () => {
  const POD = '/sys/fs/cgroup/kubepods.slice/kubepods-pod7c.slice'
  const CONTAINER = `${POD}/cri-containerd-1f.scope`

  test.each([
    ['v2-nested-limits', `Limit (cgroup-v2): 2.0 GiB, ${POD}/memory.max - this one binds`],
    [
      'v2-nested-limits',
      `Throttling limit (memory.high) of ${CONTAINER}: 3.0 GiB; it slows a build down, it does not kill`
    ],
    [
      'v2-nested-limits',
      `memory.oom.group is set for ${CONTAINER}: out of memory, the kernel kills everything in it together`
    ],
    ['v2-nested-limits', 'systemd-oomd: running, it may kill the build'],
    ['v2-nested-limits', 'Swap of the machine: none'],
    [
      'hybrid-v1-memory',
      'Cgroup: /process_api/ab38597b3111beb2 (v1, a v2 tree without memory limits stands beside it)'
    ],
    ['v2-namespace-not-remounted', 'Its own limits cannot be read: the mount shows only cgroups above it'],
    ['v2-no-memory-controller', 'Cgroup: /init.scope, on a system without the memory controller'],
    ['no-cgroup', 'Cgroup: none'],
    ['no-cgroup', 'Memory pressure: this kernel does not measure it'],
    ['v1-container', 'Max address space: 4.0 GiB, can be raised to: 4.0 GiB']
  ])('%s: %s', async (host, line) => {
    expect(await linesOf(host)).toContain(line)
  })

  test.each([
    ['v1-container', /self\/cgroup$/, 'Cgroup: not readable (EACCES)'],
    ['v1-container', /mountinfo$/, 'Its limits cannot be read: no mount shows the tree it is in'],
    [
      'docker-v2-private-namespace',
      /memory\.max$/,
      'Limit (cgroup-v2): not readable (EACCES), /sys/fs/cgroup/memory.max'
    ],
    ['docker-v2-private-namespace', /memory\.stat$/, 'Used by others within it: not known, taken for nothing'],
    ['docker-v2-private-namespace', /memory\.stat$/, 'Memory held in /sys/fs/cgroup: not readable (EACCES)'],
    ['docker-v2-private-namespace', /oom\.group$/, 'memory.oom.group of /sys/fs/cgroup: not readable (EACCES)'],
    ['no-cgroup', /meminfo$/, 'Binding limit: not known, not even the memory of the machine could be read'],
    ['hosted-ubuntu-24.04-v2', /pressure/, 'Memory pressure: not readable (EACCES)'],
    ['no-cgroup', /limits$/, 'Resource limits: not readable (EACCES), can be raised to: not readable (EACCES)']
  ])('%s, refusing %s: %s', async (host, refused, line) => {
    expect(await linesOf(host, refused)).toContain(line)
  })

  test.each([
    [ABSENT, 'Go: none in PATH'],
    [unreadable('no answer within 5000 ms'), 'Go: not readable (no answer within 5000 ms)']
  ])('about Go: %j', async (go, line) => {
    expect(describeSurvey({ ...(await surveyOf('no-cgroup')), go })).toContain(line)
  })
})

test('a path cannot break a line or steer the terminal', async () => {
  const survey = await surveyOf('no-cgroup')
  const path = '/a\n::error::\u001b[31m\u202e'
  const lines = describeSurvey({ ...survey, cgroup: { ...survey.cgroup, path: value(path) } })
  expect(lines).toContain('Cgroup: /a?::error::?[31m?, on a system without the memory controller')
})
