import type { ProcessSample, SeenProcess } from '../model/timeline.ts'

const MOST_PROCESSES = 4096

/** Remembers who had which pid, bounded however many there were: those longest not seen go first. */
export interface SeenProcesses {
  note(processes: readonly ProcessSample[], atMs: number): void
  list(): readonly SeenProcess[]
}

export function seenProcesses(): SeenProcesses {
  const seen = new Map<number, SeenProcess>()
  return {
    note(processes, atMs) {
      for (const process of processes) {
        const known = seen.get(process.pid)
        seen.delete(process.pid)
        seen.set(process.pid, after(known, process, atMs))
      }
      for (const pid of seen.keys()) {
        if (seen.size <= MOST_PROCESSES) break
        seen.delete(pid)
      }
    },
    list: () => [...seen.values()]
  }
}

/** Another tool under the same pid is a fork that became another program, or a pid used again. */
function after(
  known: SeenProcess | undefined,
  { pid, tool, package: of, bytes }: ProcessSample,
  atMs: number
): SeenProcess {
  if (known === undefined || known.tool !== tool || known.package !== of) {
    return { pid, tool, package: of, peakBytes: bytes, firstMs: atMs, lastMs: atMs }
  }
  return { ...known, peakBytes: Math.max(known.peakBytes, bytes), lastMs: atMs }
}
