import { parseMemoryStat } from '../kernel/memory-stat.ts'
import { known } from '../model/reading.ts'
import type { Charge } from '../ports/cage.ts'
import type { Clock } from '../ports/clock.ts'
import type { ControlFiles } from '../ports/control-files.ts'
import type { Files } from '../ports/files.ts'
import type { Processes } from '../ports/processes.ts'

/** What every way of making a cage needs of the machine. */
export interface CageTools {
  readonly files: Files
  readonly control: ControlFiles
  readonly processes: Processes
  readonly clock: Clock
}

const KILL_WAIT_MS = 5000
const KILL_PAUSE_MS = 10

/** A cgroup of ours and those that the build may have made below it, deepest first. */
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
export async function killInside(tools: CageTools, directory: string): Promise<void> {
  const deadlineMs = tools.clock.nowMs() + KILL_WAIT_MS
  for (;;) {
    const pids = pidsInside(tools.files, directory)
    if (pids.length === 0 || tools.clock.nowMs() > deadlineMs) return
    const killedByKernel = await attempt(() => tools.control.write(`${directory}/cgroup.kill`, '1'))
    if (killedByKernel !== null) for (const pid of pids) tools.processes.signal(pid, 'SIGKILL')
    await tools.clock.sleep(KILL_PAUSE_MS)
  }
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
    await tools.clock.sleep(KILL_PAUSE_MS)
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
