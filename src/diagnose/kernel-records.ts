import type { Evidence, OomRecord } from '../model/evidence.ts'
import { code, endOfPath, figure, type Prose, prose } from '../model/prose.ts'
import { known } from '../model/reading.ts'
import type { ProcessSample, Timeline } from '../model/timeline.ts'

/**
 * The record of the kernel log that is about this build: a victim in its cage, or, where there is no cage, one of its
 * sampled processes. The build's own limit is preferred, then the last record. `null`: none, or no log.
 */
export function decisiveRecord(evidence: Evidence): OomRecord | null {
  const ours = recordsOfBuild(evidence)
  const cagePath = evidence.cage?.cgroupPath ?? null
  const ownLimit = ours.filter(
    ({ limitCgroup }) => cagePath !== null && limitCgroup !== null && relation(limitCgroup, cagePath) === 'same'
  )
  return ownLimit.at(-1) ?? ours.at(-1) ?? null
}

/** Every record that is about this build, oldest first. */
export function recordsOfBuild(evidence: Evidence): readonly OomRecord[] {
  return (known(evidence.kernelLog)?.kills ?? []).filter((record) => isOurs(record, evidence))
}

function isOurs(record: OomRecord, { cage, timeline }: Evidence): boolean {
  const path = cage?.cgroupPath ?? null
  const cgroup = record.victimCgroup ?? record.limitCgroup
  if (path !== null && cgroup !== null) return relation(cgroup, path) !== 'elsewhere'
  const seen = sampledProcess(timeline, record.pid)
  // Names in the log are cut at 15 bytes; the pid alone may have been somebody's before.
  return seen !== null && seen.tool.slice(0, 15) === record.task
}

/**
 * Where a cgroup of the kernel log stands to our cage. The log names paths of the host; in a cgroup namespace ours is
 * only the end of that. The cage's own name is random, so that it tells by itself.
 */
export function relation(cgroup: string, cagePath: string): 'same' | 'inside' | 'elsewhere' {
  const name = cagePath.slice(cagePath.lastIndexOf('/') + 1)
  const elements = cgroup.split('/')
  const at = name === '' ? -1 : elements.lastIndexOf(name)
  if (at < 0) return 'elsewhere'
  return at === elements.length - 1 ? 'same' : 'inside'
}

/** Whose limit fired, in words; paths of cgroups are long, and a table has no room for them. */
export function whoseLimit({ constraint, limitCgroup }: OomRecord, cagePath: string | null): Prose {
  if (constraint === 'none') return prose`${code('global_oom')}`
  if (limitCgroup === null) return prose`${code(constraint)}`
  if (cagePath === null) return prose`limit of ${code(endOfPath(limitCgroup, 1))}`
  const stands = relation(limitCgroup, cagePath)
  if (stands === 'same') return "this cgroup's limit"
  return prose`${figure(stands === 'inside' ? 'limit inside,' : 'limit above,')} ${code(endOfPath(limitCgroup, 1))}`
}

/** Who of the build had this pid, by the last sample that saw it; `null` also for a pid that is not known. */
export function sampledProcess(timeline: Timeline | null, pid: number | null): ProcessSample | null {
  if (timeline === null || pid === null) return null
  const samples = [timeline.last, timeline.peak, ...timeline.samples.toReversed()]
  for (const sample of samples) {
    const found = sample?.processes.find((process) => process.pid === pid)
    if (found !== undefined) return found
  }
  const seen = timeline.seen.find((process) => process.pid === pid)
  return seen === undefined ? null : { pid, tool: seen.tool, package: seen.package, bytes: seen.peakBytes }
}
