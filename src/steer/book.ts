import { formatBytes, MIB } from '../model/bytes.ts'
import { code, figure, type Prose, prose } from '../model/prose.ts'
import type { SteeredPackage, Steering, SteeringStep } from '../model/steering.ts'
import type { ToolEnd, ToolJob } from '../ports/tool-gate.ts'
import { reserveOf } from './admission.ts'
import type { Rung } from './rungs.ts'
import { keyOf } from './size.ts'

const MOST_STEPS = 200
const MOST_PACKAGES = 5000
const HEAVIEST = 20
/** Shorter than this is no holding back, but the round trip. */
const TELLING_WAIT_MS = 20

/** How one run of a tool ended, and with what it had run. */
interface Run {
  readonly job: ToolJob
  readonly end: ToolEnd
  readonly rung: Rung
  readonly limitBytes: number
  /** As one would type it. */
  readonly settings: string
  /** What it is taken to need at ease. */
  readonly easyBytes: number
}

/** Writes down what was done, bounded however long the build is. */
export interface Book {
  step(step: SteeringStep): void
  waited(ms: number): void
  ran(run: Run): void
  /** What the rest of the build holds. */
  others(bytes: number): void
  close(capBytes: number, isCapOfUser: boolean): Steering
}

export function openBook(): Book {
  const steps: SteeringStep[] = []
  const packages = new Map<string, SteeredPackage>()
  const counts = { toolRuns: 0, heldBack: 0, heldBackMs: 0, replayed: 0 }
  let needBytes = 0
  let othersBytes = 0
  return {
    step(step) {
      if (step.kind === 'replayed') counts.replayed++
      if (steps.length < MOST_STEPS) steps.push(step)
    },
    waited(ms) {
      if (ms < TELLING_WAIT_MS) return
      counts.heldBack++
      counts.heldBackMs += Math.round(ms)
    },
    ran(run) {
      counts.toolRuns++
      needBytes = Math.max(needBytes, needAtEase(run))
      const key = keyOf(run.job)
      const before = packages.get(key)
      if (before === undefined && packages.size >= MOST_PACKAGES) return
      packages.set(key, costOf(run, before ?? null))
    },
    others(bytes) {
      othersBytes = Math.max(othersBytes, bytes)
    },
    close(capBytes, isCapOfUser) {
      const heaviest = [...packages.values()].toSorted((a, b) => b.peakBytes - a.peakBytes).slice(0, HEAVIEST)
      const wantedBytes = needBytes + othersBytes + reserveOf(capBytes)
      const isIdle = steps.length === 0 && counts.heldBack === 0
      const advice = isIdle || wantedBytes <= capBytes ? null : adviceFor(roundUp(wantedBytes), isCapOfUser)
      return { steps, packages: heaviest, ...counts, advice }
    }
  }
}

function costOf({ job, end, settings }: Run, before: SteeredPackage | null): SteeredPackage {
  return {
    tool: job.tool,
    package: job.package,
    peakBytes: Math.max(before?.peakBytes ?? 0, end.peakBytes),
    cpuMs: (before?.cpuMs ?? 0) + end.cpuMs,
    runs: (before?.runs ?? 0) + 1,
    settings
  }
}

/** A compiler can be squeezed to 0.62 of what it takes at ease, and no further. */
const SQUEEZED_SHARE = 0.62

/** Its text is in the resident memory of a tool, and not in its heap. */
const TEXT_BYTES = 18 * MIB
/** A heap that stayed so far below its limit was not held down by it. */
const NEAR_LIMIT = 0.9

/** At most. A link has its archives mapped beside what it needs itself. */
function needAtEase({ job, end, rung, limitBytes, easyBytes }: Run): number {
  if (job.tool === 'link') return easyBytes + job.archiveBytes
  const isUnhindered = rung === 'soft limit' && end.peakBytes - TEXT_BYTES < NEAR_LIMIT * limitBytes
  return rung === 'as it is' || isUnhindered ? end.peakBytes : end.peakBytes / SQUEEZED_SHARE
}

function adviceFor(bytes: number, isCapOfUser: boolean): Prose {
  return isCapOfUser
    ? prose`With ${code(`memory-limit: ${Math.round(bytes / MIB)}MiB`)} at most, by estimate, nothing would have to be held back or limited.`
    : prose`With about ${figure(formatBytes(bytes))} for the build at most, by estimate, nothing would have to be held back or limited.`
}

/** An estimate should not look measured. */
function roundUp(bytes: number): number {
  return Math.ceil(bytes / (64 * MIB)) * 64 * MIB
}
