import { formatBytes } from '../model/bytes.ts'
import type { Diagnosis } from '../model/diagnosis.ts'
import { formatDuration } from '../model/duration.ts'
import type { Prose } from '../model/prose.ts'
import type { Attempt, Report } from '../model/report.ts'
import { explainedAttempt, isFailed, peakPercent } from './figures.ts'
import { WORDS } from './words.ts'

/** Stands beside a word that says the same. */
type Mark = '❌' | '⚠️' | '✅'

/** One sentence that answers "did it fail, was it memory", with the number. */
export interface Headline {
  readonly symbol: Mark
  /** "Go build failed: out of memory at its 6.6 GiB cap" */
  readonly sentence: Prose
  /** The part after the colon, for places that have said "failed" already. */
  readonly clause: Prose
}

export function headlineOf(report: Report): Headline {
  switch (report.conclusion) {
    case 'success':
      return passed(report)
    case 'recovered':
      return headline('⚠️', `${WORDS.heading.recovered}: `, recoveredClause(report))
    case 'cancelled':
      return headline('⚠️', WORDS.heading.cancelled, `, ended after ${formatDuration(report.durationMs)}`)
    case 'failure':
      return failed(report)
  }
}

function headline(symbol: Mark, start: string, clause: Prose): Headline {
  return { symbol, sentence: start + clause, clause: clause.trim() }
}

function passed(report: Report): Headline {
  const last = report.attempts.at(-1)
  const peak = last === undefined ? null : peakPercent(report, last)
  const memory = peak === null ? WORDS.memory.notSampled : `peak ${peak}`
  return headline('✅', WORDS.heading.passed, ` in ${formatDuration(report.durationMs)}; ${memory}`)
}

function failed(report: Report): Headline {
  const attempt = explainedAttempt(report)
  if (attempt === null) return headline('❌', `${WORDS.heading.notStarted}: `, notStartedClause(report))
  const diagnosis = report.diagnoses[0] ?? null
  const start = `${WORDS.heading.failed}: `
  if (diagnosis === null) {
    return headline('❌', start, `${exitWords(attempt)}, ${WORDS.clause.notRecognised}`)
  }
  if (diagnosis.id === 'signal.kill' && report.outOfMemory === 'false') {
    return headline('❌', `${WORDS.heading.killed} `, killedClause(attempt))
  }
  return headline('❌', start, failureClause(report, attempt, diagnosis))
}

function notStartedClause(report: Report): Prose {
  const diagnosis = report.diagnoses[0]
  return diagnosis === undefined ? WORDS.clause.couldNotRun : asClause(diagnosis.title)
}

/** "exit 1" or, where a signal ended the command itself, "SIGKILL (exit 137)". */
export function exitWords(attempt: Attempt): string {
  const { exitCode, signal } = attempt.outcome
  return signal === null ? WORDS.clause.exit(exitCode) : `${signal} (${WORDS.clause.exit(exitCode)})`
}

/** "SIGKILL (exit 137), not by memory: 12.3 GiB was available" */
function killedClause(attempt: Attempt): Prose {
  const availableBytes = attempt.memory.last?.availableBytes ?? null
  const signal = attempt.outcome.signal ?? 'SIGKILL'
  const exit = `${signal} (${WORDS.clause.exit(attempt.outcome.exitCode)}), ${WORDS.clause.notMemory}`
  return availableBytes === null ? exit : `${exit}: ${WORDS.clause.available(formatBytes(availableBytes))}`
}

function failureClause(report: Report, attempt: Attempt, diagnosis: Diagnosis): Prose {
  const words = WORDS.clause
  const limit = limitOf(report, attempt)
  switch (diagnosis.id) {
    case 'oom.cgroup':
      if (attempt.outcome.endedBy === 'kernel-oom-ancestor') return aboveUs(report)
      return attempt.outcome.endedBy === 'kernel-oom-cap' && limit !== null
        ? words.atCap(limit)
        : asClause(diagnosis.title)
    case 'oom.host':
      return machine(report, words.machine, words.machineUnknown)
    case 'oom.watch':
      return limit === null ? asClause(diagnosis.title) : words.watch(limit)
    case 'timeout':
      return attempt.outcome.endedBy === 'guard'
        ? words.timeout(formatDuration(allAttemptsMs(report)))
        : asClause(diagnosis.title)
    case 'compile.error':
      return diagnosis.locations.length === 0
        ? asClause(diagnosis.title)
        : words.compileErrors(diagnosis.locations.length)
    case 'guard.died':
      return WORDS.heading.guardDied
    default:
      return asClause(diagnosis.title)
  }
}

/** The timeout is for all attempts together. */
function allAttemptsMs({ attempts }: Report): number {
  return attempts.reduce((sum, { outcome }) => sum + outcome.durationMs, 0)
}

function recoveredClause(report: Report): Prose {
  const attempt = explainedAttempt(report)
  const words = WORDS.befell
  if (attempt === null) return words.memory
  const limit = limitOf(report, attempt)
  const { endedBy, exitCode } = attempt.outcome
  const who = attemptsInWords(report.attempts.filter(isFailed).map((failure) => failure.plan.attempt))
  if (endedBy === 'kernel-oom-cap') return `${who} ${limit === null ? words.memory : words.atCap(limit)}`
  if (endedBy === 'kernel-oom-ancestor') return `${who} ${words.aboveUs}`
  if (endedBy === 'kernel-oom-host') return `${who} ${machine(report, words.machine, words.machineUnknown)}`
  if (endedBy === 'guard' && report.diagnoses[0]?.id === 'oom.watch' && limit !== null)
    return `${who} ${words.watch(limit)}`
  return `${who} ${attempt.outOfMemory === 'true' ? words.memory : words.failed(exitCode)}`
}

function attemptsInWords(numbers: readonly number[]): string {
  const first = numbers[0] ?? 1
  const last = numbers.at(-1) ?? first
  if (first === last) return `attempt ${first}`
  return numbers.length === 2 ? `attempts ${first} and ${last}` : `attempts ${first} to ${last}`
}

function aboveUs(report: Report): string {
  const { binding } = report.survey
  return binding === null || binding.source === 'host'
    ? WORDS.clause.aboveUsUnknown
    : WORDS.clause.aboveUs(formatBytes(binding.bytes))
}

function machine(report: Report, withTotal: (total: string) => string, without: string): string {
  const total = report.survey.host.totalBytes
  return total.kind === 'value' ? withTotal(formatBytes(total.value)) : without
}

function limitOf(report: Report, attempt: Attempt): string | null {
  const limitBytes = attempt.memory.limitBytes ?? report.enforcement.limitBytes
  return limitBytes === null ? null : formatBytes(limitBytes)
}

/** A title begins with a capital; after a colon it goes on small, unless the first word is a name or an abbreviation. */
export function asClause(title: Prose): Prose {
  const isName = /^(?:Go|Git|Docker|Kubernetes|Linux|Windows|C)\b|^[A-Z]\S*[A-Z0-9]/.test(title)
  return isName ? title : title.charAt(0).toLowerCase() + title.slice(1)
}
