import { code, prose } from '../model/prose.ts'
import { compareModuleVersions } from '../preflight/versions.ts'
import type { SilentDefinition, SilentHit } from './definition.ts'
import type { Program } from './green-run.ts'
import { BUILT, builtWith } from './samples.ts'

/** -o names a file that nobody wrote. */
export const notBuilt: SilentDefinition = {
  id: 'silent.not-built',
  title: 'The program was not built',
  why: 'What is uploaded or deployed next is an older program, or none.',
  meaning:
    'The command ended well, and the file that `-o` names is not there, or was not written while the command ran; `go build` touches even a program that is up to date. A script that goes on after an error (`set +e`, a shell without `-e`) ends with the status of its last command. Only looked at where every command of the script is known to do nothing but build.',
  judge: ({ programs }) =>
    programs
      .filter(({ isNamed, isThere, isNew }) => isNamed && !(isThere && isNew))
      .map(({ name, isThere }) => ({
        found: isThere
          ? prose`${code(name)} was not written by this run: it is as old as before.`
          : prose`${code(name)}, which ${code('-o')} names, is not there.`,
        remedy: { text: prose`let the script end at the first error:`, snippet: { language: 'sh', lines: ['set -e'] } }
      })),
  catches: [
    {
      command: 'set +e\ngo build -o bin/app ./cmd/app\necho done',
      prints: 'done\n',
      run: { programs: [{ ...BUILT, isThere: false, isNew: false, info: null }] }
    },
    {
      command: 'set +e\ngo build -o bin/app ./cmd/app\necho done',
      prints: 'done\n',
      run: { programs: [{ ...BUILT, isNew: false }] }
    }
  ],
  ignores: [{ command: 'go build -o bin/app ./cmd/app', prints: '', run: { programs: [BUILT] } }],
  links: [
    'https://pkg.go.dev/cmd/go#hdr-Compile_packages_and_dependencies',
    'https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#set'
  ]
}

/** Another system or processor than the script or the name says. */
export const wrongTarget: SilentDefinition = {
  id: 'silent.target',
  title: 'The program is for another target',
  why: 'It does not start on the machine that it is meant for.',
  meaning:
    'The program says for which system and processor it was built (`go version -m`). That is compared with GOOS and GOARCH that the script sets in a line of their own, without `export`, where `go` does not see them; and with a pair like `linux-arm64` in the name of the file.',
  judge: ({ programs }) => programs.flatMap(otherTarget),
  catches: [
    {
      command: 'GOOS=windows\ngo build -o bin/app.exe .',
      prints: '',
      run: { programs: [builtWith({}, { name: 'bin/app.exe' }, { unexported: { GOOS: 'windows' } })] }
    },
    {
      command: 'go build -o bin/app-linux-arm64 .',
      prints: '',
      run: { programs: [builtWith({}, { name: 'bin/app-linux-arm64' })] }
    }
  ],
  ignores: [
    {
      command: 'GOOS=windows go build -o app.exe .',
      prints: '',
      run: { programs: [builtWith({ GOOS: 'windows' }, { name: 'app.exe' })] }
    },
    {
      command: 'GOARCH=arm64 go build -o app_linux_arm64 .',
      prints: '',
      run: { programs: [builtWith({ GOARCH: 'arm64' }, { name: 'app_linux_arm64' })] }
    },
    {
      command: 'go build -o windows-manager .',
      prints: '',
      run: { programs: [builtWith({}, { name: 'windows-manager' })] }
    }
  ],
  links: ['https://go.dev/doc/install/source#environment', 'https://pkg.go.dev/cmd/go#hdr-Print_Go_version']
}

/** Built in another way than asked for. */
export const wrongFlags: SilentDefinition = {
  id: 'silent.flags',
  title: 'The program was built in another way',
  why: 'A program with cgo needs the C library of its machine, one with the race detector or coverage is slow and large.',
  meaning:
    'The program says how it was built (`go version -m`). That is compared with CGO_ENABLED where the script sets it in a line of its own, without `export`; and a program with `-race`, `-cover`, `-msan` or `-asan` is told of where no one but an older `go env -w` asked for it.',
  judge: ({ programs }) => programs.flatMap((program) => [...otherCgo(program), ...broughtAlong(program)]),
  catches: [
    {
      command: 'CGO_ENABLED=0\ngo build -o bin/app .',
      prints: '',
      run: { programs: [builtWith({ CGO_ENABLED: '1' }, {}, { unexported: { CGO_ENABLED: '0' } })] }
    },
    {
      command: 'go build -o bin/app .',
      prints: '',
      run: {
        programs: [
          builtWith(
            { '-race': 'true', CGO_ENABLED: '1' },
            {},
            {
              writtenFlags: {
                value: '-race',
                setBy: 'go env -w',
                words: '`GOFLAGS=-race` in `/home/me/.config/go/env`, which `go env -w` wrote'
              }
            }
          )
        ]
      }
    }
  ],
  ignores: [
    { command: 'CGO_ENABLED=0 go build -o bin/app .', prints: '', run: { programs: [BUILT] } },
    {
      command: 'go build -race -o bin/app .',
      prints: '',
      run: { programs: [builtWith({ '-race': 'true', CGO_ENABLED: '1' })] }
    }
  ],
  links: ['https://pkg.go.dev/cmd/go#hdr-Print_Go_version', 'https://pkg.go.dev/cmd/cgo']
}

/** An older module than go.mod asks for. */
export const olderModule: SilentDefinition = {
  id: 'silent.module-version',
  title: 'The program holds an older module than go.mod asks for',
  why: 'What go.mod says was fixed is not in the program.',
  meaning:
    'The program names the version of every module in it (`go version -m`). One that is older than its line in go.mod comes from another file of requirements (`-modfile` in GOFLAGS), or from a program that was not built anew. Replaced modules and workspaces are left aside: there the version is not that of go.mod.',
  judge: ({ programs }) => programs.flatMap(older),
  catches: [
    {
      command: 'go build -o bin/app .',
      prints: '',
      run: {
        programs: [
          builtWith(
            {},
            { info: { settings: {}, modules: [{ path: 'example.com/x', version: 'v1.2.2', replacedBy: null }] } },
            {
              otherModFile: {
                value: '-modfile=old.mod',
                setBy: 'environment',
                words: '`GOFLAGS=-modfile=old.mod` in the environment'
              }
            }
          )
        ]
      }
    }
  ],
  ignores: [
    {
      command: 'go build -o bin/app .',
      prints: '',
      run: {
        programs: [
          builtWith(
            {},
            { info: { settings: {}, modules: [{ path: 'example.com/x', version: 'v1.3.0', replacedBy: null }] } }
          )
        ]
      }
    },
    {
      command: 'go build -o bin/app .',
      prints: '',
      run: {
        programs: [
          builtWith(
            {},
            { info: { settings: {}, modules: [{ path: 'example.com/x', version: 'v1.0.0', replacedBy: './x' }] } }
          )
        ]
      }
    }
  ],
  links: ['https://go.dev/ref/mod#minimal-version-selection', 'https://pkg.go.dev/cmd/go#hdr-Print_Go_version']
}

/** -buildvcs=true, and no stamp. */
export const noStamp: SilentDefinition = {
  id: 'silent.vcs',
  title: 'The program has no stamp of its commit',
  why: 'Nobody can tell from the program what it was built from.',
  meaning:
    'With `-buildvcs=true` Go writes the commit into the program. A package named by its files (`main.go`) or outside of the repository of the module gets none, and Go does not say so.',
  judge: ({ programs }) =>
    programs
      .filter(({ asked, info }) => asked.isStampWanted && info !== null && info.settings['vcs.revision'] === undefined)
      .map(({ name }) => ({
        found: prose`${code(name)} has no ${code('vcs.revision')}, and ${code('-buildvcs=true')} asks for it.`,
        remedy: {
          text: prose`build the package by its path and not by its files, in a checkout with its history:`,
          snippet: { language: 'sh', lines: ['go build -buildvcs=true -o app .'] }
        }
      })),
  catches: [
    {
      command: 'go build -buildvcs=true -o bin/app main.go',
      prints: '',
      run: {
        programs: [builtWith({}, { info: { settings: { GOOS: 'linux' }, modules: [] } }, { isStampWanted: true })]
      }
    }
  ],
  ignores: [
    {
      command: 'go build -buildvcs=true -o bin/app .',
      prints: '',
      run: { programs: [builtWith({}, {}, { isStampWanted: true })] }
    }
  ],
  links: ['https://pkg.go.dev/cmd/go#hdr-Compile_packages_and_dependencies']
}

const SYSTEMS = 'aix|android|darwin|dragonfly|freebsd|illumos|ios|linux|netbsd|openbsd|plan9|solaris|wasip1|windows'
const MACHINES = '386|amd64|arm64|arm|loong64|mips64le|mips64|mipsle|mips|ppc64le|ppc64|riscv64|s390x|wasm'
/** `app-linux-arm64`, `app_linux_arm64.exe`, `linux_amd64/app`; `armv7` and `amd64v3` are of arm and amd64. */
const PAIR = new RegExp(`(?:^|[^A-Za-z0-9])(${SYSTEMS})[-_/.](${MACHINES})(?:v\\d)?(?=$|[^A-Za-z0-9])`)

function otherTarget({ name, info, isNew, asked }: Program): readonly SilentHit[] {
  const { GOOS: system, GOARCH: machine } = info?.settings ?? {}
  if (system === undefined || machine === undefined || !isNew) return []
  const built = `${system}/${machine}`
  for (const [variable, is] of [
    ['GOOS', system],
    ['GOARCH', machine]
  ] as const) {
    const wanted = asked.unexported[variable]
    if (wanted == null || wanted === '' || wanted === is) continue
    return [
      {
        found: prose`${code(name)} is for ${code(built)}; ${code(`${variable}=${wanted}`)} stands in a line of its own, and ${code('go')} does not see it.`,
        remedy: { text: prose`export it:`, snippet: { language: 'sh', lines: [`export ${variable}=${wanted}`] } }
      }
    ]
  }
  const [, namedSystem, namedMachine] = PAIR.exec(name) ?? []
  if (namedSystem === undefined || (namedSystem === system && namedMachine === machine)) return []
  return [
    {
      found: prose`${code(name)} is for ${code(built)}.`,
      remedy: {
        text: prose`build it for what its name says:`,
        snippet: { language: 'sh', lines: [`GOOS=${namedSystem} GOARCH=${namedMachine} go build -o ${name}`] }
      }
    }
  ]
}

function otherCgo({ name, info, isNew, asked }: Program): readonly SilentHit[] {
  const is = info?.settings['CGO_ENABLED']
  const wanted = asked.unexported['CGO_ENABLED']
  if (is === undefined || wanted == null || wanted === '' || wanted === is || !isNew) return []
  return [
    {
      found: prose`${code(name)} was built with ${code(`CGO_ENABLED=${is}`)}; ${code(`CGO_ENABLED=${wanted}`)} stands in a line of its own, and ${code('go')} does not see it.`,
      remedy: { text: prose`export it:`, snippet: { language: 'sh', lines: [`export CGO_ENABLED=${wanted}`] } }
    }
  ]
}

function broughtAlong({ name, info, asked: { writtenFlags } }: Program): readonly SilentHit[] {
  const flag = ['-race', '-cover', '-msan', '-asan'].find((one) => info?.settings[one] === 'true')
  if (flag === undefined || writtenFlags === null || !writtenFlags.value.split(/\s+/).includes(flag)) return []
  return [
    {
      found: `${prose`${code(name)} was built with ${code(flag)}: `}${writtenFlags.words}.`,
      remedy: {
        text: prose`take it back, in a step before:`,
        snippet: { language: 'sh', lines: ['go env -u GOFLAGS'] }
      }
    }
  ]
}

function older({ name, info, isNew, asked }: Program): readonly SilentHit[] {
  if (info === null || !isNew) return []
  for (const { path, version } of asked.requires) {
    const built = info.modules.find((module) => module.path === path && module.replacedBy === null)
    if (built === undefined || (compareModuleVersions(built.version, version) ?? 0) >= 0) continue
    const because = asked.otherModFile === null ? '' : `; ${asked.otherModFile.words}`
    return [
      {
        found: `${prose`${code(name)} holds ${code(`${path} ${built.version}`)}, and go.mod requires ${code(version)}`}${because}.`,
        remedy: {
          text: prose`see where it comes from:`,
          snippet: { language: 'sh', lines: ['go env GOFLAGS GOWORK', `go list -m ${path}`] }
        }
      }
    ]
  }
  return []
}
