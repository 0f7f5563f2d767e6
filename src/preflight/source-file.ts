/** What the head of a Go file says that a build depends on. */
export interface SourceFile {
  /** Absolute. */
  readonly file: string
  /** Whether a build constraint or the name of the file may leave it out. */
  readonly isConstrained: boolean
  readonly isTest: boolean
  /** Line of `import "C"`; `null` without. */
  readonly cgoLine: number | null
  readonly imports: readonly string[]
  readonly embeds: readonly { readonly pattern: string; readonly line: number }[]
}

/** The systems and machines that a name can end in (`internal/syslist`): `file_windows.go`, `file_linux_arm64.go`. */
const SYSTEMS = new Set(
  'aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris wasip1 windows zos 386 amd64 amd64p32 arm armbe arm64 arm64be loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le ppc ppc64 ppc64le riscv riscv64 s390 s390x sparc sparc64 wasm'.split(
    ' '
  )
)

/** Reads no more than imports and directives; a file that does not look like Go has none. */
export function parseSourceFile(file: string, text: string): SourceFile {
  const name = /([^\\/]+)\.go$/.exec(file)?.[1] ?? ''
  const isTest = name.endsWith('_test')
  const [, ...suffixes] = name.replace(/_test$/, '').split('_')
  const head = headOf(text)
  const imports = importsOf(head)
  const cgo = imports.find(({ path }) => path === 'C')
  return {
    file,
    isTest,
    isConstrained: suffixes.slice(-2).some((part) => SYSTEMS.has(part)) || /^\/\/(?:go:build|\s*\+build)\s/m.test(head),
    cgoLine: cgo === undefined ? null : lineAt(text, cgo.at),
    imports: imports.map(({ path }) => path),
    embeds: embedsOf(text)
  }
}

/** What stands before the first declaration; imports cannot stand after it. */
function headOf(text: string): string {
  const end = /^(?:func|type|var|const)\b/m.exec(text)?.index
  return end === undefined ? text : text.slice(0, end)
}

/** `import "C"`, `import x "y"`, and the lines of `import ( … )`; comments, which may hold C, are blanked first. */
function importsOf(head: string): readonly { readonly path: string; readonly at: number }[] {
  const code = head.replaceAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, (comment) => comment.replaceAll(/[^\n]/g, ' '))
  return [...code.matchAll(/\bimport\s*(?:\(([^)]*)\)|(?:[\w.]+\s+)?["`]([^"`]+)["`])/g)].flatMap((match) => {
    const [whole, block, single] = match
    if (single !== undefined) return [{ path: single, at: match.index }]
    const offset = match.index + whole.indexOf('(') + 1
    return [...(block ?? '').matchAll(/["`]([^"`]+)["`]/g)].map((one) => ({
      path: one[1] ?? '',
      at: offset + one.index
    }))
  })
}

/** `//go:embed pattern "with blanks" …` at the beginning of a line. */
function embedsOf(text: string): SourceFile['embeds'] {
  if (!text.includes('//go:embed ')) return []
  return [...text.matchAll(/^\s*\/\/go:embed[ \t]+(.+)$/gm)].flatMap((match) => {
    const line = lineAt(text, match.index + match[0].indexOf('//'))
    return [...(match[1] ?? '').matchAll(/"([^"]*)"|`([^`]*)`|(\S+)/g)].map(([, a, b, c]) => ({
      pattern: a ?? b ?? c ?? '',
      line
    }))
  })
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length
}
