import { dirname, join } from 'node:path'
import { known } from '../model/reading.ts'
import { parseSourceFile, type SourceFile } from '../preflight/source-file.ts'
import type { Breathe, SetupWorld } from './setup-world.ts'

/** More are not looked at: then nothing is known of any. */
const MOST_FILES = 3000
/** So many between two breaths. */
const AT_ONCE = 40

/**
 * The heads of all Go files of some modules, as `./...` would find them: not below `vendor`, `testdata`, names that begin
 * with `.` or `_`, or a nested module. `null` where there are too many for the time.
 */
export async function readSources(
  world: SetupWorld,
  moduleFiles: readonly string[],
  breathe: Breathe
): Promise<readonly SourceFile[] | null> {
  const sources: SourceFile[] = []
  const waiting = moduleFiles.map(dirname)
  const seen = new Set(waiting)
  let sinceBreath = 0
  for (let directory = waiting.pop(); directory !== undefined; directory = waiting.pop()) {
    for (const name of known(world.files.list(world.place.root + directory)) ?? []) {
      const path = join(directory, name)
      if (name.endsWith('.go')) {
        const text = known(world.files.readText(world.place.root + path))
        if (text !== null) sources.push(parseSourceFile(path, text))
        sinceBreath++
      } else if (mayHoldPackages(name) && !seen.has(path)) {
        const isDirectory = known(world.files.stat(world.place.root + path))?.isDirectory === true
        sinceBreath++
        if (isDirectory && !world.files.exists(world.place.root + join(path, 'go.mod'))) waiting.push(path)
      }
      if (sources.length > MOST_FILES) return null
      if (sinceBreath >= AT_ONCE) {
        sinceBreath = 0
        if (!(await breathe())) return null
      }
    }
  }
  return sources
}

/** Without a dot in it: a directory with one is rare, and asking the system about each picture and script is not free. */
function mayHoldPackages(name: string): boolean {
  return (
    !/^[._]|^(?:vendor|testdata|node_modules)$/.test(name) &&
    !/\.(?:md|txt|json|ya?ml|sum|mod|sh|png|svg|html|css|js|ts|proto|sql|tmpl|toml|lock|work|c|h|s|cc|cpp)$/.test(name)
  )
}
