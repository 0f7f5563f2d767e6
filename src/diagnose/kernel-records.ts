import type { Evidence, OomRecord } from '../model/evidence.ts'
import { code, endOfPath, figure, type Prose, prose } from '../model/prose.ts'
import type { ProcessSample, Timeline } from '../model/timeline.ts'

/**
 * The record of the kernel log that is about this build: a victim in its cage, or, where there is no cage, one of its
 * sampled processes. The build's own limit is preferred, then the last record. `null`: none, or no log.
 */
export function decisiveRecord(evidence: Evidence): OomRecord | null {
  if (evidence.kernelLog.kind !== 'value') return null
  const ours = evidence.kernelLog.value.filter((record) => isOurs(record, evidence))
  const cagePath = evidence.cage?.cgroupPath ?? null
  const ownLimit = ours.filter((record) => cagePath !== null && record.limitCgroup === cagePath)
  return ownLimit.at(-1) ?? ours.at(-1) ?? null
}

function isOurs(record: OomRecord, { cage, timeline }: Evidence): boolean {
  const path = cage?.cgroupPath ?? null
  if (path === null) return sampledProcess(timeline, record.pid) !== null
  if (record.victimCgroup !== null) return isInside(record.victimCgroup, path)
  return record.limitCgroup !== null
    ? isInside(record.limitCgroup, path)
    : sampledProcess(timeline, record.pid) !== null
}

function isInside(cgroup: string, path: string): boolean {
  return cgroup === path || cgroup.startsWith(`${path}/`)
}

/** Whose limit fired, in words; paths of cgroups are long, and a table has no room for them. */
export function whoseLimit({ constraint, limitCgroup }: OomRecord, cagePath: string | null): Prose {
  if (constraint === 'none') return prose`${code('global_oom')}`
  if (limitCgroup === null) return prose`${code(constraint)}`
  if (limitCgroup === cagePath) return "this cgroup's limit"
  const whose = cagePath === null ? 'limit of' : isInside(limitCgroup, cagePath) ? 'limit inside,' : 'limit above,'
  return prose`${figure(whose)} ${code(endOfPath(limitCgroup, 1))}`
}

/** The last sample that saw this process. */
export function sampledProcess(timeline: Timeline | null, pid: number): ProcessSample | null {
  if (timeline === null) return null
  const samples = [timeline.last, timeline.peak, ...timeline.samples.toReversed()]
  for (const sample of samples) {
    const found = sample?.processes.find((process) => process.pid === pid)
    if (found !== undefined) return found
  }
  return null
}
