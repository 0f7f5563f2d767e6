import type { Survey } from '../model/survey.ts'
import { cageName } from './cage-name.ts'
import { removeDirectory } from './cgroup-directory.ts'
import { type CageMaker, placesFor } from './open-cage.ts'

/**
 * Ends and removes the cage of a run whose guard died. The path is made anew from our own cgroup and the checked id;
 * nothing that the build could have written down is believed. Answers with what stays behind.
 */
export async function sweepCage(
  maker: Omit<CageMaker, 'announce'>,
  survey: Survey,
  runId: string
): Promise<readonly string[]> {
  const faults: string[] = []
  for (const { directory } of placesFor(maker.files, survey, cageName(runId))) {
    if (!maker.files.exists(directory)) continue
    let left: readonly string[] = []
    for (const control of maker.means) {
      left = await removeDirectory({ ...maker, control }, directory)
      if (left.length === 0) break
    }
    faults.push(...left)
  }
  return faults
}
