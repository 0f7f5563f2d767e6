import type { Console } from '../ports/console.ts'
import type { Place, Ports } from '../ports/ports.ts'
import type { Runner } from '../ports/runner.ts'
import { nodeCancellation } from './node-cancellation.ts'
import { nodeClock } from './node-clock.ts'
import { nodeFiles } from './node-files.ts'
import { nodeLogs } from './node-logs.ts'
import { nodeOutput } from './node-output.ts'
import { nodeMeans, nodePlace } from './node-place.ts'
import { nodeProcesses } from './node-processes.ts'
import { pullRequests } from './pull-requests.ts'
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
    pullRequests: null
  }
}

/** The same with the comments of the pull request, where the event has one and there is a token. */
export function withPullRequest(ports: Ports, { github }: Place, token: string): Ports {
  if (github === null || github.pullRequestNumber === null || token === '') return ports
  const { repository, apiUrl, pullRequestNumber: number } = github
  return { ...ports, pullRequests: pullRequests({ token, repository, apiUrl, number, clock: nodeClock }) }
}

export const nodeConsole: Console = {
  ports: (isDebug) => nodePorts(terminalRunner({ isDebug })),
  place: (stdin) => nodePlace({ stdin, hasPost: false }),
  files: nodeFiles,
  logs: nodeLogs,
  print: (text) => nodeOutput.write('stdout', Buffer.from(text)),
  complain: (text) => void process.stderr.write(text)
}
