import { describe, expect, test } from '@jest/globals'
import { directoryIn, isAbove, type Mount, memoryMounts, parseMountinfo } from '../../src/kernel/mountinfo.ts'
import { parseProcCgroup } from '../../src/kernel/proc-cgroup.ts'

describe('/proc/self/cgroup', () => {
  test('lists controllers and path of every hierarchy', () => {
    expect(parseProcCgroup('4:cpu,cpuacct:/a\n1:name=systemd:/b\n0::/c\n')).toEqual([
      { controllers: ['cpu', 'cpuacct'], isV2: false, path: '/a' },
      { controllers: ['name=systemd'], isV2: false, path: '/b' },
      { controllers: [], isV2: true, path: '/c' }
    ])
  })

  test.each(['/a:b:c/d', '/my build', '/../../d', '/x (deleted)', '/'])('keeps the path %j whole', (path) => {
    expect(parseProcCgroup(`0::${path}\n`)).toEqual([{ controllers: [], isV2: true, path }])
  })

  test('leaves out what is cut off', () => {
    expect(parseProcCgroup('4:memory:/a\n3:cpu')).toHaveLength(1)
  })
})

describe('/proc/self/mountinfo', () => {
  test('finds its fields behind any number of optional ones', () => {
    const text = [
      '35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory',
      '36 31 0:33 /a /b rw shared:1 master:2 propagate_from:3 - cgroup2 the\\040tree rw,nsdelegate'
    ].join('\n')
    expect(parseMountinfo(text)).toEqual([
      {
        root: '/',
        mountPoint: '/sys/fs/cgroup/memory',
        options: ['rw', 'relatime'],
        fileSystem: 'cgroup',
        superOptions: ['rw', 'memory']
      },
      { root: '/a', mountPoint: '/b', options: ['rw'], fileSystem: 'cgroup2', superOptions: ['rw', 'nsdelegate'] }
    ])
  })

  test('undoes the octal escapes of space, tab, line break and backslash', () => {
    const [mount] = parseMountinfo('1 2 0:3 /a\\134b /c\\040d\\011e\\012f rw - cgroup2 none rw')
    expect(mount).toMatchObject({ root: '/a\\b', mountPoint: '/c d\te\nf' })
  })

  test('tells the memory hierarchy from its neighbours', () => {
    const mounts = parseMountinfo(
      [
        '1 0 0:1 / /cg/cpu rw - cgroup cgroup rw,cpu',
        '2 0 0:2 / /cg/memory rw - cgroup cgroup rw,memory',
        '3 0 0:3 / /cg/unified rw - cgroup2 cgroup2 rw',
        '4 0 0:4 / /tmp rw - tmpfs tmpfs rw,memory'
      ].join('\n')
    )
    expect(memoryMounts(mounts, 'v1').map((mount) => mount.mountPoint)).toEqual(['/cg/memory'])
    expect(memoryMounts(mounts, 'v2').map((mount) => mount.mountPoint)).toEqual(['/cg/unified'])
  })
})

describe('the directory of a cgroup', () => {
  const mountOf = (root: string): Mount => ({
    root,
    mountPoint: '/m',
    options: [],
    fileSystem: 'cgroup2',
    superOptions: []
  })

  test.each([
    ['/', '/', '/m'],
    ['/', '/a/b', '/m/a/b'],
    ['/a', '/a', '/m'],
    ['/a', '/a/b', '/m/b'],
    ['/fo', '/foo/bar', null],
    ['/a/b', '/a', null],
    ['/', '/../d', null],
    ['/', '/..d', '/m/..d'],
    ['/../..', '/../../d', '/m/d'],
    ['/..', '/../../d', null]
  ])('mount root %s, cgroup %s: %s', (root, path, expected) => {
    expect(directoryIn(mountOf(root), path)).toBe(expected)
  })

  test.each([
    ['/../..', '/', true],
    ['/../..', '/../d', true],
    ['/..', '/../../d', false],
    ['/', '/', false],
    ['/../x', '/', false]
  ])('mount root %s is above cgroup %s: %s', (root, path, expected) => {
    expect(isAbove(mountOf(root), path)).toBe(expected)
  })
})
