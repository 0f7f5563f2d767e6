import { parseHierarchicalLimit } from '../kernel/memory-stat.ts'
import { chainReading, mapReading, type Reading } from '../model/reading.ts'
import type { BindingLimit, CgroupSurvey, HostMemory, LimitFinding } from '../model/survey.ts'
import type { Files } from '../ports/files.ts'

/** A limit with what is held within it. */
interface Candidate extends LimitFinding {
  readonly usedBytes: Reading<number>
}

export interface Limits {
  readonly limits: readonly LimitFinding[]
  readonly binding: BindingLimit | null
}

/**
 * Every hard limit, innermost first and the host last, and the smallest of them. `memory.high` is none: it slows a
 * build down and kills nothing.
 */
export function findLimits(files: Files, root: string, cgroup: CgroupSurvey, host: HostCandidate): Limits {
  const candidates = [...cgroupCandidates(files, root, cgroup), hostCandidate(host)]
  return {
    limits: candidates.map(({ source, file, limit }) => ({ source, file, limit })),
    binding: smallest(candidates)
  }
}

export interface HostCandidate {
  readonly memory: HostMemory
  /** What told the memory of the machine. */
  readonly file: string
}

function cgroupCandidates(files: Files, root: string, cgroup: CgroupSurvey): readonly Candidate[] {
  if (cgroup.version === 'none') return []
  const source = cgroup.version === 'v2' ? 'cgroup-v2' : 'cgroup-v1'
  const name = cgroup.version === 'v2' ? 'memory.max' : 'memory.limit_in_bytes'
  const own = cgroup.levels.map(
    (level) =>
      ({
        source,
        file: `${level.directory}/${name}`,
        limit: level.limitBytes,
        usedBytes: level.usedBytes
      }) satisfies Candidate
  )
  return cgroup.version === 'v2' ? own : [...own, ...inherited(files, root, cgroup)]
}

/** v1 tells the smallest limit of all ancestors, also of those above what a container can see. */
function inherited(files: Files, root: string, cgroup: CgroupSurvey): readonly Candidate[] {
  const [innermost] = cgroup.levels
  const outermost = cgroup.levels.at(-1)
  if (innermost === undefined || outermost === undefined) return []
  const file = `${innermost.directory}/memory.stat`
  const limit = chainReading(files.readText(root + file), parseHierarchicalLimit)
  return [{ source: 'cgroup-v1', file, limit, usedBytes: outermost.usedBytes }]
}

function hostCandidate({ memory, file }: HostCandidate): Candidate {
  const { totalBytes, availableBytes } = memory
  const usedBytes = chainReading(totalBytes, (total) =>
    mapReading(availableBytes, (available) => Math.max(0, total - available))
  )
  return { source: 'host', file, limit: totalBytes, usedBytes }
}

/** The first of equals: the innermost limit is the one that fires. */
function smallest(candidates: readonly Candidate[]): BindingLimit | null {
  return candidates.reduce<BindingLimit | null>((best, { source, file, limit, usedBytes }) => {
    if (limit.kind !== 'value' || (best !== null && best.bytes <= limit.value)) return best
    return { source, file, bytes: limit.value, usedByOthersBytes: usedBytes.kind === 'value' ? usedBytes.value : 0 }
  }, null)
}
