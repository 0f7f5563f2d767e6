import { formatBytes, formatShare, GIB, goMemoryLimit, MIB } from '../model/bytes.ts'
import type { Remedy } from '../model/diagnosis.ts'
import { knowsMemoryLimit } from '../model/go-release.ts'
import type { Plan } from '../model/plan.ts'
import { code, figure, type Prose, prose } from '../model/prose.ts'
import { known } from '../model/reading.ts'
import type { ProcessSample, Sample } from '../model/timeline.ts'
import type { Case } from './case.ts'
import { advice, inputs } from './definition.ts'
import { machineBytes } from './figures.ts'

/** Of the limit: what the heaviest processes together may need to be offered as a number of build actions. */
const USABLE = 0.9
/** A process that holds this share of the build is the need by itself; fewer beside it change little. */
const ALONE = 0.8
/** A process that died was still growing: what is asked for lies this much above what was reached. */
const GROWTH = 1.5
/** A larger cap is advised only where it is larger by this much. */
const WORTH_RAISING = 1.25
/** Kept for the machine, as in the plan: max(192 MiB, 3 %). */
const RESERVE_BYTES = 192 * MIB
/** Below this a heap limit costs time and saves no memory, as in the plan. */
const LEAST_HEAP_BYTES = 64 * MIB

/** What can be done about a limit of `limitBytes` that was too small; nothing this attempt has already tried. */
export function memoryRemedies(of: Case, limitBytes: number | null): readonly Remedy[] {
  const raised = raisedLimit(of, limitBytes)
  // Where the cap leaves most of the machine unused, a larger machine would change nothing.
  const larger = raised === null ? moreMemory(of, limitBytes) : null
  const settings = [raised, fewerActions(of, limitBytes), heapLimit(of, limitBytes)]
  return [...settings, larger, withoutPackage(of)].filter((remedy) => remedy !== null)
}

/**
 * What the build could have on this machine when the kernel killed it: all but what others held; `null` where that was
 * not sampled.
 */
export function roomOnMachineBytes({ evidence }: Case): number | null {
  const total = machineBytes(evidence)
  const last = evidence.timeline?.last ?? null
  if (total === null || last === null || last.availableBytes === null) return null
  return Math.min(total, last.treeBytes + last.availableBytes)
}

/** A cap well below what the machine has left was chosen by the user: the plan's own takes all there is. */
function raisedLimit(of: Case, limitBytes: number | null): Remedy | null {
  const { evidence, attribution } = of
  const binding = evidence.survey?.binding ?? null
  if (attribution.endedBy !== 'kernel-oom-cap' || binding === null || limitBytes === null) return null
  const reserve = Math.max(RESERVE_BYTES, 0.03 * binding.bytes)
  const roomBytes = binding.bytes - binding.usedByOthersBytes - reserve
  if (roomBytes < WORTH_RAISING * limitBytes) return null
  const proposed = Math.min(roundUp(GROWTH * limitBytes), MIB * Math.floor(roomBytes / MIB))
  const text = prose`give the build more of this machine: it has room for ${figure(formatBytes(roomBytes))}. The need is above ${figure(formatBytes(limitBytes))}; the value is an estimate.`
  return inputs(text + triedInVain(of), [`memory-limit: ${sizeInput(proposed)}   # was ${sizeInput(limitBytes)}`])
}

function fewerActions({ evidence }: Case, limitBytes: number | null): Remedy | null {
  const parallelism = evidence.plan?.parallelism ?? null
  if (parallelism === null || parallelism <= 1 || isAlone(evidence.timeline?.last ?? null)) return null
  const heaviest = evidence.timeline?.peak?.processes ?? evidence.timeline?.last?.processes ?? []
  const count = limitBytes === null ? null : fitting(heaviest, limitBytes, parallelism)
  const proposed = count ?? Math.max(1, Math.floor(parallelism / 2))
  const lines = [`parallelism: ${proposed}   # was ${parallelism}`]
  if (count === null || limitBytes === null) return inputs(prose`run fewer build actions at once.`, lines)
  const needBytes = sum(heaviest.slice(0, count))
  return inputs(
    prose`run fewer build actions at once: the heaviest ${figure(count === 1 ? 'one' : count)} held ${figure(formatShare(needBytes, limitBytes))} (estimate from the sampled peak).`,
    lines
  )
}

/** How many of the heaviest processes fit, fewer than ran; `null` where too little is known. */
function fitting(heaviest: readonly ProcessSample[], limitBytes: number, parallelism: number): number | null {
  if (heaviest.length < 2) return null
  for (let count = Math.min(parallelism - 1, heaviest.length); count >= 1; count--) {
    if (sum(heaviest.slice(0, count)) <= USABLE * limitBytes) return count
  }
  return null
}

function isAlone(sample: Sample | null): boolean {
  const largest = sample?.processes[0]
  return sample !== null && largest !== undefined && largest.bytes >= ALONE * sample.treeBytes
}

function sum(processes: readonly ProcessSample[]): number {
  return processes.reduce((total, { bytes }) => total + bytes, 0)
}

/** The Go tools collect garbage earlier below a soft limit; it is per process and they may pass it (runtime, `GOMEMLIMIT`). */
function heapLimit({ evidence: { plan, survey } }: Case, limitBytes: number | null): Remedy | null {
  if (plan !== null && survey !== null && !knowsMemoryLimit(survey.go)) return lessGarbage(plan)
  if (plan === null || limitBytes === null || plan.setGoMemoryLimitBytes !== null) return null
  if (USABLE * limitBytes < LEAST_HEAP_BYTES) return null
  const proposed = goMemoryLimit(USABLE * limitBytes)
  return inputs(prose`let the Go tools collect garbage earlier: slower, and no guarantee.`, [
    `go-memory-limit: ${proposed}   # was not set`
  ])
}

/** What there is before `GOMEMLIMIT`. */
function lessGarbage({ setGcPercent }: Plan): Remedy | null {
  if (setGcPercent !== null) return null
  return {
    text: prose`let the Go tools collect garbage earlier: slower, and no guarantee. Go before 1.19 does not know ${code('GOMEMLIMIT')}.`,
    snippet: { language: 'yaml', lines: ['env:', '  GOGC: 50   # was not set'] }
  }
}

/** A container's limit is raised; for a machine the next size that runners are sold in, well above what was reached. */
function moreMemory(of: Case, limitBytes: number | null): Remedy | null {
  const vain = triedInVain(of)
  const containerBytes = containerLimitBytes(of)
  if (of.attribution.endedBy === 'kernel-oom-ancestor' || containerBytes !== null) {
    const present = containerBytes ?? limitBytes
    const figures = figure(present === null ? 'its present value' : formatBytes(present))
    return advice(`${prose`raise the memory limit of the container or pod above ${figures}.`}${vain}`)
  }
  const total = machineBytes(of.evidence)
  const reached = Math.max(total ?? 0, limitBytes ?? 0)
  const size = [8, 16, 32, 64, 128, 256].find((gib) => gib * GIB > 1.2 * reached)
  if (reached === 0 || size === undefined) return null
  return {
    text: `${prose`use a machine with more memory: this one has ${figure(formatBytes(total ?? reached))}.`}${vain}`,
    snippet: { language: 'yaml', lines: [`runs-on: LABEL-OF-A-${size}-GB-RUNNER`] }
  }
}

/** The limit of a cgroup that the build shares the machine under; `null` where the machine itself was the limit. */
function containerLimitBytes({ evidence: { survey }, attribution }: Case): number | null {
  const binding = survey?.binding ?? null
  const fired = attribution.level?.limitBytes
  if (attribution.endedBy === 'kernel-oom-ancestor' && fired?.kind === 'value') return fired.value
  if (binding === null || binding.source === 'host' || attribution.endedBy === 'kernel-oom-host') return null
  return binding.bytes
}

/** The settings that this attempt has shown not to be enough; empty where there were none. */
function triedInVain({ evidence: { plan }, victim }: Case): Prose {
  if (plan === null) return ''
  const { parallelism, setGoMemoryLimitBytes: heapBytes, setGcPercent } = plan
  const isExceeded = heapBytes !== null && (victim?.bytes ?? 0) > heapBytes
  const result = figure(isExceeded ? 'exceeded' : 'not enough')
  const facts = [
    ...(parallelism === 1 ? [prose`${code('-p')} is already 1`] : []),
    ...(heapBytes === null ? [] : [prose`${code(`GOMEMLIMIT=${goMemoryLimit(heapBytes)}`)} was ${result}`]),
    ...(setGcPercent === null ? [] : [prose`${code(`GOGC=${setGcPercent}`)} was set`])
  ]
  const last = facts.at(-1)
  if (last === undefined) return ''
  if (facts.length === 1) return ` ${last}.`
  const which = facts.length === 2 ? 'neither helps' : 'none of them helps'
  return ` ${facts.slice(0, -1).join(', ')} and ${last}, so ${which}.`
}

/**
 * For a package of another module that is too large by itself: doing without it. Only a plain import path goes into a
 * shell line; the first element of a path that is not of the standard library has a dot.
 */
function withoutPackage({ evidence, victim }: Case): Remedy | null {
  const path = victim?.package ?? null
  const go = evidence.survey === null ? null : known(evidence.survey.go)
  const own = go?.mainModule ?? null
  if (path === null || own === null || path === own || path.startsWith(`${own}/`)) return null
  if (!/^[\w~-]*\.[\w.~/-]{1,200}$/.test(path) || /^\.{1,2}(?:\/|$)/.test(path)) return null
  if (!isAlone(evidence.timeline?.last ?? null)) return null
  return advice(
    prose`one process holds nearly all of it. To see what pulls its package in: ${code(`go mod why ${path}`)}`
  )
}

/** To 256 MiB, below 1 GiB to 64 MiB: an estimate should not look measured. */
function roundUp(bytes: number): number {
  const step = (bytes < GIB ? 64 : 256) * MIB
  return Math.ceil(bytes / step) * step
}

/** A size as `memory-limit` takes it. */
function sizeInput(bytes: number): string {
  return bytes % GIB === 0 ? `${bytes / GIB}GiB` : `${Math.round(bytes / MIB)}MiB`
}
