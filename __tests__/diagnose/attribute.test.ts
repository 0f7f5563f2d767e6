import { describe, expect, test } from '@jest/globals'
import { attribute } from '../../src/diagnose/attribute.ts'
import { GIB } from '../../src/model/bytes.ts'
import type { Evidence } from '../../src/model/evidence.ts'
import { UNLIMITED, unreadable, value } from '../../src/model/reading.ts'
import {
  ABSENT_COUNTER,
  cageV1,
  cageV2,
  compiler,
  counter,
  evidenceOf,
  KILLED,
  kernelLogOf,
  level,
  logOf,
  noCage,
  PASSED,
  record,
  sample,
  surveyOf,
  timelineOf,
  UNREADABLE_COUNTER
} from './evidence.ts'

const KILL_IN_LOG = logOf('example.com/app: /usr/local/go/pkg/tool/linux_amd64/compile: signal: killed\n')

type Row = readonly [title: string, evidence: Partial<Evidence>, answer: string]

function answerTo(change: Partial<Evidence>): string {
  const { endedBy, outOfMemory, confidence } = attribute(evidenceOf(change))
  return `${endedBy} ${outOfMemory} ${confidence}`
}

const V2: readonly Row[] = [
  [
    'own `oom` and `oom_kill` rose: its cap fired',
    { cage: cageV2({ ownLimitHits: counter(0, 1), kills: counter(0, 1) }), hostKills: counter(0, 1) },
    'kernel-oom-cap true certain'
  ],
  [
    'the same by the words of a compiler, and `go` ended with 1',
    { cage: cageV2({ ownLimitHits: counter(2, 3), kills: counter(2, 3) }), log: KILL_IN_LOG },
    'kernel-oom-cap true certain'
  ],
  [
    'own `oom` rose and `oom_kill` did not: the only process was dying already',
    { cage: cageV2({ ownLimitHits: counter(0, 1) }), exit: KILLED },
    'kernel-oom-cap true likely'
  ],
  [
    'own `oom` rose, and the counter of the machine cannot be read',
    { cage: cageV2({ ownLimitHits: counter(0, 1), kills: counter(0, 1) }), hostKills: UNREADABLE_COUNTER },
    'kernel-oom-cap true certain'
  ],
  [
    'group kill: the counter rises by more than the processes',
    { cage: cageV2({ ownLimitHits: counter(0, 1), kills: counter(0, 4) }), hostKills: counter(0, 4), exit: KILLED },
    'kernel-oom-cap true certain'
  ],
  [
    '`oom_kill` without `oom`, no limit in sight: the machine',
    { cage: cageV2({ kills: counter(0, 1) }), hostKills: counter(0, 1) },
    'kernel-oom-host true likely'
  ],
  [
    '`oom_kill` without `oom`, a limit above: that one',
    { cage: cageV2({ kills: counter(0, 1) }), survey: surveyOf({ levels: [level(value(4 * GIB))] }) },
    'kernel-oom-ancestor true likely'
  ],
  [
    '`oom_kill` without `oom` at the root of a namespace: a limit out of sight',
    { cage: cageV2({ kills: counter(0, 1) }), survey: surveyOf({ cgroupPath: '/', levels: [level(UNLIMITED)] }) },
    'kernel-oom-ancestor true likely'
  ],
  [
    '`oom_kill` without `oom`, kernel log says global_oom',
    {
      cage: cageV2({ kills: counter(0, 1) }),
      survey: surveyOf({ levels: [level(value(4 * GIB))] }),
      kernelLog: kernelLogOf([record({ constraint: 'none', limitCgroup: null })])
    },
    'kernel-oom-host true certain'
  ],
  [
    '`oom_kill` without `oom`, kernel log names another limit',
    { cage: cageV2({ kills: counter(0, 1) }), kernelLog: kernelLogOf([record({ limitCgroup: '/kubepods/pod1' })]) },
    'kernel-oom-ancestor true certain'
  ],
  [
    '`oom_kill` without `oom`, kernel log is about somebody else',
    {
      cage: cageV2({ kills: counter(0, 1) }),
      kernelLog: kernelLogOf([record({ limitCgroup: '/other', victimCgroup: '/other' })])
    },
    'kernel-oom-host true likely'
  ],
  [
    'a kill by the limits of a memory policy',
    {
      cage: cageV2({ kills: counter(0, 1) }),
      kernelLog: kernelLogOf([record({ constraint: 'cpuset', limitCgroup: null })])
    },
    'kernel-oom-host true likely'
  ],
  [
    'own `oom` unreadable, `oom_kill` rose, peak at the cap',
    { cage: cageV2({ ownLimitHits: UNREADABLE_COUNTER, kills: counter(0, 1) }) },
    'kernel-oom-cap true likely'
  ],
  [
    'own `oom` unreadable, `oom_kill` rose, peak far below the cap',
    { cage: cageV2({ ownLimitHits: UNREADABLE_COUNTER, kills: counter(0, 1), kernelPeakBytes: value(GIB) }) },
    'kernel-oom-host true likely'
  ]
]

const V1: readonly Row[] = [
  [
    'kernel log names our cgroup as the limit',
    { cage: cageV1({ kills: counter(0, 1) }), kernelLog: kernelLogOf([record()]) },
    'kernel-oom-cap true certain'
  ],
  [
    'no kernel log, peak at the cap',
    { cage: cageV1({ kills: counter(0, 1) }), kernelLog: unreadable('EPERM') },
    'kernel-oom-cap true likely'
  ],
  [
    'no kernel log, peak unreadable',
    { cage: cageV1({ kills: counter(0, 1), kernelPeakBytes: unreadable('EACCES') }) },
    'kernel-oom-cap true likely'
  ],
  [
    'no kernel log, peak far below the cap: another limit',
    { cage: cageV1({ kills: counter(0, 1), kernelPeakBytes: value(2 * GIB) }) },
    'kernel-oom-host true likely'
  ],
  [
    'kernel log names a limit above',
    { cage: cageV1({ kills: counter(0, 1) }), kernelLog: kernelLogOf([record({ limitCgroup: '/docker/abc' })]) },
    'kernel-oom-ancestor true certain'
  ],
  [
    'kernel log says global_oom',
    {
      cage: cageV1({ kills: counter(0, 1) }),
      kernelLog: kernelLogOf([record({ constraint: 'none', limitCgroup: null })])
    },
    'kernel-oom-host true certain'
  ],
  [
    'of two records the one about our limit decides',
    {
      cage: cageV1({ kills: counter(0, 2) }),
      kernelLog: kernelLogOf([record(), record({ constraint: 'none', limitCgroup: null, pid: 4 })])
    },
    'kernel-oom-cap true certain'
  ],
  [
    'kernel log without the line that names the limit',
    {
      cage: cageV1({ kills: counter(0, 1) }),
      kernelLog: kernelLogOf([record({ limitCgroup: null, victimCgroup: null })]),
      timeline: timelineOf(sample([compiler(957, 'example.com/a', GIB)]))
    },
    'kernel-oom-cap true likely'
  ]
]

const NO_CAGE: readonly Row[] = [
  [
    'the machine counted a kill, and a compiler was killed',
    { cage: noCage(), hostKills: counter(0, 1), log: KILL_IN_LOG },
    'kernel-oom-host true likely'
  ],
  [
    'the same in a container',
    {
      cage: noCage(),
      hostKills: counter(0, 1),
      log: KILL_IN_LOG,
      survey: surveyOf({ cgroupPath: '/', levels: [level(value(4 * GIB))] })
    },
    'kernel-oom-ancestor true likely'
  ],
  [
    'the machine counted a kill, and nothing in the build shows one',
    { cage: noCage(), hostKills: counter(0, 1) },
    'unknown unknown possible'
  ],
  [
    'kernel log names a sampled process',
    {
      cage: noCage(),
      hostKills: counter(0, 1),
      kernelLog: kernelLogOf([record({ constraint: 'none', limitCgroup: null, victimCgroup: '/user.slice' })]),
      timeline: timelineOf(sample([compiler(957, 'example.com/a', GIB)]))
    },
    'kernel-oom-host true certain'
  ],
  [
    'SIGKILL with the counter of the machine unchanged: not memory',
    { cage: noCage(), exit: KILLED },
    'other false certain'
  ],
  [
    'SIGKILL and no counter readable',
    { cage: noCage(), exit: KILLED, hostKills: ABSENT_COUNTER },
    'unknown unknown possible'
  ]
]

const SIGNALS: readonly Row[] = [
  ['SIGKILL with all counters unchanged', { exit: KILLED }, 'other false certain'],
  ['status 137 with all counters unchanged', { exit: { code: 137, signal: null } }, 'other false certain'],
  ['a compiler killed by hand', { log: KILL_IN_LOG }, 'other false certain'],
  ['SIGKILL on v1 with all counters unchanged', { cage: cageV1(), exit: KILLED }, 'other false certain'],
  [
    'SIGKILL, counters of the cage unreadable, of the machine unchanged',
    { cage: cageV2({ ownLimitHits: UNREADABLE_COUNTER, kills: UNREADABLE_COUNTER }), exit: KILLED },
    'other false certain'
  ],
  [
    'SIGKILL, no counter readable',
    {
      cage: cageV2({ ownLimitHits: UNREADABLE_COUNTER, kills: UNREADABLE_COUNTER }),
      hostKills: UNREADABLE_COUNTER,
      exit: KILLED
    },
    'unknown unknown possible'
  ],
  [
    'a killed compiler, no counter readable',
    { cage: null, hostKills: ABSENT_COUNTER, log: KILL_IN_LOG },
    'unknown unknown possible'
  ],
  [
    'a kill outside the cage and a killed process in the log may be the same',
    { hostKills: counter(0, 1), log: KILL_IN_LOG },
    'unknown unknown possible'
  ],
  [
    'a kill outside the cage while our own command was killed by somebody',
    { exit: KILLED, hostKills: counter(0, 1) },
    'other false certain'
  ],
  ['a kill outside the cage, none in the log', { hostKills: counter(0, 1) }, 'itself false certain'],
  [
    'SIGKILL where systemd-oomd runs, whose kills no counter shows',
    { exit: KILLED, survey: surveyOf({ oomd: value(true) }) },
    'other unknown likely'
  ],
  ['SIGTERM', { exit: { code: null, signal: 'SIGTERM' } }, 'other false certain'],
  ['SIGSEGV: its own doing', { exit: { code: null, signal: 'SIGSEGV' } }, 'itself false certain'],
  ['a plain failure', {}, 'itself false certain'],
  ['a plain failure, no counter readable', { cage: null, hostKills: ABSENT_COUNTER }, 'itself unknown certain']
]

const STOPS: readonly Row[] = [
  ['our timeout', { stop: { kind: 'timeout', afterMs: 1 }, exit: KILLED }, 'guard false certain'],
  ['a cancel', { stop: { kind: 'cancel', signal: 'SIGINT', afterMs: 1 }, exit: KILLED }, 'cancel false certain'],
  [
    'our watch',
    { stop: { kind: 'watch', afterMs: 1, limitBytes: GIB, treeBytes: GIB, level: 'pod' }, exit: KILLED },
    'guard true certain'
  ],
  ['success', { exit: PASSED }, 'itself false certain'],
  [
    'success after a kill',
    { exit: PASSED, cage: cageV2({ ownLimitHits: counter(0, 1), kills: counter(0, 1) }) },
    'itself false certain'
  ]
]

describe.each([
  ['cgroup v2', V2],
  ['cgroup v1', V1],
  ['without a cage', NO_CAGE],
  ['signals', SIGNALS],
  ['acts of the guard, and success', STOPS]
])('who ended the build, %s', (_group, rows) => {
  test.each(rows)('%s', (_title, change, answer) => {
    expect(answerTo(change)).toBe(answer)
  })
})
