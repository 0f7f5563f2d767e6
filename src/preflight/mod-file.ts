/** What a `go.mod` or `go.work` says (go.dev/ref/mod#go-mod-file, #go-work-file), each with its line. */
export interface ModFile {
  /** Absolute path. */
  readonly file: string
  readonly module: string | null
  readonly go: VersionLine | null
  readonly toolchain: VersionLine | null
  readonly requires: readonly Requirement[]
  readonly replaces: readonly Replacement[]
  /** Directories of a workspace as they are written. */
  readonly uses: readonly { readonly path: string; readonly line: number }[]
}

interface VersionLine {
  readonly version: string
  readonly line: number
}

export interface Requirement {
  readonly path: string
  readonly version: string
  readonly isIndirect: boolean
  readonly line: number
}

export interface Replacement {
  readonly oldPath: string
  /** `null`: all versions. */
  readonly oldVersion: string | null
  /** A module path, or a directory if `newVersion` is `null`. */
  readonly newPath: string
  readonly newVersion: string | null
  readonly line: number
}

interface Statement {
  readonly verb: string
  readonly words: readonly string[]
  readonly comment: string
  readonly line: number
}

/** Never fails: a line that cannot be read is passed over. */
export function parseModFile(file: string, text: string): ModFile {
  const statements = statementsOf(text)
  const of = (verb: string): readonly Statement[] => statements.filter((one) => one.verb === verb)
  return {
    file,
    module: of('module')[0]?.words[0] ?? null,
    go: versionLine(of('go')),
    toolchain: versionLine(of('toolchain')),
    requires: of('require').flatMap(({ words: [path, version], comment, line }) =>
      path === undefined || version === undefined
        ? []
        : [{ path, version, isIndirect: /^\/\/\s*indirect\b/.test(comment), line }]
    ),
    replaces: of('replace').flatMap(replacementOf),
    uses: of('use').flatMap(({ words: [path], line }) => (path === undefined ? [] : [{ path, line }]))
  }
}

function versionLine([statement]: readonly Statement[]): VersionLine | null {
  const version = statement?.words[0]
  return statement === undefined || version === undefined ? null : { version, line: statement.line }
}

/** `old [v] => new [v]`. */
function replacementOf({ words, line }: Statement): readonly Replacement[] {
  const arrow = words.indexOf('=>')
  const [oldPath, oldVersion = null] = words.slice(0, arrow)
  const [newPath, newVersion = null] = words.slice(arrow + 1)
  if (arrow < 1 || oldPath === undefined || newPath === undefined) return []
  return [{ oldPath, oldVersion, newPath, newVersion, line }]
}

/** `verb words…`, or the lines of a block `verb (` … `)` under its verb. */
function statementsOf(text: string): readonly Statement[] {
  const statements: Statement[] = []
  let block: string | null = null
  for (const [i, whole] of text.split(/\r?\n/).entries()) {
    const { words, comment } = wordsOf(whole)
    const [first, second] = words
    if (first === undefined) continue
    if (block !== null && first === ')') block = null
    else if (block !== null) statements.push({ verb: block, words, comment, line: i + 1 })
    else if (second === '(') block = first
    else statements.push({ verb: first, words: words.slice(1), comment, line: i + 1 })
  }
  return statements
}

/** Words, quotes removed, and the comment at the end of the line. */
function wordsOf(line: string): { readonly words: readonly string[]; readonly comment: string } {
  const words: string[] = []
  for (const [token] of line.matchAll(/\/\/.*|"[^"]*"|`[^`]*`|=>|[()]|[^\s()"`]+/g)) {
    if (token.startsWith('//')) return { words, comment: token }
    words.push(/^["`]/.test(token) ? token.slice(1, -1) : token)
  }
  return { words, comment: '' }
}

/** The replacement that counts for a version: one for just this version goes before one for all. */
export function replacementFor(
  replaces: readonly Replacement[],
  { path, version }: Pick<Requirement, 'path' | 'version'>
): Replacement | null {
  const own = replaces.filter(({ oldPath }) => oldPath === path)
  return (
    own.find(({ oldVersion }) => oldVersion === version) ?? own.find(({ oldVersion }) => oldVersion === null) ?? null
  )
}

/** Whether the new side of a replacement is a directory (cmd/go: begins with `./`, `../`, `/`, or a drive). */
export function isDirectory(path: string): boolean {
  return /^(?:\.{1,2}(?:[\\/]|$)|[\\/]|[A-Za-z]:[\\/])/.test(path)
}
