import type { Remedy } from '../../model/diagnosis.ts'
import type { LogLine } from '../../model/evidence.ts'
import { code, type Prose, prose } from '../../model/prose.ts'
import { advice, commands, type Definition, decidedByWording, inputs } from '../definition.ts'
import { group } from '../log-hits.ts'
import { STD_PACKAGE } from './std-packages.ts'

/** A Go that is too old, incomplete or not to be had. */
export const toolchainVersion: Definition = decidedByWording({
  id: 'toolchain.version',
  title: 'The Go version does not fit',
  meaning:
    'The module, or one that it needs, asks for a newer Go than the one that runs; or a Go that was asked for cannot be had; or the installation is incomplete or mixed from two releases. From Go 1.21 on a `go` command fetches the release that `go.mod` asks for, unless `GOTOOLCHAIN=local` forbids it; older releases stumble over the syntax of a newer `go.mod` or over a package of the standard library that they do not have.',
  patterns: [
    {
      // go: go.mod requires go >= 1.26 (running go 1.25.0; GOTOOLCHAIN=local)   (cmd/go/internal/gover)
      name: 'requires',
      anchor: ['requires go ', 'requires Go ', 'requires newer Go version', 'maximum version supported by tidy'],
      regex:
        /(?:^|\s)(?<what>\S{1,300}) requires go (?:>=|version) ?(?<wanted>1\.\d{1,3}\S{0,12}) \(running go ?(?<running>[^\s;)]{1,20})|module requires Go (?<noted>1\.\d{1,3}\S{0,12})|imported by a module that requires go (?<importer>1\.\d{1,3}\S{0,12})|requires newer Go version go(?<needed>1\.\d{1,3}\S{0,12})|go\.mod file indicates go (?<indicated>1\.\S{1,12}), but maximum version supported by tidy/,
      unless: /_test\.go:\d|switching to go/
    },
    {
      // go: download go1.22 for linux/amd64: toolchain not available · go: cannot find "go1.24.1" in PATH
      name: 'download',
      anchor: [
        'toolchain not available',
        'golang.org/toolchain@',
        'in PATH',
        'invalid GOTOOLCHAIN',
        'invalid toolchain'
      ],
      regex:
        /download go(?<release>1\.\S{1,20})(?: for \S{1,40})?: (?:toolchain not available|golang\.org\/toolchain@\S{1,80}: .{0,300}(?:40[34]|410) )|cannot find "go(?<named>1\.[^"]{1,20})" in PATH|go: invalid GOTOOLCHAIN|invalid toolchain(?: version)?:? /
    },
    {
      // /src/go.mod:3: invalid go version '1.23.0': must match format 1.23 · go.mod:5: unknown directive: toolchain
      name: 'syntax',
      anchor: ['go.mod:', 'go.work:'],
      regex:
        /go\.mod:\d{1,6}: (?:invalid go version '(?<syntax>1\.2\d[^']{0,12})': must match format|unknown (?:directive|block type): (?<directive>toolchain|godebug|tool|ignore|retract|exclude)\b)/
    },
    {
      // a.go:11:2: package slices is not in GOROOT (/usr/local/go/src/slices) · cannot find package "embed" in any of:
      name: 'std',
      anchor: [
        'is not in ',
        'cannot find package ',
        'unrecognized import path ',
        'malformed module path ',
        'cannot find module providing package '
      ],
      regex: new RegExp(
        `package (?<package>${STD_PACKAGE}) is not in (?:GOROOT|std)\\b|cannot find package \\\\?"(?<old>${STD_PACKAGE})\\\\?" in|unrecognized import path \\\\?"(?<vcs>${STD_PACKAGE})\\\\?"|malformed module path \\\\?"(?<path>${STD_PACKAGE})\\\\?": missing dot|cannot find module providing package (?<module>${STD_PACKAGE})(?:$|[:;]\\s)`
      ),
      unless: /_test\.go:\d{1,7}: (?!package |cannot find package |\d)/
    },
    {
      // go: no such tool "covdata" · compile: version "go1.22.1" does not match go tool version "go1.22.4"
      name: 'installation',
      anchor: [
        'no such tool',
        'does not match go tool version',
        'cannot find GOROOT directory',
        'GOROOT_BOOTSTRAP',
        'building_Go_requires_Go_',
        'used to build golangci-lint is lower',
        'Unable to find Go version',
        'unsupported version of go:',
        'object is ['
      ],
      regex:
        /(?:^|\s)(?:go: |go tool: )?no such tool "(?<tool>[^"]{1,60})"|version "(?<object>[^"]{1,60})" does not match go tool version "(?<command>[^"]{1,60})"|cannot find GOROOT directory|Cannot find \S{1,300}\. Set \$GOROOT_BOOTSTRAP|building_Go_requires_Go_(?<bootstrap>1_\d{1,2}\S{0,10})|Go language version \(go(?<linter>\S{1,20})\) used to build golangci-lint is lower than the targeted Go version \((?<targeted>[^)]{1,20})\)|Unable to find Go version '(?<setup>[^']{1,40})'|object is \[\S{1,30} \S{1,30} \S{1,60}.{0,200}\] expected \[/
    },
    {
      // go work: unknown command · go telemetry: unknown command   (commands of later releases)
      name: 'command',
      anchor: ': unknown command',
      regex: /^\s*go (?<subcommand>work|telemetry|mod|bug): unknown command/
    }
  ],
  endedBy: 'itself',
  says: saysWhy,
  fix: remediesFor,
  catches: [
    { log: 'go: go.mod requires go >= 1.26.0 (running go 1.25.0; GOTOOLCHAIN=local)\n', exitCode: 1 },
    {
      log: "go: errors parsing go.mod:\n/src/app/go.mod:3: invalid go version '1.23.0': must match format 1.23\n/src/app/go.mod:5: unknown directive: toolchain\n",
      exitCode: 1
    },
    {
      log: '../../go/pkg/mod/example.com/x@v0.30.0/external.go:16:2: package slices is not in GOROOT (/opt/go/1.18.10/x64/src/slices)\n',
      exitCode: 1
    },
    { log: 'go: download go1.24 for linux/amd64: toolchain not available\n', exitCode: 1 },
    { log: '# example.com/app\n./a.go:9:12: undefined: slices.Sorted\nnote: module requires Go 1.23\n', exitCode: 1 },
    { log: '# internal/abi\ncompile: version "go1.22.1" does not match go tool version "go1.22.4"\n', exitCode: 1 },
    {
      log: 'main.go:4:2: cannot find package "embed" in any of:\n\t/usr/lib/go-1.13/src/embed (from $GOROOT)\n',
      exitCode: 1
    },
    { log: 'go: no such tool "covdata"\nFAIL\texample.com/app [build failed]\n', exitCode: 1 }
  ],
  ignores: [
    { log: 'main.go:4:2: package internal/app is not in std (/usr/local/go/src/internal/app)\n', exitCode: 1 },
    {
      log: 'go: example.com/x@v1.2.0 requires go >= 1.23; switching to go1.23.4\n./main.go:3:1: undefined: y\n',
      exitCode: 1
    },
    { log: 'go: errors parsing go.mod:\n/src/app/go.mod:7: unknown directive: requires\n', exitCode: 1 },
    {
      log: '--- FAIL: TestVersion (0.00s)\n    v_test.go:9: a requires go >= 1.99 (running go 1.26)\nFAIL\n',
      exitCode: 1
    }
  ],
  links: ['https://go.dev/doc/toolchain', 'https://go.dev/doc/devel/release', 'https://go.dev/ref/mod#go-mod-file-go']
})

const WANTED = ['wanted', 'noted', 'importer', 'needed', 'indicated', 'release', 'named', 'syntax', 'targeted', 'setup']
const PACKAGE = ['package', 'old', 'vcs', 'path', 'module']

function oneOf(line: LogLine, names: readonly string[]): string | null {
  return names.map((name) => group(line, name)).find((text) => text !== null) ?? null
}

function saysWhy(line: LogLine): Prose {
  const wanted = oneOf(line, WANTED)
  const running = group(line, 'running')
  const what = group(line, 'what')
  const name = oneOf(line, PACKAGE)
  if (what !== null && wanted !== null && running !== null)
    return prose`${code(what)} needs Go ${code(wanted)}, and Go ${code(running)} runs.`
  if (name !== null)
    return prose`The package ${code(name)} of the standard library is missing: this Go is older than what is built needs, or incomplete.`
  const directive = group(line, 'directive')
  if (directive !== null) return prose`This Go is older than the directive ${code(directive)} in ${code('go.mod')}.`
  if (group(line, 'syntax') !== null)
    return prose`${code('go.mod')} asks for Go ${code(wanted ?? '')}, written in a way that this Go is too old to read.`
  const tool = group(line, 'tool')
  if (tool !== null) return prose`This installation of Go lacks the tool ${code(tool)}.`
  return prose`The Go that runs does not fit what is built: ${code(line.text.trim())}.`
}

/** The release as `setup-go` takes it: digits and dots only. */
function remediesFor(line: LogLine): readonly Remedy[] {
  const wanted = /^1\.\d{1,3}(?:\.\d{1,3})?/.exec(oneOf(line, WANTED) ?? '')?.[0] ?? null
  const running = group(line, 'running')
  const reinstall = advice(
    prose`install one release into an empty directory: files of two releases in one ${code('GOROOT')} do not work together.`
  )
  if (group(line, 'tool') !== null || group(line, 'object') !== null)
    return [
      reinstall,
      commands(prose`see which installation runs:`, ['go version', 'go env GOROOT GOTOOLCHAIN', 'which -a go'])
    ]
  return [
    wanted === null
      ? advice(
          prose`install the Go release that ${code('go.mod')} asks for (${code('actions/setup-go')} with ${code('go-version-file: go.mod')}).`
        )
      : inputs(prose`install the release that is asked for (${code('actions/setup-go')}):`, [
          `go-version: '${wanted}'${running === null ? '' : '   # or newer'}`
        ]),
    commands(prose`or let Go fetch it (from Go 1.21 on), unless that was switched off on purpose:`, [
      'go env -u GOTOOLCHAIN',
      'GOTOOLCHAIN=auto go version'
    ])
  ]
}
