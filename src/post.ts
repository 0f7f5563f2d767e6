import { actionsRunner } from './adapters/actions-runner.ts'
import { nodePlace, runDirectoryOf } from './adapters/node-place.ts'
import { nodePorts } from './adapters/node-ports.ts'
import { aftermath } from './aftermath.ts'

const runner = actionsRunner()
const runId = runner.getState('runId')
const place = { ...nodePlace({ stdin: 'none', hasPost: true }), runId, runDirectory: runDirectoryOf(runId) }
await aftermath(nodePorts(runner), place)
