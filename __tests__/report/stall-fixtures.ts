import { diagnose } from '../../src/diagnose/rank.ts'
import type { Report } from '../../src/model/report.ts'
import type { StallSnapshot } from '../../src/model/stall.ts'
import { evidenceOf } from '../diagnose/evidence.ts'
import { LOCKED_CACHE, SILENT_GIT } from '../diagnose/stall/snapshots.ts'
import { attempt, outcome, plan, report, samples } from './build-report.ts'

const COURSE = samples([0.1, 0.2, 0.2, 0.2], 604_000)

function ended(stall: StallSnapshot): Report {
  const verdict = diagnose(
    evidenceOf({
      exit: { code: null, signal: 'SIGTERM' },
      durationMs: 604_000,
      stop: { kind: 'stall', afterMs: 603_400, quietMs: stall.quietMs },
      stall
    })
  )
  const over = { exitCode: 124, signal: 'SIGTERM', durationMs: 604_000, endedBy: verdict.endedBy } as const
  return report([
    attempt({
      plan: plan(1),
      outcome: outcome(over),
      course: COURSE,
      stall,
      diagnoses: verdict.diagnoses,
      findings: verdict.findings,
      outOfMemory: verdict.outOfMemory
    })
  ])
}

/** `go` fetches a module with Git, and the server says nothing for ten minutes. */
export const SILENT_SERVER: Report = ended(SILENT_GIT)

/** Another job on the same machine holds the module cache. */
export const LOCKED: Report = ended(LOCKED_CACHE)
