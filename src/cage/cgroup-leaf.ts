import { parseLimit } from '../kernel/limit.ts'
import type { Change, EnforcementInForce } from '../model/evidence.ts'
import type { Cap } from '../model/plan.ts'
import { chainReading, type LimitReading, mapReading, type Reading } from '../model/reading.ts'
import type { Cage } from '../ports/cage.ts'
import type { Files } from '../ports/files.ts'
import { attempt, type CageTools, chargedInside, killInside, pidsInside, removeDirectory } from './cgroup-directory.ts'
import { endTree, killTree } from './end-processes.ts'
import { processTree } from './process-tree.ts'

/** What differs between the two generations of the memory controller. */
export interface Dialect {
  readonly way: EnforcementInForce
  readonly limitFile: string
  /** Closes swap for this cgroup; which file and what to write. */
  swapClosed(cap: Cap): { readonly file: string; readonly text: string }
  /** Takes that back. */
  readonly swapOpen: { readonly file: string; readonly text: string }
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

/** A cgroup of ours that is there, with its limit in force. */
export interface Leaf {
  readonly dialect: Dialect
  readonly place: Place
  readonly cap: Cap
  /** Where the build is: that cgroup itself, or one below it, if something else has to stay in it. */
  readonly inside: string
  enter(pid: number): Promise<void>
  /** Kills what is left inside, and takes it away; what stays behind. */
  remove(): Promise<readonly string[]>
}

/** Makes the cgroup and its limit; the limit counts as set only when the kernel repeats it. Throws if either fails. */
export async function openLeaf(tools: CageTools, dialect: Dialect, place: Place, cap: Cap): Promise<Cage> {
  const { control } = tools
  const { directory } = place
  await control.makeDirectory(directory)
  const fault = await attempt(() => limit(tools, dialect, directory, cap))
  if (fault !== null) {
    await removeDirectory(tools, directory)
    throw new Error(fault)
  }
  return leafCage(tools, {
    dialect,
    place,
    cap,
    inside: directory,
    enter: (pid) => control.write(`${directory}/cgroup.procs`, String(pid)),
    remove: () => removeDirectory(tools, directory)
  })
}

/**
 * The cage that such a cgroup makes. Behind it stands the process tree: where somebody takes the cgroup away while the
 * build runs, or moves the build out of it, what runs is still seen, and still ended.
 */
export function leafCage(tools: CageTools, { dialect, place, cap, inside, enter, remove }: Leaf): Cage {
  const { files } = tools
  const { directory } = place
  const tree = processTree({ files, root: tools.root, mark: null })
  const limitOf = (): LimitReading => chainReading(files.readText(`${directory}/${dialect.limitFile}`), parseLimit)
  const opened = { counters: dialect.counters(files, directory), limit: limitOf() }
  const change = (name: keyof Counters): Change => ({
    before: opened.counters[name],
    after: dialect.counters(files, directory)[name]
  })
  let isClosed = false
  return {
    way: dialect.way,
    capBytes: cap.bytes,
    directory,
    async join(pid) {
      await enter(pid)
      tree.follow(pid)
    },
    pids() {
      const pids = pidsInside(files, inside)
      return pids.length > 0 ? pids : tree.pids()
    },
    charged: () => chargedInside(files, directory),
    examine: (treeBytes) => ({ share: treeBytes / cap.bytes, breach: null }),
    evidence: () => ({
      way: dialect.way,
      cgroupPath: directory.slice(place.mountPoint.length),
      capBytes: capAtTheEnd(cap, opened.limit, limitOf()),
      ownLimitHits: change('ownLimitHits'),
      kills: change('kills'),
      kernelPeakBytes: mapReading(files.readText(`${directory}/${dialect.peakFile}`), Number)
    }),
    openSwap: () => tools.control.write(`${directory}/${dialect.swapOpen.file}`, dialect.swapOpen.text),
    async kill() {
      await killInside(tools, inside)
      await killTree(tools, tree)
    },
    async close() {
      if (isClosed) return []
      isClosed = true
      const faults = files.exists(directory)
        ? []
        : [`cgroup ${directory} was removed while the build ran: its limit did not hold to the end`]
      return [...faults, ...(await remove()), ...(await endTree(tools, tree))]
    }
  }
}

/** Somebody may have changed the limit while the build ran. The kernel rounds what is written, so it is asked twice. */
function capAtTheEnd(cap: Cap, before: LimitReading, after: LimitReading): number | null {
  if (after.kind === 'unlimited') return null
  const isChanged = after.kind === 'value' && before.kind === 'value' && after.value !== before.value
  return isChanged ? after.value : cap.bytes
}

async function limit({ files, control }: CageTools, dialect: Dialect, directory: string, cap: Cap): Promise<void> {
  await control.write(`${directory}/${dialect.limitFile}`, String(cap.bytes))
  if (cap.swap === 'closed') {
    const { file, text } = dialect.swapClosed(cap)
    if (files.exists(`${directory}/${file}`)) await control.write(`${directory}/${file}`, text)
  }
  checkLimit(files, `${directory}/${dialect.limitFile}`, cap)
}

/** Throws unless the kernel says what was asked for, rounded down to a page, of 64 KiB at most. */
export function checkLimit(files: Files, file: string, cap: Cap): void {
  const said = files.readText(file)
  const bytes = said.kind === 'value' ? Number(said.value) : Number.NaN
  if (bytes <= cap.bytes && bytes > cap.bytes - 65_536) return
  throw new Error(`${file} reads ${said.kind === 'value' ? said.value.trim() : said.kind} after ${cap.bytes} was set`)
}
