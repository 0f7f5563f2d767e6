import type { OpenedCage, Reach } from '../cage/open-cage.ts'
import { CATALOGUE } from '../diagnose/catalogue.ts'
import { createScanner, type OutputScanner } from '../diagnose/scanner.ts'
import type { CageEvidence, Evidence } from '../model/evidence.ts'
import type { Stop } from '../model/outcome.ts'
import type { Plan } from '../model/plan.ts'
import { ABSENT } from '../model/reading.ts'
import type { Enforcement } from '../model/report.ts'
import type { Settings } from '../model/settings.ts'
import type { StallSnapshot } from '../model/stall.ts'
import type { Timeline } from '../model/timeline.ts'
import { type Observer, observe } from '../observe/observer.ts'
import type { Cage } from '../ports/cage.ts'
import { type Ended, type Running, startBuild } from '../run/run-build.ts'
import type { Warded, Warden } from '../steer/warden.ts'
import { type Attempted, attemptOf } from './attempted.ts'
import { beginPreflight } from './cautions.ts'
import { enforcementAtTheEnd } from './enforcement.ts'
import { disksNow, preferAsVictim } from './machine.ts'
import type { Run } from './run.ts'
import { type StallGuard, stallGuard } from './stall.ts'
import { hangsInDisk } from './stall-look.ts'
import { steeredPlan, steeringFaults, withoutReplayed } from './steering.ts'
import { countKills, withReports } from './witnesses.ts'

/** What to try, given what can enforce a cap. */
export interface AttemptOrder {
  readonly planFor: (reach: Reach) => Plan
  /** What is left of the timeout, which is for all attempts together. */
  readonly timeoutMs: number | null
}

/** One attempt in a cage that is open. Throws only if nothing was executed. */
export async function runInside(
  run: Run,
  order: AttemptOrder,
  { cage, reach }: OpenedCage,
  enforcement: Enforcement
): Promise<Attempted> {
  const watchers = await setUp(run, order, cage, () => order.planFor(reach))
  const running = await start(run, order, cage, watchers)
  run.reaper.group(running.pid)
  const victimFaults = preferAsVictim(run, running.pid)
  announce(run, watchers.plan, enforcement)
  beginPreflight(run)
  const observer = observeBuild(run, cage, running, enforcement, watchers.stall)
  watchers.stall.begin(running)

  const seen = await untilTheEnd(running, observer, cage, watchers)
  const atTheEnd = enforcementAtTheEnd(run.ports.files, enforcement, seen.cage)
  const faults = await cage.close()
  run.reaper.group(null)

  const evidence = await evidenceOf(run, watchers, seen)
  const attempt = attemptOf(evidence, watchers.plan, seen.ended, atTheEnd.enforcement)
  return {
    attempt: seen.warded === null ? attempt : { ...attempt, steering: seen.warded.steering },
    enforcement: atTheEnd.enforcement,
    reach,
    stop: seen.ended.stop,
    tail: evidence.log.tail,
    kills: evidence.cage?.kills ?? null,
    hasGivenUp: seen.warded?.hasGivenUp ?? false,
    warnings: [
      ...seen.timeline.gaps,
      ...victimFaults,
      ...(atTheEnd.change === null ? [] : [atTheEnd.change]),
      ...steeringFaults(seen.warded),
      ...faults
    ]
  }
}

/** What has to be there before the build is. */
interface Watchers {
  readonly plan: Plan
  readonly warden: Warden | null
  readonly scanner: OutputScanner
  readonly stall: StallGuard
  readonly kills: ReturnType<typeof countKills>
  /** Of the wall clock. */
  readonly startedMs: number
}

async function setUp(run: Run, order: AttemptOrder, cage: Cage, planned: () => Plan): Promise<Watchers> {
  const { plan, warden } = await steeredPlan(run, cage, planned)
  const scanner = createScanner(CATALOGUE, run.verification.hearing())
  return {
    plan,
    warden,
    scanner,
    stall: stallGuard(run, cage, order.timeoutMs),
    kills: countKills(run, cage),
    startedMs: Date.parse(run.ports.clock.wallTime())
  }
}

async function start(run: Run, order: AttemptOrder, cage: Cage, watchers: Watchers): Promise<Running> {
  const { ports, place, command } = run
  const { plan, stall, scanner, warden } = watchers
  if (cage.mark !== undefined) markBuild(run, plan, cage.mark)
  const mark = cage.mark === undefined ? {} : { [cage.mark]: '1' }
  const environment = { ...command.environment, ...plan.environment, ...mark }
  try {
    return await startBuild(ports, {
      spec: { ...command, environment, stdin: place.stdin, scratch: place.runDirectory },
      cage,
      timeoutMs: order.timeoutMs,
      beforeTimeout: stall.beforeTimeout,
      afterKill: stall.afterKill,
      listeners: { stdout: stall.hearing(scanner.stream()), stderr: stall.hearing(scanner.stream()) }
    })
  } catch (fault) {
    stall.end()
    warden?.close()
    throw fault
  }
}

/** What was seen of the build, read before its cage is closed. */
interface Seen {
  readonly ended: Ended
  readonly stall: StallSnapshot | null
  readonly timeline: Timeline
  readonly warded: Warded | null
  readonly cage: CageEvidence
  readonly kills: Pick<Evidence, 'hostKills' | 'levels'>
}

async function untilTheEnd(running: Running, observer: Observer, cage: Cage, watchers: Watchers): Promise<Seen> {
  const ended = await running.finish()
  const stall = watchers.stall.end()
  const timeline = observer.stop()
  const warded = watchers.warden?.close() ?? null
  return { ended, stall, timeline, warded, cage: cage.evidence(), kills: watchers.kills() }
}

async function evidenceOf(run: Run, { plan, scanner, startedMs }: Watchers, seen: Seen): Promise<Evidence> {
  const { ended, stall, timeline, warded, cage } = seen
  const isGood = ended.exit.code === 0 && ended.stop === null
  const measured: Evidence = {
    ...seen.kills,
    exit: ended.exit,
    durationMs: ended.durationMs,
    stop: ofWholeTime(ended.stop, run.settings),
    cage,
    // Nobody asks who killed what in a build that ended well, and reading it costs.
    kernelLog: isGood ? ABSENT : await run.kernelLog.kills(),
    reportedKills: ABSENT,
    timeline,
    stall,
    survey: run.survey,
    plan,
    disksAfter: isGood || hangsInDisk(stall) ? [] : disksNow(run),
    log: scanner.finish(),
    platform: run.place.platform
  }
  return withReports(run, withoutReplayed(measured, warded), startedMs)
}

/** The timeout is for all attempts together, and a later one had only the rest of it. */
function ofWholeTime(stop: Stop | null, { timeoutMs }: Settings): Stop | null {
  return stop?.kind === 'timeout' && timeoutMs !== null ? { ...stop, afterMs: timeoutMs } : stop
}

/** Whatever is added to the environment of the build is said. */
function markBuild(run: Run, { attempt }: Plan, mark: string): void {
  run.reaper.mark(mark)
  if (attempt > 1) return
  run.narrator.warned(
    `no cgroup holds the build together: ${mark}=1 in its environment tells its processes from others`
  )
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

function observeBuild(run: Run, cage: Cage, running: Running, enforcement: Enforcement, stall: StallGuard): Observer {
  const { ports, place, survey } = run
  return observe({
    ...ports,
    cage,
    root: place.root,
    onSample: (sample) => {
      run.journal.add({ kind: 'sample', sample })
      stall.saw(sample)
      run.narrator.sampled(sample, survey, enforcement)
    },
    onBreach: ({ level, limitBytes }, { atMs, treeBytes }) =>
      running.stop({ kind: 'watch', afterMs: atMs, treeBytes, level, limitBytes })
  })
}
