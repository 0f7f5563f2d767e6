import { describe, expect, test } from '@jest/globals'
import { diagnose } from '../../src/diagnose/rank.ts'
import { GIB, MIB } from '../../src/model/bytes.ts'
import type { CageEvidence, Evidence, LevelEvidence, ReportedKill } from '../../src/model/evidence.ts'
import { ABSENT, UNLIMITED, unreadable, value } from '../../src/model/reading.ts'
import type { SeenProcess } from '../../src/model/timeline.ts'
import {
  ABSENT_COUNTER,
  CAGE_PATH,
  cageV1,
  cageV2,
  compiler,
  counter,
  evidenceOf,
  FAILED,
  KILLED,
  kernelLogOf,
  level,
  levelOf,
  logOf,
  noCage,
  record,
  sample,
  surveyOf,
  timelineOf
} from './evidence.ts'

type Row = readonly [title: string, evidence: Partial<Evidence>, answer: string]

/** endedBy, cause, confidence, out-of-memory. */
function answerTo(change: Partial<Evidence>): string {
  const { endedBy, diagnoses, outOfMemory } = diagnose(evidenceOf(change))
  const [top] = diagnoses
  return [endedBy, top?.id ?? '-', top?.confidence ?? '-', outOfMemory].join(' ')
}

const TOOL_KILLED = logOf('example.com/app: /usr/local/go/pkg/tool/linux_amd64/compile: signal: killed\n')
const SEEN = timelineOf(sample([compiler(957, 'example.com/app', 3 * GIB)]))
const NOT_FOUND: Evidence['reportedKills'] = value([])
const UNSEEN_DAEMONS = unreadable('the processes of the host are not visible from here')

/** What only a kill of the build's own shows. */
const OURS = { exit: FAILED, log: TOOL_KILLED, timeline: SEEN, hostKills: counter(3, 4) }
/** SIGKILL, and no counter of the machine moved. */
const FOREIGN = { exit: KILLED, timeline: SEEN, reportedKills: NOT_FOUND }

const OWN = levelOf({ directory: `/sys/fs/cgroup${CAGE_PATH}`, isCage: true, limitBytes: value(6 * GIB) })
const KILLED_INSIDE = { ...OWN, kills: counter(0, 1) }
const REAL_ROOT = levelOf({
  directory: '/sys/fs/cgroup',
  limitBytes: ABSENT,
  ownHits: ABSENT_COUNTER,
  kills: ABSENT_COUNTER
})
const FIRED = { ownHits: counter(2, 3), kills: counter(4, 5), limitBytes: value(2 * GIB) }

function slice(change: Partial<LevelEvidence> = {}): LevelEvidence {
  return levelOf({ directory: '/sys/fs/cgroup/system.slice', ...change })
}

const CAGE_KILL = cageV2({ kills: counter(0, 1) })

const CAGE_V2: readonly Row[] = [
  [
    'its own cap',
    {
      ...OURS,
      cage: cageV2({ ownLimitHits: counter(0, 1), kills: counter(0, 1) }),
      levels: [{ ...KILLED_INSIDE, ownHits: counter(0, 1) }, slice(), REAL_ROOT]
    },
    'kernel-oom-cap oom.cgroup certain true'
  ],
  [
    'its own cap, while a limit above fired too and no record says which killed',
    {
      ...OURS,
      cage: cageV2({ ownLimitHits: counter(0, 1), kills: counter(0, 1) }),
      levels: [{ ...KILLED_INSIDE, ownHits: counter(0, 1) }, slice(FIRED), REAL_ROOT]
    },
    'kernel-oom-cap oom.cgroup likely true'
  ],
  [
    'the machine, while the cap fired without a victim: every kill has its record',
    {
      ...OURS,
      cage: cageV2({ ownLimitHits: counter(0, 1), kills: counter(0, 1) }),
      kernelLog: kernelLogOf([record({ constraint: 'none', limitCgroup: null })])
    },
    'kernel-oom-host oom.host certain true'
  ],
  [
    'a limit above: its own counter rose, and all kills below it are in the cage',
    { ...OURS, cage: CAGE_KILL, levels: [KILLED_INSIDE, slice(FIRED), REAL_ROOT] },
    'kernel-oom-ancestor oom.cgroup certain true'
  ],
  [
    'a limit above, below which others died too',
    { ...OURS, cage: CAGE_KILL, levels: [KILLED_INSIDE, slice({ ...FIRED, kills: counter(4, 7) }), REAL_ROOT] },
    'kernel-oom-ancestor oom.cgroup likely true'
  ],
  [
    'a limit above with oom.group, which counts the victim twice',
    {
      ...OURS,
      exit: KILLED,
      cage: cageV2({ kills: counter(0, 4) }),
      levels: [
        { ...OWN, kills: counter(0, 4) },
        slice({ ...FIRED, kills: counter(0, 4), limitBytes: value(96 * MIB) }),
        REAL_ROOT
      ]
    },
    'kernel-oom-ancestor oom.cgroup certain true'
  ],
  [
    'the machine: every limit up to the real root is in sight and did not fire',
    { ...OURS, cage: CAGE_KILL, levels: [KILLED_INSIDE, slice({ limitBytes: value(7 * GIB) }), REAL_ROOT] },
    'kernel-oom-host oom.host certain true'
  ],
  [
    'the machine or a limit whose counter cannot be read',
    {
      ...OURS,
      cage: CAGE_KILL,
      levels: [
        KILLED_INSIDE,
        slice({ limitBytes: value(7 * GIB), ownHits: { before: unreadable('EACCES'), after: unreadable('EACCES') } }),
        REAL_ROOT
      ]
    },
    'kernel-oom-ancestor oom.cgroup likely true'
  ],
  [
    'a limit that the build set for a part of itself',
    {
      ...OURS,
      cage: cageV2({ ownLimitHits: counter(0, 1), kills: counter(0, 1) }),
      levels: [KILLED_INSIDE, slice(), REAL_ROOT]
    },
    'unknown oom.cgroup likely true'
  ],
  [
    'a limit out of sight of a container that was given its own cgroups',
    {
      ...OURS,
      cage: CAGE_KILL,
      survey: surveyOf({ cgroupPath: '/', levels: [level(UNLIMITED)], oomd: UNSEEN_DAEMONS }),
      levels: [KILLED_INSIDE, levelOf({ directory: '/sys/fs/cgroup' })]
    },
    'kernel-oom-ancestor oom.cgroup likely true'
  ],
  [
    'its own cap by a record that names the path of the host, seen from a cgroup namespace',
    {
      ...OURS,
      cage: CAGE_KILL,
      kernelLog: kernelLogOf([
        record({ limitCgroup: `/docker/ab${CAGE_PATH}`, victimCgroup: `/docker/ab${CAGE_PATH}`, pid: null })
      ])
    },
    'kernel-oom-cap oom.cgroup certain true'
  ],
  ['somebody else', { ...FOREIGN, levels: [OWN, slice(), REAL_ROOT] }, 'other signal.kill likely false'],
  [
    'somebody else, while another process died of a limit above',
    { ...FOREIGN, hostKills: counter(3, 4), levels: [OWN, slice(FIRED), REAL_ROOT] },
    'other signal.kill likely false'
  ],
  [
    'the timeout',
    { exit: KILLED, stop: { kind: 'timeout', afterMs: 5 }, levels: [OWN, REAL_ROOT] },
    'guard timeout certain false'
  ],
  [
    'the workflow',
    { exit: KILLED, stop: { kind: 'cancel', signal: 'SIGINT', afterMs: 5 }, levels: [OWN, REAL_ROOT] },
    'cancel cancelled certain false'
  ],
  [
    'nobody knows: the guard itself was killed',
    { exit: null, cage: null, hostKills: ABSENT_COUNTER, survey: null, stop: { kind: 'died', afterMs: 5 } },
    'unknown guard.died certain unknown'
  ]
]

const v1 = (change: Partial<LevelEvidence>): LevelEvidence => levelOf({ ownHits: ABSENT_COUNTER, ...change })
const OWN_V1 = v1({ ...OWN, ownHits: ABSENT_COUNTER, failures: counter(0, 0), kills: counter(0, 1) })
const PARENT_V1 = v1({ directory: '/sys/fs/cgroup/docker/ab', limitBytes: value(2 * GIB), failures: counter(7, 7) })
const ROOT_V1 = v1({ directory: '/sys/fs/cgroup', failures: counter(0, 0) })
const KILL_V1 = cageV1({ kills: counter(0, 1) })
const V1 = { ...OURS, cage: KILL_V1, survey: surveyOf({ version: 'v1', cgroupPath: '/docker/ab' }) }

const CAGE_V1: readonly Row[] = [
  [
    'its own cap, by the kernel log',
    { ...V1, kernelLog: kernelLogOf([record()]), levels: [OWN_V1, PARENT_V1, ROOT_V1] },
    'kernel-oom-cap oom.cgroup certain true'
  ],
  [
    'its own cap, since usage stood at no other limit',
    { ...V1, levels: [{ ...OWN_V1, failures: counter(0, 1600) }, PARENT_V1, ROOT_V1] },
    'kernel-oom-cap oom.cgroup likely true'
  ],
  [
    'a limit above, since usage never stood at the cap',
    { ...V1, levels: [OWN_V1, { ...PARENT_V1, failures: counter(7, 1617) }, ROOT_V1] },
    'kernel-oom-ancestor oom.cgroup likely true'
  ],
  [
    'the machine, since usage stood at no limit on the whole path',
    { ...V1, levels: [OWN_V1, PARENT_V1, ROOT_V1] },
    'kernel-oom-host oom.host certain true'
  ],
  [
    'its own cap, by a record without the limit whose summary was swallowed',
    {
      ...V1,
      kernelLog: kernelLogOf([record({ limitCgroup: null, victimCgroup: null })], 4),
      levels: [{ ...OWN_V1, failures: counter(0, 9) }, PARENT_V1, ROOT_V1]
    },
    'kernel-oom-cap oom.cgroup likely true'
  ],
  [
    'a limit above, by a record without the limit: usage never stood at the cap',
    {
      ...V1,
      kernelLog: kernelLogOf([record({ limitCgroup: null, victimCgroup: null })], 4),
      levels: [OWN_V1, PARENT_V1, ROOT_V1]
    },
    'kernel-oom-ancestor oom.cgroup likely true'
  ],
  [
    'somebody else',
    { ...FOREIGN, cage: cageV1(), levels: [{ ...OWN_V1, kills: counter(0, 0) }, PARENT_V1, ROOT_V1] },
    'other signal.kill likely false'
  ]
]

/** In a container: its own limit is in sight, what is above it and the processes of the host are not. */
const POD_SURVEY = surveyOf({ cgroupPath: '/', levels: [level(value(2 * GIB))], oomd: UNSEEN_DAEMONS })
const POD = levelOf({ directory: '/sys/fs/cgroup', limitBytes: value(2 * GIB) })
const WATCH: CageEvidence = { ...noCage(), way: 'watch', capBytes: 6 * GIB }
const IN_POD = { cage: WATCH, survey: POD_SURVEY }

const NO_CAGE: readonly Row[] = [
  [
    'the limit of the container: its own counter rose',
    { ...OURS, ...IN_POD, levels: [{ ...POD, ...FIRED }] },
    'kernel-oom-ancestor oom.cgroup likely true'
  ],
  [
    'a limit out of sight: a kill inside, and no visible limit fired',
    { ...OURS, ...IN_POD, levels: [{ ...POD, kills: counter(0, 1) }] },
    'kernel-oom-ancestor oom.cgroup likely true'
  ],
  [
    'nobody knows: a kill on the machine that no counter of the container saw',
    { ...OURS, ...IN_POD, levels: [POD] },
    'unknown oom.killed likely unknown'
  ],
  [
    'somebody else: no counter of the container saw it, and the whole command died',
    { ...FOREIGN, ...IN_POD, levels: [POD], hostKills: counter(3, 9) },
    'other signal.kill likely false'
  ],
  [
    'somebody else, whoever that is: the journal of the host is out of sight',
    { ...FOREIGN, ...IN_POD, levels: [POD], reportedKills: unreadable('no journal') },
    'other signal.kill likely false'
  ],
  [
    'the guard, before the limit',
    {
      ...IN_POD,
      exit: KILLED,
      levels: [POD],
      stop: { kind: 'watch', afterMs: 5, limitBytes: 2 * GIB, treeBytes: 2 * GIB, level: '/sys/fs/cgroup' }
    },
    'guard oom.watch certain true'
  ],
  [
    'the machine, on a host whose every limit is cleared',
    {
      ...OURS,
      cage: WATCH,
      levels: [slice({ kills: counter(0, 1) }), REAL_ROOT]
    },
    'kernel-oom-host oom.host likely true'
  ],
  [
    'the limit of the service that the guard lives in, by a record of a sampled process',
    {
      ...OURS,
      cage: WATCH,
      levels: [slice(FIRED), REAL_ROOT],
      kernelLog: kernelLogOf([record({ limitCgroup: '/system.slice', victimCgroup: '/system.slice' })])
    },
    'kernel-oom-ancestor oom.cgroup certain true'
  ],
  [
    'nobody of the build: the pid of a record was sampled as another program',
    {
      ...OURS,
      log: logOf(''),
      cage: WATCH,
      levels: [slice({ kills: counter(0, 1) }), REAL_ROOT],
      kernelLog: kernelLogOf([record({ task: 'postgres', victimCgroup: '/db' })])
    },
    'unknown - - unknown'
  ],
  [
    'no counter at all',
    { ...OURS, cage: noCage(), hostKills: ABSENT_COUNTER, levels: [], survey: null },
    'unknown oom.killed likely unknown'
  ]
]

function note(change: Partial<ReportedKill> = {}): ReportedKill {
  return {
    by: 'earlyoom',
    victim: { pid: 957, name: 'compile' },
    signal: 'SIGTERM',
    isForMemory: true,
    words: 'sending SIGTERM to process 957 uid 1000 "compile": oom_score 961, VmRSS 3072 MiB',
    ...change
  }
}

const OOMD = (cgroup: string): ReportedKill =>
  note({ by: 'systemd-oomd', victim: { cgroup }, signal: 'SIGKILL', words: `Marked ${cgroup} for killing` })
const TERMINATED = logOf('example.com/app: /usr/local/go/pkg/tool/linux_amd64/compile: signal: terminated\n')

const DAEMONS: readonly Row[] = [
  [
    'earlyoom, whose first signal is SIGTERM',
    { exit: FAILED, log: TERMINATED, timeline: SEEN, reportedKills: value([note()]) },
    'other oom.userspace certain true'
  ],
  [
    'systemd-oomd, which kills the whole cage',
    { ...FOREIGN, reportedKills: value([OOMD(CAGE_PATH)]) },
    'other oom.userspace certain true'
  ],
  [
    'systemd-oomd, which kills a slice above the cage',
    { ...FOREIGN, cage: cageV2({ cgroupPath: `/a.slice${CAGE_PATH}` }), reportedKills: value([OOMD('/a.slice')]) },
    'other oom.userspace certain true'
  ],
  [
    'somebody else: systemd-oomd killed a neighbour whose path only begins alike',
    { ...FOREIGN, reportedKills: value([OOMD(`${CAGE_PATH}0`), OOMD('/a.slice')]) },
    'other signal.kill likely false'
  ],
  [
    'somebody else: earlyoom killed a process that was never of the build',
    { ...FOREIGN, reportedKills: value([note({ victim: { pid: 12, name: 'compile' } })]) },
    'other signal.kill likely false'
  ],
  [
    'somebody else: earlyoom killed another program that had the pid later',
    { ...FOREIGN, reportedKills: value([note({ victim: { pid: 957, name: 'java' } })]) },
    'other signal.kill likely false'
  ],
  [
    'nobody knows whether a daemon did: one runs, and the journal cannot be read',
    { ...FOREIGN, survey: surveyOf({ oomd: value(true) }), reportedKills: unreadable('not in group adm') },
    'other signal.kill possible unknown'
  ],
  [
    'the kernel, whose counter comes before any note',
    { ...OURS, cage: CAGE_KILL, levels: [KILLED_INSIDE, slice(FIRED), REAL_ROOT], reportedKills: value([note()]) },
    'kernel-oom-ancestor oom.cgroup certain true'
  ]
]

const MAC = {
  platform: 'darwin',
  cage: { ...WATCH, capBytes: null },
  hostKills: ABSENT_COUNTER,
  survey: null,
  levels: []
} as const satisfies Partial<Evidence>

function seenOf(change: Partial<SeenProcess> = {}): Evidence['timeline'] {
  const one = { pid: 957, tool: 'compile', package: 'example.com/app', peakBytes: 3 * GIB, firstMs: 0, lastMs: 9000 }
  return { ...timelineOf(sample([], { treeBytes: change.peakBytes ?? one.peakBytes })), seen: [{ ...one, ...change }] }
}

const jetsam = (words: string, change: Partial<ReportedKill> = {}): Evidence['reportedKills'] =>
  value([note({ by: 'jetsam', signal: 'SIGKILL', words, ...change })])
const MAC_KILL = { ...MAC, exit: FAILED, log: TOOL_KILLED, timeline: seenOf() }

const MACOS: readonly Row[] = [
  [
    'jetsam, by a record with our pid',
    { ...MAC_KILL, reportedKills: jetsam('memorystatus: killing_top_process pid 957 [compile] (vm-pageshortage 0)') },
    'kernel-oom-host oom.host certain true'
  ],
  [
    'the kernel, out of swap',
    { ...MAC_KILL, reportedKills: jetsam('memorystatus: killing largest compressed process compile [957] 8658 MB') },
    'kernel-oom-host oom.host certain true'
  ],
  [
    'the kernel for another reason than memory',
    {
      ...MAC_KILL,
      reportedKills: jetsam('memorystatus: killing compile [957] due to cpulimit violation', { isForMemory: false })
    },
    'other signal.kill likely false'
  ],
  [
    'nobody knows: the kernel killed a process that was not sampled',
    { ...MAC_KILL, reportedKills: jetsam('…', { victim: { pid: 4, name: 'compile' } }) },
    'unknown oom.killed likely unknown'
  ],
  [
    'somebody else: the log was read and has no kill for memory',
    { ...MAC_KILL, reportedKills: NOT_FOUND },
    'other signal.kill likely false'
  ],
  [
    'nobody knows: the log cannot be read',
    { ...MAC_KILL, reportedKills: unreadable('Could not open local log store') },
    'unknown oom.killed likely unknown'
  ],
  [
    'the launch policy: a tool that had just started and held little',
    {
      ...MAC_KILL,
      timeline: seenOf({ lastMs: 300, peakBytes: 12 * MIB }),
      reportedKills: NOT_FOUND
    },
    'other signal.kill likely false'
  ],
  [
    'the launch policy: the command itself, the log not readable',
    {
      ...MAC,
      exit: KILLED,
      durationMs: 400,
      timeline: seenOf({ lastMs: 300, peakBytes: 12 * MIB }),
      reportedKills: unreadable('Could not open local log store')
    },
    'other signal.kill likely false'
  ],
  [
    'nobody knows: a tool seen once, the log not readable',
    {
      ...MAC_KILL,
      timeline: seenOf({ lastMs: 0, peakBytes: 12 * MIB }),
      reportedKills: unreadable('Could not open local log store')
    },
    'unknown oom.killed likely unknown'
  ]
]

const WINDOWS = {
  platform: 'win32',
  cage: noCage(),
  hostKills: ABSENT_COUNTER,
  survey: null,
  levels: [],
  log: logOf('')
} as const satisfies Partial<Evidence>
const ended = (code: number): Partial<Evidence> => ({ ...WINDOWS, exit: { code, signal: null } })
const tool = (status: string): Partial<Evidence> => ({
  ...ended(1),
  log: logOf(`example.com/app: C:\\go\\pkg\\tool\\windows_amd64\\compile.exe: exit status ${status}\n`)
})
const JOB: CageEvidence = {
  ...noCage(),
  way: 'job-object',
  capBytes: GIB,
  ownLimitHits: counter(0, 3)
}
const COMMIT = logOf('runtime: VirtualAlloc of 8192 bytes failed with errno=1455\nfatal error: out of memory\n')

const ON_WINDOWS: readonly Row[] = [
  ['a refused commitment, unsigned', ended(3221225773), 'itself oom.windows-commit certain true'],
  ['a refused commitment, signed', ended(-1073741523), 'itself oom.windows-commit certain true'],
  ['STATUS_NO_MEMORY of a tool', tool('0xc0000017'), 'itself oom.windows-commit certain true'],
  ['error 1455 in words', { ...ended(2), log: COMMIT }, 'itself oom.windows-commit certain true'],
  [
    'the limit of its own job, which refused memory',
    { ...ended(2), cage: JOB, log: COMMIT },
    'kernel-oom-cap oom.windows-commit certain true'
  ],
  [
    'perhaps the limit of its own job: it refused memory, and the log does not say that somebody died of it',
    { ...ended(1), cage: JOB },
    'kernel-oom-cap oom.windows-commit likely true'
  ],
  ['an access violation', ended(3221225477), 'itself signal.crash possible unknown'],
  ['a stack overflow of a tool', tool('0xc00000fd'), 'itself signal.crash certain false'],
  ['Ctrl-C that did not come through the guard', ended(3221225786), 'other signal.int likely unknown'],
  ['nobody knows: a tool ended by taskkill', tool('1'), 'unknown signal.kill possible unknown'],
  ['nobody knows: the command ended by taskkill, or by itself', ended(1), 'unknown - - unknown'],
  [
    'the workflow',
    { ...ended(3221225786), stop: { kind: 'cancel', signal: 'SIGINT', afterMs: 5 } },
    'cancel cancelled certain false'
  ]
]

describe.each([
  ['a cage of cgroup v2', CAGE_V2],
  ['a cage of cgroup v1', CAGE_V1],
  ['no cage', NO_CAGE],
  ['daemons', DAEMONS],
  ['macOS', MACOS],
  ['Windows', ON_WINDOWS]
])('with %s, who ended it:', (_group, rows) => {
  test.each(rows)('%s', (_title, change, answer) => {
    expect(answerTo(change)).toBe(answer)
  })
})
