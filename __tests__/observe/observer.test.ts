import { expect, test } from '@jest/globals'
import { MIB } from '../../src/model/bytes.ts'
import { ABSENT } from '../../src/model/reading.ts'
import type { Sample } from '../../src/model/timeline.ts'
import { observe } from '../../src/observe/observer.ts'
import type { Cage, Look } from '../../src/ports/cage.ts'
import { manualClock } from '../fakes/manual-clock.ts'
import { memoryFiles } from '../fakes/memory-files.ts'

const none = { before: ABSENT, after: ABSENT }

/** A way that sees its tree itself. */
function seeing(looks: readonly (Look | null)[]): Cage {
  let i = 0
  return {
    way: 'watch',
    capBytes: null,
    directory: null,
    join: async () => {},
    pids: () => [1],
    charged: () => null,
    look: () => looks[Math.min(i++, looks.length - 1)] ?? null,
    examine: () => ({ share: 0, breach: null }),
    evidence: () => ({
      way: 'watch',
      cgroupPath: null,
      capBytes: null,
      ownLimitHits: none,
      kills: none,
      kernelPeakBytes: ABSENT
    }),
    kill: async () => {},
    close: async () => []
  }
}

test('on systems without /proc the cage’s own looks are the samples', () => {
  const clock = manualClock()
  const compile = { pid: 7, bytes: 300 * MIB, argv: ['C:\\go\\compile.exe', '-o', 'x', '-p', 'example.com/a'] }
  const cage = seeing([null, { treeBytes: 300 * MIB, availableBytes: MIB, processes: [compile] }, null])
  const samples: Sample[] = []
  const tools = { files: memoryFiles(), clock, root: '', cage }
  const observer = observe({ ...tools, onSample: (sample) => samples.push(sample), onBreach: () => {} })
  clock.pass(1000)
  const { peak, heaviest } = observer.stop()
  expect(samples).toHaveLength(1)
  expect(peak).toMatchObject({
    treeBytes: 300 * MIB,
    cacheBytes: null,
    availableBytes: MIB,
    processes: [{ pid: 7, tool: 'compile', package: 'example.com/a', bytes: 300 * MIB }]
  })
  expect(heaviest).toMatchObject([{ package: 'example.com/a' }])
})
