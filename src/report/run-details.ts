import { formatBytes, MIB } from '../model/bytes.ts'
import { formatClock, formatDuration } from '../model/duration.ts'
import type { Attempt, Report } from '../model/report.ts'
import type { LimitFinding } from '../model/survey.ts'
import { inOneLine } from './command.ts'
import { cellPipes, codeSpan, fence } from './escape.ts'
import { endWord, explainedAttempt, isWithoutSwap, peakInWords, settingsOf, toldPeakBytes } from './figures.ts'
import { details, table } from './markdown.ts'
import { mermaidChart } from './mermaid.ts'
import { proseCell, shortPaths } from './prose-markdown.ts'
import { ENFORCEMENT_WORDS, PLATFORM_WORDS, SUBJECT_WORDS, WORDS } from './words.ts'

const ROWS_MAX = 10
const CELL_MAX = 160
const MERMAID_LINE_MAX = 4000

type Row = readonly [string, string]

/** The collapsed picture of the whole run; empty where too little was sampled. */
export function memoryOverTime(report: Report): string {
  const chart = mermaidChart(report)
  return chart === null
    ? ''
    : details(WORDS.section.memoryOverTime, [fence('mermaid', chart.lines, MERMAID_LINE_MAX), chart.sentence])
}

/** Machine, limits, plan with its reasons, attempts, and what could not be read. */
export function planAndLimits(report: Report): string {
  const rows: readonly Row[] = [
    ['Command', cellCode(inOneLine(report.command))],
    ['Runner', runner(report)],
    ['Limit in force', limitInForce(report)],
    ...enforcementRows(report),
    ...report.survey.limits.flatMap(limitRow).slice(0, ROWS_MAX),
    ...(report.attempts[0]?.plan.reasons ?? [])
      .slice(0, ROWS_MAX)
      .map((reason): Row => [SUBJECT_WORDS[reason.subject], proseCell(reason.text.replace(/^Cap (?=\d)/, ''))]),
    ...report.attempts.slice(-ROWS_MAX).map((attempt): Row => attemptRow(report, attempt)),
    ...report.attempts.slice(-ROWS_MAX).flatMap((attempt) => kernelPeakRow(attempt, report.attempts.length > 1)),
    ...(report.attempts.length === 0 ? [] : gapRows(report))
  ]
  const columns = ['Setting', 'Value'].map((title) => ({ title, align: 'left' as const }))
  return details(WORDS.section.planAndLimits, [table(columns, rows)])
}

function cellCode(text: string): string {
  return cellPipes(codeSpan(text, CELL_MAX))
}

/** "Linux, 2 CPUs, 7.8 GiB, 4.0 GiB swap; `go1.26.8`" */
function runner(report: Report): string {
  const { platform, cpus, host, go } = report.survey
  const parts = [PLATFORM_WORDS[platform] ?? platform, cpus === 1 ? '1 CPU' : `${cpus} CPUs`]
  parts.push(host.totalBytes.kind === 'value' ? formatBytes(host.totalBytes.value) : 'memory not readable')
  if (host.swapTotalBytes.kind === 'value') {
    parts.push(host.swapTotalBytes.value === 0 ? 'no swap' : `${formatBytes(host.swapTotalBytes.value)} swap`)
  }
  return `${parts.join(', ')}${go.kind === 'value' ? `; ${cellCode(go.value.version)}` : ''}`
}

function limitInForce(report: Report): string {
  const { inForce, limitBytes, limitSource } = report.enforcement
  const words = ENFORCEMENT_WORDS[inForce]
  if (limitBytes === null) return words
  const cap = report.attempts.at(-1)?.plan.cap ?? null
  const swap = cap === null || inForce === 'watch' || isWithoutSwap(report.survey) ? '' : `, swap ${cap.swap}`
  const source = sourceWords(limitSource)
  if (inForce === 'none') return `${words}; the next limit is ${formatBytes(limitBytes)}${source}`
  return `${formatBytes(limitBytes)}, ${words}${swap}${source}`
}

function sourceWords(limitSource: string): string {
  if (limitSource === '') return ''
  if (limitSource === 'host') return ', that of the machine'
  return `, from ${limitSource === 'auto' ? '`memory-limit: auto`' : cellCode(shortPaths(limitSource))}`
}

/** Why this way and none before it; that a cgroup could be made where it was is no news. */
function enforcementRows({ enforcement: { inForce, reasons } }: Report): readonly Row[] {
  const why = reasons.filter((reason) => !reason.startsWith(`${inForce} /`))
  return why.slice(0, ROWS_MAX).map((reason): Row => ['Enforcement', proseCell(reason).replace(/\.$/, '')])
}

/** Limits that say something; absent and unlimited ones would only fill the table. */
function limitRow(finding: LimitFinding): readonly Row[] {
  const place = cellCode(shortPaths(finding.file))
  if (finding.limit.kind === 'value') return [['Limit found', `${formatBytes(finding.limit.value)}, ${place}`]]
  if (finding.limit.kind !== 'unreadable') return []
  return [['Limit not readable', `${place}: ${cellCode(finding.limit.reason)}`]]
}

function attemptRow(report: Report, attempt: Attempt): Row {
  const settings = settingsOf(attempt.plan).map((setting) => codeSpan(setting))
  const end = `${endWord(attempt)} after ${formatDuration(attempt.outcome.durationMs)}`
  return [`Attempt ${attempt.plan.attempt}`, `${settings.join(' ')}, ${end}, ${peakInWords(report, attempt)}`]
}

/** The kernel counts page cache too; worth a row where that shows at the precision of the report. */
function kernelPeakRow(attempt: Attempt, isOneOfMany: boolean): readonly Row[] {
  const { kernelPeakBytes } = attempt.memory
  if (kernelPeakBytes.kind !== 'value') return []
  const kernelPeak = formatBytes(kernelPeakBytes.value)
  const toldBytes = toldPeakBytes(attempt)
  if (toldBytes !== null && kernelPeak === formatBytes(toldBytes)) return []
  const which = isOneOfMany ? `, attempt ${attempt.plan.attempt}` : ''
  return [[`Kernel's own peak${which}`, `${kernelPeak}, page cache included`]]
}

function gapRows(report: Report): readonly Row[] {
  const shown = report.warnings.slice(0, ROWS_MAX).map((warning): Row => ['Not read or done', proseCell(warning)])
  const more = report.warnings.length - shown.length
  return more > 0 ? [...shown, ['Not read or done', `${more} more`]] : shown
}

/** Who held the memory: at the end if the build was killed, else at its peak; then the heaviest packages. */
export function largestProcesses(report: Report, count: number): string {
  const attempt = explainedAttempt(report) ?? report.attempts.at(-1)
  if (attempt === undefined) return ''
  const isKilled = endWord(attempt) === 'killed' || endWord(attempt) === 'ended'
  const sample = isKilled ? (attempt.memory.last ?? attempt.memory.peak) : attempt.memory.peak
  const processes = (sample?.processes ?? []).filter(({ bytes }) => bytes >= MIB).slice(0, count)
  const packages = attempt.heaviest.filter((cost) => cost.peakBytes >= MIB).slice(0, Math.min(count, ROWS_MAX))
  if (sample === null || processes.length === 0) return ''
  const which = report.attempts.length > 1 ? ` of attempt ${attempt.plan.attempt}` : ''
  const moment = `${isKilled ? 'before the end' : 'at the peak'}${which} (${formatClock(sample.atMs)})`
  const heaviest =
    packages.length > 1
      ? [
          'Heaviest over the whole attempt:',
          toolTable(packages.map((cost) => toolRow(cost.peakBytes, cost.tool, cost.package)))
        ]
      : []
  return details(`${WORDS.section.processes} ${moment}`, [
    toolTable(processes.map((process) => toolRow(process.bytes, process.tool, process.package))),
    ...heaviest
  ])
}

function toolRow(bytes: number, tool: string, path: string | null): Row {
  return [formatBytes(bytes), path === null ? cellCode(tool) : `${cellCode(tool)} ${cellCode(path)}`]
}

function toolTable(rows: readonly Row[]): string {
  const columns = [
    { title: 'Memory', align: 'right' as const },
    { title: 'Process', align: 'left' as const }
  ]
  return table(columns, rows)
}

/** The last lines that the build printed. */
export function buildOutput(tail: readonly string[], count: number, state: 'open' | 'closed'): string {
  const lines = count === 0 ? [] : tail.slice(-count)
  if (lines.length === 0) return ''
  const title =
    lines.length === 1 ? `${WORDS.section.output}, last line` : `${WORDS.section.output}, last ${lines.length} lines`
  return details(title, [fence('text', lines)], state)
}
