import { parseMemoryStat } from '../kernel/memory-stat.ts'
import { known } from '../model/reading.ts'
import type { Charge } from '../ports/cage.ts'
import type { Clock } from '../ports/clock.ts'
import type { ControlFiles } from '../ports/control-files.ts'
import type { Files } from '../ports/files.ts'
import type { Processes } from '../ports/processes.ts'
import { endProcesses } from './end-processes.ts'

/** What every way of making a cage needs of the machine. */
export interface CageTools {
  readonly files: Files
  readonly control: ControlFiles
  readonly processes: Processes
  readonly clock: Clock
  /** Stands before `/proc`; empty on the real machine. */
  readonly root: string
}

/** A cgroup of ours and those that were made below it, by the build or by a guard in it, deepest first. */
function family(files: Files, directory: string): readonly string[] {
  const names = files.list(directory)
  if (names.kind !== 'value') return [directory]
  const children = names.value
    .map((name) => `${directory}/${name}`)
    // Control files have no entries of their own, cgroups always do.
    .filter((path) => files.exists(`${path}/cgroup.procs`))
  return [...children.flatMap((child) => family(files, child)), directory]
}

export function pidsInside(files: Files, directory: string): readonly number[] {
  return family(files, directory).flatMap((path) => {
    const text = files.readText(`${path}/cgroup.procs`)
    if (text.kind !== 'value') return []
    return text.value.split('\n').filter(Boolean).map(Number)
  })
}

/** `memory.stat`: anonymous and shared memory of the whole tree, page cache apart. */
export function chargedInside(files: Files, directory: string): Charge | null {
  const text = files.readText(`${directory}/memory.stat`)
  if (text.kind !== 'value') return null
  const stat = parseMemoryStat(text.value)
  if (stat.anonBytes.kind !== 'value') return null
  return {
    treeBytes: stat.anonBytes.value + (known(stat.shmemBytes) ?? 0),
    cacheBytes: known(stat.fileBytes)
  }
}

/**
 * SIGKILL until nothing is left. `cgroup.kill` (Linux 5.14, v2) reaches children of other users and wins against
 * forking; where it is missing every process is signalled, again and again for those that were just born.
 */
export function killInside({ files, control, clock }: CageTools, directory: string): Promise<void> {
  return endProcesses(
    clock,
    () => pidsInside(files, directory),
    async (pids) => {
      const fault = await attempt(() => control.write(`${directory}/cgroup.kill`, '1'))
      if (fault !== null) await control.kill(pids)
    }
  )
}

/** Kills what is left and removes the cgroup; answers with what stays behind. */
export async function removeDirectory(tools: CageTools, directory: string): Promise<readonly string[]> {
  if (!tools.files.exists(directory)) return []
  await killInside(tools, directory)
  const faults: string[] = []
  for (const path of family(tools.files, directory)) {
    const fault = await removeOne(tools, path)
    if (fault !== null) faults.push(`cgroup ${path} is left behind: ${fault}`)
  }
  return faults
}

/** A killed process leaves its cgroup a moment after it has left `cgroup.procs`, so EBUSY is tried again. */
async function removeOne(tools: CageTools, path: string): Promise<string | null> {
  const deadlineMs = tools.clock.nowMs() + 2000
  for (;;) {
    const fault = await attempt(() => tools.control.removeDirectory(path))
    if (fault === null || !tools.files.exists(path)) return null
    if (tools.clock.nowMs() > deadlineMs) return fault
    await tools.clock.sleep(10)
  }
}

/** What went wrong, or `null`. */
export async function attempt(effect: () => Promise<void>): Promise<string | null> {
  try {
    await effect()
    return null
  } catch (fault) {
    return fault instanceof Error ? fault.message : String(fault)
  }
}
