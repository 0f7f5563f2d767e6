import { parseFoldSettings } from '../settings/fold-settings.ts'
import type { ReadInput } from '../settings/settings.ts'
import { type FoldWorld, foldReports } from '../story/fold.ts'

/** The `report/` action as a step of a workflow; answers with the exit status: 1 only where an input is wrong. */
export async function foldStep(world: FoldWorld, input: ReadInput): Promise<number> {
  const checked = parseFoldSettings(input)
  if ('problems' in checked) {
    world.runner.annotate({
      level: 'error',
      title: 'go-build-guard could not fold the reports',
      message: checked.problems.join('\n')
    })
    return 1
  }
  await foldReports(world, checked.settings)
  return 0
}
