import { code, prose } from '../../model/prose.ts'
import { advice, type Check, commands, distinct, type Hit, resetVariable } from '../definition.ts'
import type { Call, Setup } from '../setup.ts'
import type { SourceFile } from '../source-file.ts'
import { buildingCalls, effective, flagOf, isOn, knownVariable, moduleCalls } from '../variables.ts'

/** cgo is on, and the compiler is not there. */
export const cgoCompiler: Check = {
  id: 'preflight.cgo-compiler',
  title: 'The C compiler is not there',
  why: 'A package that imports "C" is built by cgo, which calls that compiler.',
  when: 'Said where a file of the module without build constraints imports "C", cgo is on because somebody set CGO_ENABLED or CC, and the program that CC names is neither in PATH nor at its place.',
  examine: (setup) => distinct(moduleCalls(setup).flatMap((call) => noCompiler(setup, call))),
  links: ['https://pkg.go.dev/cmd/cgo', 'https://go.dev/doc/go1.20#cgo']
}

/** cgo is off, and a package of the module consists of nothing else. */
export const cgoOff: Check = {
  id: 'preflight.cgo-off',
  title: 'A package needs cgo, and cgo is off',
  why: 'Without cgo every file that imports "C" is left out; a package that has no other file cannot be imported.',
  when: 'Said where cgo is off (CGO_ENABLED=0, a cross build, or no C compiler), every file of a package of the module imports "C" without build constraints, and another package of the module, itself without cgo and constraints, imports it.',
  examine: (setup) => distinct(moduleCalls(setup).flatMap((call) => needed(setup, call))),
  links: ['https://pkg.go.dev/cmd/cgo', 'https://go.dev/doc/go1.20#cgo']
}

/** -race without cgo. */
export const raceNeedsCgo: Check = {
  id: 'preflight.race-needs-cgo',
  title: '-race needs cgo, and cgo is off',
  why: 'The race detector is linked through cgo, except on macOS.',
  when: 'Said where `-race`, `-msan` or `-asan` is asked for and CGO_ENABLED is `0` for that call, whoever set it, or for want of a C compiler.',
  examine: (setup) => distinct(buildingCalls(setup).flatMap((call) => raceWithout(setup, call))),
  links: ['https://go.dev/doc/articles/race_detector#Requirements']
}

/** cgo for another machine with the compiler of this one. */
export const cgoCross: Check = {
  id: 'preflight.cgo-cross',
  title: 'cgo is on for another processor, with the compiler of this one',
  why: 'The C compiler of this machine makes code for this machine, and the parts do not fit together.',
  when: 'Said where CGO_ENABLED=1 is set, GOARCH differs from that of the machine on the same GOOS (386 on amd64 apart), CC is gcc or cc because nobody set it, and a file of the module without build constraints imports "C", `net` or `os/user`.',
  examine: (setup) => distinct(moduleCalls(setup).flatMap((call) => wrongCompiler(setup, call))),
  links: ['https://pkg.go.dev/cmd/cgo#hdr-Using_cgo_with_the_go_command']
}

/** Files that are certain to be built where cgo is on. */
function cgoFiles(setup: Setup, call: Call): readonly SourceFile[] {
  return filesOf(setup, call).filter(
    ({ cgoLine, isConstrained, isTest }) => cgoLine !== null && !isConstrained && !isTest
  )
}

function filesOf({ sources }: Setup, { place: { module } }: Call): readonly SourceFile[] {
  const home = module === null ? null : directoryOf(module.file)
  return home === null ? [] : (sources ?? []).filter(({ file }) => file.startsWith(`${home}/`))
}

function noCompiler(setup: Setup, call: Call): readonly Hit[] {
  const compiler = effective(setup, call, 'CC')?.split(/\s+/)[0] ?? null
  const [file] = cgoFiles(setup, call)
  if (isCgoOn(setup, call) !== true || compiler === null || file === undefined) return []
  if (setup.programs.get(compiler) !== false) return []
  const isInstallable = /^(?:gcc|cc)$/.test(compiler)
  return [
    {
      found: prose`${code(file.file)} imports "C", and the compiler ${code(compiler)} is not there.`,
      remedy: isInstallable
        ? commands(prose`install it in a step before:`, 'sudo apt-get update && sudo apt-get install -y gcc libc6-dev')
        : advice(prose`install it in a step before, or let CC name another one.`),
      place: { file: file.file, line: file.cgoLine ?? 1 }
    }
  ]
}

function needed(setup: Setup, call: Call): readonly Hit[] {
  const { module } = call.place
  if (module === null || module.module === null || isCgoOn(setup, call) !== false) return []
  const files = filesOf(setup, call).filter(({ isTest }) => !isTest)
  const home = directoryOf(module.file)
  const packages = [...new Set(cgoFiles(setup, call).map(({ file }) => directoryOf(file)))].filter((directory) =>
    files.every((one) => directoryOf(one.file) !== directory || (one.cgoLine !== null && !one.isConstrained))
  )
  return packages.flatMap((directory) => {
    const path = `${module.module}${directory.slice(home.length)}`
    const importer = files.find(
      ({ imports, isConstrained, cgoLine }) => imports.includes(path) && !isConstrained && cgoLine === null
    )
    const own = files.find((one) => directoryOf(one.file) === directory)
    if (importer === undefined || own === undefined) return []
    return [
      {
        found: `${prose`${code(importer.file)} imports ${code(path)}, which consists of cgo alone; `}${whyOff(setup, call)}.`,
        remedy: remedyOf(setup, call),
        place: { file: own.file, line: own.cgoLine ?? 1 }
      }
    ]
  })
}

/** Since Go 1.20 `go env` answers 0 where there is no compiler; a target of its own turns cgo off by itself. */
function isCgoOn(setup: Setup, call: Call): boolean | null {
  const variable = knownVariable(setup, call, 'CGO_ENABLED')
  if (variable !== null) return variable.value === '1'
  if ('CGO_ENABLED' in call.environment || setup.go === null) return null
  const isCross = ['GOOS', 'GOARCH'].some((name) => {
    const host = setup.go?.env[name.replace('GO', 'GOHOST')]
    return effective(setup, call, name) !== host
  })
  if (isCross) return false
  return setup.go.env['CGO_ENABLED'] === '1'
}

function whyOff(setup: Setup, call: Call): string {
  const variable = knownVariable(setup, call, 'CGO_ENABLED')
  if (variable !== null) return variable.words
  const compiler = effective(setup, call, 'CC') ?? 'gcc'
  return setup.go?.env['CGO_ENABLED'] === '0' && setup.programs.get(compiler.split(/\s+/)[0] ?? '') === false
    ? prose`cgo is off, since there is no C compiler ${code(compiler)}`
    : prose`cgo is off, as for every target that is not the machine itself`
}

function remedyOf(setup: Setup, call: Call): Hit['remedy'] {
  const variable = knownVariable(setup, call, 'CGO_ENABLED')
  return variable === null
    ? advice(
        prose`install a C compiler for the target, and set ${code('CGO_ENABLED=1')} and ${code('CC')}; or leave that package out.`
      )
    : resetVariable('CGO_ENABLED', variable, '1')
}

function raceWithout(setup: Setup, call: Call): readonly Hit[] {
  const name = ['race', 'msan', 'asan'].find((one) => isOn(flagOf(setup, call, one)))
  const flag = name === undefined ? null : flagOf(setup, call, name)
  const isMac = effective(setup, call, 'GOOS') === 'darwin' && name === 'race'
  if (flag === null || isMac || isCgoOn(setup, call) !== false) return []
  return [{ found: `${flag.words}; ${whyOff(setup, call)}.`, remedy: remedyOf(setup, call) }]
}

function wrongCompiler(setup: Setup, call: Call): readonly Hit[] {
  const cgo = knownVariable(setup, call, 'CGO_ENABLED')
  const [machine, host] = [effective(setup, call, 'GOARCH'), setup.go?.env['GOHOSTARCH']]
  const isSameSystem = effective(setup, call, 'GOOS') === setup.go?.env['GOHOSTOS']
  const isOwnChoice = knownVariable(setup, call, 'CC') !== null || 'CC' in call.environment
  if (cgo?.value !== '1' || machine === null || machine === host || !isSameSystem || isOwnChoice) return []
  if (host === 'amd64' && machine === '386') return []
  if (!/^(?:gcc|cc)$/.test(setup.go?.env['CC'] ?? '') || setup.platform !== 'linux') return []
  const file = filesOf(setup, call).find(
    ({ imports, isConstrained, isTest }) =>
      !isConstrained && !isTest && ['C', 'net', 'os/user'].some((path) => imports.includes(path))
  )
  if (file === undefined) return []
  return [
    {
      found: `${cgo.words}${prose`, for ${code(machine)} on ${code(host ?? '')}, with ${code(setup.go?.env['CC'] ?? '')}, and ${code(file.file)} needs it.`}`,
      remedy: advice(
        prose`name a C compiler of the target with ${code('CC')}, or leave CGO_ENABLED to Go, which turns cgo off for another target.`
      ),
      place: { file: file.file, line: file.cgoLine ?? 1 }
    }
  ]
}

function directoryOf(file: string): string {
  return file.replace(/\/[^/]+$/, '')
}
