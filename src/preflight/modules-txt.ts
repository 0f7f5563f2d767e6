/** One module of `vendor/modules.txt` as `go mod vendor` writes it (cmd/go/internal/modload/vendor.go). */
interface VendoredModule {
  readonly path: string
  /** `null` for a replacement of all versions. */
  readonly version: string | null
  readonly isExplicit: boolean
  readonly replacement: { readonly path: string; readonly version: string | null } | null
}

export interface ModulesTxt {
  readonly modules: readonly VendoredModule[]
  /** Written by `go work vendor`. */
  readonly isOfWorkspace: boolean
}

/**
 *     ## workspace
 *     # golang.org/x/text v0.3.0 => ../text
 *     ## explicit; go 1.17
 *     golang.org/x/text/language
 */
export function parseModulesTxt(text: string): ModulesTxt {
  const modules: VendoredModule[] = []
  const lines = text.split(/\r?\n/)
  for (const line of lines) {
    const last = modules.at(-1)
    if (line.startsWith('# ')) {
      const one = moduleOf(line.slice(2).trim().split(/\s+/))
      if (one !== null) modules.push(one)
    } else if (line.startsWith('## ') && last !== undefined && !last.isExplicit) {
      const isExplicit = line
        .slice(3)
        .split(';')
        .some((annotation) => annotation.trim() === 'explicit')
      if (isExplicit) modules[modules.length - 1] = { ...last, isExplicit }
    }
  }
  return { modules, isOfWorkspace: /^## workspace\b/.test(lines[0] ?? '') }
}

function moduleOf(words: readonly string[]): VendoredModule | null {
  const arrow = words.indexOf('=>')
  const [path, version = null] = arrow < 0 ? words : words.slice(0, arrow)
  const [newPath, newVersion = null] = arrow < 0 ? [] : words.slice(arrow + 1)
  if (path === undefined || path === '') return null
  return {
    path,
    version,
    isExplicit: false,
    replacement: newPath === undefined ? null : { path: newPath, version: newVersion }
  }
}
