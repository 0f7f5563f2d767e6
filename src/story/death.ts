import { diagnose } from '../diagnose/rank.ts'
import { type EnforcementInForce, type Evidence, NO_LOG } from '../model/evidence.ts'
import type { Plan } from '../model/plan.ts'
import { code, prose } from '../model/prose.ts'
import { ABSENT, unreadable } from '../model/reading.ts'
import type { Attempt, Report } from '../model/report.ts'
import type { Survey } from '../model/survey.ts'
import type { Sample, Timeline } from '../model/timeline.ts'
import type { Entry } from '../observe/journal.ts'

type Begun = Extract<Entry, { kind: 'attempt' }>

/** The report of a guard that cannot write one any more: what its journal says, and nothing that was not seen. */
export function reportOfDeath(entries: readonly Entry[], survey: Survey, left: readonly string[]): Report {
  const start = entries.find((entry) => entry.kind === 'start')
  const begun = entries.findLast((entry) => entry.kind === 'attempt')
  const attempts = attemptsOf(entries, survey.cpus)
  const last = attempts.at(-1)
  return {
    schemaVersion: 1,
    conclusion: 'failure',
    command: start?.command ?? '',
    workingDirectory: '.',
    job: { name: '', matrix: {} },
    startedAt: start?.startedAt ?? '',
    durationMs: last?.outcome.durationMs ?? 0,
    survey,
    enforcement: {
      inForce: wayOf(begun),
      reasons: [],
      limitBytes: last?.memory.limitBytes ?? null,
      limitSource: begun?.limitSource ?? 'unknown'
    },
    attempts,
    diagnoses: last?.diagnoses ?? [],
    outOfMemory: 'unknown',
    warnings: [...standstills(entries), ...left]
  }
}

/** What the guard had said of a build that stood still; the build could have written it, so it is shown as a quotation. */
function standstills(entries: readonly Entry[]): readonly string[] {
  const last = entries.findLast((entry) => entry.kind === 'stall')
  const [line] = last?.lines ?? []
  return line === undefined ? [] : [prose`before that, the log said: ${code(line)}`]
}

/** The attempts before the last one had been ended by memory, or there would have been no next. */
function attemptsOf(entries: readonly Entry[], cpus: number): readonly Attempt[] {
  const begun = entries.flatMap((entry, at) => (entry.kind === 'attempt' ? [{ entry, at }] : []))
  if (begun.length === 0) return [attemptOf({ ...NOT_BEGUN, parallelism: cpus }, [])]
  return begun.map(({ entry, at }, i) => {
    const samples = entries.slice(at, begun[i + 1]?.at).flatMap((one) => (one.kind === 'sample' ? [one.sample] : []))
    return attemptOf(entry, samples)
  })
}

function attemptOf({ attempt, limitBytes, parallelism }: Begun, samples: readonly Sample[]): Attempt {
  const last = samples.findLast((sample) => sample.processes.length > 0) ?? samples.at(-1) ?? null
  const peak = samples.reduce<Sample | null>(
    (most, one) => (most === null || one.treeBytes > most.treeBytes ? one : most),
    null
  )
  const timeline: Timeline = { samples: thinned(samples), peak, last, heaviest: [], seen: [], gaps: [] }
  const verdict = diagnose({ ...NOTHING_READ, stop: { kind: 'died', afterMs: last?.atMs ?? 0 }, timeline })
  return {
    plan: { ...NO_PLAN, attempt, parallelism },
    // 137 is what the runner sees of a step that was killed; what the build itself made of it is not known.
    outcome: { exitCode: 137, signal: null, durationMs: last?.atMs ?? 0, endedBy: verdict.endedBy },
    memory: {
      peakBytes: peak?.treeBytes ?? 0,
      limitBytes,
      kernelPeakBytes: ABSENT,
      samples: timeline.samples,
      peak,
      last
    },
    heaviest: [],
    diagnoses: verdict.diagnoses,
    findings: verdict.findings,
    outOfMemory: verdict.outOfMemory
  }
}

/** Killed before the build could begin, the guard died all the same. */
const NOT_BEGUN: Omit<Begun, 'parallelism'> = {
  kind: 'attempt',
  attempt: 1,
  enforcement: 'none',
  limitBytes: null,
  limitSource: 'unknown'
}

const UNREAD = unreadable('the guard died before it could read it')

/** The counters went with the cage. */
const NOTHING_READ: Omit<Evidence, 'stop' | 'timeline'> = {
  exit: null,
  durationMs: null,
  cage: null,
  hostKills: { before: UNREAD, after: UNREAD },
  levels: [],
  kernelLog: ABSENT,
  reportedKills: ABSENT,
  stall: null,
  survey: null,
  plan: null,
  disksAfter: [],
  log: NO_LOG,
  platform: 'linux'
}

const NO_PLAN: Omit<Plan, 'attempt' | 'parallelism'> = {
  level: 'unknown',
  cap: null,
  setParallelism: null,
  setGoMemoryLimitBytes: null,
  setGcPercent: null,
  environment: {},
  reasons: []
}

function wayOf(begun: Begun | undefined): EnforcementInForce {
  return (
    (['cgroup-v2', 'cgroup-v1', 'systemd', 'job-object', 'watch'] as const).find((way) => way === begun?.enforcement) ??
    'none'
  )
}

/** The journal may hold many thousands. */
function thinned(samples: readonly Sample[]): readonly Sample[] {
  const every = Math.ceil(samples.length / 600)
  return every <= 1 ? samples : samples.filter((_, i) => i % every === 0)
}
