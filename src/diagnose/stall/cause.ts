import type { Finding } from '../../model/diagnosis.ts'
import { formatDuration } from '../../model/duration.ts'
import { figure, type Prose, prose } from '../../model/prose.ts'
import type { StallSnapshot } from '../../model/stall.ts'
import type { Decider, StallFinding } from './finding.ts'
import { frozen, memoryInWords, stopped, thrashing } from './held.ts'
import { foreignLock, idleConnection, input, network, ownLock, somethingElse, uninterruptible } from './waits.ts'

/**
 * In this order: what keeps a process from running at all comes before what it would wait for; a lock of somebody else,
 * before what the build's other processes do meanwhile; memory before disks, since what is short of memory waits for
 * disks; and a connection that may only be kept open comes last.
 */
const DECIDERS: readonly Decider[] = [
  frozen,
  stopped,
  foreignLock,
  thrashing,
  uninterruptible,
  network,
  input,
  ownLock,
  idleConnection
]

/** Why the build stands still, as far as one look can tell. */
export function causeOfStall(snapshot: StallSnapshot): StallFinding {
  for (const decide of DECIDERS) {
    const found = decide(snapshot)
    if (found !== null) return found
  }
  return somethingElse(snapshot) ?? { id: 'stall.unknown', confidence: 'possible', reason: 'nothing could be seen' }
}

/** "no output, CPU time or I/O for 10 min" */
export function quietInWords({ quietMs }: StallSnapshot): Prose {
  return prose`no output, CPU time or I/O for ${figure(formatDuration(quietMs))}`
}

/** Each reason that was looked for, with what was seen for or against it. */
export function stallRows(snapshot: StallSnapshot): readonly Finding[] {
  if (!snapshot.isStill) return [AT_WORK]
  const cause = causeOfStall(snapshot)
  const ofCause: Finding = {
    hypothesis: HYPOTHESIS[cause.id],
    measured: cause.reason,
    verdict: cause.confidence === 'certain' ? 'cause' : 'likely'
  }
  const others = ASKED.flatMap(({ hypothesis, decide, otherwise }): readonly Finding[] => {
    if (hypothesis === ofCause.hypothesis) return []
    const found = decide(snapshot)
    if (found !== null) return [{ hypothesis, measured: found.reason, verdict: 'contributed' }]
    const measured = otherwise(snapshot)
    return measured === null ? [] : [{ hypothesis, measured, verdict: 'ruled out' }]
  })
  return [ofCause, ...others, ...notRead(snapshot)]
}

const AT_WORK: Finding = {
  hypothesis: 'No progress',
  measured: 'the build was at work when the time limit was reached',
  verdict: 'ruled out'
}

const HYPOTHESIS: Readonly<Record<StallFinding['id'], string>> = {
  'stall.frozen': 'Stopped or frozen',
  'stall.stopped': 'Stopped or frozen',
  'stall.lock': 'Waiting for a file lock',
  'stall.thrash': 'Short of memory',
  'stall.io': 'Waiting for a disk',
  'stall.network': 'Waiting for the network',
  'stall.unknown': 'No progress'
}

interface Asked {
  readonly hypothesis: string
  readonly decide: Decider
  /** What speaks against it; `null`: could not be asked. */
  readonly otherwise: (snapshot: StallSnapshot) => Prose | null
}

const ASKED: readonly Asked[] = [
  {
    hypothesis: HYPOTHESIS['stall.network'],
    decide: network,
    otherwise: () => 'no process that the others wait for has a connection'
  },
  {
    hypothesis: HYPOTHESIS['stall.lock'],
    decide: ownLock,
    otherwise: () => 'no process waits for one'
  },
  {
    hypothesis: HYPOTHESIS['stall.frozen'],
    decide: (of) => frozen(of) ?? stopped(of),
    otherwise: () => 'no process is stopped, and no cgroup frozen'
  },
  {
    hypothesis: HYPOTHESIS['stall.io'],
    decide: uninterruptible,
    otherwise: () => 'no process is in uninterruptible sleep'
  },
  {
    hypothesis: HYPOTHESIS['stall.thrash'],
    decide: thrashing,
    otherwise: ({ memory }) => (memory.fullStallPercent.kind === 'value' ? memoryInWords(memory) : null)
  }
]

function notRead({ unread }: StallSnapshot): readonly Finding[] {
  return unread.length === 0
    ? []
    : [{ hypothesis: 'Not readable', measured: prose`${figure(unread.join('; '))}`, verdict: 'not checked' }]
}
