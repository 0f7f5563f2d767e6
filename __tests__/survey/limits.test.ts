import { describe, expect, test } from '@jest/globals'
import { ABSENT, UNLIMITED, value } from '../../src/model/reading.ts'
import type { BindingLimit } from '../../src/model/survey.ts'
import type { Files } from '../../src/ports/files.ts'
import { readCgroup } from '../../src/survey/cgroup.ts'
import { readHostMemory } from '../../src/survey/host-memory.ts'
import { findLimits, type Limits } from '../../src/survey/limits.ts'
import { fixtureFiles, hostRoot, refusing } from '../hosts/fixture-files.ts'

const MIB = 2 ** 20
const KIB = 1024

function limitsOf(host: string, files: Files = fixtureFiles): Limits {
  const root = hostRoot(host)
  const memory = readHostMemory(files, root)
  return findLimits(files, root, readCgroup(files, root), { memory, file: '/proc/meminfo' })
}

describe('the limit that binds', () => {
  const CG = '/sys/fs/cgroup'
  const hostOf = (totalKib: number, availableKib: number): BindingLimit => ({
    source: 'host',
    file: '/proc/meminfo',
    bytes: totalKib * KIB,
    usedByOthersBytes: (totalKib - availableKib) * KIB
  })

  test.each<readonly [string, string, BindingLimit]>([
    ['hosted-ubuntu-24.04-v2', 'the machine, where no cgroup has one', hostOf(16367820, 14711508)],
    ['hybrid-v1-memory', 'the machine, where v1 has none', hostOf(24684096, 23878816)],
    ['v2-no-memory-controller', 'the machine, where cgroups do not limit memory', hostOf(1000000, 800000)],
    ['no-cgroup', 'the machine, without cgroups', hostOf(2000000, 1500000)],
    [
      'docker-v2-private-namespace',
      'that of the container',
      { source: 'cgroup-v2', file: `${CG}/memory.max`, bytes: 2048 * MIB, usedByOthersBytes: 134 * MIB }
    ],
    [
      'v2-nested-limits',
      'the pod above a container with a larger one, and what the pod holds',
      {
        source: 'cgroup-v2',
        file: `${CG}/kubepods.slice/kubepods-pod7c.slice/memory.max`,
        bytes: 2048 * MIB,
        usedByOthersBytes: 251 * MIB
      }
    ],
    [
      'v1-container',
      'one above the container, which only memory.stat knows',
      { source: 'cgroup-v1', file: `${CG}/memory/memory.stat`, bytes: 512 * MIB, usedByOthersBytes: 75 * MIB }
    ],
    [
      'v1-hierarchical',
      'the parent of a child without one',
      {
        source: 'cgroup-v1',
        file: `${CG}/memory/ci/memory.limit_in_bytes`,
        bytes: 64 * MIB,
        usedByOthersBytes: 24 * MIB
      }
    ],
    [
      'v2-namespace-not-remounted',
      'an ancestor, though our own directory has no name',
      { source: 'cgroup-v2', file: `${CG}/memory.max`, bytes: 3072 * MIB, usedByOthersBytes: 350 * MIB }
    ],
    [
      'v2-odd-paths',
      'one above a removed cgroup',
      {
        source: 'cgroup-v2',
        file: '/sys/fs/own cgroups/build slice/memory.max',
        bytes: 1536 * MIB,
        usedByOthersBytes: 250 * MIB
      }
    ],
    [
      'v2-bind-mount',
      'one seen through a bind mount',
      { source: 'cgroup-v2', file: '/run/cgroup/memory.max', bytes: 1024 * MIB, usedByOthersBytes: 100 * MIB }
    ]
  ])('%s: %s', (host, _, expected) => {
    expect(limitsOf(host).binding).toEqual(expected)
  })

  test('is unknown where not even the memory of the machine can be read', () => {
    const files = refusing(fixtureFiles, /meminfo$/)
    expect(limitsOf('no-cgroup', files)).toEqual({
      limits: [{ source: 'host', file: '/proc/meminfo', limit: { kind: 'unreadable', reason: 'EACCES' } }],
      binding: null
    })
  })
})

describe('all limits', () => {
  test('are listed innermost first, the machine last, each with what its file said', () => {
    expect(limitsOf('hosted-ubuntu-24.04-v2').limits).toEqual([
      {
        source: 'cgroup-v2',
        file: '/sys/fs/cgroup/system.slice/hosted-compute-agent.service/memory.max',
        limit: UNLIMITED
      },
      { source: 'cgroup-v2', file: '/sys/fs/cgroup/system.slice/memory.max', limit: UNLIMITED },
      { source: 'cgroup-v2', file: '/sys/fs/cgroup/memory.max', limit: ABSENT },
      { source: 'host', file: '/proc/meminfo', limit: value(16367820 * KIB) }
    ])
  })

  test('leave an unreadable one in its place and go on above it', () => {
    const files = refusing(fixtureFiles, /1f\.scope\/memory\.max$/)
    const { limits, binding } = limitsOf('v2-nested-limits', files)
    expect(limits[0]?.limit).toEqual({ kind: 'unreadable', reason: 'EACCES' })
    expect(binding?.bytes).toBe(2048 * MIB)
  })
})
