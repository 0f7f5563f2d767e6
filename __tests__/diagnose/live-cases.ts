import { GIB, MIB } from '../../src/model/bytes.ts'
import type { Evidence } from '../../src/model/evidence.ts'
import { ABSENT, value } from '../../src/model/reading.ts'
import {
  ABSENT_COUNTER,
  cageV2,
  compiler,
  counter,
  evidenceOf,
  KILLED,
  kernelLogOf,
  logOf,
  noCage,
  record,
  sample,
  surveyOf,
  timelineOf
} from './evidence.ts'
import {
  AT_PROMPT,
  FROZEN_V1,
  HELD_FILE_SYSTEM,
  LOCKED_CACHE,
  SILENT_PROXY,
  STOPPED,
  THRASHING
} from './stall/snapshots.ts'

/** One end of a build under the guard, as an explanation page shows what was measured. */
export interface LiveCase {
  readonly name: string
  readonly evidence: Evidence
}

const SEEN = timelineOf(
  sample([compiler(957, 'example.com/app/store', 4.6 * GIB), compiler(958, 'example.com/app/api', 1.2 * GIB)])
)
const TOOL_KILLED = logOf('example.com/app/store: /usr/local/go/pkg/tool/linux_amd64/compile: signal: killed\n')

function endedBy(signal: NodeJS.Signals): Evidence {
  return evidenceOf({ exit: { code: null, signal }, timeline: SEEN })
}

const STALLS = [
  ['the module proxy takes a request and never answers', SILENT_PROXY],
  ['another process holds the lock of the module cache', LOCKED_CACHE],
  ['a compiler was stopped', STOPPED],
  ['a cgroup of the build was frozen', FROZEN_V1],
  ['a file system is held', HELD_FILE_SYSTEM],
  ['a compiler needs more memory than its cgroup gives', THRASHING],
  ['a tool waits for standard input', AT_PROMPT]
] as const

/** The ends that counters, statuses and the guard itself tell apart. */
export const LIVE_CASES: readonly LiveCase[] = [
  {
    name: 'a compiler is killed at the cap of 6 GiB',
    evidence: evidenceOf({
      cage: cageV2({ ownLimitHits: counter(0, 3), kills: counter(0, 1) }),
      hostKills: counter(3, 4),
      kernelLog: kernelLogOf([record()]),
      timeline: SEEN,
      log: TOOL_KILLED
    })
  },
  {
    name: 'a compiler is killed because the machine has no memory left',
    evidence: evidenceOf({
      cage: cageV2({ kills: counter(0, 1) }),
      hostKills: counter(3, 4),
      kernelLog: kernelLogOf([record({ constraint: 'none', limitCgroup: null })]),
      timeline: SEEN,
      log: TOOL_KILLED
    })
  },
  {
    name: 'the guard ends the build near the limit of its container',
    evidence: evidenceOf({
      exit: KILLED,
      cage: { ...noCage(), way: 'watch', capBytes: 6 * GIB },
      stop: { kind: 'watch', afterMs: 94_000, limitBytes: 6 * GIB, treeBytes: 5.8 * GIB, level: '/' },
      timeline: SEEN
    })
  },
  {
    name: 'the time limit of the action is reached',
    evidence: evidenceOf({ exit: KILLED, stop: { kind: 'timeout', afterMs: 1_800_000 }, timeline: SEEN })
  },
  ...STALLS.map(([name, stall]) => ({
    name,
    evidence: evidenceOf({ exit: KILLED, stop: { kind: 'stall', afterMs: 604_000, quietMs: 600_000 }, stall })
  })),
  {
    name: 'the workflow is cancelled',
    evidence: evidenceOf({ exit: KILLED, stop: { kind: 'cancel', signal: 'SIGINT', afterMs: 61_000 }, timeline: SEEN })
  },
  {
    name: 'the guard is gone, and the post step reports',
    evidence: evidenceOf({
      exit: null,
      cage: cageV2({ ownLimitHits: ABSENT_COUNTER, kills: ABSENT_COUNTER, kernelPeakBytes: ABSENT }),
      hostKills: ABSENT_COUNTER,
      stop: { kind: 'died', afterMs: 94_000 },
      timeline: SEEN
    })
  },
  {
    name: 'earlyoom ends a compiler, and says so in the journal',
    evidence: evidenceOf({
      timeline: SEEN,
      log: logOf('example.com/app/store: /usr/local/go/pkg/tool/linux_amd64/compile: signal: terminated\n'),
      reportedKills: value([
        {
          by: 'earlyoom',
          victim: { pid: 957, name: 'compile' },
          signal: 'SIGTERM',
          isForMemory: true,
          words: 'sending SIGTERM to process 957 uid 1001 "compile": oom_score 961, oom_score_adj 800, VmRSS 4710 MiB'
        }
      ])
    })
  },
  {
    name: 'the limit of its own job is reached on Windows',
    evidence: evidenceOf({
      exit: { code: 2, signal: null },
      platform: 'win32',
      cage: { ...noCage(), way: 'job-object', capBytes: 6 * GIB, ownLimitHits: counter(0, 2) },
      hostKills: ABSENT_COUNTER,
      timeline: SEEN,
      log: logOf('runtime: VirtualAlloc of 8192 bytes failed with errno=1455\nfatal error: out of memory\n')
    })
  },
  { name: 'a build is killed, and no counter has moved', evidence: endedBy('SIGKILL') },
  { name: 'a build is ended by SIGTERM', evidence: endedBy('SIGTERM') },
  { name: 'a build is ended by SIGINT', evidence: endedBy('SIGINT') },
  { name: 'a build is ended by SIGSEGV', evidence: endedBy('SIGSEGV') },
  {
    name: 'a build fails and leaves no room on the disk',
    evidence: evidenceOf({
      survey: surveyOf(),
      disksAfter: [{ role: 'TMPDIR', path: '/tmp', freeBytes: value(MIB), freeInodes: value(1000) }]
    })
  }
]
