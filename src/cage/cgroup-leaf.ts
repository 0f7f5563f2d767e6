import type { Change } from '../model/evidence.ts'
import type { Cap } from '../model/plan.ts'
import { mapReading, type Reading } from '../model/reading.ts'
import type { Cage } from '../ports/cage.ts'
import type { Files } from '../ports/files.ts'
import { attempt, type CageTools, chargedInside, killInside, pidsInside, removeDirectory } from './cgroup-directory.ts'

/** What differs between the two generations of the memory controller. */
export interface Dialect {
  readonly way: 'cgroup-v1' | 'cgroup-v2'
  readonly limitFile: string
  /** Closes swap for this cgroup; which file and what to write. */
  swapClosed(cap: Cap): { readonly file: string; readonly text: string }
  counters(files: Files, directory: string): Counters
  readonly peakFile: string
}

interface Counters {
  readonly ownLimitHits: Reading<number>
  readonly kills: Reading<number>
}

/** A directory of the memory hierarchy that is to be ours, and where the hierarchy is mounted. */
export interface Place {
  readonly directory: string
  readonly mountPoint: string
}

/** Makes the cgroup and its limit; the limit counts as set only when the kernel repeats it. Throws if either fails. */
export async function openLeaf(tools: CageTools, dialect: Dialect, place: Place, cap: Cap): Promise<Cage> {
  const { files, control } = tools
  const { directory } = place
  await control.makeDirectory(directory)
  const fault = await attempt(() => limit(tools, dialect, directory, cap))
  if (fault !== null) {
    await removeDirectory(tools, directory)
    throw new Error(fault)
  }

  const before = dialect.counters(files, directory)
  const change = (name: keyof Counters): Change => ({
    before: before[name],
    after: dialect.counters(files, directory)[name]
  })
  return {
    way: dialect.way,
    capBytes: cap.bytes,
    directory,
    join: (pid) => control.write(`${directory}/cgroup.procs`, String(pid)),
    pids: () => pidsInside(files, directory),
    charged: () => chargedInside(files, directory),
    examine: (treeBytes) => ({ share: treeBytes / cap.bytes, breach: null }),
    evidence: () => ({
      way: dialect.way,
      cgroupPath: directory.slice(place.mountPoint.length),
      capBytes: cap.bytes,
      ownLimitHits: change('ownLimitHits'),
      kills: change('kills'),
      kernelPeakBytes: mapReading(files.readText(`${directory}/${dialect.peakFile}`), Number)
    }),
    kill: () => killInside(tools, directory),
    close: () => removeDirectory(tools, directory)
  }
}

async function limit({ files, control }: CageTools, dialect: Dialect, directory: string, cap: Cap): Promise<void> {
  const file = `${directory}/${dialect.limitFile}`
  await control.write(file, String(cap.bytes))
  if (cap.swap === 'closed') {
    const swap = dialect.swapClosed(cap)
    // Absent without swap accounting in the kernel.
    if (files.exists(`${directory}/${swap.file}`)) await control.write(`${directory}/${swap.file}`, swap.text)
  }
  const said = files.readText(file)
  const bytes = said.kind === 'value' ? Number(said.value) : Number.NaN
  // Rounded down to a page, of 64 KiB at most.
  if (!(bytes <= cap.bytes && bytes > cap.bytes - 65_536)) {
    throw new Error(
      `${file} reads ${said.kind === 'value' ? said.value.trim() : said.kind} after ${cap.bytes} was written`
    )
  }
}
