import { code, prose } from '../../model/prose.ts'
import { commands, type Definition, decidedByWording } from '../definition.ts'

/** cgo needs a C compiler and finds none. */
export const cgoNoCompiler: Definition = decidedByWording({
  id: 'cgo.no-compiler',
  title: 'No C compiler for cgo',
  meaning:
    'A package uses cgo, and the C compiler that Go would call (`go env CC`) is not installed or not in `PATH`. Since Go 1.20 the standard library builds without one; packages of others that bind C libraries do not.',
  patterns: [
    {
      // cgo: C compiler "gcc" not found: exec: "gcc": executable file not found in $PATH   (cmd/cgo/main.go)
      name: 'cgo',
      anchor: ['C compiler', 'cgo: exec '],
      regex:
        /cgo: C compiler "(?<compiler>[^"]{1,300})" not found|cannot invoke C compiler |cgo: exec (?<missing>\S{1,300}): (?:exec: |fork\/exec \S{1,300}: no such file)/
    },
    {
      name: 'exec',
      anchor: 'executable file not found',
      regex:
        /exec: \\?"(?<compiler>(?:[^"\\]{0,300}[/\\-])?(?:gcc|g\+\+|cc|c\+\+|clang|clang\+\+|zig)(?:-\d{1,3})?(?:\.exe)?)\\?": executable file not found/,
      unless: /: running \\?"|_test\.go:\d/
    }
  ],
  endedBy: 'itself',
  says: (line) => {
    const compiler = line.groups['compiler'] ?? line.groups['missing']
    return compiler === undefined
      ? prose`cgo needs a C compiler and could not start one.`
      : prose`cgo needs the C compiler ${code(compiler)}, which is not in ${code('PATH')}.`
  },
  fix: () => [
    commands(prose`install a C compiler:`, ['sudo apt-get install -y gcc libc6-dev', 'apk add build-base   # Alpine']),
    commands(prose`or build without cgo, if every package has a part in pure Go:`, ['CGO_ENABLED=0 go build ./...'])
  ],
  catches: [
    {
      log: '# runtime/cgo\ncgo: C compiler "gcc" not found: exec: "gcc": executable file not found in $PATH\n',
      exitCode: 1
    },
    { log: '# example.com/sqlite\ncgo: exec gcc: exec: "gcc": executable file not found in $PATH\n', exitCode: 1 },
    { log: 'exec: "x86_64-w64-mingw32-gcc": executable file not found in %PATH%\n', exitCode: 1 }
  ],
  ignores: [
    { log: 'gen.go:3: running "gcc": exec: "gcc": executable file not found in $PATH\n', exitCode: 1 },
    { log: 'exec: "protoc": executable file not found in $PATH\n', exitCode: 1 }
  ],
  links: ['https://pkg.go.dev/cmd/cgo', 'https://go.dev/doc/go1.20#cgo']
})
