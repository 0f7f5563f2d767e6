import { parseMeminfo } from '../kernel/meminfo.ts'
import { MIB } from '../model/bytes.ts'
import { ABSENT, known } from '../model/reading.ts'
import type { Survey } from '../model/survey.ts'
import type { Cage, Standing } from '../ports/cage.ts'
import type { Files } from '../ports/files.ts'
import { type CageTools, chargedInside } from './cgroup-directory.ts'
import { type ProcessTree, processTree } from './process-tree.ts'

/** Nothing is changed but by signals. */
type WatchTools = Omit<CageTools, 'control'>

const KILL_WAIT_MS = 5000

/** One limit that the tree can run into, and how much of it is used by everybody. */
interface Level {
  readonly name: string
  readonly limitBytes: number
  /** Kept free, so that the guard acts before the kernel does. */
  readonly marginBytes: number
  usedBytes(treeBytes: number): number | null
}

/**
 * No cap by the kernel: the guard ends the build itself before a visible limit would, since that limit may kill the
 * guard too (Kubernetes sets `memory.oom.group`). Best effort: memory can grow faster than anybody looks.
 */
export function openWatch(tools: WatchTools, survey: Survey, capBytes: number | null, root: string): Cage {
  const levels = levelsOf(tools.files, survey, capBytes, root)
  return openTree(tools, root, { way: 'watch', capBytes, examine: (treeBytes) => examine(levels, treeBytes) })
}

/** Observes only. */
export function openNone(tools: WatchTools, root: string): Cage {
  return openTree(tools, root, { way: 'none', capBytes: null, examine: () => ({ share: 0, breach: null }) })
}

/** What the ways without a cgroup have in common: the tree is found in `/proc` and ended process by process. */
function openTree(tools: WatchTools, root: string, own: Pick<Cage, 'way' | 'capBytes' | 'examine'>): Cage {
  const tree = processTree(tools.files, root)
  const none = { before: ABSENT, after: ABSENT }
  return {
    ...own,
    directory: null,
    join: async (pid) => tree.follow(pid),
    pids: () => tree.pids(),
    charged: () => null,
    evidence: () => ({
      way: own.way,
      cgroupPath: null,
      capBytes: own.capBytes,
      ownLimitHits: none,
      kills: none,
      kernelPeakBytes: ABSENT
    }),
    kill: () => killTree(tools, tree),
    async close() {
      await killTree(tools, tree)
      const left = tree.pids()
      return left.length === 0
        ? []
        : [`${left.length} processes of the build could not be ended: ${left.slice(0, 8).join(', ')}`]
    }
  }
}

async function killTree(tools: WatchTools, tree: ProcessTree): Promise<void> {
  const deadlineMs = tools.clock.nowMs() + KILL_WAIT_MS
  for (;;) {
    const pids = tree.pids()
    if (pids.length === 0 || tools.clock.nowMs() > deadlineMs) return
    for (const pid of pids) tools.processes.signal(pid, 'SIGKILL')
    await tools.clock.sleep(10)
  }
}

function examine(levels: readonly Level[], treeBytes: number): Standing {
  let share = 0
  for (const level of levels) {
    const usedBytes = level.usedBytes(treeBytes)
    if (usedBytes === null) continue
    const roomBytes = Math.max(1, level.limitBytes - level.marginBytes)
    if (usedBytes > roomBytes) return { share: 1, breach: { level: level.name, limitBytes: level.limitBytes } }
    share = Math.max(share, usedBytes / roomBytes)
  }
  return { share, breach: null }
}

function levelsOf(files: Files, survey: Survey, capBytes: number | null, root: string): readonly Level[] {
  const margin = (limitBytes: number): number => Math.max(64 * MIB, 0.03 * limitBytes)
  const levels: Level[] = []
  if (capBytes !== null) {
    levels.push({ name: 'memory-limit', limitBytes: capBytes, marginBytes: 0, usedBytes: (treeBytes) => treeBytes })
  }
  for (const { directory, limitBytes } of survey.cgroup.levels) {
    const limit = known(limitBytes)
    if (limit === null) continue
    levels.push({
      name: directory,
      limitBytes: limit,
      marginBytes: margin(limit),
      usedBytes: () => chargedInside(files, directory)?.treeBytes ?? null
    })
  }
  const total = known(survey.host.totalBytes)
  if (total !== null) {
    levels.push({
      name: 'host',
      limitBytes: total,
      marginBytes: margin(total),
      usedBytes: () => hostUsed(files, root, total)
    })
  }
  return levels
}

function hostUsed(files: Files, root: string, totalBytes: number): number | null {
  const text = files.readText(`${root}/proc/meminfo`)
  if (text.kind !== 'value') return null
  const available = known(parseMeminfo(text.value).availableBytes)
  return available === null ? null : totalBytes - available
}
