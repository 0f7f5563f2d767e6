import { join } from 'node:path'
import type { Place, Ports } from '../ports/ports.ts'

/** The name under which setup-go registers its matcher. */
const OWNER = 'go'

/**
 * Compile errors are annotated by us, with the path in the repository; the matcher of setup-go would annotate the same
 * lines once more as they pass. It is taken out of use while the command runs. Answers with what puts it back.
 */
export function pauseProblemMatcher({ files, runner }: Ports, { environment }: Place): () => void {
  const workspace = environment['RUNNER_WORKSPACE']
  if (workspace === undefined) return () => {}
  // Actions of this job are unpacked beside the workspaces: _actions/OWNER/NAME/REF (actions/runner, Constants.cs).
  const home = join(workspace, '../_actions/actions/setup-go')
  const references = files.list(home)
  const matchers = references.kind === 'value' ? references.value.map((ref) => join(home, ref, 'matchers.json')) : []
  const matcher = matchers.find((path) => files.exists(path))
  if (matcher === undefined) return () => {}
  runner.removeMatcher(OWNER)
  return () => runner.addMatcher(matcher)
}
