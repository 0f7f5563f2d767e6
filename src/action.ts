import { withPullRequest } from './adapters/action-ports.ts'
import { actionsRunner } from './adapters/actions-runner.ts'
import { nodePlace } from './adapters/node-place.ts'
import { nodePorts } from './adapters/node-ports.ts'
import { step } from './commands/step.ts'

const runner = actionsRunner()
const place = nodePlace({ stdin: 'none', hasPost: true })
runner.saveState('runId', place.runId)
const ports = withPullRequest(nodePorts(runner), place, runner.input('github-token'))
process.exitCode = await step(ports, place, runner.input)
