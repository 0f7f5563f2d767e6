import { code, figure, type Prose, prose } from '../../model/prose.ts'
import { advice, type Check, commands, distinct, type Hit } from '../definition.ts'
import { isDirectory, type ModFile, type Replacement, replacementFor } from '../mod-file.ts'
import type { ModulesTxt } from '../modules-txt.ts'
import type { Call, Setup } from '../setup.ts'
import { flagOf, moduleCalls } from '../variables.ts'
import { compareGoReleases } from '../versions.ts'

/** vendor/modules.txt and go.mod say different things. */
export const vendorMismatch: Check = {
  id: 'preflight.vendor',
  title: 'The vendor directory and go.mod disagree',
  why: 'Go builds from `vendor` where it is there, and stops if it does not fit go.mod.',
  when: 'Said where Go would use `vendor` (go.mod says 1.14 or newer, and no other `-mod`), and a requirement or a replacement is in one of go.mod and `vendor/modules.txt` and not in the other, or with another version. Compared as cmd/go compares them, by reading the two files.',
  examine: (setup) => distinct(moduleCalls(setup).flatMap((call) => disagreements(setup, call))),
  links: ['https://go.dev/ref/mod#vendoring']
}

/** A replace to a directory that is not there. */
export const replaceMissing: Check = {
  id: 'preflight.replace-missing',
  title: 'A replace leads to nothing',
  why: 'Go needs the go.mod of every module that is required, and looks for this one in that directory alone.',
  when: 'Said where a `replace` of a required module names a directory without go.mod; not where Go builds from `vendor`, or where a workspace has the module.',
  examine: (setup) => distinct(moduleCalls(setup).flatMap((call) => deadReplacements(setup, call))),
  links: ['https://go.dev/ref/mod#go-mod-file-replace']
}

/** Whether Go builds from `vendor`: asked for, or by itself from 1.14 on. */
export function usesVendor(setup: Setup, call: Call): boolean {
  const { module, vendor, workspace } = call.place
  const mode = flagOf(setup, call, 'mod')
  if (mode !== null) return mode.value === 'vendor'
  if (workspace !== null || module === null || vendor === null || vendor.isOfWorkspace) return false
  const isNew = (compareGoReleases(module.go?.version ?? '1.11', '1.14') ?? -1) >= 0
  return isNew && flagOf(setup, call, 'modfile') === null && call.flags['mod'] === undefined
}

function disagreements(setup: Setup, call: Call): readonly Hit[] {
  const { module, vendor } = call.place
  if (module === null || vendor === null || call.place.workspace !== null || !usesVendor(setup, call)) return []
  if ((compareGoReleases(module.go?.version ?? '1.11', '1.14') ?? -1) < 0) return []
  const wrong = [...requiredOnly(module, vendor), ...vendoredOnly(module, vendor), ...replacedOtherwise(module, vendor)]
  const [first] = wrong
  if (first === undefined) return []
  const more = wrong.length > 1 ? prose` ${figure(wrong.length - 1)} more differ.` : ''
  return [
    {
      found: `${first.words}${more}`,
      remedy: commands(prose`write it anew, and commit it:`, 'go mod vendor'),
      place: { file: module.file, line: first.line }
    }
  ]
}

interface Difference {
  readonly words: Prose
  readonly line: number
}

function requiredOnly({ requires }: ModFile, { modules }: ModulesTxt): readonly Difference[] {
  return requires
    .filter(
      ({ path, version }) => !modules.some((one) => one.path === path && one.version === version && one.isExplicit)
    )
    .map(({ path, version, line }) => {
      const other = modules.find((one) => one.path === path && one.version !== null)
      const instead = other === undefined ? prose`does not have it` : prose`has ${code(other.version ?? '')}`
      return {
        words: `${prose`go.mod requires ${code(`${path} ${version}`)}, and vendor/modules.txt `}${instead}.`,
        line
      }
    })
}

function vendoredOnly({ requires }: ModFile, { modules }: ModulesTxt): readonly Difference[] {
  return modules
    .filter(
      ({ path, version, isExplicit }) =>
        isExplicit && !requires.some((one) => one.path === path && one.version === version)
    )
    .filter(({ path }) => !requires.some((one) => one.path === path))
    .map(({ path, version }) => ({
      words: prose`vendor/modules.txt has ${code(`${path} ${version ?? ''}`)} as required, and go.mod does not require it.`,
      line: 1
    }))
}

/** Paths are compared as they are written, `./x` and `x` apart: cmd/go does it after cleaning both in the same way. */
function replacedOtherwise({ replaces }: ModFile, { modules }: ModulesTxt): readonly Difference[] {
  const isSame = (a: Replacement, b: { readonly path: string; readonly version: string | null }): boolean =>
    cleaned(a.newPath) === cleaned(b.path) && a.newVersion === b.version
  const missing = replaces.flatMap((own) => {
    const vendored = modules.find((one) => one.path === own.oldPath && one.version === own.oldVersion)?.replacement
    if (vendored != null && isSame(own, vendored)) return []
    const words = vendored == null ? prose`does not` : prose`by ${code(vendored.path)}`
    return [
      {
        words: `${prose`go.mod replaces ${code(own.oldPath)} by ${code(own.newPath)}, and vendor/modules.txt `}${words}.`,
        line: own.line
      }
    ]
  })
  const surplus = modules
    .filter(
      ({ path, version, replacement }) =>
        replacement !== null && replacementFor(replaces, { path, version: version ?? '' }) === null
    )
    .map(({ path }) => ({ words: prose`vendor/modules.txt replaces ${code(path)}, and go.mod does not.`, line: 1 }))
  return [...missing, ...surplus]
}

function cleaned(path: string): string {
  return path.replaceAll('\\', '/').replace(/^\.\//, '').replace(/\/+$/, '')
}

function deadReplacements(setup: Setup, call: Call): readonly Hit[] {
  const { module, workspace, missingReplacements } = call.place
  if (module === null || usesVendor(setup, call)) return []
  const members = new Set(workspace?.members.map((member) => member.module?.module))
  return module.requires.flatMap((requirement) => {
    const replacement = replacementFor(module.replaces, requirement)
    if (replacement === null || !isDirectory(replacement.newPath) || !missingReplacements.has(replacement.newPath))
      return []
    const isElsewhere =
      members.has(requirement.path) || workspace?.content?.replaces.some(({ oldPath }) => oldPath === requirement.path)
    if (isElsewhere === true) return []
    return [
      {
        found: prose`${code(requirement.path)} is replaced by ${code(replacement.newPath)}, and there is no go.mod.`,
        remedy: advice(
          prose`check the other repository out to that place before the build, or take the line out: ${code(`go mod edit -dropreplace=${requirement.path}`)}.`
        ),
        place: { file: module.file, line: replacement.line }
      }
    ]
  })
}
