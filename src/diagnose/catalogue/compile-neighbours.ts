/** What stands behind `file.go:L:C: ` and is said by the module loader, vet, a linter, cgo or a C compiler instead. */
const SAID_BY_OTHERS: readonly RegExp[] = [
  // go list and the module loader: positions of import declarations
  /\b(?:no required module provides package|cannot find (?:package|module|main module)|missing go\.sum entry|ambiguous import|is not in (?:std|GOROOT)|found, but does not contain package|import cycle not allowed|build constraints exclude all|no matching files found|requires go >=|unrecognized import path|malformed (?:module|import) path|cannot load|invalid version|no Go files in|relative import|is explicitly required|checksum mismatch|not used in this module|package \S{1,300} is not a main package|case-insensitive import collision)/,
  /: (?:Get "|reading https?:|dial tcp|proxyconnect|unknown revision|git (?:fetch|ls-remote))|@v\d[^\s:]{0,200}: /,
  // a refused resource while a file was read
  /\b(?:too many open files|no space left on device|permission denied|input\/output error|cannot allocate memory)\b/,
  // the compiler's own crash
  /internal compiler error: /,
  // cgo, gcc and clang through #line directives
  /: (?:fatal error|error|warning|note|remark): |could not determine kind of name for C\.|undefined reference to|multiple definition of/,
  // go generate
  /: running "/,
  // linters: … (errcheck) · [gocritic] … · SA4023: …; `(typecheck)` passes on the compiler's own words
  / \((?!typecheck\))[a-z][a-z0-9-]{2,30}\)\s*$|: \[[a-zA-Z-]{3,30}\] |: (?:S|SA|ST|QF|G|U|R|D|E|W)\d{3,5}[:(]/,
  // vet (cmd/vet, x/tools analyzers)
  /\b(?:format %\S{1,10} (?:has|reads) arg|call (?:needs|has (?:possible|arguments)|of \S{1,200} copies lock)|Errorf format|of wrong type|copies lock value|passes lock by value|composite literal uses unkeyed|possible (?:formatting directive|misuse of)|struct field tag|self-assignment|result of \S{1,200} call not used|should have signature|is not used on all paths|arg list ends with redundant newline|non-constant format string|loop variable \S{1,100} captured|unusedresult|unreachable code|method \S{1,300} should have signature|using res(?:p|ponse)\S{0,20} before checking|suspect (?:or|and):|range var \S{1,100} copies lock|bad syntax for struct tag)/,
  // a program or a test that prints the position with its own log
  /_test\.go:\d{1,7}:\d{1,6}: (?:got|want|expected)\b/
]

/** Matches a line with a Go source position whose speaker is not the compiler. */
export const notTheCompiler = new RegExp(SAID_BY_OTHERS.map((words) => words.source).join('|'))
