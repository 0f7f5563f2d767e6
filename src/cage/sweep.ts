import type { Survey } from '../model/survey.ts'
import type { Files } from '../ports/files.ts'
import { cageName, markName, scopeName } from './cage-name.ts'
import { removeDirectory } from './cgroup-directory.ts'
import { endTree } from './end-processes.ts'
import { processTree } from './process-tree.ts'
import type { CageMaker } from './way.ts'

/**
 * Ends and removes what a run left whose guard died: its cage, wherever that is, and the processes that carry its mark.
 * Both are known by the checked id alone; nothing that the build could have written down is believed, and no other run
 * has that id. Answers with what stays behind.
 */
export async function sweepCage(
  maker: Omit<CageMaker, 'announce'>,
  survey: Survey,
  runId: string
): Promise<readonly string[]> {
  const names = [cageName(runId), scopeName(runId)]
  const faults: string[] = []
  for (const directory of found(maker.files, survey.cgroup.mountPoint, names)) {
    let left: readonly string[] = []
    for (const control of maker.means) {
      left = await removeDirectory({ ...maker, control }, directory)
      if (left.length === 0) break
    }
    faults.push(...left)
  }
  if (survey.platform !== 'linux') return faults
  return [...faults, ...(await endTree(maker, processTree({ ...maker, mark: markName(runId) })))]
}

/** Cgroups with one of these names, anywhere below. */
function found(files: Files, directory: string | null, names: readonly string[]): readonly string[] {
  const entries = directory === null ? null : files.list(directory)
  if (entries?.kind !== 'value') return []
  return entries.value.flatMap((name) => {
    const path = `${directory}/${name}`
    if (names.includes(name)) return [path]
    // Control files have no entries of their own, cgroups always do.
    return files.exists(`${path}/cgroup.procs`) ? found(files, path, names) : []
  })
}
