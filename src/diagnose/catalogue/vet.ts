import type { SourceLocation } from '../../model/diagnosis.ts'
import type { LogFindings, LogLine } from '../../model/evidence.ts'
import { code, prose } from '../../model/prose.ts'
import type { Case } from '../case.ts'
import { advice, commands, type Definition, type Match, quoted } from '../definition.ts'
import { firstLineOutsideTests, group, hitOf, linesOf } from '../log-hits.ts'
import { plainName } from '../plain-name.ts'
import { VET_WORDS } from './vet-words.ts'

const MOST_FINDINGS = 50

/** `go vet`, by itself or as part of `go test`. */
export const vetFailure: Definition = {
  id: 'vet.failure',
  title: 'Vet reports a mistake',
  meaning:
    'The program compiles, and `go vet` found a construct that is almost surely a mistake: a format that does not fit its arguments, a copied lock, a context that is never cancelled. `go test` runs some of these checks (atomic, bool, buildtag, directive, errorsas, ifaceassert, nilfunc, printf, stringintconv, tests) before the tests and then reports the package as `[build failed]`.',
  patterns: [
    {
      // ./f.go:5:21: fmt.Printf format %s has arg n of wrong type int · util/a.go:110: struct field tag … (vet before go 1.12)
      name: 'finding',
      anchor: ['.go:', '.s:'],
      regex: new RegExp(
        `(?:^|[\\s"'])(?<file>(?:[A-Za-z]:[\\\\/])?[^\\s:"'()]{1,400}\\.(?:go|s)):(?<line>[1-9]\\d{0,6})(?::(?<column>\\d{1,6}))?: (?<message>(?:[a-z]{3,20}: )?${VET_WORDS}.{0,1000})`
      ),
      unless: /^\s{4}\S{0,300}_test\.go:\d{1,7}: | \([a-z][a-z0-9-]{2,30}\)\s*$/,
      keep: MOST_FINDINGS
    },
    {
      // # [example.com/app]          (go 1.21 on: what follows is vet's)
      // ./f.go:5:21: …
      name: 'header',
      anchor: '# [',
      regex: /^\s*# \[(?<package>[^\]\s]{1,400})\]$/
    }
  ],
  judge: vetted,
  rulesOut: [],
  remedies: (_match, { evidence: { log } }) => [
    commands(prose`see the findings alone:`, [`go vet ${packageOf(log) ?? './...'}`]),
    advice(
      prose`correct them; ${code('go test -vet=off')} runs the tests all the same, for as long as that takes to do.`
    )
  ],
  catches: [
    {
      log: '# example.com/f\n./f.go:5:21: fmt.Printf format %s has arg n of wrong type int\nFAIL\texample.com/f [build failed]\nFAIL\n',
      exitCode: 1
    },
    {
      log: '# example.com/app\n# [example.com/app]\n./a.go:9:2: the checker of another team does not like this\n',
      exitCode: 1
    },
    {
      log: 'pkg/etcd.go:110: struct field tag `json:health` not compatible with reflect.StructTag.Get\nexit status 1\n',
      exitCode: 1
    },
    { log: 'api/a.go:31:9: assignment copies lock value to c: sync.Mutex\n', exitCode: 1 },
    {
      log: 'a.go:14:7: the cancel function is not used on all paths (possible context leak)\na.go:19:2: this return statement may be reached without using the cancel var defined on line 14\n',
      exitCode: 1
    }
  ],
  ignores: [
    { log: 'a.go:14:7: printf: fmt.Printf format %d has arg s of wrong type string (govet)\n', exitCode: 1 },
    { log: '# [example.com/app]\nvet: ./a.go:3:5: undefined: y\n', exitCode: 1 },
    { log: '--- FAIL: TestVet (0.00s)\n    vet_test.go:8: unreachable code\nFAIL\n', exitCode: 1 }
  ],
  links: ['https://pkg.go.dev/cmd/vet', 'https://pkg.go.dev/golang.org/x/tools/go/analysis/passes']
}

function vetted({ evidence: { log } }: Case): Match | null {
  const line = firstLineOutsideTests(log, vetFailure, ['finding']) ?? headerOfFinding(log)
  if (line === null) return null
  const locations = linesOf(log, vetFailure, ['finding'])
    .filter(({ isOfTest }) => isOfTest !== true)
    .map(({ groups }) => locationIn(groups))
  const [first] = locations
  return {
    basis: 'wording',
    confidence: 'certain',
    summary:
      first === undefined
        ? prose`${code('go vet')} reports mistakes in ${code(group(line, 'package') ?? 'a package')}.`
        : prose`${code('go vet')} reports ${code(`${first.file}:${first.line}`)} ${code(first.message)}.`,
    evidence: [quoted('go vet', line, 'certain')],
    locations,
    lineNumber: line.lineNumber,
    endedBy: 'itself'
  }
}

/** An analyzer that is not known by its words: a position below vet's own header, unless vet says what the compiler says. */
function headerOfFinding(log: LogFindings): LogLine | null {
  const header = firstLineOutsideTests(log, vetFailure, ['header'])
  const positions = hitOf(log, 'compile.error', 'position')?.first ?? []
  const below = positions.find(({ lineNumber }) => header !== null && lineNumber > header.lineNumber)
  return below === undefined || /(?:^|\s)vet: /.test(below.text) ? null : header
}

function locationIn({ file = '', line = '0', column, message = '' }: Readonly<Record<string, string>>): SourceLocation {
  return { file, line: Number(line), column: column === undefined ? null : Number(column), message }
}

/** The package of the nearest header above the first finding: `# [example.com/app]`, or `# example.com/app` before it. */
function packageOf(log: LogFindings): string | null {
  const first = firstLineOutsideTests(log, vetFailure)?.lineNumber ?? 0
  const headers = [...linesOf(log, vetFailure, ['header']), ...(hitOf(log, 'compile.error', 'package')?.first ?? [])]
  const above = headers.filter(({ lineNumber }) => lineNumber <= first).toSorted((a, b) => b.lineNumber - a.lineNumber)
  const name = plainName(group(above[0] ?? null, 'package'))
  return name === null || name.startsWith('-') ? null : name
}
