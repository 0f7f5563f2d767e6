/** What `go version -m` tells of one program (pkg.go.dev/runtime/debug#BuildInfo). */
export interface BuildInfo {
  /** `GOOS`, `CGO_ENABLED`, `-race`, `vcs.revision`, … */
  readonly settings: Readonly<Record<string, string>>
  readonly modules: readonly BuiltModule[]
}

interface BuiltModule {
  readonly path: string
  readonly version: string
  /** The module or directory that took its place. */
  readonly replacedBy: string | null
}

/**
 * `null` where it is no Go program, or one without build information.
 *
 *     bin/app: go1.26.8
 *     	path	example.com/app
 *     	mod	example.com/app	(devel)
 *     	dep	example.com/x	v1.2.3	h1:…
 *     	=>	./x	(devel)
 *     	build	GOOS=linux
 */
export function parseBuildInfo(text: string): BuildInfo | null {
  const settings: Record<string, string> = {}
  const modules: BuiltModule[] = []
  for (const line of text.split('\n')) {
    const [, kind, first = '', second = ''] = line.trimEnd().split('\t')
    const last = modules.at(-1)
    if (kind === 'build') {
      const equals = first.indexOf('=')
      if (equals > 0) settings[first.slice(0, equals)] = unquoted(first.slice(equals + 1))
    } else if (kind === 'dep') modules.push({ path: first, version: second, replacedBy: null })
    else if (kind === '=>' && last !== undefined) modules[modules.length - 1] = { ...last, replacedBy: first }
  }
  return Object.keys(settings).length === 0 ? null : { settings, modules }
}

/** A value with blanks or quotes stands in quotes (runtime/debug, quoteValue). */
function unquoted(value: string): string {
  return /^(?:"[\s\S]*"|`[\s\S]*`)$/.test(value) ? value.slice(1, -1) : value
}
