import { formatBytes, formatPercent, formatShare, goMemoryLimit } from '../model/bytes.ts'
import type { Plan } from '../model/plan.ts'
import { code, figure, type Prose, prose } from '../model/prose.ts'
import type { Attempt, Report } from '../model/report.ts'
import type { Survey } from '../model/survey.ts'
import type { ProcessSample } from '../model/timeline.ts'
import { WORDS } from './words.ts'

export function isFailed(attempt: Attempt): boolean {
  return attempt.outcome.exitCode !== 0 || attempt.outcome.signal !== null
}

/** The attempt that a report explains: the last one that failed. */
export function explainedAttempt(report: Report): Attempt | null {
  return report.attempts.findLast(isFailed) ?? null
}

/** Highest sampled memory over all attempts; `null` where nothing was sampled. */
export function peakBytes(report: Report): number | null {
  const peaks = report.attempts.filter(wasSampled).map((attempt) => attempt.memory.peakBytes)
  return peaks.length === 0 ? null : Math.max(...peaks)
}

/** A run can be too short for a look at what it holds; nothing held is nothing seen. */
export function wasSampled(attempt: Attempt): boolean {
  return attempt.memory.peakBytes > 0
}

/**
 * The cap at which the kernel killed this attempt, else `null`. Memory can grow between two samples: then the build
 * reached its cap, whatever the highest sample says, and every text says so. `report.json` and the outputs keep the sample.
 */
export function reachedCapBytes({ outcome, memory }: Attempt): number | null {
  return outcome.endedBy === 'kernel-oom-cap' ? memory.limitBytes : null
}

/** What a text calls the peak: the cap where it was reached, else the highest sample; `null` where nothing was sampled. */
export function toldPeakBytes(attempt: Attempt): number | null {
  const sampledBytes = wasSampled(attempt) ? attempt.memory.peakBytes : null
  const capBytes = reachedCapBytes(attempt)
  return capBytes === null ? sampledBytes : Math.max(capBytes, sampledBytes ?? 0)
}

/** "peak 6.0 of 6.6 GiB", "reached its cap of 6.6 GiB", or "memory not sampled". */
export function peakInWords(report: Report, attempt: Attempt): string {
  const capBytes = reachedCapBytes(attempt)
  if (capBytes !== null) return WORDS.memory.reachedCap(formatBytes(capBytes))
  const share = peakShare(report, attempt)
  return share === null ? WORDS.memory.notSampled : `peak ${share}`
}

/** "6.0 of 6.6 GiB"; without a limit "6.0 GiB"; `null` where nothing was sampled. */
export function peakShare(report: Report, attempt: Attempt): string | null {
  const bytes = toldPeakBytes(attempt)
  return bytes === null ? null : shareOf(bytes, attempt.memory.limitBytes ?? report.enforcement.limitBytes)
}

/** "6.0 of 6.6 GiB"; without a limit "6.0 GiB". */
export function shareOf(bytes: number, limitBytes: number | null): string {
  return limitBytes === null ? formatBytes(bytes) : formatShare(bytes, limitBytes)
}

/** {@link peakShare} with the percentage: "6.0 of 6.6 GiB (91 %)". */
export function peakPercent(report: Report, attempt: Attempt): string | null {
  const bytes = toldPeakBytes(attempt)
  const limitBytes = attempt.memory.limitBytes ?? report.enforcement.limitBytes
  if (bytes === null || limitBytes === null) return peakShare(report, attempt)
  return `${formatShare(bytes, limitBytes)} (${formatPercent(bytes, limitBytes)})`
}

/** What a chart's full height stands for. */
export interface Height {
  readonly name: 'cap' | 'limit' | 'machine' | 'peak'
  readonly bytes: number
}

/** The limit that memory is measured against: a cap of ours, a limit above us, the machine, or nothing but the peak. */
export function heightOf(report: Report, attempt: Attempt): Height {
  const { inForce, limitBytes, limitSource } = report.enforcement
  const bytes = attempt.memory.limitBytes ?? limitBytes
  const total = report.survey.host.totalBytes
  if (bytes !== null && inForce !== 'none') return { name: inForce === 'watch' ? 'limit' : 'cap', bytes }
  if (bytes !== null) return { name: limitSource === 'host' ? 'machine' : 'limit', bytes }
  if (total.kind === 'value') return { name: 'machine', bytes: total.value }
  return { name: 'peak', bytes: Math.max(attempt.memory.peakBytes, 1) }
}

/** Then nobody has to know whether swap is open or closed. */
export function isWithoutSwap({ host: { swapTotalBytes } }: Survey): boolean {
  return swapTotalBytes.kind === 'value' && swapTotalBytes.value === 0
}

/** How an attempt came to its end, in one word. */
export function endWord(attempt: Attempt): 'passed' | 'killed' | 'ended' | 'cancelled' | 'failed' {
  const { endedBy, signal } = attempt.outcome
  if (!isFailed(attempt)) return 'passed'
  if (endedBy === 'cancel') return 'cancelled'
  if (endedBy === 'guard') return 'ended'
  return endedBy.startsWith('kernel-oom') || signal !== null ? 'killed' : 'failed'
}

/** What an attempt ran with, as one would type it: `-p=1`, `GOMEMLIMIT=5900MiB`, `GOGC=25`. */
export function settingsOf(plan: Plan): readonly string[] {
  return [
    `-p=${plan.parallelism}`,
    ...(plan.setGoMemoryLimitBytes === null ? [] : [`GOMEMLIMIT=${goMemoryLimit(plan.setGoMemoryLimitBytes)}`]),
    ...(plan.setGcPercent === null ? [] : [`GOGC=${plan.setGcPercent}`])
  ]
}

/** The largest process at the end of an attempt, else at its peak. */
export function largestProcess(attempt: Attempt): ProcessSample | null {
  return attempt.memory.last?.processes[0] ?? attempt.memory.peak?.processes[0] ?? null
}

/** "`compile …/api/datadogV2` 2.9 GiB": for one line of log, so only the end of a long path. */
export function processInShort(process: ProcessSample): Prose {
  const name = process.package === null ? process.tool : `${process.tool} ${shortPath(process.package)}`
  return prose`${code(name)} ${figure(formatBytes(process.bytes))}`
}

function shortPath(path: string): string {
  const elements = path.split('/')
  return elements.length <= 3 ? path : `…/${elements.slice(-2).join('/')}`
}

/** The job's name with its matrix values, as GitHub shows a matrix job: `test (ubuntu-latest, race)`. */
export function jobLabel(job: Report['job']): string {
  const name = job.name === '' ? 'build' : job.name
  const values = Object.values(job.matrix).filter((text) => text !== '')
  return values.every((text) => name.includes(text)) ? name : `${name} (${values.join(', ')})`
}
