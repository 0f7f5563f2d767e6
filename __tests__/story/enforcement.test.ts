import { describe, expect, test } from '@jest/globals'
import { MIB } from '../../src/model/bytes.ts'
import type { CageEvidence } from '../../src/model/evidence.ts'
import { ABSENT } from '../../src/model/reading.ts'
import type { Enforcement } from '../../src/model/report.ts'
import { enforcementAtTheEnd } from '../../src/story/enforcement.ts'
import { memoryFiles } from '../fakes/memory-files.ts'

const NONE = { before: ABSENT, after: ABSENT }

function cageWith(capBytes: number | null): CageEvidence {
  return { way: 'cgroup-v2', cgroupPath: '/x', capBytes, ownLimitHits: NONE, kills: NONE, kernelPeakBytes: ABSENT }
}

describe('the limit in force at the end', () => {
  const MAX = '/sys/fs/cgroup/memory.max'
  const STAT = '/sys/fs/cgroup/memory/memory.stat'

  test.each<[string, Partial<Enforcement>, CageEvidence, Record<string, string>, number | null, string | null]>([
    ['our cap, as it was', { limitSource: 'auto' }, cageWith(600 * MIB), {}, 600 * MIB, null],
    [
      'our cap, lowered',
      { limitSource: 'memory-limit' },
      cageWith(400 * MIB),
      {},
      400 * MIB,
      '600 MiB at first, 400 MiB at the end'
    ],
    ['our cap, taken away', { limitSource: 'auto' }, cageWith(null), {}, null, '600 MiB at first, none at the end'],
    ['a limit above us, as it was', { limitSource: MAX }, cageWith(null), { [MAX]: `${600 * MIB}\n` }, 600 * MIB, null],
    [
      'a limit above us, raised',
      { limitSource: MAX },
      cageWith(null),
      { [MAX]: `${900 * MIB}\n` },
      900 * MIB,
      '900 MiB at the end'
    ],
    ['a limit above us, taken away', { limitSource: MAX }, cageWith(null), { [MAX]: 'max\n' }, null, 'none at the end'],
    ['a limit above us that can be read no more', { limitSource: MAX }, cageWith(null), {}, 600 * MIB, null],
    [
      'a limit of v1 further up, lowered',
      { limitSource: STAT },
      cageWith(null),
      { [STAT]: `hierarchical_memory_limit ${300 * MIB}\n` },
      300 * MIB,
      '300 MiB at the end'
    ],
    ['the machine', { limitSource: 'host' }, cageWith(null), {}, 600 * MIB, null]
  ])('%s', (_, own, cage, texts, limitBytes, said) => {
    const before: Enforcement = {
      inForce: 'cgroup-v2',
      reasons: [],
      limitBytes: 600 * MIB,
      limitSource: 'auto',
      ...own
    }
    const { enforcement, change } = enforcementAtTheEnd(memoryFiles(texts), before, cage)
    expect(enforcement.limitBytes).toBe(limitBytes)
    if (said === null) expect(change).toBeNull()
    else expect(change).toContain(said)
  })
})
