import type { SourceLocation } from '../../model/diagnosis.ts'
import type { LogLine } from '../../model/evidence.ts'
import { code, type Prose, prose } from '../../model/prose.ts'
import type { Case } from '../case.ts'
import { commands, type Definition, type Match, quoted } from '../definition.ts'
import { firstLineOutsideTests, hitOf, linesOf, wasHit } from '../log-hits.ts'
import { compileErrorPatterns } from './compile-words.ts'

const MOST_LOCATIONS = 50
/** Type checker and parser errors. */
export const compileError: Definition = {
  id: 'compile.error',
  title: 'Compile errors',
  meaning:
    'The Go compiler does not accept the program: an undefined name, a type that does not fit, an unused import or variable, a syntax error. Each error has a file, a line and a column. Those further down often follow from the first one, and the compiler stops after ten in a package unless `-gcflags=-e` is given.',
  patterns: compileErrorPatterns,
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
    {
      log: '# example.com/app\nmath_amd64.s:2: unrecognized instruction "MOVQQ"\nasm: assembly of math_amd64.s failed\n',
      exitCode: 1
    },
    {
      log: '# command-line-arguments\nruntime.main_main·f: function main is undeclared in the main package\n',
      exitCode: 1
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
  const positions = linesOf(log, compileError, ['position', 'line', 'assembler']).filter(
    ({ isOfTest }) => isOfTest !== true
  )
  const first = positions[0] ?? firstLineOutsideTests(log, compileError, ['loader', 'main', 'bare'])
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
    const { file, line = '0', column, message = '' } = groups
    if (file === undefined || message.startsWith('too many errors')) continue
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
  if (/function main is undeclared/.test(text))
    return prose`The program has no function ${code('main')} in its package ${code('main')}.`
  if (one !== undefined) return prose`One directory holds files of the packages ${code(one)} and ${code(two ?? '')}.`
  if (program !== undefined) return prose`A package imports ${code(program)}, which is a program.`
  return prose`Go does not accept the program: ${code(text.trim())}.`
}
