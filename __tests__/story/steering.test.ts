import { describe, expect, test } from '@jest/globals'
import { diagnose } from '../../src/diagnose/rank.ts'
import type { Evidence } from '../../src/model/evidence.ts'
import { ABSENT, value } from '../../src/model/reading.ts'
import type { Cage } from '../../src/ports/cage.ts'
import type { Warded } from '../../src/steer/warden.ts'
import { gaugesOf } from '../../src/story/gauges.ts'
import { steeringFaults, withoutReplayed } from '../../src/story/steering.ts'
import { CAGE_PATH, cageV1, cageV2, counter, evidenceOf, FAILED, logOf, record } from '../diagnose/evidence.ts'
import { memoryFiles } from '../fakes/memory-files.ts'

const NOTHING: Warded = {
  steering: { steps: [], packages: [], toolRuns: 0, heldBack: 0, heldBackMs: 0, replayed: 0, advice: null },
  killsAnswered: 0,
  replayedPids: [],
  hasGivenUp: false,
  fault: null
}

describe('kills that were answered with another run', () => {
  const ANSWERED: Warded = { ...NOTHING, killsAnswered: 2, replayedPids: [11, 12] }
  const compileError = '# example.com/m\n./main.go:3:8: undefined: x\n'
  const kills = (count: number, log: string): Evidence =>
    evidenceOf({
      exit: FAILED,
      cage: cageV2({ ownLimitHits: counter(1, 1 + count), kills: counter(0, count) }),
      hostKills: counter(5, 5 + count),
      kernelLog: value({
        kills: [11, 12, 13].slice(0, count).map((pid) => record({ pid, limitCgroup: CAGE_PATH })),
        suppressed: 0
      }),
      log: logOf(log)
    })

  test('end nothing: what comes after them is judged by itself', () => {
    const verdict = diagnose(withoutReplayed(kills(2, compileError), ANSWERED))
    expect(verdict).toMatchObject({ endedBy: 'itself', outOfMemory: 'false' })
    expect(verdict.diagnoses[0]?.id).toBe('compile.error')
  })

  test('leave the one that was not answered', () => {
    const seen = withoutReplayed(kills(3, 'm: /go/pkg/tool/linux_amd64/compile: signal: killed\n'), ANSWERED)
    expect(seen.kernelLog).toMatchObject({ value: { kills: [{ pid: 13 }] } })
    expect(diagnose(seen)).toMatchObject({ endedBy: 'kernel-oom-cap', outOfMemory: 'true' })
  })

  test.each([
    ['nothing was steered', null],
    ['none was answered', NOTHING]
  ])('where %s, evidence is as it is', (_title, warded) => {
    const evidence = kills(2, '')
    expect(withoutReplayed(evidence, warded)).toBe(evidence)
  })
})

test('a fault of steering is told', () => {
  expect(steeringFaults({ ...NOTHING, fault: 'EIO' })).toEqual([
    'steering ended early: EIO; from then on every tool ran as it was'
  ])
  expect([steeringFaults(NOTHING), steeringFaults(null)]).toEqual([[], []])
})

describe('the gauges', () => {
  const cageAt = (directory: string | null): Cage => ({
    way: 'cgroup-v2',
    capBytes: 1,
    directory,
    join: async () => {},
    pids: () => [7, 8, 9],
    charged: () => null,
    examine: () => ({ share: 0, breach: null }),
    evidence: () => cageV1({ kills: { before: ABSENT, after: value(3) } }),
    kill: async () => {},
    close: async () => []
  })
  const gaugesIn = (files: Readonly<Record<string, string>>, directory: string | null = '/cg') =>
    gaugesOf(
      cageAt(directory),
      memoryFiles({
        '/proc/7/status': 'Name:\tgo\nRssAnon:\t    1000 kB\nRssShmem:\t       0 kB\n',
        '/proc/8/status': 'Name:\tcompile\nRssAnon:\t    2000 kB\nRssShmem:\t      24 kB\n',
        '/proc/8/stat': '8 (compile) R 7 7 7 0 -1 0 0 0 0 0 310 22 0 0 20 0 9 0 1 1 1\n',
        ...files
      }),
      ''
    )

  test.each([
    ['v2: anonymous, shared and kernel memory', { '/cg/memory.stat': 'anon 100\nfile 50\nkernel 7\nshmem 20\n' }, 127],
    [
      'v1: what is in use, less page cache that can be dropped',
      {
        '/cg/memory.stat': 'total_cache 60\ntotal_rss 100\ntotal_shmem 20\n',
        '/cg/memory.usage_in_bytes': '170\n'
      },
      130
    ],
    ['nothing of a cgroup: the sum of the processes', {}, 3024 * 1024]
  ])('read of %s', (_title, files, hardBytes) => {
    expect(gaugesIn(files).look()).toEqual({
      hardBytes,
      processes: [
        { pid: 7, anonBytes: 1000 * 1024 },
        { pid: 8, anonBytes: 2024 * 1024 }
      ]
    })
  })

  test('tell kills, and what a process toils', () => {
    const gauges = gaugesIn({ '/cg/memory.stat': 'anon 1\nworkingset_refault_file 900\n' })
    expect([gauges.kills(), gauges.toil(8), gauges.toil(9)]).toEqual([
      3,
      { refaults: 900, userMs: 3100, systemMs: 220 },
      null
    ])
    expect(gaugesIn({}, null).toil(8)).toBeNull()
  })
})
