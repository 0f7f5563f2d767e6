import type { Caution, Preflight } from '../model/caution.ts'
import type { Diagnosis, Finding } from '../model/diagnosis.ts'
import { mapReading } from '../model/reading.ts'
import type { Attempt, Report } from '../model/report.ts'
import type { Steering } from '../model/steering.ts'
import type { Survey } from '../model/survey.ts'
import { fits } from './check.ts'
import { oneLine } from './escape.ts'
import { namesOnly } from './names-only.ts'
import { shareable, withoutCredentials } from './redact.ts'
import { reportShape } from './report-shape.ts'
import { shareableStall } from './stall-shape.ts'

/** Far more than a report with all its samples needs. */
const TEXT_MAX = 64 * 1024 * 1024

/** `report.json` (`schema/report.v1.json`): fields in the order of the model, readings as they are. */
export function encodeReport(report: Report): string {
  const { schemaVersion, conclusion, command, workingDirectory, job, startedAt, durationMs, survey } = report
  const { enforcement, attempts, diagnoses, outOfMemory, preflight, verification, warnings } = report
  const ordered: Report = {
    schemaVersion,
    conclusion,
    command: withoutCredentials(command),
    workingDirectory,
    job: { name: job.name, matrix: job.matrix },
    startedAt,
    durationMs,
    survey: shareableSurvey(survey),
    enforcement: {
      inForce: enforcement.inForce,
      reasons: enforcement.reasons,
      limitBytes: enforcement.limitBytes,
      limitSource: enforcement.limitSource
    },
    attempts: attempts.map(orderedAttempt),
    diagnoses: diagnoses.map(orderedDiagnosis),
    outOfMemory,
    ...(preflight === undefined ? {} : { preflight: orderedPreflight(preflight) }),
    ...(verification === undefined ? {} : { verification: verification.map(orderedCaution) }),
    warnings
  }
  return `${JSON.stringify(ordered, null, 2)}\n`
}

function orderedAttempt(attempt: Attempt): Attempt {
  const { plan, outcome, memory, heaviest, diagnoses, findings, steering, stall, outOfMemory } = attempt
  const { peakBytes, limitBytes, kernelPeakBytes, samples, peak, last } = memory
  return {
    plan: { ...plan, environment: shareable(plan.environment) },
    outcome: {
      exitCode: outcome.exitCode,
      signal: outcome.signal,
      durationMs: outcome.durationMs,
      endedBy: outcome.endedBy
    },
    memory: { peakBytes, limitBytes, kernelPeakBytes, samples, peak, last },
    heaviest,
    diagnoses: diagnoses.map(orderedDiagnosis),
    findings: findings.map(orderedFinding),
    ...(steering === undefined ? {} : { steering: orderedSteering(steering) }),
    ...(stall === undefined ? {} : { stall: shareableStall(stall) }),
    outOfMemory
  }
}

function orderedSteering({ steps, packages, toolRuns, heldBack, heldBackMs, replayed, advice }: Steering): Steering {
  return {
    steps: steps.map(({ atMs, kind, tool, package: name, text }) => {
      return { atMs, kind, tool, package: name, text: namesOnly(text) }
    }),
    packages: packages.map(({ tool, package: name, peakBytes, cpuMs, runs, settings }) => {
      return { tool, package: name, peakBytes, cpuMs, runs, settings }
    }),
    toolRuns,
    heldBack,
    heldBackMs,
    replayed,
    advice
  }
}

function shareableSurvey(survey: Survey): Survey {
  return { ...survey, go: mapReading(survey.go, (go) => ({ ...go, env: shareable(go.env) })) }
}

/** The file travels, and nobody masks secrets in it: names and numbers stay, what the build printed does not. */
function orderedDiagnosis(diagnosis: Diagnosis): Diagnosis {
  const { id, title, confidence, score, summary, evidence, ruledOut, remedies, locations } = diagnosis
  return {
    id,
    title,
    confidence,
    score,
    summary: namesOnly(summary),
    evidence: evidence.map(orderedFinding),
    ruledOut: ruledOut.map(orderedFinding),
    remedies,
    locations: locations.map(({ file, line, column }) => ({ file, line, column, message: '' }))
  }
}

function orderedFinding({ hypothesis, measured, verdict }: Finding): Finding {
  return { hypothesis, measured: namesOnly(measured), verdict }
}

function orderedPreflight({ findings, notChecked }: Preflight): Preflight {
  return { findings: findings.map(orderedCaution), notChecked }
}

function orderedCaution({ id, title, found, why, remedy, place }: Caution): Caution {
  return { id, title, found: namesOnly(found), why, remedy, place }
}

export type DecodedReport =
  | { readonly kind: 'report'; readonly report: Report }
  /** `reason` is a sentence of ours. */
  | { readonly kind: 'refused'; readonly reason: string }

/** Reads a stored `report.json`, which anybody may have written: its text still has to be escaped like any other. */
export function decodeReport(text: string): DecodedReport {
  if (text.length > TEXT_MAX) return refused('the file is larger than any report')
  let input: unknown
  try {
    input = JSON.parse(text)
  } catch {
    return refused('the file is not JSON')
  }
  if (fits(reportShape, input)) return { kind: 'report', report: input }
  const version = versionOf(input)
  if (version !== null && version !== 1) return refused(`the report has schemaVersion ${version}; this version reads 1`)
  return refused(`the file is not a report: ${placeOf(input)} is missing or has another form`)
}

function versionOf(input: unknown): number | null {
  if (typeof input !== 'object' || input === null || !('schemaVersion' in input)) return null
  return typeof input.schemaVersion === 'number' ? input.schemaVersion : null
}

function placeOf(input: unknown): string {
  return oneLine(reportShape(input, '') ?? '', 120) || 'its beginning'
}

function refused(reason: string): DecodedReport {
  return { kind: 'refused', reason }
}
