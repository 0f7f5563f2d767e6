import { code, figure, prose } from '../../model/prose.ts'
import { advice, type Check, commands, distinct, type Hit, resetVariable } from '../definition.ts'
import type { Call, Setup } from '../setup.ts'
import { buildingCalls, effective, flagOf, goFlags, knownVariable, moduleCalls, variableOf } from '../variables.ts'
import { refusedTarget } from './target.ts'

/** Go itself refuses a setting. */
export const goEnv: Check = {
  id: 'preflight.go-env',
  title: 'Go refuses a setting',
  why: 'What stops `go env` stops every other go command in the same way.',
  when: 'Said where `go env`, asked in the working directory with the environment of the build, ends with an error; in its words. So it does for a cache or a temporary directory that cannot be had, and for values that it cannot read.',
  examine: ({ refusal }) => {
    if (refusal === null || refusedTarget(refusal) !== null) return []
    return [
      {
        found: prose`${code('go env')} ends with an error in the working directory: ${code(refusal)}.`,
        remedy: commands(
          prose`correct what it names; a variable is set here or there:`,
          "env | grep -E '^(GO|CGO|TMPDIR|HOME)'",
          'cat "$(go env GOENV)"'
        )
      }
    ]
  },
  links: ['https://pkg.go.dev/cmd/go#hdr-Environment_variables']
}

/** GO111MODULE=off beside a go.mod. */
export const modulesOff: Check = {
  id: 'preflight.modules-off',
  title: 'GO111MODULE=off hides go.mod',
  why: 'Without modules Go ignores go.mod and looks for every import in GOPATH: other versions, or none.',
  when: 'Said where GO111MODULE is `off` for a call of `go` below a go.mod, outside of `GOPATH/src`.',
  examine: (setup) => distinct(buildingCalls(setup).flatMap((call) => hiddenModule(setup, call))),
  links: ['https://go.dev/ref/mod#mod-commands']
}

/** GOFLAGS that no go command takes. */
export const goFlagsRefused: Check = {
  id: 'preflight.goflags',
  title: 'A flag cannot take effect',
  why: 'Go stops at a flag that it cannot follow, whichever package is built.',
  when: 'Said for an entry of GOFLAGS that does not begin with `-`; for `-modfile` or `-overlay` naming a file that is not there; for `-mod=mod` and `-modfile` in a workspace; and for `-mod=vendor` in a module that requires others and has no `vendor/modules.txt`.',
  examine: (setup) => [
    ...distinct([null, ...buildingCalls(setup)].flatMap((call) => notAFlag(setup, call))),
    ...distinct(moduleCalls(setup).flatMap((call) => [...againstWorkspace(setup, call), ...withoutVendor(setup, call)]))
  ],
  links: ['https://pkg.go.dev/cmd/go#hdr-Environment_variables', 'https://go.dev/ref/mod#build-commands']
}

/** GOFLAGS in the environment hides that of `go env -w`. */
export const goFlagsHidden: Check = {
  id: 'preflight.goflags-hidden',
  title: 'GOFLAGS is set twice',
  why: 'The environment replaces what `go env -w` wrote, it does not add to it: those flags are lost.',
  when: 'Said where GOFLAGS stands both in the environment and in the file of `go env -w`, and a flag of the file is missing from the environment.',
  examine: (setup) => {
    const shown = setup.environment['GOFLAGS'] ?? ''
    const written = setup.written?.values['GOFLAGS'] ?? ''
    const lost = shown === '' ? [] : goFlags(written).filter((flag) => !goFlags(shown).includes(flag))
    if (setup.written === null || lost.length === 0) return []
    const both = [...new Set([...goFlags(written), ...goFlags(shown)])].join(' ')
    return [
      {
        found: prose`${code(`GOFLAGS=${shown}`)} in the environment hides ${code(lost.join(' '))}, which ${code('go env -w')} wrote to ${code(setup.written.file)}.`,
        remedy: {
          text: prose`set all of them in one place:`,
          snippet: { language: 'yaml', lines: ['env:', `  GOFLAGS: ${both}`] }
        }
      }
    ]
  },
  links: ['https://pkg.go.dev/cmd/go#hdr-Print_Go_environment_information']
}

/** Variables that decide what is built. */
const DECIDING = ['GOOS', 'GOARCH', 'GOFLAGS', 'GO111MODULE', 'CGO_ENABLED', 'GOWORK', 'GOEXPERIMENT']

/** What an earlier job left in the file of `go env -w`. */
export const goEnvLeftover: Check = {
  id: 'preflight.go-env-leftover',
  title: 'An earlier job left Go settings behind',
  why: 'They outlive the job that wrote them, and change what every later job on this machine builds.',
  when: 'Said on a self-hosted runner outside of containers, where the file of `go env -w` was last written before this job began and sets GOOS, GOARCH, GOFLAGS, GO111MODULE, CGO_ENABLED, GOWORK or GOEXPERIMENT.',
  examine: ({ written, jobStartMs, environment }) => {
    if (written?.modifiedMs == null || jobStartMs === null || written.modifiedMs > jobStartMs - 60_000) return []
    const left = DECIDING.filter((name) => written.values[name] && environment[name] === undefined)
    if (left.length === 0) return []
    const settings = left.map((name) => `${name}=${written.values[name]}`)
    return [
      {
        found: prose`${code(settings.join(' '))} in ${code(written.file)}, written before this job began.`,
        remedy: commands(prose`take it back once, on the runner or in a step before:`, `go env -u ${left.join(' ')}`)
      }
    ]
  },
  links: ['https://pkg.go.dev/cmd/go#hdr-Print_Go_environment_information']
}

/** Directories that Go cannot use. */
export const goDirectories: Check = {
  id: 'preflight.go-directory',
  title: 'A directory of Go cannot be used',
  why: 'Go leaves aside a go.mod in the root of GOPATH, and installs to an absolute place alone.',
  when: 'Said where the module of a call of `go` stands in the root of GOPATH, and where GOBIN is not absolute and `go install` is called.',
  examine: (setup) => distinct(buildingCalls(setup).flatMap((call) => misplaced(setup, call))),
  links: ['https://pkg.go.dev/cmd/go#hdr-GOPATH_environment_variable']
}

function hiddenModule(setup: Setup, call: Call): readonly Hit[] {
  const variable = knownVariable(setup, call, 'GO111MODULE')
  const { module } = call.place
  const roots = (effective(setup, call, 'GOPATH') ?? '').split(setup.platform === 'win32' ? ';' : ':')
  if (variable?.value !== 'off' || module === null || roots.some((root) => call.directory.startsWith(`${root}/src/`)))
    return []
  return [
    {
      found: `${variable.words}${prose`, and ${code(module.file)} is there.`}`,
      remedy: resetVariable('GO111MODULE', variable, null),
      place: { file: module.file, line: 1 }
    }
  ]
}

/** cmd/go/internal/base/goflags.go: `-`, `--`, `---x`, `-=x` and anything without a hyphen are no flags. */
function notAFlag(setup: Setup, call: Call | null): readonly Hit[] {
  const variable = knownVariable(setup, call, 'GOFLAGS')
  const wrong = goFlags(variable?.value ?? '').find((flag) => !/^--?[^-=]/.test(flag))
  if (variable === null || wrong === undefined || setup.go === null) return []
  return [
    {
      found: `${variable.words}${prose`: ${code(wrong)} is no flag.`}`,
      remedy: resetVariable('GOFLAGS', variable, null)
    }
  ]
}

function againstWorkspace(setup: Setup, call: Call): readonly Hit[] {
  const { workspace } = call.place
  const mode = flagOf(setup, call, 'mod')
  const file = flagOf(setup, call, 'modfile')
  if (workspace?.content == null) return []
  const remedy = advice(prose`take the flag out, or build without the workspace: ${code('GOWORK=off')}.`)
  return [...(mode?.value === 'mod' ? [mode] : []), ...(file === null ? [] : [file])].map(({ words }) => ({
    found: `${words}${prose`, in the workspace of ${code(workspace.file)}.`}`,
    remedy
  }))
}

function withoutVendor(setup: Setup, call: Call): readonly Hit[] {
  const { workspace, module, vendor } = call.place
  const mode = flagOf(setup, call, 'mod')
  if (
    mode?.value !== 'vendor' ||
    workspace !== null ||
    module === null ||
    vendor !== null ||
    module.requires.length === 0
  )
    return []
  return [
    {
      found: `${mode.words}${prose`, and there is no ${code('vendor/modules.txt')} beside ${code(module.file)}, which requires ${figure(module.requires.length)} modules.`}`,
      remedy: commands(prose`write it, and commit it:`, 'go mod vendor')
    }
  ]
}

function misplaced(setup: Setup, call: Call): readonly Hit[] {
  const { module } = call.place
  const [root = ''] = (effective(setup, call, 'GOPATH') ?? '').split(setup.platform === 'win32' ? ';' : ':')
  const bin = variableOf(setup, call, 'GOBIN')
  const inRoot: readonly Hit[] =
    module !== null && root !== '' && module.file === `${root}/go.mod`
      ? [
          {
            found: prose`${code(module.file)} stands in the root of ${code(`GOPATH=${root}`)}.`,
            remedy: advice(prose`check out into another directory, or give GOPATH another one.`),
            place: { file: module.file, line: 1 }
          }
        ]
      : []
  if (bin === null || bin === 'unknown' || call.verb !== 'install' || /^(?:\/|[A-Za-z]:)/.test(bin.value)) return inRoot
  return [...inRoot, { found: `${bin.words}.`, remedy: advice(prose`give GOBIN an absolute path.`) }]
}
