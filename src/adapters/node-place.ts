import { randomBytes } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { availableParallelism, freemem, tmpdir, totalmem } from 'node:os'
import { basename, join } from 'node:path'
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
  const own = runDirectoryOf(runId)
  const outer = door.hasPost ? null : outerRunDirectory()
  return { ...door, ...surroundings(), runId, runDirectory: outer === null ? own : join(outer, basename(own)) }
}

/**
 * The directory of the guard that we run inside of, as its cage or its mark tells: ours is inside it, so that it goes
 * with it where both are killed at once. `null` without one.
 */
function outerRunDirectory(): string | null {
  const cgroups = nodeFiles.readText('/proc/self/cgroup')
  const texts = [...Object.keys(process.env), cgroups.kind === 'value' ? cgroups.value : ''].join('\n')
  const ids = [...texts.matchAll(/(?:^GO_BUILD_GUARD_|\/go-build-guard-)([0-9a-f]{12})\b/gm)].map(([, id = '']) => id)
  return ids.map(runDirectoryOf).findLast((directory) => nodeFiles.exists(directory)) ?? null
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
    script: scriptPath(),
    currentDirectory: process.cwd(),
    github: readGitHubContext(process.env, nodeFiles.readText)
  }
}

/** A command that npm has put into PATH is a link. */
function scriptPath(): string {
  const script = process.argv[1] ?? ''
  try {
    return realpathSync(script)
  } catch {
    return script
  }
}

/** Ways to change cgroups: as we are, and where that is not as root, through `sudo` too. */
export function nodeMeans(): readonly ControlFiles[] {
  const direct = directControlFiles(nodeProcesses)
  return process.getuid?.() === 0 ? [direct] : [direct, sudoControlFiles(nodeProcesses)]
}
