import { randomBytes } from 'node:crypto'
import { availableParallelism, freemem, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import type { ControlFiles } from '../ports/control-files.ts'
import type { Place } from '../ports/ports.ts'
import { directControlFiles, sudoControlFiles } from './control-files.ts'
import { readGitHubContext } from './github-context.ts'
import { nodeFiles } from './node-files.ts'
import { nodeProcesses } from './node-processes.ts'

export type PlaceOfDoor = Pick<Place, 'stdin' | 'hasPost'>

/** Where this process finds itself; a new run of its own. */
export function nodePlace(door: PlaceOfDoor): Place {
  const runId = randomBytes(6).toString('hex')
  return { ...door, ...surroundings(), runId, runDirectory: runDirectoryOf(runId) }
}

/** The directory of a run, from its checked id alone: `post` finds it again by that. */
export function runDirectoryOf(runId: string): string {
  return join(process.env['RUNNER_TEMP'] || tmpdir(), `go-build-guard-${runId}`)
}

function surroundings(): Omit<Place, keyof PlaceOfDoor | 'runId' | 'runDirectory'> {
  return {
    root: '',
    platform: process.platform,
    cpus: availableParallelism(),
    nodeMemory: { totalBytes: totalmem(), freeBytes: freemem() },
    environment: Object.fromEntries(
      Object.entries(process.env).flatMap(([name, text]) => (text === undefined ? [] : [[name, text]]))
    ),
    currentDirectory: process.cwd(),
    github: readGitHubContext(process.env, nodeFiles.readText)
  }
}

/** Ways to change cgroups: as we are, and where that is not as root, through `sudo` too. */
export function nodeMeans(): readonly ControlFiles[] {
  return process.getuid?.() === 0 ? [directControlFiles] : [directControlFiles, sudoControlFiles(nodeProcesses)]
}
