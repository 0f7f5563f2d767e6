import { actionsRunner } from './adapters/actions-runner.ts'
import { nodeClock } from './adapters/node-clock.ts'
import { nodeFiles } from './adapters/node-files.ts'
import { nodePlace } from './adapters/node-place.ts'
import { nodeReportFiles } from './adapters/report-files.ts'
import { githubRepository } from './adapters/repository.ts'
import { readTriggeringRun } from './adapters/triggering-run.ts'
import { foldStep } from './commands/fold-step.ts'

const runner = actionsRunner()
const { github, runId, environment, currentDirectory } = nodePlace({ stdin: 'none', hasPost: false })
const token = runner.input('github-token')
const repository =
  github === null || token === ''
    ? null
    : githubRepository({ token, repository: github.repository, apiUrl: github.apiUrl, clock: nodeClock })
const world = {
  files: nodeReportFiles,
  runner,
  clock: nodeClock,
  directory: currentDirectory,
  seed: runId,
  github,
  trigger: readTriggeringRun(environment, nodeFiles.readText),
  repository
}
process.exitCode = await foldStep(world, runner.input)
