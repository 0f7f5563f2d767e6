import type { Conclusion, Report } from '../model/report.ts'
import { commandLine } from '../model/settings.ts'
import type { Attempted } from './attempted.ts'
import type { Run } from './run.ts'

/** Folds the attempts into the one value that every surface shows. */
export function reportOf(
  run: Run,
  attempts: readonly [Attempted, ...Attempted[]],
  cautions: Pick<Report, 'preflight' | 'verification'>
): Report {
  const { settings, survey, ports } = run
  const last = attempts.at(-1) ?? attempts[0]
  const failed = attempts.findLast(({ attempt, stop }) => attempt.outcome.exitCode !== 0 || stop !== null)
  return {
    schemaVersion: 1,
    conclusion: conclusionOf(attempts, last),
    command: commandLine(settings.command),
    workingDirectory: settings.workingDirectory,
    job: { name: settings.jobName, matrix: settings.matrix },
    startedAt: run.startedAt,
    durationMs: Math.round(ports.clock.nowMs() - run.startedMs),
    survey,
    enforcement: last.enforcement,
    attempts: attempts.map(({ attempt }) => attempt),
    diagnoses: failed?.attempt.diagnoses ?? [],
    outOfMemory: anyOf(attempts.map(({ attempt }) => attempt.outOfMemory)),
    ...cautions,
    warnings: attempts.flatMap(({ warnings }) => warnings)
  }
}

function conclusionOf(attempts: readonly Attempted[], last: Attempted): Conclusion {
  if (last.stop?.kind === 'cancel') return 'cancelled'
  if (last.attempt.outcome.exitCode !== 0 || last.stop !== null) return 'failure'
  return attempts.length > 1 ? 'recovered' : 'success'
}

function anyOf(answers: readonly Report['outOfMemory'][]): Report['outOfMemory'] {
  return (['true', 'unknown'] as const).find((answer) => answers.includes(answer)) ?? 'false'
}
