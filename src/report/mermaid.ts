import { formatBytes, GIB, MIB } from '../model/bytes.ts'
import { formatDuration } from '../model/duration.ts'
import type { Attempt, Report } from '../model/report.ts'
import { endWord, explainedAttempt, heightOf, reachedCapBytes, wasSampled } from './figures.ts'
import { WORDS } from './words.ts'

const BARS_MAX = 20
/** Fewer bars show no course. */
const BARS_MIN = 3
const BUCKETS_MS = [1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 1200, 3600].map((seconds) => seconds * 1000)
const MINUTE_MS = 60_000

// Mermaid's own colours vanish on one of the two page themes; these are readable on white and on #0d1117.
const GREY = '#768390'
const GREY_PARTS = [
  'title',
  'xAxisLabel',
  'xAxisTitle',
  'xAxisTick',
  'xAxisLine',
  'yAxisLabel',
  'yAxisTitle',
  'yAxisTick',
  'yAxisLine'
]
const COLOURS = {
  backgroundColor: 'transparent',
  plotColorPalette: '#3b82f6, #e5534b',
  ...Object.fromEntries(GREY_PARTS.map((part) => [`${part}Color`, GREY])),
  legendTextColor: GREY
}
/** As many digits as the x-axis has room for at the usual size. */
const LABEL_DIGITS_MAX = 44

function style(labels: readonly number[]): string {
  const labelFontSize = labels.join('').length > LABEL_DIGITS_MAX ? 9 : 11
  const xyChart = { width: 560, height: 240, xAxis: { labelFontSize } }
  return JSON.stringify({ xyChart, themeVariables: { xyChart: COLOURS } })
}

export interface MermaidChart {
  readonly lines: readonly string[]
  /** The picture in one sentence, for readers who do not see it. */
  readonly sentence: string
}

/**
 * Memory of the whole run as a Mermaid bar chart with the limit as a line; `null` where too little was sampled to
 * show a course. Only numbers and fixed words enter it.
 */
export function mermaidChart(report: Report): MermaidChart | null {
  const reference = explainedAttempt(report) ?? report.attempts.at(-1)
  if (reference === undefined) return null
  const course = courseOf(report)
  if (course.bytes.length < BARS_MIN || course.sampleCount < BARS_MIN) return null
  const height = heightOf(report, reference)
  const labels = axisLabels(course)
  const limit = height.name === 'peak' ? null : height
  const peakBytes = Math.max(...course.bytes)
  const top = Math.max(peakBytes, height.bytes)
  // In GiB the bars of a small build would all be 0.0.
  const unit = peakBytes >= GIB ? { name: 'GiB', bytes: GIB, digits: 1 } : { name: 'MiB', bytes: MIB, digits: 0 }
  const amount = (bytes: number): string => (bytes / unit.bytes).toFixed(unit.digits)
  return {
    lines: [
      `%%{init: ${style(labels)}}%%`,
      'xychart-beta',
      `    x-axis "${axisName(report, course.bucketMs)}" [${labels.join(', ')}]`,
      `    y-axis "${unit.name}" 0 --> ${((1.12 * top) / unit.bytes).toFixed(unit.digits + 1)}`,
      `    bar "build" [${course.bytes.map(amount).join(', ')}]`,
      ...(limit === null
        ? []
        : [`    line "${limit.name}" [${course.bytes.map(() => amount(limit.bytes)).join(', ')}]`])
    ],
    sentence: [
      `Bars: memory of the build, highest sample in each ${formatDuration(course.bucketMs)}.`,
      ...(limit === null ? [] : [`Line: ${limit.name}, ${formatBytes(limit.bytes)}.`]),
      ...(report.attempts.some((attempt) => outgrewSamples(attempt, amount)) ? [WORDS.memory.betweenSamples] : [])
    ].join(' ')
  }
}

/** Killed at the cap, with bars that stay visibly below it. */
function outgrewSamples(attempt: Attempt, amount: (bytes: number) => string): boolean {
  const capBytes = reachedCapBytes(attempt)
  return capBytes !== null && wasSampled(attempt) && amount(attempt.memory.peakBytes) !== amount(capBytes)
}

interface Course {
  readonly bucketMs: number
  readonly bytes: readonly number[]
  readonly sampleCount: number
}

/** All attempts one after the other, in equal stretches of time. */
function courseOf(report: Report): Course {
  const totalMs = report.attempts.reduce((sum, attempt) => sum + attempt.outcome.durationMs, 0)
  const bucketMs = bucketFor(totalMs)
  const highest = new Map<number, number>()
  let startMs = 0
  let sampleCount = 0
  for (const { memory, outcome } of report.attempts) {
    for (const sample of memory.peak === null ? memory.samples : [...memory.samples, memory.peak]) {
      const bucket = Math.floor((startMs + Math.min(sample.atMs, outcome.durationMs)) / bucketMs)
      highest.set(bucket, Math.max(sample.treeBytes, highest.get(bucket) ?? 0))
      sampleCount += 1
    }
    startMs += outcome.durationMs
  }
  return { bucketMs, bytes: filled(highest, Math.ceil(totalMs / bucketMs)), sampleCount }
}

function filled(highest: ReadonlyMap<number, number>, count: number): readonly number[] {
  let bytes = 0
  return Array.from({ length: count }, (_, bucket) => {
    bytes = highest.get(bucket) ?? bytes
    return bytes
  })
}

function bucketFor(totalMs: number): number {
  const fitting = BUCKETS_MS.find((bucketMs) => totalMs <= bucketMs * BARS_MAX)
  const hourMs = 60 * MINUTE_MS
  return fitting ?? hourMs * Math.ceil(totalMs / (hourMs * BARS_MAX))
}

function axisUnitMs(bucketMs: number): number {
  return bucketMs >= MINUTE_MS ? MINUTE_MS : 1000
}

function axisLabels(course: Course): readonly number[] {
  const step = course.bucketMs / axisUnitMs(course.bucketMs)
  return course.bytes.map((_, bucket) => bucket * step)
}

/** "seconds since start; killed at 94 and at 226" */
function axisName(report: Report, bucketMs: number): string {
  const unitMs = axisUnitMs(bucketMs)
  const ends = new Map<string, number[]>()
  let endMs = 0
  for (const attempt of report.attempts) {
    endMs += attempt.outcome.durationMs
    const word = endWord(attempt)
    if (word !== 'passed') ends.set(word, [...(ends.get(word) ?? []), Math.round(endMs / unitMs)])
  }
  const words = [...ends].map(([word, moments]) => `${word} at ${moments.slice(-4).join(' and at ')}`)
  return [`${unitMs === MINUTE_MS ? 'minutes' : 'seconds'} since start`, ...words].join('; ')
}
