import { formatBytes } from '../model/bytes.ts'
import { formatClock } from '../model/duration.ts'
import type { Attempt, Report } from '../model/report.ts'
import type { Sample } from '../model/timeline.ts'
import { endWord, explainedAttempt, type Height, heightOf, toldPeakBytes, wasSampled } from './figures.ts'

const BUCKETS = 16
const BARS = '▁▂▃▄▅▆▇█'
/** What a phone shows of a fence without scrolling. */
const COLUMNS = 43
const ROWS_MAX = 4

interface Row {
  readonly label: string
  readonly bars: string
  /** What stands after the bars, longest first; the first that leaves the line short enough is taken. */
  readonly endings: readonly string[]
}

/**
 * Memory over time in block glyphs: one row per attempt, full height named in the first line, numbers after the bars
 * because the glyphs may be wider than a letter. Empty where nothing was sampled.
 */
export function textChart(report: Report): readonly string[] {
  const reference = explainedAttempt(report) ?? report.attempts.at(-1)
  const shown = report.attempts.filter(wasSampled).slice(-ROWS_MAX)
  if (reference === undefined || shown.length === 0) return []
  const height = heightOf(report, reference)
  const rows = shown.map((attempt) => attemptRow(attempt, height, shown.length === 1 && height.name === 'machine'))
  const all = [...rows, ...otherRows(report, shown, height)]
  const width = Math.max(...all.map((row) => row.label.length))
  return [`memory, full height = ${height.name} ${formatBytes(height.bytes)}`, ...all.map((row) => line(row, width))]
}

function line(row: Row, width: number): string {
  const start = `${row.label.padEnd(width)} ${row.bars} `
  const fitting = row.endings.find((ending) => Array.from(start + ending).length <= COLUMNS)
  return start + (fitting ?? row.endings.at(-1) ?? '')
}

function attemptRow(attempt: Attempt, height: Height, isBesideOthers: boolean): Row {
  const { memory, outcome, plan } = attempt
  const samples = memory.peak === null ? memory.samples : [...memory.samples, memory.peak]
  const size = formatBytes(toldPeakBytes(attempt) ?? 0)
  const clock = formatClock(outcome.durationMs)
  return {
    label: isBesideOthers ? 'build' : `-p=${plan.parallelism}`,
    bars: bars(samples, outcome.durationMs, height.bytes, (sample) => sample.treeBytes),
    endings: [`${size}, ${endWord(attempt)} ${clock}`, `${size}, ${clock}`, size]
  }
}

/** Without a cap the rest of the machine counts too: what is neither the build's nor available. */
function otherRows(report: Report, shown: readonly Attempt[], height: Height): readonly Row[] {
  const attempt = shown.at(-1)
  const total = report.survey.host.totalBytes
  if (attempt === undefined || height.name !== 'machine' || total.kind !== 'value') return []
  const others = (sample: Sample): number | null =>
    sample.availableBytes === null ? null : Math.max(0, total.value - sample.availableBytes - sample.treeBytes)
  const lastBytes = attempt.memory.last === null ? null : others(attempt.memory.last)
  if (lastBytes === null) return []
  const row = bars(attempt.memory.samples, attempt.outcome.durationMs, height.bytes, others)
  return [{ label: 'other', bars: row, endings: [formatBytes(lastBytes)] }]
}

/** Highest value of each sixteenth of the time; a stretch without a sample keeps the value before it. */
function bars(
  samples: readonly Sample[],
  durationMs: number,
  fullBytes: number,
  bytesOf: (sample: Sample) => number | null
): string {
  const highest = new Map<number, number>()
  for (const sample of samples) {
    const bytes = bytesOf(sample)
    const bucket = Math.min(BUCKETS - 1, Math.max(0, Math.floor((BUCKETS * sample.atMs) / Math.max(1, durationMs))))
    if (bytes !== null) highest.set(bucket, Math.max(bytes, highest.get(bucket) ?? 0))
  }
  let bytes = 0
  return Array.from({ length: BUCKETS }, (_, bucket) => {
    bytes = highest.get(bucket) ?? bytes
    return bar(bytes / fullBytes)
  }).join('')
}

function bar(share: number): string {
  const eighths = Math.min(BARS.length, Math.max(1, Math.ceil(share * BARS.length)))
  return BARS.charAt(eighths - 1)
}
