import type { PackageCost, ProcessSample, Sample, Timeline } from '../model/timeline.ts'
import { seenProcesses } from './seen-processes.ts'

const MOST_SAMPLES = 600
const MOST_PACKAGES = 5000
const HEAVIEST = 20
/** So long the go command takes to end after a tool of its was killed. */
const AFTERGLOW_MS = 1000
/** Kept with each sample. */
const LARGEST = 5

interface Cost {
  peakBytes: number
  readonly firstMs: number
  lastMs: number
}

/** Collects samples into a bounded {@link Timeline}: memory stays the same after a minute and after a day. */
export interface TimelineBuilder {
  add(sample: Sample, processes: readonly ProcessSample[]): Sample
  gap(text: string): void
  build(): Timeline
}

export function timelineBuilder(): TimelineBuilder {
  let samples: Sample[] = []
  let keepEvery = 1
  let seen = 0
  let peak: Sample | null = null
  let last: Sample | null = null
  const costs = new Map<string, Cost>()
  const gaps = new Set<string>()
  const everyone = seenProcesses()
  return {
    add(sample, processes) {
      const kept: Sample = { ...sample, processes: largest(processes) }
      if (seen++ % keepEvery === 0) samples.push(kept)
      if (samples.length > MOST_SAMPLES) {
        samples = samples.filter((_, i) => i % 2 === 0)
        keepEvery *= 2
      }
      if (peak === null || kept.treeBytes > peak.treeBytes) peak = kept
      if (isTelling(kept, last)) last = kept
      everyone.note(processes, sample.atMs)
      for (const process of processes) count(costs, process, sample.atMs)
      return kept
    },
    gap: (text) => void gaps.add(text),
    build: () => ({
      samples: withPeak(samples, peak),
      peak,
      last,
      heaviest: heaviest(costs),
      seen: everyone.list(),
      gaps: [...gaps]
    })
  }
}

/**
 * The tree is empty once it has ended, and for a moment before that only the go command is left: the last look that saw
 * a tool at work tells who it was.
 */
function isTelling(sample: Sample, before: Sample | null): boolean {
  if (sample.processes.length === 0) return false
  const isAfterglow = before !== null && sample.atMs - before.atMs < AFTERGLOW_MS
  return hasTool(sample) || !isAfterglow || !hasTool(before)
}

function hasTool(sample: Sample): boolean {
  return sample.processes.some((process) => process.package !== null)
}

function largest(processes: readonly ProcessSample[]): readonly ProcessSample[] {
  return processes.toSorted((a, b) => b.bytes - a.bytes).slice(0, LARGEST)
}

function withPeak(samples: readonly Sample[], peak: Sample | null): readonly Sample[] {
  if (peak === null || samples.includes(peak)) return samples
  return [...samples, peak].toSorted((a, b) => a.atMs - b.atMs)
}

function count(costs: Map<string, Cost>, process: ProcessSample, atMs: number): void {
  if (process.package === null) return
  const key = `${process.tool} ${process.package}`
  const cost = costs.get(key)
  if (cost !== undefined) {
    cost.peakBytes = Math.max(cost.peakBytes, process.bytes)
    cost.lastMs = atMs
  } else if (costs.size < MOST_PACKAGES) {
    costs.set(key, { peakBytes: process.bytes, firstMs: atMs, lastMs: atMs })
  }
}

function heaviest(costs: ReadonlyMap<string, Cost>): readonly PackageCost[] {
  return [...costs]
    .map(([key, cost]) => ({
      tool: key.slice(0, key.indexOf(' ')),
      package: key.slice(key.indexOf(' ') + 1),
      peakBytes: cost.peakBytes,
      seenMs: cost.lastMs - cost.firstMs
    }))
    .toSorted((a, b) => b.peakBytes - a.peakBytes)
    .slice(0, HEAVIEST)
}
