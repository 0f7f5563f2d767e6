import { type OpenedCage, openCage, type Reach } from '../cage/open-cage.ts'
import { CATALOGUE } from '../diagnose/catalogue.ts'
import { diagnose } from '../diagnose/rank.ts'
import { createScanner } from '../diagnose/scanner.ts'
import { parseVmstatOomKill } from '../kernel/vmstat.ts'
import type { Evidence } from '../model/evidence.ts'
import type { Stop } from '../model/outcome.ts'
import type { Plan } from '../model/plan.ts'
import { ABSENT, chainReading, known, type Reading } from '../model/reading.ts'
import type { Attempt, Enforcement } from '../model/report.ts'
import type { Settings } from '../model/settings.ts'
import type { Disk, Survey } from '../model/survey.ts'
import type { Sample } from '../model/timeline.ts'
import type { Journal } from '../observe/journal.ts'
import { kernelLog } from '../observe/kernel-log.ts'
import { observe } from '../observe/observer.ts'
import type { Cage } from '../ports/cage.ts'
import type { Place, Ports } from '../ports/ports.ts'
import type { GatedSpec } from '../ports/processes.ts'
import { exitCodeOf } from '../run/exit-code.ts'
import type { Reaper } from '../run/reaper.ts'
import { type Ended, startBuild } from '../run/run-build.ts'
import type { Narrator } from './narrator.ts'

/** What stays the same over all attempts of a run. */
export interface Run {
  readonly ports: Ports
  readonly place: Place
  readonly settings: Settings
  readonly survey: Survey
  readonly startedAt: string
  readonly startedMs: number
  readonly command: Omit<GatedSpec, 'stdin'>
  readonly journal: Journal
  readonly reaper: Reaper
  readonly narrator: Narrator
}

interface Order {
  readonly plan: Plan
  readonly enforcement: Enforcement
  /** What is left of the timeout, which is for all attempts together. */
  readonly timeoutMs: number | null
}

export interface Attempted {
  readonly attempt: Attempt
  readonly enforcement: Enforcement
  readonly reach: Reach
  readonly stop: Stop | null
  /** The last lines of output, for people. */
  readonly tail: readonly string[]
  readonly warnings: readonly string[]
}

/** Plan → cage → run → evidence → verdict, once. Throws only if nothing was executed. */
export async function runAttempt(
  run: Run,
  planFor: (reach: Reach) => Plan,
  timeoutMs: number | null
): Promise<Attempted> {
  const { ports, place, settings, survey } = run
  const opened = await openCage(
    { ...ports, root: place.root, announce: run.reaper.cage },
    { choice: settings.enforcement, survey, capFor: (reach) => planFor(reach).cap, runId: place.runId }
  )
  const { cage } = opened
  const enforcement = describeEnforcement(cage, settings, survey, opened.reasons)
  try {
    return await runInside(run, { plan: planFor(opened.reach), enforcement, timeoutMs }, opened)
  } finally {
    // On the way out of a fault; after a good run there is nothing left to close.
    await cage.close()
  }
}

async function runInside(
  run: Run,
  { plan, enforcement, timeoutMs }: Order,
  { cage, reach }: OpenedCage
): Promise<Attempted> {
  const { ports, place, survey } = run
  const { files, processes, clock } = ports
  const scanner = createScanner(CATALOGUE)
  const log = kernelLog(
    files,
    processes,
    place.root,
    ports.means.some((means) => means.means === 'sudo')
  )
  const killsBefore = hostKills(run)
  const running = await startBuild(ports, {
    spec: { ...run.command, environment: { ...run.command.environment, ...plan.environment }, stdin: place.stdin },
    cage,
    timeoutMs,
    listeners: { stdout: scanner.stream(), stderr: scanner.stream() }
  })
  run.reaper.group(running.pid)
  preferAsVictim(run, running.pid)
  run.journal.add({
    kind: 'attempt',
    attempt: plan.attempt,
    enforcement: cage.way,
    limitBytes: enforcement.limitBytes,
    limitSource: enforcement.limitSource,
    parallelism: plan.parallelism
  })
  run.narrator.started(survey, plan, enforcement)

  const observer = observe({
    files,
    clock,
    cage,
    root: place.root,
    onSample: (sample) => {
      run.journal.add({ kind: 'sample', sample })
      run.narrator.sampled(sample, survey, enforcement)
    },
    onBreach: (breach, sample) =>
      running.stop({
        kind: 'watch',
        afterMs: sample.atMs,
        treeBytes: sample.treeBytes,
        level: breach.level,
        limitBytes: breach.limitBytes
      })
  })
  const ended = await running.finish()
  const timeline = observer.stop()
  const cageEvidence = cage.evidence()
  const faults = await cage.close()
  run.reaper.group(null)

  const isGood = ended.exit.code === 0 && ended.stop === null
  const evidence: Evidence = {
    exit: ended.exit,
    durationMs: ended.durationMs,
    stop: ended.stop,
    cage: cageEvidence,
    hostKills: { before: killsBefore, after: hostKills(run) },
    // Nobody asks who killed what in a build that ended well, and reading it costs.
    kernelLog: isGood ? ABSENT : await log.kills(),
    timeline,
    survey,
    plan,
    disksAfter: isGood ? [] : disksNow(run),
    log: scanner.finish(),
    platform: place.platform
  }
  return {
    attempt: attemptOf(evidence, plan, ended, enforcement),
    enforcement,
    reach,
    stop: ended.stop,
    tail: evidence.log.tail,
    warnings: [...timeline.gaps, ...faults]
  }
}

function attemptOf(evidence: Evidence, plan: Plan, ended: Ended, enforcement: Enforcement): Attempt {
  const verdict = diagnose(evidence)
  const { timeline, cage } = evidence
  return {
    plan,
    outcome: {
      exitCode: exitCodeOf(ended.exit, ended.stop),
      signal: ended.exit.signal,
      durationMs: ended.durationMs,
      endedBy: verdict.endedBy
    },
    memory: {
      peakBytes: timeline?.peak?.treeBytes ?? 0,
      limitBytes: enforcement.limitBytes,
      kernelPeakBytes: cage?.kernelPeakBytes ?? ABSENT,
      samples: timeline?.samples ?? [],
      peak: timeline?.peak ?? null,
      last: timeline?.last ?? null
    },
    heaviest: timeline?.heaviest ?? [],
    diagnoses: verdict.diagnoses,
    findings: verdict.findings,
    outOfMemory: verdict.outOfMemory
  }
}

function describeEnforcement(cage: Cage, settings: Settings, survey: Survey, reasons: readonly string[]): Enforcement {
  const { binding } = survey
  if (cage.capBytes !== null) {
    const limitSource = settings.memoryLimit.kind === 'auto' ? 'auto' : 'memory-limit'
    return { inForce: cage.way, reasons, limitBytes: cage.capBytes, limitSource }
  }
  const limitSource = binding === null ? 'unknown' : binding.source === 'host' ? 'host' : binding.file
  return { inForce: cage.way, reasons, limitBytes: binding?.bytes ?? null, limitSource }
}

/**
 * The kernel's first choice, should the whole machine run out: rather the build than the runner that has to report it
 * (`/proc/PID/oom_score_adj`, inherited by children; raising it needs no privilege).
 */
function preferAsVictim({ ports, place, survey }: Run, pid: number): void {
  const own = known(survey.killers.oomScoreAdj)
  if (own === null) return
  try {
    ports.files.writeText(`${place.root}/proc/${pid}/oom_score_adj`, String(Math.min(1000, own + 300)))
  } catch {
    // The build runs all the same; without it the kernel chooses by size, and a build is large.
  }
}

function hostKills({ ports, place }: Run): Reading<number> {
  return chainReading(ports.files.readText(`${place.root}/proc/vmstat`), parseVmstatOomKill)
}

function disksNow({ ports, survey }: Run): readonly Disk[] {
  return survey.disks.map((disk) => {
    const { bytes, inodes } = ports.files.freeSpace(disk.path)
    return { ...disk, freeBytes: bytes, freeInodes: inodes }
  })
}
