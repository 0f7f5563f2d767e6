import type { SourceLocation } from '../../model/diagnosis.ts'
import type { LogLine } from '../../model/evidence.ts'
import { code, type Prose, prose } from '../../model/prose.ts'
import type { Case } from '../case.ts'
import { commands, type Definition, type Match, quoted } from '../definition.ts'
import { firstLineOutsideTests, hitOf, linesOf, wasHit } from '../log-hits.ts'
import { notTheCompiler } from './compile-neighbours.ts'

const MOST_LOCATIONS = 50
/** More hits than locations are kept, since vet and compiler of a package and of its test repeat each other. */
const KEPT_ERRORS = 200

/** Messages of the compiler before Go 1.10 and of the linker's type checks, which have no column. */
const OLD_WORDS =
  /missing (?:function body|return)|syntax error: |undefined: |cannot (?:use|convert|assign|refer|find|call|take|range|make|slice|index|determine|infer|embed) |not enough arguments|too many (?:arguments|return values|variables)|invalid (?:operation|indirect|recursive type|array|case|receiver|argument|map key|type)|no new variables|assignment (?:count )?mismatch|multiple-value |non-(?:name|bool|integer|constant) |duplicate |\S{1,200} (?:declared (?:and|but) not used|redeclared |undefined \(|evaluated but not used|escapes|is not a type|already declared)|imported and not used|"[^"]{1,300}" imported (?:and|but) not used|constant \S{1,100} (?:overflows|truncated)|impossible type |label \S{1,100} |method redeclared|import "?\S{1,200}"?: |can't find import|initialization loop|type \S{1,200} (?:is not|has no)|unexpected \S|first argument to append|division by zero|missing return|expected (?:'|\w)/

/** Type checker and parser errors. */
export const compileError: Definition = {
  id: 'compile.error',
  title: 'Compile errors',
  meaning:
    'The Go compiler does not accept the program: an undefined name, a type that does not fit, an unused import or variable, a syntax error. Each error has a file, a line and a column. The compiler stops after ten errors in a package unless `-gcflags=-e` is given.',
  patterns: [
    {
      // ./main.go:10:19: not enough arguments in call to area · vet: ./x.go:1:2: undefined: y · C:\src\main.go:3:1: syntax error: …
      name: 'position',
      anchor: '.go:',
      regex:
        /(?:^|\s|Error: |[│|"'(])(?<file>(?:[A-Za-z]:[\\/])?[^\s:"'()|│]{1,400}\.go):(?<line>[1-9]\d{0,6}):(?<column>\d{1,6}): (?<message>\S.{0,2000})/,
      unless: notTheCompiler,
      keep: KEPT_ERRORS
    },
    {
      // runtime.go:22: missing function body for "memclr"   (without a column before go 1.10)
      name: 'line',
      anchor: '.go:',
      regex: new RegExp(
        `(?:^|\\s)(?<file>(?:[A-Za-z]:[\\\\/])?[^\\s:"'()]{1,400}\\.go):(?<line>[1-9]\\d{0,6}): (?<message>(?:${OLD_WORDS.source}).{0,2000})`
      ),
      // What a test logs is set in by four spaces.
      unless: new RegExp(`^\\s{4}|${notTheCompiler.source}`),
      keep: KEPT_ERRORS
    },
    { name: 'too-many', anchor: 'too many errors', regex: /^(?:.{1,400}\.go:\d{1,7}:\d{1,6}: )?too many errors/ },
    {
      name: 'package',
      anchor: '# ',
      regex: /^# (?<package>[^\s[\]]{1,400})(?: \[[^\]]{1,400}\])?$/,
      keep: KEPT_ERRORS
    },
    {
      // package x: use of internal package y not allowed · found packages main (a.go) and lib (b.go) in /src   (cmd/go/internal/load)
      name: 'loader',
      anchor: [
        'use of internal package',
        'use of vendored package',
        'found packages ',
        'is a program, not an importable package',
        'is not an importable package'
      ],
      regex:
        /use of (?:internal|vendored) package (?<package>\S{1,400}) not allowed|found packages (?<one>\S{1,100}) \(\S{1,200}\) and (?<two>\S{1,100}) \(\S{1,200}\) in |import "(?<program>[^"]{1,300})" is a program, not an importable package/,
      unless: /_test\.go:\d{1,7}: |building_Go_requires/
    },
    {
      // "example.com/arch" imported and not used (typecheck): an annotation, which has its position elsewhere
      name: 'bare',
      anchor: ['imported and not used', 'imported but not used', 'declared and not used', 'declared but not used', '(typecheck)'],
      regex:
        /^\s*(?:"[^"]{1,300}" imported (?:and|but) not used|(?:declared (?:and|but) not used: \S{1,100}|\S{1,100} declared (?:and|but) not used)$|.{1,300} \(typecheck\)$)/,
      unless: notTheCompiler
    },
    {
      // FAIL	example.com/app [build failed]: the errors themselves may be cut off
      name: 'build-failed',
      anchor: '[build failed]',
      regex: /^\s*FAIL\s+(?<package>\S{1,400}) \[build failed\]/
    }
  ],
  judge: (of) => judgeErrors(of),
  rulesOut: [],
  // The errors say themselves what to correct; only what is missing from the list has to be told.
  remedies: (_match, of) =>
    hitOf(of.evidence.log, 'compile.error', 'too-many') === null
      ? []
      : [commands(prose`the compiler stopped after ten errors. To see all of them:`, ['go build -gcflags=-e ./...'])],
  catches: [
    {
      log: '# example.com/app\n./main.go:10:19: not enough arguments in call to area\n\thave (number)\n\twant (int, int)\n',
      exitCode: 1
    },
    { log: 'Error: internal/cache/cache.go:24:30: undefined: zone\n', exitCode: 1 },
    { log: '.\\main.go:85:20: undefined: ICON\n', exitCode: 1 },
    { log: '../fs/runtime.go:22: missing function body for "memclr"\n', exitCode: 2 },
    { log: 'main.go:7:2: undefined: helper (typecheck)\n1 issues:\n* typecheck: 1\n', exitCode: 1 },
    { log: '# example.com/app\nvet: ./a.go:12:9: undefined: y\n', exitCode: 1 },
    {
      log: 'level=error msg="[linters_context] typechecking error: pkg/a.go:3:14: undefined: y"\n',
      exitCode: 7
    },
    { log: 'found packages main (main.go) and lib (lib.go) in /src/app\n', exitCode: 1 },
    { log: 'FAIL\texample.com/app [build failed]\nFAIL\n', exitCode: 1 },
    {
      log: 'package example.com/app\n\timports example.com/lib/internal/x: use of internal package example.com/lib/internal/x not allowed\n',
      exitCode: 1
    }
  ],
  ignores: [
    { log: 'main.go:26:12: pattern dist: no matching files found\n', exitCode: 1 },
    { log: '--- FAIL: TestParse (0.00s)\n    parse_test.go:8: Parse("x") = 1, want 2\nFAIL\n', exitCode: 1 },
    { log: 'store/migrations.go:302:46: SA4023: this comparison is always true (staticcheck)\n', exitCode: 1 },
    { log: 'main.go:3:8: missing go.sum entry for module providing package example.com/x; to add:\n', exitCode: 1 }
  ],
  links: ['https://go.dev/ref/spec', 'https://pkg.go.dev/cmd/compile']
}

function judgeErrors(of: Case): Match | null {
  const { log } = of.evidence
  const positions = linesOf(log, compileError, ['position', 'line']).filter(({ isOfTest }) => isOfTest !== true)
  const first = positions[0] ?? firstLineOutsideTests(log, compileError, ['loader', 'bare'])
  if (first === null) return onlyFrame(of)
  const locations = distinctLocations(positions)
  return {
    basis: 'wording',
    confidence: followsFromRelease(of) ? 'likely' : 'certain',
    summary:
      locations.length === 0
        ? loaderSays(first)
        : errorsSay(locations, packagesOf(linesOf(log, compileError, ['package']), positions)),
    evidence: [],
    locations: locations.slice(0, MOST_LOCATIONS),
    lineNumber: first.lineNumber,
    endedBy: 'itself'
  }
}

/** Where `go` notes that the module needs a newer release, the errors follow from the release. */
function followsFromRelease({ evidence: { log } }: Case): boolean {
  return wasHit(log, 'toolchain.version', ['requires', 'syntax'])
}

/** The errors are cut off, and only what go test made of them is left. */
function onlyFrame({ evidence: { log } }: Case): Match | null {
  const line = firstLineOutsideTests(log, compileError, ['build-failed'])
  if (line === null) return null
  return {
    basis: 'status',
    confidence: 'likely',
    summary: prose`${code(line.groups['package'] ?? 'A package')} could not be built; the errors themselves are not in this log.`,
    evidence: [quoted('Compile errors', line, 'likely')],
    lineNumber: line.lineNumber,
    endedBy: 'itself'
  }
}

function distinctLocations(lines: readonly LogLine[]): readonly SourceLocation[] {
  const seen = new Map<string, SourceLocation>()
  for (const { groups } of lines) {
    const { file = '', line = '0', column, message = '' } = groups
    if (message.startsWith('too many errors')) continue
    const location = { file, line: Number(line), column: column === undefined ? null : Number(column), message }
    const key = JSON.stringify(location)
    if (!seen.has(key)) seen.set(key, location)
  }
  return [...seen.values()]
}

/** `# pkg` stands before the errors of a package: those headers that an error follows before the next header. */
function packagesOf(headers: readonly LogLine[], errors: readonly LogLine[]): readonly string[] {
  const names = headers.flatMap((header, i) => {
    const end = headers[i + 1]?.lineNumber ?? Number.POSITIVE_INFINITY
    const hasError = errors.some(({ lineNumber }) => lineNumber > header.lineNumber && lineNumber < end)
    const name = header.groups['package']
    return hasError && name !== undefined ? [name] : []
  })
  return [...new Set(names)]
}

function errorsSay(locations: readonly SourceLocation[], packages: readonly string[]): Prose {
  const [first] = locations
  const count = locations.length === 1 ? '1 compile error' : `${locations.length} compile errors`
  const where =
    packages.length === 1
      ? prose` in ${code(packages[0] ?? '')}`
      : packages.length > 1
        ? ` in ${packages.length} packages`
        : ''
  if (first === undefined) return `${count}${where}.`
  return `${count}${where}; the first is ${prose`${code(positionOf(first))} ${code(first.message)}`}.`
}

function positionOf({ file, line, column }: SourceLocation): string {
  return column === null ? `${file}:${line}` : `${file}:${line}:${column}`
}

function loaderSays({ text, groups }: LogLine): Prose {
  const { package: name, one, two, program } = groups
  if (name !== undefined) return prose`A package imports ${code(name)}, which only its own parent tree may import.`
  if (one !== undefined) return prose`One directory holds files of the packages ${code(one)} and ${code(two ?? '')}.`
  if (program !== undefined) return prose`A package imports ${code(program)}, which is a program.`
  return prose`Go does not load the packages: ${code(text.trim())}.`
}
