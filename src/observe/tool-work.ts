/** Which tool a process is and what it works on. */
export interface ToolWork {
  /** `compile`, `link`, `asm`, `cgo`, `vet`, `cc1`, `go`, or the program's own name. */
  readonly tool: string
  /** As the Go tool names it: an import path, for tests `pkg [pkg.test]`; `null` where it does not say. */
  readonly package: string | null
}

/**
 * The Go tool tells every tool that it starts, and what that starts in turn (gcc, cc1, ld), which package it is for:
 * `TOOLEXEC_IMPORTPATH`, set whether or not `-toolexec` is used (cmd/go/internal/work/shell.go, `runOut`).
 */
const PACKAGE_VARIABLE = 'TOOLEXEC_IMPORTPATH='

/** Older releases name it only in the arguments: `compile -o … -p example.com/m/api …`, `cgo … -importpath runtime/cgo …`. */
const PACKAGE_FLAGS = ['-p', '-importpath']

/** From `/proc/PID/cmdline` and `/proc/PID/environ`, both split at NUL, and the kernel's name for the process. */
export function toolWork(argv: readonly string[], environment: readonly string[], comm: string): ToolWork {
  const program = argv[0] ?? ''
  const tool = baseName(program) || comm
  const variable = environment.find((entry) => entry.startsWith(PACKAGE_VARIABLE))
  return { tool, package: variable?.slice(PACKAGE_VARIABLE.length) ?? valueAfterFlag(tool, argv) }
}

/** `compile` of `/go/pkg/tool/linux_amd64/compile` and of `C:\\go\\pkg\\tool\\windows_amd64\\compile.exe`. */
function baseName(program: string): string {
  const ofWindows = /^(?:.*[\\/])?([^\\/]+)\.exe$/i.exec(program)?.[1]
  return ofWindows ?? program.slice(program.lastIndexOf('/') + 1)
}

function valueAfterFlag(tool: string, argv: readonly string[]): string | null {
  if (!['compile', 'asm', 'cgo'].includes(tool)) return null
  const at = argv.findIndex((arg) => PACKAGE_FLAGS.includes(arg))
  return at < 0 ? null : (argv[at + 1] ?? null)
}
