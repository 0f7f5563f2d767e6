import { formatBytes } from '../model/bytes.ts'
import type { Confidence, Diagnosis, Finding, Remedy, SourceLocation, Verdict } from '../model/diagnosis.ts'
import { formatDuration } from '../model/duration.ts'
import { code, figure, type Prose, prose } from '../model/prose.ts'
import type { Attempt, Report } from '../model/report.ts'
import { explainedAttempt, isFailed, peakShare, settingsOf, wasSampled } from './figures.ts'
import { asClause, exitWords, type Headline, headlineOf } from './headline.ts'
import { settingsThatWorked } from './recovery.ts'
import { VERDICT_ORDER, WORDS } from './words.ts'

/** What every surface tells, in the same words and numbers; the surfaces differ in how much of it they show. */
export interface Story {
  readonly headline: Headline
  readonly lead: Prose
  readonly cause: { readonly id: string; readonly confidence: Confidence } | null
  readonly fixes: readonly Remedy[]
  readonly findings: readonly Finding[]
  readonly others: readonly Diagnosis[]
  readonly locations: readonly SourceLocation[]
  /** Says of a failure that memory was not it, or that nobody knows; `null` where memory was. */
  readonly memoryNote: string | null
  /** `short`: the cause is known and memory had no part in it, so what was seen of memory stays away. */
  readonly form: 'full' | 'short'
}

// Families in which memory, or who ended the build, is the question; all others are told without charts.
const FULL_FAMILIES: ReadonlySet<string> = new Set([
  'oom',
  'signal',
  'timeout',
  'cancelled',
  'stall',
  'guard',
  'runner'
])

export function tellStory(report: Report): Story {
  const attempt = explainedAttempt(report)
  const [top = null, ...others] = report.diagnoses
  const form = formOf(report, top)
  const headline = headlineOf(report)
  return {
    headline,
    lead: leadOf(report, attempt, headline),
    cause: top === null ? null : { id: top.id, confidence: top.confidence },
    fixes: fixesOf(report, top),
    findings: findingsOf(attempt, top, form),
    others,
    locations: top?.locations ?? [],
    memoryNote: memoryNote(report, attempt),
    form
  }
}

/** The same for a stored log, of which nothing is known but its text and perhaps its status. */
export function tellVerdict(verdict: Verdict): Story {
  const [top = null, ...others] = verdict.diagnoses
  const sentence = top?.title ?? WORDS.notRecognised.nothing
  return {
    headline: { symbol: '❌', sentence, clause: asClause(sentence) },
    lead: top?.summary ?? '',
    cause: top === null ? null : { id: top.id, confidence: top.confidence },
    fixes: top?.remedies ?? [],
    findings: inOrder(
      verdict.findings.length > 0 ? verdict.findings : [...(top?.evidence ?? []), ...(top?.ruledOut ?? [])]
    ),
    others,
    locations: top?.locations ?? [],
    memoryNote: null,
    form: 'full'
  }
}

function formOf(report: Report, top: Diagnosis | null): Story['form'] {
  if (report.conclusion === 'recovered' || top === null || report.outOfMemory !== 'false') return 'full'
  return FULL_FAMILIES.has(top.id.split('.')[0] ?? '') ? 'full' : 'short'
}

function leadOf(report: Report, attempt: Attempt | null, headline: Headline): Prose {
  const [top = null] = report.diagnoses
  if (report.conclusion === 'success') return ''
  if (attempt === null) return [top?.summary ?? '', ...report.warnings].filter((text) => text !== '').join(' ')
  if (top === null) {
    const status = attempt.outcome.exitCode
    const shell = status === 126 || status === 127 ? ` ${WORDS.shellStatus[status]}` : ''
    return report.conclusion === 'cancelled' ? '' : WORDS.notRecognised.lead + shell
  }
  const summary = withExit(top.summary, attempt, headline)
  return report.conclusion === 'recovered' ? `${summary} ${laterAttempt(report)}` : summary
}

/** Exit status and cause are two facts, and both are told; most headings or summaries name the status themselves. */
function withExit(summary: Prose, attempt: Attempt, headline: Headline): Prose {
  if (/\bexit(?:ed with| code| status)? \d/.test(`${headline.sentence} ${summary}`)) return summary
  const exit = exitWords(attempt)
  return `${summary} ${exit.charAt(0).toUpperCase()}${exit.slice(1)}.`
}

/** "Attempt 2 with `-p=1` passed with a peak of 4.1 GiB." */
function laterAttempt(report: Report): Prose {
  const last = report.attempts.at(-1)
  if (last === undefined || isFailed(last)) return ''
  const number = figure(last.plan.attempt)
  const peak = figure(wasSampled(last) ? ` with a peak of ${formatBytes(last.memory.peakBytes)}` : '')
  const settings = settingsOf(last.plan).map((setting) => prose`${code(setting)}`)
  return `${prose`Attempt ${number} with `}${settings.join(' ')}${prose` passed${peak}.`}`
}

function fixesOf(report: Report, top: Diagnosis | null): readonly Remedy[] {
  if (report.conclusion === 'success' || report.conclusion === 'cancelled') return []
  const snippet = report.conclusion === 'recovered' ? settingsThatWorked(report) : null
  if (snippet !== null) return [{ text: recoveredFix(report), snippet }]
  if (top === null)
    return report.conclusion !== 'failure' || report.attempts.length === 0
      ? []
      : [{ text: WORDS.notRecognised.fix, snippet: null }]
  return top.remedies
}

function recoveredFix(report: Report): Prose {
  const failures = report.attempts.filter(isFailed)
  const lostMs = failures.reduce((sum, attempt) => sum + attempt.outcome.durationMs, 0)
  const which = failures.length === 1 ? 'the failed attempt' : `${failures.length} failed attempts`
  return `start with the settings that worked. This run lost ${formatDuration(lostMs)} to ${which}.`
}

function findingsOf(attempt: Attempt | null, top: Diagnosis | null, form: Story['form']): readonly Finding[] {
  if (form === 'short') return top?.locations.length ? [] : inOrder(top?.evidence ?? [])
  const examined = attempt?.findings ?? []
  return inOrder(examined.length > 0 ? examined : [...(top?.evidence ?? []), ...(top?.ruledOut ?? [])])
}

function inOrder(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted((a, b) => VERDICT_ORDER.indexOf(a.verdict) - VERDICT_ORDER.indexOf(b.verdict))
}

function memoryNote(report: Report, attempt: Attempt | null): string | null {
  if (attempt === null || report.conclusion !== 'failure') return null
  if (report.outOfMemory === 'unknown') return WORDS.memory.unknown
  if (report.outOfMemory === 'true') return null
  const peak = peakShare(report, attempt)
  return peak === null ? WORDS.memory.notInvolvedUnsampled : WORDS.memory.notInvolved(peak)
}
