import type { Console } from '../ports/console.ts'
import type { Ports } from '../ports/ports.ts'
import type { Runner } from '../ports/runner.ts'
import { nodeCancellation } from './node-cancellation.ts'
import { nodeClock } from './node-clock.ts'
import { nodeFiles } from './node-files.ts'
import { nodeLogs } from './node-logs.ts'
import { nodeOutput } from './node-output.ts'
import { nodeMeans, nodePlace } from './node-place.ts'
import { nodeProcesses } from './node-processes.ts'
import { nodeToolGates } from './node-tool-gates.ts'
import { terminalRunner } from './terminal-runner.ts'

/** The real world, for a run that reports through `runner`. */
export function nodePorts(runner: Runner): Ports {
  return {
    files: nodeFiles,
    processes: nodeProcesses,
    clock: nodeClock,
    output: nodeOutput,
    cancellation: nodeCancellation(),
    runner,
    means: nodeMeans(),
    pullRequests: null,
    toolGates: nodeToolGates
  }
}

export const nodeConsole: Console = {
  ports: (isDebug) => nodePorts(terminalRunner({ isDebug })),
  place: (stdin) => nodePlace({ stdin, hasPost: false }),
  files: nodeFiles,
  logs: nodeLogs,
  print: (text) => nodeOutput.write('stdout', Buffer.from(text)),
  complain: (text) => void process.stderr.write(text)
}
