import { unreadable, value } from '../../src/model/reading.ts'
import type { Report } from '../../src/model/report.ts'
import {
  attempt,
  compiler,
  DISK,
  diagnosis,
  finding,
  gib,
  LARGE,
  outcome,
  plan,
  remedy,
  report,
  samples,
  survey
} from './build-report.ts'

/** Told afterwards from what the guard had written down before it was killed with the build. */
export const GUARD_DIED: Report = report(
  [
    attempt({
      plan: plan(1, { cap: null, reasons: [] }),
      outcome: outcome({ exitCode: 137, signal: 'SIGKILL', endedBy: 'unknown', durationMs: 126_000 }),
      course: samples([0.4, 0.9, 1.5, 2.2, 3.0, 3.7], 126_000, {
        total: 4,
        other: 0.2,
        processes: [compiler(LARGE, 2.9)]
      }),
      limitBytes: gib(4),
      kernelPeakBytes: unreadable('ENOENT'),
      diagnoses: [
        diagnosis('guard.died', 'The guard died', {
          confidence: 'likely',
          summary:
            'The guard was killed together with the build. Its last look, at 1:55, saw 3.7 of 4.0 GiB in use; a container whose memory is out kills everything in it at once where `memory.oom.group` is set.',
          remedies: [remedy('raise the memory limit of the container or pod above 4.0 GiB.')]
        })
      ],
      findings: [
        finding('A limit above the build', '3.7 of 4.0 GiB at the last look', 'likely'),
        finding('Kernel log', 'not readable in a container', 'not checked')
      ],
      outOfMemory: 'unknown'
    })
  ],
  {
    survey: survey(15.6, {
      binding: { source: 'cgroup-v2', file: '/sys/fs/cgroup/memory.max', bytes: gib(4), usedByOthersBytes: gib(0.2) },
      limits: [
        { source: 'cgroup-v2', file: '/sys/fs/cgroup/memory.max', limit: value(gib(4)) },
        { source: 'host', file: '/proc/meminfo', limit: unreadable('EACCES') }
      ]
    }),
    enforcement: {
      inForce: 'watch',
      reasons: ['cgroups are read-only in this container'],
      limitBytes: gib(4),
      limitSource: '/sys/fs/cgroup/memory.max'
    },
    warnings: ['the state file ends in the middle of a line']
  }
)

/** The guard ended the build itself before a container's limit could. */
export const WATCHED: Report = report(
  [
    attempt({
      plan: plan(1, { cap: null, reasons: [] }),
      outcome: outcome({ exitCode: 137, signal: 'SIGKILL', endedBy: 'guard', durationMs: 88_000 }),
      course: samples([0.4, 0.9, 1.5, 2.2, 3.0, 3.7], 88_000, {
        total: 15.6,
        other: 0.2,
        processes: [compiler(LARGE, 2.9)]
      }),
      limitBytes: gib(4),
      diagnoses: [
        diagnosis('oom.watch', 'Ended before memory ran out', {
          summary:
            'The guard ended the build at 3.7 GiB, before the limit of 4.0 GiB in `/sys/fs/cgroup/memory.max` could.',
          remedies: [remedy('raise the memory limit of the container or pod above 4.0 GiB.')]
        })
      ],
      findings: [finding('A limit above the build', '3.7 of 4.0 GiB; ended by the guard', 'cause'), DISK],
      outOfMemory: 'true'
    })
  ],
  {
    enforcement: {
      inForce: 'watch',
      reasons: ['cgroups are read-only in this container'],
      limitBytes: gib(4),
      limitSource: '/sys/fs/cgroup/memory.max'
    }
  }
)
