import type { Remedy } from '../../model/diagnosis.ts'
import type { LogLine } from '../../model/evidence.ts'
import { code, prose } from '../../model/prose.ts'
import { advice, commands, type Definition, decidedByWording } from '../definition.ts'
import { group } from '../log-hits.ts'
import { plainName } from '../plain-name.ts'
import { ERROR } from './c-words.ts'

/** Files that a C compiler reads for cgo; with `#line` it names the Go file that holds the preamble. */
const C_FILE =
  '[^\\s"\'()]{1,400}?(?:\\.(?:c|h|cc|cpp|cxx|hh|hpp|m|mm|S|s|go)|cgo-(?:gcc|builtin)-prolog|<command-line>|<built-in>)'

/** The C side of a package does not compile. */
export const cgoCError: Definition = decidedByWording({
  id: 'cgo.c-error',
  title: 'The C code of a package does not compile',
  meaning:
    'A package uses cgo, the C compiler was started, and it does not accept the C code, a flag, or a name that the Go code uses as `C.name`. Usually the headers are of another version than the package was written for, the compiler does not know a flag that the package or `CGO_CFLAGS` asks for, or the target and the compiler do not fit together.',
  patterns: [
    {
      // ./ffi.h:52:9: error: macro names must be identifiers · ./x.go:6:10: 错误：‘X’未声明
      name: 'position',
      anchor: ERROR.anchors,
      regex: new RegExp(
        `(?:^|\\s)(?<file>${C_FILE}):(?<line>\\d{1,7})(?::\\d{1,6})?[:：] ?(?:fatal |致命|schwerwiegender |фатальная |致命的|치명적인 |internal compiler )?(?:${ERROR.source}) ?[:：] ?(?<message>(?!Killed)\\S.{0,1000})`
      ),
      unless: /_test\.go:\d{1,7}: |multiple definition of|undefined reference to/
    },
    {
      // gcc: error: unrecognized command-line option ‘-m64’ · cc1: error: … · clang: error: unsupported option '-fopenmp'
      name: 'driver',
      anchor: ERROR.anchors,
      regex: new RegExp(
        `(?:^|[\\s/\\\\])(?:[a-z0-9_]{1,20}-){0,4}(?:gcc|g\\+\\+|cc|c\\+\\+|clang|clang\\+\\+|cc1|cc1plus|cc1obj|as)(?:-\\d{1,3}(?:\\.\\d)?)?(?:\\.exe)?: (?:fatal )?(?:${ERROR.source}) ?[:：] ?(?<message>.{1,1000})`
      ),
      unless:
        /linker command failed|unable to execute command|linker input file unused|Killed|terminated|no input files|_test\.go:\d/
    },
    {
      // cc1: sorry, unimplemented: 64-bit mode not compiled in   (gcc for another architecture)
      name: 'sorry',
      anchor: 'sorry, unimplemented: ',
      regex: /sorry, unimplemented: (?<message>.{1,300})/
    },
    {
      // a.s:12: Error: no such instruction: … · {standard input}:41: Error: bad register name   (GNU as)
      name: 'assembler',
      anchor: ': Error: ',
      regex: /(?:^|\s)(?<file>[^\s:]{1,400}\.[sS]|\{standard input\}):(?<line>\d{1,7}): Error: (?<message>.{1,500})/
    },
    {
      // nv.go:2746:11: could not determine kind of name for C.nvGetState   (cmd/cgo/gcc.go)
      name: 'name',
      anchor: [
        'could not determine ',
        'inconsistent definitions for C.',
        'undefined C type',
        'C.',
        ' errors for preamble:'
      ],
      regex:
        /could not determine (?:kind of name for|what) C\.(?<name>[\w.]{1,200})|inconsistent definitions for C\.(?<twice>\w{1,200})|(?:type|conversion to|expression) C\.(?<type>\w{1,200}): undefined C type|(?:must call|call of non-function|unable to find value of constant|no two-result form for) C\.(?<misused>\w{1,200})|^(?:gcc|clang|cc|\S{1,60}) errors for preamble:$/,
      unless: /_test\.go:\d{1,7}: /
    },
    {
      // go build example.com/x: invalid flag in #cgo CFLAGS: -fopenmp   (cmd/go/internal/work/security.go)
      name: 'flag',
      anchor: [
        'invalid flag in ',
        'malformed #cgo ',
        'did not produce error at completed',
        ' produced no output',
        'cannot parse gcc output'
      ],
      regex:
        /invalid flag in (?:#cgo \w{2,12}|pkg-config --\w{2,10}|\$?CGO_\w{2,12}|go:cgo_ldflag)[^:]{0,60}: (?<flag>\S{1,300})|malformed #cgo (?:argument|verb)|\S did not produce error at completed:1|cannot parse gcc output \S{1,300} as ELF/,
      unless: /_test\.go:\d{1,7}: /
    }
  ],
  endedBy: 'itself',
  says: (line) => {
    const name = ['name', 'twice', 'type', 'misused'].map((one) => group(line, one)).find((one) => one !== null)
    if (name !== undefined)
      return prose`The C headers that are used here do not define ${code(`C.${name ?? ''}`)} as the Go code needs it.`
    const flag = group(line, 'flag')
    if (flag !== null) return prose`cgo does not let a package pass the flag ${code(flag)}.`
    const file = group(line, 'file')
    const message = group(line, 'message') ?? line.text.trim()
    const where = file === null ? null : group(line, 'line') === null ? file : `${file}:${group(line, 'line') ?? ''}`
    return where === null
      ? prose`The C compiler says ${code(message)}.`
      : prose`The C compiler says of ${code(where)}: ${code(message)}.`
  },
  fix: (line) => {
    if (group(line, 'flag') !== null) return [allowFlag(line)]
    return [
      commands(prose`see which compiler and flags are used:`, [
        'go env CC CXX CGO_CFLAGS CGO_LDFLAGS GOOS GOARCH',
        'go build -x ./... 2>&1 | grep -E "gcc|clang"'
      ]),
      advice(
        prose`compare the version of the C library that is installed with the one that the package names; if the package has a part in pure Go, ${code('CGO_ENABLED=0')} needs no C at all.`
      )
    ]
  },
  catches: [
    {
      log: '# example.com/qt\nIn file included from C:\\src\\qt\\ffi_invoke.go:10:0:\n./ffi.h:52:9: error: macro names must be identifiers\n #ifndef @TARGET@\n         ^\n',
      exitCode: 2
    },
    {
      log: '# example.com/nv\nvendor/nv/nv.go:2746:11: could not determine kind of name for C.nvGetState\n',
      exitCode: 1
    },
    {
      log: "# runtime/cgo\ngcc: error: unrecognized command-line option '-marm'; did you mean '-mabm'?\n",
      exitCode: 1
    },
    { log: 'go build example.com/omp: invalid flag in #cgo CFLAGS: -fopenmp\n', exitCode: 1 },
    {
      log: "# runtime/cgo\ngcc_amd64.S: Assembler messages:\ngcc_amd64.S:27: Error: bad register name `%rbx'\n",
      exitCode: 2
    },
    { log: '# example.com/x\n./x.go:7:2: 错误：‘foo’未声明\n', exitCode: 1 }
  ],
  ignores: [
    { log: 'gcc: fatal error: Killed signal terminated program cc1\ncompilation terminated.\n', exitCode: 1 },
    { log: 'collect2: error: ld returned 1 exit status\n', exitCode: 1 },
    { log: './main.go:4:2: undefined: errors\n2026/01/02 03:04:05 error: no such user\n', exitCode: 1 }
  ],
  links: ['https://pkg.go.dev/cmd/cgo', 'https://gcc.gnu.org/onlinedocs/gcc/Warning-Options.html']
})

/** The variables hold a regular expression that must match the whole flag (cmd/go/internal/work/security.go). */
function allowFlag(line: LogLine): Remedy {
  const variable = /LDFLAGS|ldflag|--libs/.test(line.text) ? 'CGO_LDFLAGS_ALLOW' : 'CGO_CFLAGS_ALLOW'
  const flag = plainName(group(line, 'flag')?.replace(/^-/, ''))
  return flag === null
    ? advice(prose`if you trust the package, set ${code(variable)} to a regular expression that matches the flag.`)
    : commands(prose`allow the flag, if you trust the package:`, [`export ${variable}='-${flag}'`])
}
