/** What the analyzers of `go vet` say (x/tools/go/analysis/passes, and cmd/vet before Go 1.12), as sources of expressions. */
const SAID_BY_ANALYZERS: readonly string[] = [
  // printf
  '\\S{1,200} format %\\S{0,30} (?:has |reads |uses |with |arg |is missing )',
  '\\S{1,200} call (?:needs |has (?:possible |arguments but no ))',
  '\\S{1,200} (?:arg list ends|args end|call ends) with (?:redundant )?newline',
  'non-constant format string in call to ',
  '\\S{1,200} does not (?:support error-wrapping directive|take io\\.Writer)',
  '(?:\\S{1,200} )?arg \\S{1,200} (?:causes recursive call|is a func value|for printf verb )',
  '(?:possible formatting directive|no formatting directive|wrong number of args for format|unrecognized printf verb|missing argument for \\S{1,60} verb)',
  'missing \\.\\.\\. in args forwarded to ',
  'Errorf format %w ',
  // copylocks
  '(?:assignment|return|literal|variable declaration|for loop iteration|range var \\S{1,200}|call of \\S{1,300}) copies lock',
  '\\S{1,200} passes lock by value',
  // composites, structtag
  '\\S{0,300} ?(?:composite|struct) literal uses unkeyed fields',
  'struct field tag .{0,300}not compatible with reflect\\.StructTag\\.Get',
  'struct field \\S{1,100} (?:has|repeats) \\S{1,40} tag',
  // lostcancel, loopclosure, unusedresult, unreachable, unsafeptr, assign, bools, shift
  'the \\S{1,100} function (?:is not used on all paths|returned by \\S{1,100} should be called)',
  'this return statement may be reached without using the ',
  '(?:loop|range) variable \\S{1,100} captured by func literal',
  'result of \\S{1,200} call not used',
  'unreachable code$',
  'possible misuse of (?:unsafe|reflect)\\.',
  'self-assignment of ',
  '(?:redundant|suspect) (?:or|and): ',
  '\\S{1,300} \\([^)]{0,100}\\) too small for shift of |\\S{1,300} too small for shift of ',
  // stdmethods, nilfunc, httpresponse, errorsas, ifaceassert, unmarshal, stringintconv
  'method \\S{1,300} should have signature ',
  'comparison of function \\S{1,200} [!=]= nil is always ',
  'using \\S{1,100} before checking for errors',
  'second argument to errors\\.As (?:must|should) ',
  'impossible (?:type assertion|interface conversion): no type can implement both',
  'call of \\S{1,200} passes non-pointer',
  'conversion from .{1,200} to string yields a string of one rune',
  // tests, testinggoroutine, fuzz
  '\\S{1,200} has malformed (?:name|example suffix): ',
  '\\S{1,200} refers to unknown (?:field or method|identifier|type): ',
  'Example\\w{0,100} should (?:be niladic|return nothing)',
  'call to \\S{1,100} from a non-test goroutine',
  'call to \\S{1,100} on \\S{1,100} defined outside of the subtest',
  '(?:fuzz target must|fuzzing arguments can only|the first parameter of a fuzz target)',
  // atomic, buildtag, cgocall, slog, stdversion, defers, appends, timeformat, directive, waitgroup, hostport, sigchanyzer, inline
  'direct assignment to atomic value',
  '(?:\\+build lines do not match|misplaced (?:\\+build|//go:build) comment|malformed //go:build line|possible malformed \\+build|\\+build comment must appear before)',
  'possibly passing Go type with embedded pointer to C',
  'call to \\S{1,100} (?:has a missing or misplaced value|missing a final value)',
  '\\S{1,100} arg .{1,100} should (?:probably )?be a string or a slog\\.Attr',
  '\\S{1,200} requires go1\\.\\d{1,2} or later \\((?:file|module) is ',
  'call to time\\.Since is not deferred',
  'append with no values',
  '2006-02-01 should be 2006-01-02',
  '//go:debug directive only valid',
  'WaitGroup\\.Add called from inside new goroutine',
  'address format .{1,60} does not work with IPv6',
  'misuse of unbuffered os\\.Signal channel',
  // asmdecl, framepointer
  'frame pointer is clobbered before saving',
  '\\[(?:386|amd64|arm|arm64|loong64|mips\\w{0,4}|ppc64\\w{0,2}|riscv64|s390x|wasm)\\] \\S{1,200}: '
]

/** Source of an expression for what stands behind `file.go:L:C: ` where vet speaks. */
export const VET_WORDS = `(?:${SAID_BY_ANALYZERS.join('|')})`
