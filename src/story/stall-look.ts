import { causeOfStall } from '../diagnose/stall/cause.ts'
import { known } from '../model/reading.ts'
import type { StallSnapshot } from '../model/stall.ts'
import type { MemoryPlace } from '../observe/stall/memory.ts'
import { serverSettings } from '../observe/stall/servers.ts'
import { type Moment, takeSnapshot } from '../observe/stall/snapshot.ts'
import type { Cage } from '../ports/cage.ts'
import { disksNow } from './machine.ts'
import type { Run } from './run.ts'

export function memoryPlace({ ports, place }: Run, cage: Cage): MemoryPlace {
  return { files: ports.files, root: place.root, cage: cage.directory }
}

/** One look at the build, for whatever reason it is taken. */
export function lookAtBuild(run: Run, cage: Cage, moment: Moment): Promise<StallSnapshot> {
  const environment = Object.entries(run.command.environment).map(([name, text]) => `${name}=${text}`)
  const tools = {
    ...memoryPlace(run, cage),
    clock: run.ports.clock,
    processes: run.ports.processes,
    pids: cage.pids,
    settings: { ...known(run.survey.go)?.env, ...serverSettings(environment) },
    disks: () => disksNow(run)
  }
  return takeSnapshot(tools, moment)
}

/**
 * A download can move although no system call is counted for it: data that came in since the last progress, and was
 * read, is progress too. So long ago, or `null`.
 */
export function receivedAgoMs({ quietMs, processes }: StallSnapshot): number | null {
  const agesMs = processes
    .flatMap(({ peers }) => peers)
    .filter(({ state, unreadBytes }) => state === 'ESTABLISHED' && unreadBytes === 0)
    .flatMap(({ receivedAgoMs: age }) => (age.kind === 'value' ? [age.value] : []))
  const leastMs = Math.min(...agesMs)
  return leastMs < 0.95 * quietMs - 100 ? leastMs : null
}

/**
 * A thread that only waits for its turn on a busy machine is at work all the same; not so where the turn would go into
 * finding memory.
 */
export function waitsForCpu(snapshot: StallSnapshot): boolean {
  const isRunnable = snapshot.processes.some(({ waits }) => waits.some(({ state }) => state === 'R'))
  return isRunnable && causeOfStall(snapshot).id !== 'stall.thrash'
}

/** The Go programs that stand still, and can answer SIGQUIT with what their goroutines do. */
export function tellersIn(snapshot: StallSnapshot): readonly number[] {
  if (!snapshot.isStill) return []
  const cannot = new Set(snapshot.frozen.flatMap(({ pids }) => pids))
  return snapshot.processes
    .filter(({ isGo, state, pid }) => isGo && state === 'S' && !cannot.has(pid))
    .map(({ pid }) => pid)
}

/** Whether a process waits for a file system that does not answer: whoever asks it for free space would wait too. */
export function hangsInDisk(snapshot: StallSnapshot | null): boolean {
  const isFrozen = new Set(snapshot?.frozen.flatMap(({ pids }) => pids))
  return snapshot?.processes.some(({ state, pid }) => state === 'D' && !isFrozen.has(pid)) ?? false
}

/**
 * A cgroup of v1 that is frozen does not even let SIGKILL through, so it is thawed once that was sent; only where no
 * process but the build's own lives in it. v2 needs nothing: it lets a killed process go.
 */
export async function thaw({ ports }: Run, snapshot: StallSnapshot | null): Promise<void> {
  const ours = (snapshot?.frozen ?? []).filter(({ version, holdsOnlyBuild }) => version === 'v1' && holdsOnlyBuild)
  for (const { directory } of ours) {
    for (const means of ports.means) {
      const isDone = await means.write(`${directory}/freezer.state`, 'THAWED').then(
        () => true,
        () => false
      )
      if (isDone) break
    }
  }
}
