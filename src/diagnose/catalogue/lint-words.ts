/** Words in brackets at the end of a compiler's message that are no linter's name. */
const COMPILER_BRACKETS = 'typecheck|variable|value|constant|type|func|package|builtin|untyped|nil|setter|cached'

/**
 * What tells a linter's finding from a compile error, as sources of expressions over a line with a Go position: the
 * name of the linter, a code of staticcheck or gosec, or the wording of a linter that signs nothing.
 */
const SIGNS_OF_LINTERS: readonly string[] = [
  // … is not checked (errcheck)
  ` \\((?!(?:${COMPILER_BRACKETS})\\))[a-z][a-z0-9-]{2,30}\\)\\s*$`,
  // SA4023: … · … is never used (SA4006) · - G104 (CWE-703): …
  '[ (\\[](?:S|SA|ST|QF|U|R|D|E|W)\\d{3,5}[:()\\]]|- G\\d{3} \\(CWE-\\d',
  // x.go:1:2: [gocritic] ifElseChain: … · x.go:12:2:<TAB>f.Close()   (errcheck)
  ':\\d{1,6}:(?: \\[[a-zA-Z-]{3,30}\\] |\\t\\S)',
  // golint and revive
  'should have comment (?:or be unexported|\\(or a comment)',
  'comment on exported \\w{1,20} \\S{1,200} should be of the form',
  "don't use (?:an underscore|underscores|MixedCaps|ALL_CAPS|leading k|generic name)",
  'if block ends with a return statement, so drop this else',
  'error strings should not (?:be capitalized|end with punctuation)',
  'receiver name \\S{1,100} should ',
  'should omit (?:2nd value|type|= nil)',
  'a blank import should be only in a main or test package',
  'should not use (?:dot imports|basic type)',
  '(?:var|func|type|const|struct field|method|func parameter|func result|interface method) \\S{1,100} should be \\S{1,100}$',
  // ineffassign, misspell, gocyclo, unused, gofmt below golangci-lint, dupl, lll
  'ineffectual assignment to ',
  'is a misspelling of ',
  'cyclomatic complexity \\d',
  '(?:var|func|type|const|field|method) \\S{1,200} is unused',
  'File is not (?:properly formatted|.gofmt.-ed|.gofumpt.-ed|.goimports.-ed|.gci.-ed|(?:gofmt|gofumpt|goimports|gci)(?:-ed|ed)?\\b)',
  'line is \\d{1,6} characters'
]

/** Source of an expression for a line of a linter. */
export const LINT_SIGNS = `(?:${SIGNS_OF_LINTERS.join('|')})`
