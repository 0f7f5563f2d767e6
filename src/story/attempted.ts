import type { Reach } from '../cage/open-cage.ts'
import { diagnose } from '../diagnose/rank.ts'
import type { Verdict } from '../model/diagnosis.ts'
import type { Change, Evidence } from '../model/evidence.ts'
import type { Stop } from '../model/outcome.ts'
import type { Plan } from '../model/plan.ts'
import { ABSENT } from '../model/reading.ts'
import type { Attempt, Enforcement } from '../model/report.ts'
import { exitCodeOf } from '../run/exit-code.ts'
import type { Ended } from '../run/run-build.ts'

/** One attempt with what the report does not carry. */
export interface Attempted {
  readonly attempt: Attempt
  readonly enforcement: Enforcement
  readonly reach: Reach
  readonly stop: Stop | null
  /** The last lines of output, for people. */
  readonly tail: readonly string[]
  readonly warnings: readonly string[]
  /** Kills for memory that the cage's own counter knows; `null` without one. */
  readonly kills: Change | null
  /** A tool did not fit with the tightest settings that there are. */
  readonly hasGivenUp: boolean
}

/** Folds what was planned, seen and concluded. A fault of the diagnosis leaves the outcome as it is, without a cause. */
export function attemptOf(evidence: Evidence, plan: Plan, ended: Ended, enforcement: Enforcement): Attempt {
  const verdict = verdictOf(evidence)
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
    ...(evidence.stall === null ? {} : { stall: evidence.stall }),
    diagnoses: verdict.diagnoses,
    findings: verdict.findings,
    outOfMemory: verdict.outOfMemory
  }
}

function verdictOf(evidence: Evidence): Verdict {
  try {
    return diagnose(evidence)
  } catch {
    return { diagnoses: [], findings: [], endedBy: 'unknown', outOfMemory: 'unknown' }
  }
}
