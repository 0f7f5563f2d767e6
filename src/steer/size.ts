import { MIB } from '../model/bytes.ts'
import { SIGKILL, type ToolEnd, type ToolJob } from '../ports/tool-gate.ts'
import type { Rung } from './rungs.ts'

/** How much memory one run of a tool will take: squeezed by its collector, and at ease. */
export interface Size {
  readonly leastBytes: number
  readonly easyBytes: number
}

/** What the tools that have ended taught about those to come. */
export interface Learned {
  /** What a byte of source takes here, against what it took where it was measured. */
  readonly scale: number
  /** What a job is known to need at least, since it was killed with so much. */
  readonly atLeastBytes: ReadonlyMap<string, number>
}

export const NOTHING_LEARNED: Learned = { scale: 1, atLeastBytes: new Map() }

/** A compiler with nothing to do. */
const BASE_BYTES = 34 * MIB

/**
 * Memory for each byte of weight. Measured with Go 1.26.8: at ease 0.055 (package runtime), 0.10 (k8s.io/api/core/v1) and
 * 0.15 (a generated SDK) MiB for each KiB of source; 0.18 keeps above them. Squeezed a compiler takes 0.62 of that.
 */
const EASY_PER_WEIGHT = 0.18 * 1024
const LEAST_PER_WEIGHT = 0.1 * 1024

/** A line of the importcfg costs memory too; packages with little source and hundreds of imports take 180 MiB. */
const CONFIG_WEIGHT = 16

/** Anonymous memory of a link for each byte of its archives: 140 to 160 MiB for 527 MB (a client-go program). */
const LINK_BASE_BYTES = 30 * MIB
const LINK_SHARE = 0.3

/** What compiles are compared by; the helper counts the same way. */
function weightOf(job: ToolJob): number {
  return job.sourceBytes + CONFIG_WEIGHT * job.configBytes
}

/** The weight of a compile that takes so much at ease. */
export function weightFor(easyBytes: number, { scale }: Learned): number {
  return Math.max(0, (easyBytes - BASE_BYTES) / (EASY_PER_WEIGHT * scale))
}

export function keyOf(job: ToolJob): string {
  return `${job.tool} ${job.package}`
}

export function sizeOf(job: ToolJob, learned: Learned): Size {
  const known = learned.atLeastBytes.get(keyOf(job)) ?? 0
  const guess = job.tool === 'link' ? sizeOfLink(job) : sizeOfCompile(job, learned.scale)
  return { leastBytes: guess.leastBytes, easyBytes: Math.max(guess.easyBytes, known * 1.1) }
}

function sizeOfCompile(job: ToolJob, scale: number): Size {
  const weight = weightOf(job) * scale
  return { leastBytes: BASE_BYTES + LEAST_PER_WEIGHT * weight, easyBytes: BASE_BYTES + EASY_PER_WEIGHT * weight }
}

function sizeOfLink(job: ToolJob): Size {
  const bytes = LINK_BASE_BYTES + LINK_SHARE * job.archiveBytes
  return { leastBytes: bytes, easyBytes: bytes * 1.2 }
}

/** Below this the base is most of it, and nothing is learned. */
const TELLING_WEIGHT = 300 * 1024

/** Resident memory has the tool's own text in it, which is shared and can be dropped. */
const MAPPED_BYTES = 18 * MIB

/** A compile that has ended, and with what it ran: rises at once, falls slowly, within a factor of 2. */
export function learnFrom(learned: Learned, job: ToolJob, end: ToolEnd, rung: Rung): Learned {
  if (end.signal === SIGKILL) return withAtLeast(learned, job, end.peakBytes - MAPPED_BYTES)
  const weight = weightOf(job)
  if (job.tool !== 'compile' || end.signal !== 0 || weight < TELLING_WEIGHT) return learned
  const seen = (end.peakBytes - MAPPED_BYTES - BASE_BYTES) / (EASY_PER_WEIGHT * weight)
  const isLowerBound = rung !== 'as it is'
  if (seen > learned.scale) return { ...learned, scale: Math.min(2, seen) }
  return isLowerBound ? learned : { ...learned, scale: Math.max(0.5, 0.9 * learned.scale + 0.1 * seen) }
}

const MOST_KNOWN = 1000

function withAtLeast(learned: Learned, job: ToolJob, bytes: number): Learned {
  const key = keyOf(job)
  const before = learned.atLeastBytes.get(key) ?? 0
  if (bytes <= before || learned.atLeastBytes.size >= MOST_KNOWN) return learned
  return { ...learned, atLeastBytes: new Map([...learned.atLeastBytes, [key, bytes]]) }
}
