import { code, prose } from '../../model/prose.ts'
import { advice, type Check, distinct, type Hit, lines, resetVariable } from '../definition.ts'
import type { ModFile } from '../mod-file.ts'
import type { Call, Setup } from '../setup.ts'
import { effective, knownVariable, moduleCalls, variableOf } from '../variables.ts'
import { compareGoReleases } from '../versions.ts'

/** go.mod or go.work asks for a newer Go than may run. */
export const goVersion: Check = {
  id: 'preflight.go-version',
  title: 'Go is older than go.mod asks',
  why: 'Go refuses to build a module that asks for a newer release than the one that may run.',
  when: 'Said where the `go` line of the go.mod or go.work around a call of `go` names a newer release than the installed one, and GOTOOLCHAIN (`local`, or one release) forbids to fetch it. For releases before 1.21, which know neither: where the line has a form that they do not read.',
  examine: (setup) => distinct(moduleCalls(setup).flatMap((call) => tooOld(setup, call))),
  links: ['https://go.dev/doc/toolchain', 'https://github.com/actions/setup-go#getting-go-version-from-the-gomod-file']
}

/** A newer Go may be fetched, and nothing may be fetched. */
export const toolchainDownload: Check = {
  id: 'preflight.toolchain-download',
  title: 'A newer Go is needed, and GOPROXY is off',
  why: 'Go fetches a newer toolchain through the module proxy, and GOPROXY=off forbids it.',
  when: 'Said where the `go` line asks for a newer release than the installed one, GOTOOLCHAIN lets Go fetch it, and the effective GOPROXY is `off`; not where the module cache has that toolchain.',
  examine: (setup) => distinct(moduleCalls(setup).flatMap((call) => cannotFetch(setup, call))),
  links: ['https://go.dev/doc/toolchain#download']
}

/** GOROOT of another release. */
export const goRoot: Check = {
  id: 'preflight.goroot',
  title: 'GOROOT belongs to another Go',
  why: 'The go command of one release cannot use the compiler and library of another.',
  when: 'Said where GOROOT is set and the file VERSION in it names another release than the `go` that is first in PATH, or is not there.',
  examine: ({ go, rootVersion, environment, ...setup }) => {
    const root = environment['GOROOT']
    if (go === null || !root || /devel/.test(go.version) || go.version.startsWith(rootVersion ?? '\0')) return []
    const variable = knownVariable({ go, rootVersion, environment, ...setup }, null, 'GOROOT')
    if (variable === null) return []
    const what = rootVersion === null ? prose`no Go is there` : prose`there is ${code(rootVersion)}`
    return [
      {
        found: `${prose`${code(`GOROOT=${root}`)} in the environment, and `}${what}${prose`; ${code('go')} in PATH is ${code(go.version)}.`}`,
        remedy: resetVariable('GOROOT', variable, null)
      }
    ]
  },
  links: ['https://go.dev/doc/install/source#environment']
}

/** The file whose go line counts: in a workspace that of the go.work. */
function asking({ place }: Call): ModFile | null {
  return place.workspace === null ? place.module : place.workspace.content
}

function tooOld(setup: Setup, call: Call): readonly Hit[] {
  const file = asking(call)
  const line = file?.go ?? null
  if (setup.go === null || file === null || line === null) return []
  if ((setup.go.minor ?? 21) < 21) return unreadableForm(setup.go.version, file)
  const running = onlyRelease(setup, call)
  if (running === null || (compareGoReleases(line.version, running.version) ?? 0) <= 0) return []
  return [
    {
      found: prose`${code(nameOf(file))} asks for Go ${code(line.version)}, and ${code(running.version)} is what may run: ${code(running.because)}.`,
      remedy: lines(
        prose`install the release that go.mod names:`,
        '- uses: actions/setup-go@v6',
        '  with:',
        '    go-version-file: go.mod'
      ),
      place: { file: file.file, line: line.line }
    }
  ]
}

/** The one release that GOTOOLCHAIN allows; `null` where it allows others, or that is not known. */
function onlyRelease(setup: Setup, call: Call): { readonly version: string; readonly because: string } | null {
  const variable = variableOf(setup, call, 'GOTOOLCHAIN')
  if (setup.go === null || variable === null || variable === 'unknown') return null
  const because = `GOTOOLCHAIN=${variable.value}`
  if (variable.value === 'local') return { version: setup.go.version, because }
  return /^go1[\w.]*$/.test(variable.value) ? { version: variable.value, because } : null
}

/** `go 1.21.3`, and the line `toolchain`, came with Go 1.21; older ones stop at them. */
function unreadableForm(version: string, file: ModFile): readonly Hit[] {
  const line = file.toolchain ?? (/^\d+\.\d+$/.test(file.go?.version ?? '') ? null : file.go)
  if (line === null) return []
  const statement = line === file.toolchain ? `toolchain ${line.version}` : `go ${line.version}`
  return [
    {
      found: prose`${code(nameOf(file))} has the line ${code(statement)}, which ${code(version)} does not read.`,
      remedy: advice(prose`use Go 1.21 or newer, or write the line as that release does, ${code('go 1.20')}.`),
      place: { file: file.file, line: line.line }
    }
  ]
}

function cannotFetch(setup: Setup, call: Call): readonly Hit[] {
  const file = asking(call)
  const line = file?.go ?? null
  const toolchain = knownVariable(setup, call, 'GOTOOLCHAIN')
  const proxy = knownVariable(setup, call, 'GOPROXY')
  if (setup.go === null || file === null || line === null || toolchain === null || proxy?.value !== 'off') return []
  if ((setup.go.minor ?? 0) < 21 || !/^(?:.*\+)?auto$/.test(toolchain.value)) return []
  if ((compareGoReleases(line.version, setup.go.version) ?? 0) <= 0) return []
  const cached = call.place.uncachedModules
  if (
    cached === null ||
    !cached.has(toolchainModule(line.version, effective(setup, call, 'GOHOSTOS'), effective(setup, call, 'GOHOSTARCH')))
  )
    return []
  return [
    {
      found: `${prose`${code(nameOf(file))} asks for Go ${code(line.version)}, ${code(setup.go.version)} is installed, and `}${proxy.words}.`,
      remedy: lines(
        prose`install the release that go.mod names:`,
        '- uses: actions/setup-go@v6',
        '  with:',
        '    go-version-file: go.mod'
      ),
      place: { file: file.file, line: line.line }
    }
  ]
}

/** The module in which toolchains travel (go.dev/doc/toolchain#download). */
export function toolchainModule(version: string, system: string | null, machine: string | null): string {
  return `golang.org/toolchain@v0.0.1-go${version}.${system}-${machine}`
}

function nameOf({ file }: ModFile): string {
  return /([^\\/]+)$/.exec(file)?.[1] ?? file
}
