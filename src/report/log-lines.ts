import { formatBytes, formatPercent, formatShare, GIB } from '../model/bytes.ts'
import { formatClock } from '../model/duration.ts'
import type { Plan, PlanReason } from '../model/plan.ts'
import { figure, prose } from '../model/prose.ts'
import type { Attempt, Enforcement, Report } from '../model/report.ts'
import type { Survey } from '../model/survey.ts'
import type { Sample } from '../model/timeline.ts'
import { cut, inertLogLine } from './escape.ts'
import {
  explainedAttempt,
  isFailed,
  isWithoutSwap,
  largestProcess,
  peakInWords,
  peakPercent,
  peakShare,
  processInShort
} from './figures.ts'
import { exitWords, headlineOf } from './headline.ts'
import { proseText } from './prose-markdown.ts'
import { ENFORCEMENT_IN_SHORT, WORDS } from './words.ts'

const LINE_MAX = 400

/** A line of ours: `guard: 1:34 …`, on one line and never a workflow command. */
export function logLine(elapsedMs: number, text: string): string {
  return cut(inertLogLine(`guard: ${formatClock(elapsedMs)} ${proseText(text)}`), LINE_MAX)
}

/** What is known when an attempt begins. */
export interface Start {
  readonly survey: Survey
  readonly enforcement: Enforcement
  readonly plan: Plan
}

/** The two lines before the first attempt: the limit in force with its source, and the plan with its reasons. */
export function startLines(elapsedMs: number, of: Start): readonly string[] {
  return [logLine(elapsedMs, limitWords(of)), logLine(elapsedMs, planWords(of.plan))]
}

function limitWords({ survey, enforcement, plan }: Start): string {
  const because = reasonsFor(plan, ['cap', 'reserve']).map(withoutCap)
  const { inForce, limitBytes, limitSource, reasons } = enforcement
  if (plan.cap !== null && limitBytes !== null && inForce !== 'none') {
    const swap = inForce === 'watch' || isWithoutSwap(survey) ? [] : [`swap ${plan.cap.swap}`]
    const way = [ENFORCEMENT_IN_SHORT[inForce], ...swap].join(', ')
    // Where the machine itself is the limit, the reason for the cap has named its size.
    const machine = because.length > 0 && survey.binding?.source === 'host' ? [] : machineWords(survey)
    return [`limit ${formatBytes(limitBytes)}: ${way}`, ...because, ...machine].join('; ')
  }
  const isAbove = limitBytes !== null && limitSource !== 'host'
  const above = isAbove ? [`the limit above is ${formatBytes(limitBytes)}`] : []
  const why = because.length > 0 ? because : reasons
  return [ENFORCEMENT_IN_SHORT[inForce], ...why, ...above, ...machineWords(survey)].join('; ')
}

function machineWords({ host: { totalBytes } }: Survey): readonly string[] {
  return totalBytes.kind === 'value' ? [`machine ${formatBytes(totalBytes.value)}`] : []
}

/** "Cap 6.6 GiB: limit 7.8 GiB less …": the line begins with the cap already. */
function withoutCap(text: string): string {
  return text.replace(/^Cap [\d.]+ [GM]iB[:,] /, '')
}

function planWords(plan: Plan): string {
  const set = Object.entries(plan.environment).map(([name, text]) => `${name}=${/\s/.test(text) ? `'${text}'` : text}`)
  const because = reasonsFor(plan, ['parallelism', 'go-memory-limit', 'gc-percent', 'steering'])
  const sets = set.length === 0 ? 'nothing set' : `sets ${set.join(' ')}`
  return because.length === 0
    ? `plan -p=${plan.parallelism}, ${sets}`
    : `plan -p=${plan.parallelism}, ${sets}: ${because.join('; ')}`
}

function reasonsFor(plan: Plan, subjects: readonly PlanReason['subject'][]): readonly string[] {
  const texts = plan.reasons.filter((reason) => subjects.includes(reason.subject)).map((reason) => reason.text)
  return texts.map((text) => text.replace(/\.$/, ''))
}

/** A level of memory was passed: "5.0 of 6.6 GiB (76 %); largest: compile …/api/datadogV2 2.9 GiB". */
export function memoryLine(elapsedMs: number, sample: Sample, limitBytes: number): string {
  const percent = formatPercent(sample.treeBytes, limitBytes)
  return logLine(elapsedMs, `${formatShare(sample.treeBytes, limitBytes)} (${percent})${largestOf(sample)}`)
}

/** The same without a cap: "machine: 0.3 of 6.8 GiB available (build 4.5, other 2.0)". */
export function machineLine(elapsedMs: number, sample: Sample, totalBytes: number): string {
  const available = sample.availableBytes ?? 0
  const others = Math.max(0, totalBytes - available - sample.treeBytes)
  const amount = (bytes: number): string => (totalBytes >= GIB ? (bytes / GIB).toFixed(1) : formatBytes(bytes))
  const parts = `(build ${amount(sample.treeBytes)}, other ${amount(others)})`
  return logLine(elapsedMs, `machine: ${formatShare(available, totalBytes)} available ${parts}${largestOf(sample)}`)
}

function largestOf(sample: Sample): string {
  const [largest] = sample.processes
  return largest === undefined ? '' : `; largest: ${processInShort(largest)}`
}

/**
 * A failed attempt that is not the end: what happened, and in `next` what is done about it ("attempt 2 of at most 3
 * with -p=1", "no attempt 3: …").
 */
export function attemptEndLine(elapsedMs: number, attempt: Attempt, next: string): string {
  const { limitBytes } = attempt.memory
  const isMemory = attempt.outOfMemory === 'true'
  const what = isMemory ? WORDS.befell.outOfMemory : `attempt ${attempt.plan.attempt} ended with ${exitWords(attempt)}`
  const where = isMemory && limitBytes !== null ? ` at ${formatBytes(limitBytes)}` : ''
  const largest = largestProcess(attempt)
  const who = largest === null ? '' : prose`: ${figure(processInShort(largest).replaceAll('`', ''))} at the end`
  return logLine(elapsedMs, `${what}${where}${who}; ${next}`)
}

/** The one line after the end: "passed in attempt 2, peak 4.1 of 6.6 GiB (62 %)". */
export function conclusionLine(report: Report): string {
  return logLine(report.durationMs, conclusionWords(report))
}

function conclusionWords(report: Report): string {
  const last = report.attempts.at(-1)
  if (report.conclusion === 'cancelled') return `cancelled${peakPart(report, last)}`
  const failed = explainedAttempt(report)
  if (last !== undefined && !isFailed(last)) {
    const which = report.attempts.length > 1 ? ` in attempt ${last.plan.attempt}` : ''
    return `passed${which}${peakPart(report, last)}`
  }
  const { clause, sentence } = headlineOf(report)
  if (failed === null) return sentence
  const words =
    clause.startsWith(exitWords(failed)) || /\(exit \d/.test(clause) ? clause : `${exitWords(failed)}, ${clause}`
  if (clause.includes(WORDS.clause.notMemory)) return `${words}${peakPart(report, failed)}`
  return `${words}; ${memoryPart(report, failed)}`
}

function peakPart(report: Report, attempt: Attempt | undefined): string {
  const peak = attempt === undefined ? null : peakPercent(report, attempt)
  return peak === null ? `, ${WORDS.memory.notSampled}` : `, peak ${peak}`
}

function memoryPart(report: Report, attempt: Attempt): string {
  const peak = peakShare(report, attempt)
  const size = ` (${peak === null ? 'not sampled' : `peak ${peak}`})`
  if (report.outOfMemory === 'false') return `memory not involved${size}`
  if (report.outOfMemory === 'unknown') return `whether memory was involved is not known${size}`
  const largest = largestProcess(attempt)
  return largest === null ? peakInWords(report, attempt) : `largest at the end: ${processInShort(largest)}`
}
