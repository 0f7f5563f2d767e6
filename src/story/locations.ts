import { dirname, isAbsolute, join, relative, sep } from 'node:path'
import type { SourceLocation } from '../model/diagnosis.ts'
import { known } from '../model/reading.ts'
import { readCommand } from '../plan/script.ts'
import type { MappedLocation } from '../report/links.ts'
import type { Run } from './run.ts'

/**
 * Finds each file that a tool named: Go prints paths relative to where it ran, which is the working directory, or where
 * the script went with `cd`, or the module's directory. The first of these that has the file counts.
 */
export function mapLocations(run: Run, locations: readonly SourceLocation[]): readonly MappedLocation[] {
  const workspace = run.place.environment['GITHUB_WORKSPACE'] ?? run.place.currentDirectory
  const bases = basesOf(run)
  return locations.map((location) => {
    const file = location.file.replaceAll('\\', '/')
    const candidates = isAbsolute(file) ? [file] : bases.map((base) => join(base, file))
    const found = candidates.find((path) => isInside(workspace, path) && run.ports.files.exists(path))
    return { location, repositoryPath: found === undefined ? null : relative(workspace, found).split(sep).join('/') }
  })
}

function basesOf({ command, settings, survey }: Run): readonly string[] {
  const bases = [command.cwd]
  let directory = command.cwd
  for (const [word, target] of readCommand(settings.command) ?? []) {
    if (word !== 'cd' || typeof target !== 'string') continue
    directory = isAbsolute(target) ? target : join(directory, target)
    bases.push(directory)
  }
  const moduleFile = known(survey.go)?.env['GOMOD']
  if (moduleFile !== undefined && isAbsolute(moduleFile)) bases.push(dirname(moduleFile))
  return bases
}

function isInside(directory: string, path: string): boolean {
  const way = relative(directory, path)
  return way !== '' && !way.startsWith('..') && !isAbsolute(way)
}
