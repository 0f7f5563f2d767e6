import type { Clock } from '../ports/clock.ts'
import type { Processes } from '../ports/processes.ts'
import type { ProcessTree } from './process-tree.ts'

const WAIT_MS = 5000
const PAUSE_MS = 10

/** Kills all that `pids` names, again and again for those that were just born, until it names nobody; for 5 s at most. */
export async function endProcesses(
  clock: Clock,
  pids: () => readonly number[],
  kill: (pids: readonly number[]) => Promise<void>
): Promise<void> {
  const deadlineMs = clock.nowMs() + WAIT_MS
  for (;;) {
    const living = pids()
    if (living.length === 0 || clock.nowMs() > deadlineMs) return
    await kill(living)
    await clock.sleep(PAUSE_MS)
  }
}

export interface TreeTools {
  readonly processes: Processes
  readonly clock: Clock
}

/** SIGKILL to every process of the tree. */
export function killTree({ processes, clock }: TreeTools, tree: ProcessTree): Promise<void> {
  return endProcesses(
    clock,
    () => tree.pids(),
    async (pids) => {
      for (const pid of pids) processes.signal(pid, 'SIGKILL')
    }
  )
}

/** The same, and who is still there then, as a sentence. */
export async function endTree(tools: TreeTools, tree: ProcessTree): Promise<readonly string[]> {
  await killTree(tools, tree)
  const left = tree.pids()
  return left.length === 0
    ? []
    : [`${left.length} processes of the build could not be ended: ${left.slice(0, 8).join(', ')}`]
}
