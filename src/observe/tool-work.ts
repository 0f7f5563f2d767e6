/** Which tool a process is and what it works on, as far as its arguments say. */
export interface ToolWork {
  readonly tool: string
  readonly package: string | null
  /** A file that names the package where the arguments do not, with how to read it. */
  readonly namedIn: { readonly file: string; readonly find: (text: string) => string | null } | null
}

/**
 * From the argument vector (`/proc/PID/cmdline` split at NUL); samples of Go 1.26:
 *
 *     …/tool/linux_amd64/compile -o $WORK/b001/_pkg_.a -trimpath … -p example.com/m/api -lang=go1.24 …
 *     …/tool/linux_amd64/asm -p internal/bytealg -trimpath …
 *     …/tool/linux_amd64/cgo -objdir $WORK/b001/ -importpath runtime/cgo …
 *     …/tool/linux_amd64/link -o $WORK/b001/exe/a.out -importcfg $WORK/b001/importcfg.link …
 *     …/tool/linux_amd64/vet $WORK/b006/vet.cfg
 */
export function toolWork(argv: readonly string[], comm: string): ToolWork {
  const program = baseName(argv[0] ?? '') || comm
  const tool = program.replace(/\.exe$/, '')
  switch (tool) {
    case 'compile':
    case 'asm':
      return { tool, package: valueAfter(argv, '-p'), namedIn: null }
    case 'cgo':
      return { tool, package: valueAfter(argv, '-importpath'), namedIn: null }
    case 'link':
      return { tool, package: null, namedIn: named(valueAfter(argv, '-importcfg'), packageOfImportcfg) }
    case 'vet':
      return { tool, package: null, namedIn: named(argv.find((arg) => arg.endsWith('vet.cfg')) ?? null, packageOfVetConfig) }
    default:
      return { tool, package: null, namedIn: null }
  }
}

/** The main package comes first: `packagefile example.com/m/cmd/server=$WORK/b001/_pkg_.a`. */
function packageOfImportcfg(text: string): string | null {
  return /^packagefile ([^=\n]+)=/m.exec(text)?.[1] ?? null
}

/** JSON with `"ImportPath": "example.com/m/api"`. */
function packageOfVetConfig(text: string): string | null {
  return /"ImportPath":\s*"([^"\n]+)"/.exec(text)?.[1] ?? null
}

function named(file: string | null, find: (text: string) => string | null): ToolWork['namedIn'] {
  return file === null ? null : { file, find }
}

function valueAfter(argv: readonly string[], flag: string): string | null {
  const at = argv.indexOf(flag)
  return at < 0 ? null : (argv[at + 1] ?? null)
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
