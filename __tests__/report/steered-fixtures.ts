import { MIB } from '../../src/model/bytes.ts'
import type { Attempt, Report } from '../../src/model/report.ts'
import type { Steering, SteeringStep } from '../../src/model/steering.ts'
import type { Sample } from '../../src/model/timeline.ts'
import { attempt, outcome, plan, report } from './build-report.ts'

const CAP_BYTES = 185 * MIB
const DURATION_MS = 256_000

function step(atMs: number, kind: SteeringStep['kind'], name: string, text: string): SteeringStep {
  return { atMs, kind, tool: 'compile', package: name, text }
}

/** `go build -a` of a net/http program under 185 MiB, with Go 1.26.8 on 2 CPUs that others were busy on. */
const STEERING: Steering = {
  steps: [
    step(
      5877,
      'limited',
      'runtime',
      '`compile runtime` may need more than the 148 MiB that are left: it runs with `GOMEMLIMIT=160MiB`.'
    ),
    step(
      42_340,
      'replayed',
      'runtime',
      '`compile runtime` was killed for memory by the kernel; it runs again, alone, with `GOGC=25`.'
    ),
    step(
      83_020,
      'replayed',
      'runtime',
      '`compile runtime` was killed for memory by the kernel; it runs again, alone, with `GOMEMLIMIT=160MiB` `GOGC=10`.'
    ),
    step(
      216_057,
      'limited',
      'crypto/tls',
      '`compile crypto/tls` may need more than the 112 MiB that are left: it runs with `GOMEMLIMIT=100MiB`.'
    )
  ],
  packages: [
    {
      tool: 'compile',
      package: 'runtime',
      peakBytes: 197_898_240,
      cpuMs: 32_288,
      runs: 3,
      settings: 'GOMEMLIMIT=160MiB GOGC=10'
    },
    {
      tool: 'compile',
      package: 'net/http',
      peakBytes: 178_638_848,
      cpuMs: 4683,
      runs: 1,
      settings: 'GOMEMLIMIT=160MiB'
    },
    { tool: 'link', package: 'example.com/net', peakBytes: 143_347_712, cpuMs: 509, runs: 1, settings: '' }
  ],
  toolRuns: 188,
  heldBack: 14,
  heldBackMs: 158_127,
  replayed: 2,
  advice: 'With `memory-limit: 384MiB` at most, by estimate, nothing would have to be held back or limited.'
}

function sampleAt(atMs: number, mib: number): Sample {
  return { atMs, treeBytes: mib * MIB, cacheBytes: 0, availableBytes: 20_000 * MIB, processes: [] }
}

const STEERED_ATTEMPT: Attempt = {
  ...attempt({
    plan: plan(1, {
      cap: { bytes: CAP_BYTES, swap: 'closed' },
      isSteered: true,
      environment: { GOFLAGS: '-toolexec=/home/runner/work/_temp/go-build-guard-1f2e3d4c/steer-x1/helper' },
      reasons: [
        { subject: 'cap', text: 'Cap 185 MiB, as memory-limit says.' },
        { subject: 'parallelism', text: "-p is left at 2, Go's own default." },
        {
          subject: 'go-memory-limit',
          text: 'GOMEMLIMIT is set for single tools only, where they need it.'
        },
        {
          subject: 'steering',
          text: 'Compile and link ask before they start, and are limited one by one where they need it.'
        }
      ]
    }),
    outcome: outcome({ exitCode: 0, durationMs: DURATION_MS }),
    course: [60, 150, 176, 183, 120, 140].map((mib, i) => sampleAt(i * 40_000, mib)),
    limitBytes: CAP_BYTES
  }),
  steering: STEERING
}

/** A build that passes where a plain one dies, with two kills answered. */
export const STEERED: Report = report([STEERED_ATTEMPT], {
  command: 'go build -a -o out .',
  enforcement: {
    inForce: 'cgroup-v1',
    reasons: ['cgroup-v1 /sys/fs/cgroup/memory/go-build-guard-1f2e3d4c'],
    limitBytes: CAP_BYTES,
    limitSource: 'memory-limit'
  }
})
