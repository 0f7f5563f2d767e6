import type { Remedy } from '../../model/diagnosis.ts'
import type { LogLine } from '../../model/evidence.ts'
import { code, prose } from '../../model/prose.ts'
import type { Case } from '../case.ts'
import { advice, commands, type Definition, type Match, quoted } from '../definition.ts'
import { firstLineOutsideTests, group } from '../log-hits.ts'
import { LINT_SIGNS } from './lint-words.ts'

/** A linter has findings. */
export const lint: Definition = {
  id: 'lint',
  title: 'A linter reports findings',
  meaning:
    'The program compiles, and a linter (golangci-lint, staticcheck, revive, gofmt and the like) does not accept it. A finding looks like a compile error, with a file, a line and a column; the name of the linter or the code of the check stands beside it. A typecheck finding of golangci-lint is a compile error and is shown as one.',
  patterns: [
    {
      // store/a.go:302:46: SA4023: this comparison is always true (staticcheck) · ::error file=a.go,line=3,col=5::… (errcheck)
      name: 'finding',
      anchor: ['.go:', '.go,line='],
      regex: new RegExp(
        `(?:^|[\\s"'(\\[=])(?<file>(?:[A-Za-z]:[\\\\/])?[^\\s:"'()\\[\\]=]{1,400}\\.go)(?::|,line=)(?<line>[1-9]\\d{0,6})(?=.{0,2000}${LINT_SIGNS})(?:.{0,2000} \\((?!typecheck\\))(?<linter>[a-z][a-z0-9-]{2,30})\\)\\s*$)?`
      ),
      unless: /_test\.go:\d{1,7}: |\(typecheck\)\s*$|: running "/
    },
    {
      // 3 issues:
      // * errcheck: 3          (golangci-lint)
      name: 'count',
      anchor: ' issues',
      regex: /^\s*\d{1,6} issues:$/,
      next: /^\s*\* (?!typecheck)[a-z][a-z0-9-]{2,30}: \d/
    },
    {
      name: 'summary',
      anchor: [
        'issues found',
        'found issues',
        'lint suggestions; failing',
        'errors found by nogo',
        'should have been formatted',
        'files need formatting'
      ],
      regex:
        /^\s*(?:Error: )?issues found$|golangci-lint found issues|Found \d{1,6} lint suggestions; failing|errors found by nogo during build-time code analysis/
    },
    {
      // diff main.go.orig main.go   (gofmt -d, goimports -d)
      name: 'format',
      anchor: '.go.orig',
      regex: /^\s*diff (?:-u )?(?<file>\S{1,400}\.go)\.orig \S{1,400}\.go$/
    }
  ],
  judge: findings,
  rulesOut: [],
  remedies: (_match, of) => remediesFor(lineOf(of)),
  catches: [
    {
      log: 'store/a.go:302:46: SA4023: this comparison is always true (staticcheck)\n    if err := f(); err != nil {\n    ^\n1 issues:\n* staticcheck: 1\n',
      exitCode: 1
    },
    { log: 'main.go:21:17: Error return value of `f.Close` is not checked (errcheck)\n', exitCode: 1 },
    { log: '::error file=cmd/main.go,line=9,col=2::ineffectual assignment to err (ineffassign)\n', exitCode: 1 },
    { log: 'main.go:8:1: exported function Run should have comment or be unexported\n', exitCode: 1 },
    { log: '[/src/main.go:12] - G104 (CWE-703): Errors unhandled. (Confidence: HIGH, Severity: LOW)\n', exitCode: 1 },
    { log: 'diff cmd/main.go.orig cmd/main.go\n--- cmd/main.go.orig\n+++ cmd/main.go\n', exitCode: 1 }
  ],
  ignores: [
    { log: 'main.go:7:2: undefined: helper (typecheck)\n1 issues:\n* typecheck: 1\n', exitCode: 1 },
    { log: './main.go:12:9: cannot use x (variable of type int) as string value in argument to f\n', exitCode: 1 },
    { log: '--- FAIL: TestLint (0.00s)\n    lint_test.go:8: got 3 issues (errcheck)\nFAIL\n', exitCode: 1 }
  ],
  links: ['https://golangci-lint.run/', 'https://staticcheck.dev/docs/checks/', 'https://pkg.go.dev/cmd/gofmt']
}

function lineOf({ evidence: { log } }: Case): LogLine | null {
  return firstLineOutsideTests(log, lint, ['finding', 'format']) ?? firstLineOutsideTests(log, lint)
}

function findings(of: Case): Match | null {
  const line = lineOf(of)
  if (line === null) return null
  const file = group(line, 'file')
  const name = group(line, 'linter')
  const who = name === null ? prose`A linter` : prose`The linter ${code(name)}`
  // A mere count says neither where nor who: something in the log may say more.
  const confidence = file === null ? 'likely' : 'certain'
  return {
    basis: 'wording',
    confidence,
    summary: file === null ? `${who} reports findings.` : `${who} reports ${prose`${code(line.text.trim())}`}.`,
    evidence: [quoted('Linter', line, confidence)],
    lineNumber: line.lineNumber,
    endedBy: 'itself'
  }
}

function remediesFor(line: LogLine | null): readonly Remedy[] {
  const name = group(line, 'linter')
  if (line !== null && /\.orig /.test(line.text)) {
    return [commands(prose`format the files, and commit the result:`, ['gofmt -l -w .'])]
  }
  if (line !== null && name === null && /\((?:SA|ST|QF|S|U)\d{4}\)\s*$/.test(line.text)) {
    return [
      commands(prose`see the findings here:`, ['staticcheck ./...']),
      advice(prose`a finding that is meant gets a comment above its line: ${code('//lint:ignore SA0000 reason')}.`)
    ]
  }
  return [
    commands(prose`see the findings here, and let the linter correct what it can:`, ['golangci-lint run --fix ./...']),
    advice(
      prose`a finding that is meant gets a comment on its line: ${code(`//nolint:${name ?? 'name-of-the-linter'} // reason`)}.`
    )
  ]
}
