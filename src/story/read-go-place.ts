import { dirname, join, resolve } from 'node:path'
import { known } from '../model/reading.ts'
import type { GoInstallation } from '../model/survey.ts'
import { toolchainModule } from '../preflight/checks/toolchain.ts'
import { isDirectory, type ModFile, parseModFile } from '../preflight/mod-file.ts'
import { type ModulesTxt, parseModulesTxt } from '../preflight/modules-txt.ts'
import type { Call, GoPlace, Member, SettingsFile, Workspace } from '../preflight/setup.ts'
import type { SetupWorld } from './setup-world.ts'

type Around = Pick<Call, 'directory' | 'environment' | 'flags'> & {
  readonly written: SettingsFile | null
  readonly go: GoInstallation
}

/** What stands around a directory in which `go` is called, found as cmd/go finds it: upwards, the nearest first. */
export function readGoPlace(world: SetupWorld, around: Around): GoPlace {
  const module = readModFile(world, nearest(world, around.directory, 'go.mod'))
  const home = module === null ? null : dirname(module.file)
  const missing = (module?.replaces ?? [])
    .filter(({ newPath }) => isDirectory(newPath))
    .filter(({ newPath }) => home !== null && !exists(world, join(resolve(home, newPath), 'go.mod')))
  return {
    module,
    workspace: readWorkspace(world, around),
    vendor: home === null ? null : readVendor(world, join(home, 'vendor')),
    missingReplacements: new Set(missing.map(({ newPath }) => newPath)),
    uncachedModules: module === null ? null : readUncached(world, around, module)
  }
}

/** `GOWORK`, or the nearest go.work upwards; `null` without one, or where it is `off` or not known. */
function readWorkspace(world: SetupWorld, { directory, environment, written }: Around): Workspace | null {
  const own = environment['GOWORK']
  const named = own === undefined ? world.environment['GOWORK'] || written?.values['GOWORK'] : own
  if (named === 'off' || named === null) return null
  const file = named || nearest(world, directory, 'go.work')
  if (file === null) return null
  const content = readModFile(world, file)
  const members = (content?.uses ?? []).map(({ path, line }): Member => {
    const member = resolve(dirname(file), path)
    return { path, line, directory: member, module: readModFile(world, join(member, 'go.mod')) }
  })
  return { file, origin: named ? 'named' : 'found', content, members }
}

/** Without modules.txt the directory counts all the same, as one that has nothing (cmd/go/internal/modload/init.go). */
function readVendor({ files, place }: SetupWorld, directory: string): ModulesTxt | null {
  if (known(files.stat(place.root + directory))?.isDirectory !== true) return null
  const text = files.readText(place.root + join(directory, 'modules.txt'))
  return text.kind === 'unreadable' ? null : parseModulesTxt(known(text) ?? '')
}

/** Looked for only where nothing may be fetched: it is two questions for each requirement. */
function readUncached(
  world: SetupWorld,
  { environment, written, go }: Around,
  module: ModFile
): ReadonlySet<string> | null {
  const proxy = environment['GOPROXY'] ?? (world.environment['GOPROXY'] || written?.values['GOPROXY'])
  const cache = environment['GOMODCACHE'] ?? go.env['GOMODCACHE']
  if (proxy !== 'off' || !cache) return null
  const toolchain = toolchainModule(module.go?.version ?? '', go.env['GOHOSTOS'] ?? '', go.env['GOHOSTARCH'] ?? '')
  const wanted = [...module.requires.map(({ path, version }) => `${path}@${version}`), toolchain]
  return new Set(
    wanted.filter((name) => {
      const [path = '', version = ''] = escaped(name).split('@')
      return (
        !exists(world, join(cache, `${path}@${version}`)) &&
        !exists(world, join(cache, 'cache/download', path, '@v', `${version}.zip`))
      )
    })
  )
}

/** Upper case as `!` and lower case (golang.org/x/mod/module, EscapePath). */
function escaped(path: string): string {
  return path.replaceAll(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`)
}

function nearest(world: SetupWorld, directory: string, name: string): string | null {
  for (let at = directory; ; at = dirname(at)) {
    const file = join(at, name)
    if (known(world.files.stat(world.place.root + file))?.isDirectory === false) return file
    if (dirname(at) === at) return null
  }
}

function readModFile({ files, place }: SetupWorld, file: string | null): ModFile | null {
  const text = file === null ? null : known(files.readText(place.root + file))
  return file === null || text === null ? null : parseModFile(file, text)
}

function exists({ files, place }: SetupWorld, path: string): boolean {
  return files.exists(place.root + path)
}
