import { formatShare } from '../model/bytes.ts'
import { type Change, type Evidence, rise } from '../model/evidence.ts'
import { code, figure, type Prose, prose } from '../model/prose.ts'
import { known } from '../model/reading.ts'

/** Highest sample of the build tree; `null` where nothing was sampled, or before anything was held. */
function peakBytesOf({ timeline }: Evidence): number | null {
  return timeline?.peak?.treeBytes || null
}

/** "1.2 of 6.6 GiB"; a run can be too short for a sample. */
export function peakInWords(evidence: Evidence, limitBytes: number): Prose {
  const peak = peakBytesOf(evidence)
  return peak === null ? 'not sampled' : formatShare(peak, limitBytes)
}

/** The least memory that was available on the machine in any sample. */
export function lowestAvailableBytes({ timeline }: Evidence): number | null {
  if (timeline === null) return null
  const seen = [...timeline.samples, timeline.peak, timeline.last].flatMap((sample) => sample?.availableBytes ?? [])
  return seen.reduce<number | null>((least, bytes) => (least === null || bytes < least ? bytes : least), null)
}

/** Memory of the machine; `null` where it could not be read. */
export function machineBytes({ survey }: Evidence): number | null {
  return survey === null ? null : known(survey.host.totalBytes)
}

/** "`oom_kill` 0 to 1", "`oom_kill` unchanged", or "`oom_kill` not readable: EACCES". */
export function counterInWords(name: string, change: Change): Prose {
  const { before, after } = change
  if (before.kind === 'value' && after.kind === 'value') {
    return rise(change) === 0
      ? prose`${code(name)} unchanged`
      : prose`${code(name)} ${figure(before.value)} to ${figure(after.value)}`
  }
  return prose`${code(name)} ${figure(whyNot(change))}`
}

function whyNot({ before, after }: Change): string {
  const problem = before.kind === 'unreadable' ? before : after
  if (problem.kind === 'unreadable') return `not readable (${problem.reason.replaceAll('`', "'")})`
  return 'not there on this system'
}
