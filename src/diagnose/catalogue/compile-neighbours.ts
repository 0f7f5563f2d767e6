import { LINT_SIGNS } from './lint-words.ts'
import { VET_WORDS } from './vet-words.ts'

/** What stands behind `file.go:L:C: ` and is said by the module loader, vet, a linter, cgo or a C compiler instead. */
const SAID_BY_OTHERS: readonly RegExp[] = [
  // go list and the module loader: positions of import declarations
  /\b(?:no required module provides package|cannot find (?:package|module|main module)|missing go\.sum entry|ambiguous import|is not in (?:std|GOROOT)|found, but does not contain package|import cycle not allowed|build constraints exclude all|no matching files found|cannot embed |requires go >=|unrecognized import path|malformed (?:module|import) path|cannot load|invalid version|no Go files in|relative import|is explicitly required|checksum mismatch|not used in this module|package \S{1,300} is not a main package|case-insensitive import collision)/,
  /: (?:Get "|reading https?:|dial tcp|proxyconnect|unknown revision|git (?:fetch|ls-remote))|@v\d[^\s:]{0,200}: /,
  // a refused resource while a file was read
  /\b(?:too many open files|no space left on device|permission denied|input\/output error|cannot allocate memory)\b/,
  // the compiler's own crash
  /internal compiler error: /,
  // cgo, gcc and clang through #line directives
  /: (?:fatal error|error|warning|note|remark): |could not determine (?:kind of name for|what) C\.|inconsistent definitions for C\.|undefined C type|undefined reference to|multiple definition of/,
  // go generate
  /: running "/,
  // a program or a test that prints the position with its own log
  /_test\.go:\d{1,7}:\d{1,6}: (?:got|want|expected)\b(?!.{0,100}, found )/
]

/** Matches a line with a Go source position whose speaker is not the compiler. */
export const notTheCompiler = new RegExp(
  [
    ...SAID_BY_OTHERS.map((words) => words.source),
    `\\.go:\\d{1,7}:(?:\\d{1,6}:)? (?:[a-z]{3,20}: )?${VET_WORDS}`,
    LINT_SIGNS
  ].join('|')
)
