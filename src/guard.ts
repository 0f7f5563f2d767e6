import type { Reach } from './cage/open-cage.ts'
import type { Plan } from './model/plan.ts'
import type { Report } from './model/report.ts'
import type { Settings } from './model/settings.ts'
import { runsTests } from './plan/go-commands.ts'
import { nextAttempt, type PlanInput, planAttempt } from './plan/plan.ts'
import type { Place, Ports } from './ports/ports.ts'
import { COULD_NOT_RUN } from './run/exit-code.ts'
import { runAttempt } from './story/attempt.ts'
import type { Attempted } from './story/attempted.ts'
import { refusedByPreflight } from './story/cautions.ts'
import { prepare } from './story/prepare.ts'
import { pauseProblemMatcher } from './story/problem-matcher.ts'
import { publish } from './story/publish.ts'
import type { Run } from './story/run.ts'

export interface Finished {
  readonly exitCode: number
  readonly report: Report | null
  /** Why nothing was run, each a sentence; empty if something was. */
  readonly problems: readonly string[]
}

/**
 * The main job: survey → plan → attempts → diagnosis → report. Ends with the command's own result whatever happens to
 * what only helps; never throws.
 */
export async function guard(ports: Ports, place: Place, settings: Settings): Promise<Finished> {
  const prepared = await prepare(ports, place, settings)
  if ('problem' in prepared) return couldNotRun([prepared.problem])
  const { run } = prepared
  try {
    const refused = await refusedByPreflight(run)
    if (refused.length > 0) return notRun(run, refused)
    const restoreMatcher = pauseProblemMatcher(ports, place)
    const attempts = await runAttempts(run).finally(restoreMatcher)
    const { exitCode } = (attempts.at(-1) ?? attempts[0]).attempt.outcome
    return { exitCode, report: await publish(run, attempts), problems: [] }
  } catch (fault) {
    return notRun(run, [messageOf(fault)])
  } finally {
    finish(run)
  }
}

/** The first attempt, and after a memory death the next one, as long as something tighter is left to try. */
async function runAttempts(run: Run): Promise<readonly [Attempted, ...Attempted[]]> {
  const died: Plan[] = []
  const input = (reach: Reach, hasGivenUp = false): PlanInput => ({
    survey: run.survey,
    settings: run.settings,
    enforcement: reach,
    previous: died,
    userEnvironment: run.command.environment,
    runsTests: runsTests(run.settings.command),
    helper: run.helper.state(),
    hasGivenUp
  })
  const { clock } = run.ports
  const startMs = clock.nowMs()
  const attempt = (): Promise<Attempted> => {
    const { timeoutMs } = run.settings
    const leftMs = timeoutMs === null ? null : Math.max(1, timeoutMs - Math.round(clock.nowMs() - startMs))
    return runAttempt(run, { planFor: (reach) => planAttempt(input(reach)), timeoutMs: leftMs })
  }
  const attempts: [Attempted, ...Attempted[]] = [await attempt()]
  for (let last = attempts[0]; last.attempt.outOfMemory === 'true' && last.stop?.kind !== 'cancel'; ) {
    died.push(last.attempt.plan)
    const next = nextAttempt(input(last.reach, last.hasGivenUp))
    run.narrator.died(last.attempt, next.reason)
    if (!next.isWorthwhile) break
    try {
      last = await attempt()
    } catch (fault) {
      // Once something was run its result stands, even if the next attempt cannot be started.
      run.narrator.warned(`attempt ${attempts.length + 1} could not be started: ${messageOf(fault)}`)
      break
    }
    attempts.push(last)
  }
  return attempts
}

/** Leaves the journal and the report to `post`, where there is one. */
function finish({ ports, place, reaper }: Run): void {
  try {
    if (!place.hasPost) ports.files.remove(place.runDirectory)
  } catch {
    // The temporary directory is the system's to clean.
  }
  reaper.dismiss()
}

/** Written down, so that the post step does not take it for the death of the guard. */
function notRun(run: Run, problems: readonly string[]): Finished {
  run.journal.add({ kind: 'end', conclusion: 'failure' })
  return couldNotRun(problems)
}

function couldNotRun(problems: readonly string[]): Finished {
  return { exitCode: COULD_NOT_RUN, report: null, problems }
}

function messageOf(fault: unknown): string {
  return fault instanceof Error ? fault.message : String(fault)
}
