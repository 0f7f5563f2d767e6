import { describe, expect, test } from '@jest/globals'
import { ABSENT, UNLIMITED, value } from '../../src/model/reading.ts'
import type { CgroupSurvey } from '../../src/model/survey.ts'
import type { Files } from '../../src/ports/files.ts'
import { readCgroup } from '../../src/survey/cgroup.ts'
import { fixtureFiles, hostRoot, refusing, treeFiles } from '../hosts/fixture-files.ts'

const MIB = 2 ** 20

const cgroupOf = (host: string): CgroupSurvey => readCgroup(fixtureFiles, hostRoot(host))
const place = ({ levels, ...found }: CgroupSurvey): object => ({
  ...found,
  levels: levels.map((level) => level.directory)
})

describe('where the memory of this process is limited', () => {
  const CG = '/sys/fs/cgroup'
  const v2 = { version: 'v2', isHybrid: false, mountPoint: CG }
  const SLICE = `${CG}/system.slice`
  const POD = `${CG}/kubepods.slice/kubepods-pod7c.slice`

  test.each<readonly [string, string, object]>([
    [
      'hosted-ubuntu-24.04-v2',
      'the cgroup of the agent, up to the root',
      {
        ...v2,
        path: value('/system.slice/hosted-compute-agent.service'),
        directory: `${SLICE}/hosted-compute-agent.service`,
        levels: [`${SLICE}/hosted-compute-agent.service`, SLICE, CG]
      }
    ],
    [
      'docker-v2-private-namespace',
      'the root of the namespace',
      { ...v2, path: value('/'), directory: CG, levels: [CG] }
    ],
    [
      'v2-nested-limits',
      'every level of a pod',
      {
        ...v2,
        path: value('/kubepods.slice/kubepods-pod7c.slice/cri-containerd-1f.scope'),
        directory: `${POD}/cri-containerd-1f.scope`,
        levels: [`${POD}/cri-containerd-1f.scope`, POD, `${CG}/kubepods.slice`, CG]
      }
    ],
    [
      'hybrid-v1-memory',
      'the v1 hierarchy, though a v2 tree is mounted',
      {
        version: 'v1',
        isHybrid: true,
        path: value('/process_api/ab38597b3111beb2'),
        mountPoint: `${CG}/memory`,
        directory: `${CG}/memory/process_api/ab38597b3111beb2`,
        levels: [`${CG}/memory/process_api/ab38597b3111beb2`, `${CG}/memory/process_api`, `${CG}/memory`]
      }
    ],
    [
      'v1-hierarchical',
      'a v1 machine without any v2 tree',
      {
        version: 'v1',
        isHybrid: false,
        path: value('/ci/job'),
        mountPoint: `${CG}/memory`,
        directory: `${CG}/memory/ci/job`,
        levels: [`${CG}/memory/ci/job`, `${CG}/memory/ci`, `${CG}/memory`]
      }
    ],
    [
      'v2-odd-paths',
      'the levels above a removed cgroup, with spaces in path and mount point',
      {
        ...v2,
        path: value('/build slice/job 7 (deleted)'),
        mountPoint: '/sys/fs/own cgroups',
        directory: '/sys/fs/own cgroups/build slice/job 7 (deleted)',
        levels: ['/sys/fs/own cgroups/build slice', '/sys/fs/own cgroups']
      }
    ],
    [
      'v2-namespace-not-remounted',
      'the ancestor that the mount shows, its own directory having no name there',
      { ...v2, path: value('/'), directory: null, levels: [CG] }
    ],
    [
      'v2-bind-mount',
      'the first mount whose root is really above it',
      {
        ...v2,
        path: value('/ci/runner/job'),
        mountPoint: '/run/cgroup',
        directory: '/run/cgroup/job',
        levels: ['/run/cgroup/job', '/run/cgroup']
      }
    ],
    [
      'v2-no-memory-controller',
      'nowhere, where the tree does not limit memory',
      { version: 'none', isHybrid: false, path: value('/init.scope'), mountPoint: null, directory: null, levels: [] }
    ],
    [
      'no-cgroup',
      'nowhere, without cgroups',
      { version: 'none', isHybrid: false, path: ABSENT, mountPoint: null, directory: null, levels: [] }
    ]
  ])('%s: %s', (host, _, expected) => {
    expect(place(cgroupOf(host))).toEqual(expected)
  })

  test('v1-container: the mount point, which is the root of the container', () => {
    const found = cgroupOf('v1-container')
    expect(found).toMatchObject({
      version: 'v1',
      isHybrid: false,
      mountPoint: `${CG}/memory`,
      directory: `${CG}/memory`
    })
  })
})

describe('one level', () => {
  test('of v2 keeps limits, throttle, swap, use and group apart', () => {
    expect(cgroupOf('v2-nested-limits').levels[0]).toMatchObject({
      limitBytes: value(4096 * MIB),
      highBytes: value(3072 * MIB),
      swapLimitBytes: value(0),
      usedBytes: value((100 + 1 + 25) * MIB),
      killsAsGroup: value(true)
    })
  })

  test('at the root of v2 has none of its files', () => {
    expect(cgroupOf('v2-nested-limits').levels.at(-1)).toEqual({
      directory: '/sys/fs/cgroup',
      limitBytes: ABSENT,
      highBytes: ABSENT,
      swapLimitBytes: ABSENT,
      usedBytes: ABSENT,
      killsAsGroup: ABSENT
    })
  })

  test('of v1 gives the swap part of its combined limit', () => {
    expect(cgroupOf('v1-container').levels).toEqual([
      {
        directory: '/sys/fs/cgroup/memory',
        limitBytes: value(1024 * MIB),
        highBytes: ABSENT,
        swapLimitBytes: value(1024 * MIB),
        usedBytes: value(75 * MIB),
        killsAsGroup: ABSENT
      }
    ])
  })

  test('that may not be read says so and is not taken for unlimited', () => {
    const files = refusing(fixtureFiles, /system\.slice\/memory\.max$/)
    const levels = readCgroup(files, hostRoot('hosted-ubuntu-24.04-v2')).levels
    expect(levels.map((level) => level.limitBytes)).toEqual([
      UNLIMITED,
      { kind: 'unreadable', reason: 'EACCES' },
      ABSENT
    ])
  })
})

describe('paths and machines that cannot be kept as plain files', () => {
  const V2_MOUNT = '34 23 0:30 / /cg rw - cgroup2 cgroup2 rw\n'
  const v2Machine = (path: string): Record<string, string> => ({
    '/proc/self/cgroup': `0::${path}\n`,
    '/proc/self/mountinfo': V2_MOUNT,
    '/cg/cgroup.controllers': 'memory\n',
    [`/cg${path}/memory.max`]: '1048576\n'
  })

  test('a colon in the path is part of it', () => {
    const found = readCgroup(treeFiles(v2Machine('/job:12:x/step')), '')
    expect(found.directory).toBe('/cg/job:12:x/step')
    expect(found.levels[0]?.limitBytes).toEqual(value(MIB))
  })

  test('a process moved while it is looked at is found in its new place', () => {
    const tree = treeFiles(v2Machine('/new'))
    let reads = 0
    const moving: Files = {
      ...tree,
      readText: (path) => {
        if (path === '/proc/self/cgroup' && reads++ === 0) return value('0::/old\n')
        return tree.readText(path)
      }
    }
    expect(readCgroup(moving, '').directory).toBe('/cg/new')
  })

  test('a cgroup outside of every mount has a path and no limits', () => {
    const found = readCgroup(treeFiles({ ...v2Machine('/a'), '/proc/self/cgroup': '0::/../../d\n' }), '')
    expect(found).toMatchObject({
      version: 'v2',
      path: value('/../../d'),
      mountPoint: null,
      directory: null,
      levels: []
    })
  })

  test('the limit of a v1 parent that does not reach its children is not a level', () => {
    const files = treeFiles({
      '/proc/self/cgroup': '4:memory:/a/b\n',
      '/proc/self/mountinfo': '35 31 0:32 / /cg rw - cgroup cgroup rw,memory\n',
      '/cg/memory.use_hierarchy': '0\n',
      '/cg/a/memory.use_hierarchy': '0\n',
      '/cg/a/memory.limit_in_bytes': '1048576\n',
      '/cg/a/b/memory.limit_in_bytes': '9223372036854771712\n'
    })
    expect(readCgroup(files, '').levels.map((level) => level.directory)).toEqual(['/cg/a/b'])
  })

  test('a refused /proc/self/cgroup is unreadable, not a machine without cgroups', () => {
    const files = refusing(fixtureFiles, /self\/cgroup$/)
    expect(readCgroup(files, hostRoot('v1-container'))).toMatchObject({
      version: 'none',
      path: { kind: 'unreadable', reason: 'EACCES' }
    })
  })
})
