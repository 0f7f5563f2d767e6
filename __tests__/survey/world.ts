import { ABSENT } from '../../src/model/reading.ts'
import type { Files } from '../../src/ports/files.ts'
import type { Processes, RunOptions, ToolResult } from '../../src/ports/processes.ts'
import type { World } from '../../src/survey/survey.ts'
import { fixtureFiles, hostRoot } from '../hosts/fixture-files.ts'

export interface Call {
  readonly tool: string
  readonly args: readonly string[]
  readonly options: RunOptions
}

export const GO_ENV: ToolResult = {
  code: 0,
  stdout: JSON.stringify({ GOVERSION: 'go1.26.8', GOCACHE: '/home/runner/.cache/go-build', GOFLAGS: '-trimpath' }),
  stderr: '',
  problem: null
}

/** Answers auxiliary commands in order and keeps what was asked. */
export function answering(...answers: readonly ToolResult[]): { processes: Processes; calls: Call[] } {
  const calls: Call[] = []
  const unused = (): never => {
    throw new Error('a survey starts no build')
  }
  const processes: Processes = {
    startGated: unused,
    startDetached: unused,
    signal: unused,
    run: async (tool, args, options) => {
      calls.push({ tool, args, options })
      return answers[calls.length - 1] ?? unused()
    }
  }
  return { processes, calls }
}

/** A Linux machine kept as a fixture, with Go in PATH. */
export function worldOf(host: string, files: Files = fixtureFiles): World {
  return {
    files,
    processes: answering(GO_ENV).processes,
    root: hostRoot(host),
    platform: 'linux',
    cpus: 4,
    nodeMemory: { totalBytes: 1, freeBytes: 1 },
    environment: {},
    launcher: ABSENT,
    workingDirectory: '/home/runner/work/app'
  }
}
