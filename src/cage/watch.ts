import { ABSENT } from '../model/reading.ts'
import type { Survey } from '../model/survey.ts'
import type { Cage, Standing } from '../ports/cage.ts'
import { markName } from './cage-name.ts'
import type { CageTools } from './cgroup-directory.ts'
import { endTree, killTree } from './end-processes.ts'
import { processTree } from './process-tree.ts'
import { type Level, levelsOf } from './watch-levels.ts'

/** Nothing is changed but by signals. */
export interface WatchTools extends Omit<CageTools, 'control'> {
  readonly runId: string
}

/**
 * No cap by the kernel: the guard ends the build itself before a visible limit would, since that limit may kill the
 * guard too (Kubernetes sets `memory.oom.group`). Best effort: memory can grow faster than anybody looks.
 */
export function openWatch(tools: WatchTools, survey: Survey, capBytes: number | null): Cage {
  const levels = levelsOf(tools, survey, capBytes)
  return openTree(tools, survey, { way: 'watch', capBytes, examine: (treeBytes) => examine(levels, treeBytes) })
}

/** Observes only. */
export function openNone(tools: WatchTools, survey: Survey): Cage {
  return openTree(tools, survey, { way: 'none', capBytes: null, examine: () => ({ share: 0, breach: null }) })
}

/** What the ways without a cgroup have in common: the tree is found in `/proc` and ended process by process. */
function openTree(tools: WatchTools, survey: Survey, own: Pick<Cage, 'way' | 'capBytes' | 'examine'>): Cage {
  const mark = survey.platform === 'linux' ? markName(tools.runId) : null
  const tree = processTree({ files: tools.files, root: tools.root, mark })
  const none = { before: ABSENT, after: ABSENT }
  return {
    ...own,
    ...(mark === null ? {} : { mark }),
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
    close: () => endTree(tools, tree)
  }
}

function examine(levels: readonly Level[], treeBytes: number): Standing {
  let share = 0
  for (const level of levels) {
    const now = level.now(treeBytes)
    if (now === null) continue
    const roomBytes = Math.max(1, now.limitBytes + now.swapRoomBytes - now.marginBytes)
    if (now.usedBytes > roomBytes) return { share: 1, breach: { level: level.name, limitBytes: now.limitBytes } }
    share = Math.max(share, now.usedBytes / roomBytes)
  }
  return { share, breach: null }
}
