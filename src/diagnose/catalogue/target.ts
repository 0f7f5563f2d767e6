import { code, prose } from '../../model/prose.ts'
import { advice, commands, type Definition, decidedByWording } from '../definition.ts'
import { group } from '../log-hits.ts'
import { plainName } from '../plain-name.ts'

/** A system and architecture for which Go has no port, or a mode that the port lacks. */
export const targetUnsupported: Definition = decidedByWording({
  id: 'target.unsupported',
  title: 'Go has no such target',
  meaning:
    '`GOOS` and `GOARCH` name the system and the architecture that the program is for, and this installation of Go has no port to that pair: a misspelt name (`x86_64` for `amd64`, `macos` for `darwin`), the two mixed up, a value left over from another step, or a pair that this release does not have yet or no longer has.',
  patterns: [
    {
      // go: unsupported GOOS/GOARCH pair windows/x86_64 · cmd/go: unsupported GOOS/GOARCH pair … (before go 1.21)
      name: 'pair',
      anchor: ['unsupported GOOS', 'unsupported GOARCH', 'unknown $GOOS', 'unknown $GOARCH', 'unknown goarch'],
      regex:
        /unsupported GOOS\/GOARCH(?: pair)?:? (?<pair>\S{1,60})|(?:unsupported|unknown) \$?GOOS(?:=| )\S|(?:unsupported|unknown) \$?GOARCH(?:=| )\S|go tool dist: unknown goarch/,
      unless: /_test\.go:\d/
    },
    {
      // -race is not supported on linux/riscv64 · -buildmode=plugin not supported on windows/amd64   (cmd/go/internal/work/init.go)
      name: 'mode',
      anchor: [' not supported on ', ' is only supported on '],
      regex:
        /^(?:go(?: \w{1,10})?: )?-(?<mode>race|msan|asan|fuzz|linkshared|buildmode=\S{1,20})(?: flag)? (?:is )?(?:not|only) supported on (?<port>[a-z0-9]{2,20}\/\S{2,30})/
    },
    {
      // go: invalid GOARM: must start with 5, 6, or 7, … · Invalid GOAMD64 value. Must be one of v1, v2, v3, v4.
      name: 'level',
      anchor: ['nvalid GO', 'nvalid $GO'],
      regex: /\b[Ii]nvalid \$?GO(?:386|AMD64|ARM64|ARM|MIPS64|MIPS|PPC64|RISCV64|WASM)\b/
    }
  ],
  endedBy: 'itself',
  says: (line) => {
    const pair = group(line, 'pair')
    if (pair !== null) return prose`This Go has no port to ${code(pair)}.`
    const mode = group(line, 'mode')
    if (mode !== null) return prose`${code(`-${mode}`)} does not exist for ${code(group(line, 'port') ?? '')}.`
    return prose`The target is not known to this Go: ${code(line.text.trim())}.`
  },
  fix: () => [
    commands(prose`see which targets this Go has, and what is set here:`, ['go tool dist list', 'go env GOOS GOARCH']),
    advice(
      prose`correct ${code('GOOS')} and ${code('GOARCH')} in the workflow or the script; a value set by ${code('go env -w')} is removed with ${code('go env -u GOOS GOARCH')}.`
    )
  ],
  catches: [
    { log: 'go: unsupported GOOS/GOARCH pair macos/x86_64\n', exitCode: 1 },
    {
      log: 'cmd/go: unsupported GOOS/GOARCH pair windows/ppc64\nmake: *** [app.exe] Error 2\n',
      exitCode: 2
    },
    { log: '-race is not supported on linux/386\n', exitCode: 2 },
    { log: 'go build: -buildmode=plugin not supported on windows/amd64\n', exitCode: 1 }
  ],
  ignores: [
    { log: '    skip_test.go:5: fsnotify is not supported on plan9/386\n--- SKIP: TestWatch (0.00s)\n', exitCode: 1 },
    { log: 'operation not supported on socket\n', exitCode: 1 }
  ],
  links: ['https://go.dev/doc/install/source#environment', 'https://go.dev/wiki/MinimumRequirements']
})

/** A package of which nothing is left for the target. */
export const targetConstraints: Definition = decidedByWording({
  id: 'target.constraints',
  title: 'Build constraints leave no file',
  meaning:
    'Every Go file of a package is excluded for this target: by a `//go:build` line, by a file name such as `_windows.go`, or because the files use cgo and cgo is off. With `CGO_ENABLED=0`, which is also the default when cross-compiling, packages that only bind a C library have no file left.',
  patterns: [
    {
      // package example.com/app
      //	imports example.com/gdk: build constraints exclude all Go files in /go/pkg/mod/…   (go/build.NoGoError)
      name: 'excluded',
      anchor: ['build constraints exclude all Go files', 'no buildable Go source files in'],
      regex:
        /(?:(?:^|\s)(?:imports|package) (?<package>[^\s:]{1,300}): )?(?:build constraints exclude all Go files|no buildable Go source files)(?: in (?<directory>\S{1,400}))?/,
      unless:
        /_test\.go:\d{1,7}: (?!.{0,300}\bimports )|^\s*go: warning: |matched no packages|_test\.go:\d{1,7}: .{0,200}(?:want|got|expected)/
    }
  ],
  endedBy: 'itself',
  says: (line) => {
    const name = group(line, 'package') ?? group(line, 'directory')
    return name === null
      ? prose`A package has no Go file for this target.`
      : prose`${code(name)} has no Go file for this target.`
  },
  fix: (line) => {
    const name = plainName(group(line, 'package'))
    const listed = name === null || name === '.' ? './...' : name
    return [
      commands(prose`see which files are left out, and for what target:`, [
        'go env GOOS GOARCH CGO_ENABLED',
        `go list -e -f '{{.ImportPath}} {{.IgnoredGoFiles}} {{.CgoFiles}}' ${listed}`
      ]),
      advice(
        prose`if they are cgo files, build with ${code('CGO_ENABLED=1')} and a C compiler for the target; if they need a tag, add ${code('-tags')}; if the package is for another system, keep it out of the list that is built.`
      )
    ]
  },
  catches: [
    {
      log: 'package example.com/chat\n\timports example.com/adaptive\n\timports example.com/gdk/v4: build constraints exclude all Go files in /go/pkg/mod/example.com/gdk@v0.1.0/v4\n',
      exitCode: 1
    },
    { log: "can't load package: package .: build constraints exclude all Go files in /src/app\n", exitCode: 1 },
    { log: 'main.go:9:2: build constraints exclude all Go files in /src/vendor/example.com/gl\n', exitCode: 1 },
    {
      log: "can't load package: package example.com/x: no buildable Go source files in /go/src/example.com/x\n",
      exitCode: 1
    }
  ],
  ignores: [
    {
      log: '--- FAIL: TestLoad (0.00s)\n    load_test.go:9: build constraints exclude all Go files in /tmp/x\nFAIL\n',
      exitCode: 1
    },
    { log: 'no Go files in /src/app\n', exitCode: 1 }
  ],
  links: ['https://pkg.go.dev/cmd/go#hdr-Build_constraints', 'https://pkg.go.dev/go/build#NoGoError']
})
