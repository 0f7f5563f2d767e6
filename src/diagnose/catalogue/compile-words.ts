import type { Pattern } from '../pattern.ts'
import { notTheCompiler } from './compile-neighbours.ts'

/** More hits than locations are kept, since vet and compiler of a package and of its test repeat each other. */
const KEPT_ERRORS = 200

/** Messages of the compiler before Go 1.10 and of the linker's type checks, which have no column. */
const OLD_WORDS =
  /missing (?:function body|return)|syntax error: |undefined: |cannot (?:use|convert|assign|refer|find|call|take|range|make|slice|index|determine|infer|embed) |not enough arguments|too many (?:arguments|return values|variables)|invalid (?:operation|indirect|recursive type|array|case|receiver|argument|map key|type)|no new variables|assignment (?:count )?mismatch|multiple-value |non-(?:name|bool|integer|constant) |duplicate |\S{1,200} (?:declared (?:and|but) not used|redeclared |undefined \(|evaluated but not used|escapes|is not a type|already declared)|imported and not used|"[^"]{1,300}" imported (?:and|but) not used|constant \S{1,100} (?:overflows|truncated)|impossible type |label \S{1,100} |method redeclared|import "?\S{1,200}"?: |can't find import|initialization loop|type \S{1,200} (?:is not|has no)|unexpected \S|first argument to append|division by zero|missing return|expected (?:'|\w)/

/** How the type checker, the parser, the package loader and the assembler speak, and the frames of `go` around them. */
export const compileErrorPatterns: readonly Pattern[] = [
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
    // price/of_amd64.s:2: unrecognized instruction "MOVQQ"
    // asm: assembly of price/of_amd64.s failed      (cmd/asm)
    name: 'assembler',
    anchor: ['.s:', 'asm: assembly of '],
    regex:
      /^\s*(?<file>\S{1,400}\.s):(?<line>[1-9]\d{0,6}): (?<message>(?:unrecognized|invalid|illegal|expected|unexpected|syntax error|undefined|bad|missing|label|register|operand)\b.{0,1000})|asm: assembly of \S{1,400} failed/
  },
  {
    // runtime.main_main·f: function main is undeclared in the main package   (cmd/link, for want of an earlier look)
    name: 'main',
    anchor: 'is undeclared in the main package',
    regex: /function main is undeclared in the main package/
  },
  {
    // "example.com/arch" imported and not used (typecheck): an annotation, which has its position elsewhere
    name: 'bare',
    anchor: [
      'imported and not used',
      'imported but not used',
      'declared and not used',
      'declared but not used',
      '(typecheck)'
    ],
    regex:
      /^\s{0,20}(?:"[^"]{1,300}" imported (?:and|but) not used|(?:declared (?:and|but) not used: \S{1,100}|\S{1,100} declared (?:and|but) not used)$|.{1,300} \(typecheck\)$)/,
    unless: notTheCompiler
  },
  {
    // FAIL	example.com/app [build failed]: the errors themselves may be cut off
    name: 'build-failed',
    anchor: '[build failed]',
    regex: /^\s*FAIL\s+(?<package>\S{1,400}) \[build failed\]/
  }
]
