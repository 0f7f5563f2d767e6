import { EnforcementUnavailable, type OpenedCage, openCage, type Reach } from '../cage/open-cage.ts'
import { CATALOGUE } from '../diagnose/catalogue.ts'
import { createScanner } from '../diagnose/scanner.ts'
import type { Evidence } from '../model/evidence.ts'
import type { Stop } from '../model/outcome.ts'
import type { Plan } from '../model/plan.ts'
import { ABSENT } from '../model/reading.ts'
import type { Enforcement } from '../model/report.ts'
import type { Settings } from '../model/settings.ts'
import type { Survey } from '../model/survey.ts'
import { kernelLog } from '../observe/kernel-log.ts'
import { type Observer, observe } from '../observe/observer.ts'
import type { Cage } from '../ports/cage.ts'
import { JoinRefused, type Running, startBuild } from '../run/run-build.ts'
import { type Attempted, attemptOf } from './attempted.ts'
import { disksNow, hostKills, preferAsVictim } from './machine.ts'
import { maySudo, type Run } from './run.ts'

/** What to try, given what can enforce a cap. */
export interface AttemptOrder {
  readonly planFor: (reach: Reach) => Plan
  /** What is left of the timeout, which is for all attempts together. */
  readonly timeoutMs: number | null
}

/** Plan → cage → run → evidence → verdict, once. Throws only if nothing was executed. */
export async function runAttempt(run: Run, order: AttemptOrder): Promise<Attempted> {
  const { ports, place, settings, survey } = run
  const refusals: string[] = []
  let { means } = ports
  let choice = settings.enforcement
  for (;;) {
    const opened = await openCage(
      { ...ports, means, root: place.root, announce: run.reaper.cage },
      { choice, survey, capFor: (reach) => order.planFor(reach).cap, runId: place.runId }
    )
    const enforcement = describeEnforcement(opened.cage, settings, survey, [...refusals, ...opened.reasons])
    try {
      return await runInside(run, order, opened, enforcement)
    } catch (fault) {
      if (!(fault instanceof JoinRefused) || opened.control === null) throw fault
      // To make a cgroup and to enter it are two permissions: what may not enter is no way.
      refusals.push(`${opened.cage.way} (${opened.control.means}): entering it: ${fault.message}`)
      means = means.filter((one) => one !== opened.control)
      if (means.length > 0) continue
      if (choice === 'cgroup')
        throw new EnforcementUnavailable(`enforcement: cgroup cannot be had: ${refusals.join('; ')}`)
      choice = 'watch'
    } finally {
      // On the way out of a fault; after a good run there is nothing left to close.
      await opened.cage.close()
    }
  }
}

async function runInside(
  run: Run,
  order: AttemptOrder,
  { cage, reach }: OpenedCage,
  enforcement: Enforcement
): Promise<Attempted> {
  const { ports, place, settings, survey, command } = run
  const plan = order.planFor(reach)
  const scanner = createScanner(CATALOGUE)
  const log = kernelLog(ports.files, ports.processes, place.root, maySudo(ports))
  const killsBefore = hostKills(run)
  const running = await startBuild(ports, {
    spec: {
      ...command,
      environment: { ...command.environment, ...plan.environment },
      stdin: place.stdin,
      scratch: place.runDirectory
    },
    cage,
    timeoutMs: order.timeoutMs,
    listeners: { stdout: scanner.stream(), stderr: scanner.stream() }
  })
  run.reaper.group(running.pid)
  preferAsVictim(run, running.pid)
  announce(run, plan, enforcement)
  const observer = observeBuild(run, cage, running, enforcement)

  const ended = await running.finish()
  const timeline = observer.stop()
  const cageEvidence = cage.evidence()
  const faults = await cage.close()
  run.reaper.group(null)

  const isGood = ended.exit.code === 0 && ended.stop === null
  const evidence: Evidence = {
    exit: ended.exit,
    durationMs: ended.durationMs,
    stop: ofWholeTime(ended.stop, settings),
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

/** The timeout is for all attempts together, and a later one had only the rest of it. */
function ofWholeTime(stop: Stop | null, { timeoutMs }: Settings): Stop | null {
  return stop?.kind === 'timeout' && timeoutMs !== null ? { ...stop, afterMs: timeoutMs } : stop
}

/** Before anything executes, so that it is written down whatever the build does. */
function announce(run: Run, plan: Plan, enforcement: Enforcement): void {
  run.journal.add({
    kind: 'attempt',
    attempt: plan.attempt,
    enforcement: enforcement.inForce,
    limitBytes: enforcement.limitBytes,
    limitSource: enforcement.limitSource,
    parallelism: plan.parallelism
  })
  run.narrator.started(run.survey, plan, enforcement)
}

function observeBuild(run: Run, cage: Cage, running: Running, enforcement: Enforcement): Observer {
  const { ports, place, survey } = run
  return observe({
    ...ports,
    cage,
    root: place.root,
    onSample: (sample) => {
      run.journal.add({ kind: 'sample', sample })
      run.narrator.sampled(sample, survey, enforcement)
    },
    onBreach: ({ level, limitBytes }, { atMs, treeBytes }) =>
      running.stop({ kind: 'watch', afterMs: atMs, treeBytes, level, limitBytes })
  })
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
