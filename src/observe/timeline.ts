import type { PackageCost, ProcessSample, Sample, Timeline } from '../model/timeline.ts'

const MOST_SAMPLES = 600
const MOST_PACKAGES = 5000
const HEAVIEST = 20
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
  return {
    add(sample, processes) {
      const kept: Sample = { ...sample, processes: largest(processes) }
      if (seen++ % keepEvery === 0) samples.push(kept)
      if (samples.length > MOST_SAMPLES) {
        samples = samples.filter((_, i) => i % 2 === 0)
        keepEvery *= 2
      }
      if (peak === null || kept.treeBytes > peak.treeBytes) peak = kept
      // The tree is empty once it has ended; the last look that saw somebody tells who it was.
      if (kept.processes.length > 0) last = kept
      for (const process of processes) count(costs, process, sample.atMs)
      return kept
    },
    gap: (text) => void gaps.add(text),
    build: () => ({ samples: withPeak(samples, peak), peak, last, heaviest: heaviest(costs), gaps: [...gaps] })
  }
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
