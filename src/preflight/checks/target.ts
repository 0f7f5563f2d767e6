import { code, prose } from '../../model/prose.ts'
import { advice, type Check, distinct, type Hit, resetVariable } from '../definition.ts'
import type { Call, Setup } from '../setup.ts'
import { buildingCalls, effective, flagOf, isOn, knownVariable, variableOf } from '../variables.ts'

/** What people write for systems and machines that Go calls otherwise. */
const MEANT: Readonly<Record<string, string>> = {
  macos: 'darwin',
  mac: 'darwin',
  osx: 'darwin',
  win: 'windows',
  win32: 'windows',
  win64: 'windows',
  x86_64: 'amd64',
  x64: 'amd64',
  x86: '386',
  i386: '386',
  i686: '386',
  aarch64: 'arm64',
  armv6: 'arm',
  armv7: 'arm'
}

/** GOOS and GOARCH that are no target. */
export const target: Check = {
  id: 'preflight.target',
  title: 'Go has no such target',
  why: 'Go builds for the pairs of GOOS and GOARCH that its release lists, and for no others.',
  when: 'Said where GOOS or GOARCH is set for a call of `go`, and `GOROOT/src/internal/platform/zosarch.go` does not list the pair.',
  examine: (setup) => distinct([null, ...buildingCalls(setup)].flatMap((call) => noTarget(setup, call))),
  links: ['https://go.dev/doc/install/source#environment']
}

/** GOAMD64 and its like (internal/buildcfg/cfg.go). */
const LEVELS: Readonly<Record<string, { readonly machine: string; readonly form: RegExp; readonly instead: string }>> =
  {
    GOAMD64: { machine: 'amd64', form: /^v[1-4]$/, instead: 'v1' },
    GOARM: { machine: 'arm', form: /^[567](?:,(?:hardfloat|softfloat))?$/, instead: '7' },
    GO386: { machine: '386', form: /^(?:sse2|softfloat)$/, instead: 'sse2' },
    GORISCV64: { machine: 'riscv64', form: /^rva\d\du64$/, instead: 'rva20u64' },
    GOPPC64: { machine: 'ppc64', form: /^power\d+$/, instead: 'power8' },
    GOMIPS: { machine: 'mips', form: /^(?:hardfloat|softfloat)$/, instead: 'hardfloat' }
  }

export const targetLevel: Check = {
  id: 'preflight.target-level',
  title: 'Go has no such level of a processor',
  why: 'Go does not refuse a level that it does not know: it compiles for the lowest one, and stamps the other into the program.',
  when: 'Said for a GOAMD64, GOARM, GO386, GORISCV64, GOPPC64 or GOMIPS of another form than Go reads, if the target is of that processor.',
  examine: (setup) => distinct([null, ...buildingCalls(setup)].flatMap((call) => noLevel(setup, call))),
  links: ['https://go.dev/doc/install/source#environment', 'https://go.dev/wiki/MinimumRequirements']
}

/** Tests of another system. */
export const targetNotRunnable: Check = {
  id: 'preflight.target-not-runnable',
  title: 'The target cannot run here',
  why: '`go test` and `go run` execute what they built, and this machine cannot execute programs of that system.',
  when: 'Said where `go test` (without `-c`) or `go run` builds for another GOOS, or on Linux for a foreign GOARCH, and there is neither `-exec`, nor a `go_GOOS_GOARCH_exec` in PATH, nor anything registered in binfmt_misc.',
  examine: (setup) => distinct(buildingCalls(setup).flatMap((call) => foreign(setup, call))),
  links: [
    'https://pkg.go.dev/cmd/go#hdr-Compile_and_run_Go_program',
    'https://docs.kernel.org/admin-guide/binfmt-misc.html'
  ]
}

/** `go: unsupported GOOS/GOARCH pair macos/amd64`, which is all that `go env` says then; `null` for anything else. */
export function refusedTarget(refusal: string | null): { readonly system: string; readonly machine: string } | null {
  const [, system, machine] = /unsupported GOOS\/GOARCH pair (\w+)\/(\w+)/.exec(refusal ?? '') ?? []
  return system === undefined || machine === undefined ? null : { system, machine }
}

function noTarget(setup: Setup, call: Call | null): readonly Hit[] {
  const refused = refusedTarget(setup.refusal)
  const system = refused?.system ?? effective(setup, call, 'GOOS')
  const machine = refused?.machine ?? effective(setup, call, 'GOARCH')
  const isListed = setup.targets?.includes(`${system}/${machine}`) ?? refused === null
  if (system === null || machine === null || isListed) return []
  const variables = ['GOOS', 'GOARCH'].flatMap((name) => {
    const variable = knownVariable(setup, call, name)
    return variable === null ? [] : [{ name, variable, meant: MEANT[variable.value.toLowerCase()] ?? null }]
  })
  const wrong = variables.find(({ meant }) => meant !== null) ?? variables[0]
  if (wrong === undefined) return []
  const remedy =
    wrong.meant === null
      ? advice(prose`${code('go tool dist list')} names every pair.`)
      : resetVariable(wrong.name, wrong.variable, wrong.meant)
  return [
    { found: `${wrong.variable.words}: ${prose`no release of Go builds for ${code(`${system}/${machine}`)}`}.`, remedy }
  ]
}

function noLevel(setup: Setup, call: Call | null): readonly Hit[] {
  return Object.entries(LEVELS).flatMap(([name, { machine, form, instead }]) => {
    const variable = knownVariable(setup, call, name)
    if (variable === null || variable.setBy === 'release' || form.test(variable.value)) return []
    if (effective(setup, call, 'GOARCH')?.replace(/le$/, '') !== machine) return []
    return [{ found: `${variable.words}.`, remedy: resetVariable(name, variable, instead) }]
  })
}

/** A processor runs programs of these as well. */
const ALSO_RUNS: Readonly<Record<string, readonly string[]>> = {
  amd64: ['386'],
  arm64: ['arm'],
  ppc64le: [],
  s390x: []
}

function foreign(setup: Setup, call: Call): readonly Hit[] {
  const runs = call.verb === 'run' || (call.verb === 'test' && !isOn(flagOf(setup, call, 'c')))
  if (!runs || call.flags['exec'] !== undefined || flagOf(setup, call, 'exec') !== null) return []
  if (variableOf(setup, call, 'GOOS') === 'unknown' || variableOf(setup, call, 'GOARCH') === 'unknown') return []
  const system = effective(setup, call, 'GOOS')
  const machine = effective(setup, call, 'GOARCH')
  const [hostSystem, hostMachine] = [setup.go?.env['GOHOSTOS'] ?? null, setup.go?.env['GOHOSTARCH'] ?? null]
  if (system === null || machine === null || hostSystem === null || hostMachine === null) return []
  if (setup.targets?.includes(`${system}/${machine}`) !== true || setup.runsForeignPrograms !== false) return []
  const isForeign = system !== hostSystem || (system === 'linux' && machine !== hostMachine)
  const isRelated = system === hostSystem && ALSO_RUNS[hostMachine]?.includes(machine) === true
  const runner = `go_${system}_${machine}_exec`
  if (!isForeign || isRelated || setup.programs.get(runner) !== false) return []
  const variable = knownVariable(setup, call, system === hostSystem ? 'GOARCH' : 'GOOS')
  if (variable === null) return []
  return [
    {
      found: `${variable.words}${prose` for ${code(`go ${call.verb}`)}, on ${code(`${hostSystem}/${hostMachine}`)}.`}`,
      remedy: advice(
        prose`build the tests only, with ${code('go test -c')} or ${code('go vet')}; or name a program that runs them with ${code('-exec')}.`
      )
    }
  ]
}
