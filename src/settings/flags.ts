import { ALL_INPUTS } from './inputs.ts'
import type { ReadInput } from './settings.ts'

/** The command line of `go-build-guard run`, taken apart; the values are not checked yet. */
export interface Flags {
  readonly read: ReadInput
  /** What stands after `--`; `null` without `--`. */
  readonly argv: readonly string[] | null
  readonly isDebug: boolean
  readonly wantsHelp: boolean
}

export interface ParsedFlags {
  /** What could be read, so that wrong values are named together with wrong flags. */
  readonly flags: Flags
  readonly problems: readonly string[]
}

const SWITCHES = ['debug', 'help']

/**
 * Reads `[--name=value | --name value | --debug | --help]… [-- ARG…]`, the arguments after `run`. Every input is a flag
 * of the same name; the last one of a name counts. All problems are named at once.
 */
export function parseFlags(args: readonly string[]): ParsedFlags {
  const end = args.indexOf('--')
  const argv = end === -1 ? null : args.slice(end + 1)
  const { values, problems } = readFlags(end === -1 ? args : args.slice(0, end))
  if (argv?.length === 0) problems.push('nothing stands after --; a command is needed there')
  const read: ReadInput = (name) => values.get(name) ?? ''
  return { flags: { read, argv, isDebug: values.has('debug'), wantsHelp: values.has('help') }, problems }
}

function readFlags(args: readonly string[]): { readonly values: Map<string, string>; readonly problems: string[] } {
  const values = new Map<string, string>()
  const problems: string[] = []
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? ''
    const [, name = '', inline] = /^--([^=]+)(?:=([\s\S]*))?$/.exec(arg === '-h' ? '--help' : arg) ?? []
    if (name === '') {
      problems.push(`${JSON.stringify(arg)} is no flag; the command goes after --`)
    } else if (SWITCHES.includes(name)) {
      if (inline !== undefined) problems.push(`--${name} takes no value`)
      values.set(name, '')
    } else {
      const next = inline ?? args[i + 1]
      if (inline === undefined && !next?.startsWith('--')) i++
      const problem = valueProblem(name, inline, next)
      if (problem === null) values.set(name, next ?? '')
      else problems.push(problem)
    }
  }
  return { values, problems }
}

function valueProblem(name: string, inline: string | undefined, next: string | undefined): string | null {
  const names = ALL_INPUTS.map((input) => input.name)
  if (!names.includes(name)) {
    const nearest = nearestName(name, [...names, ...SWITCHES])
    return `--${name} is no flag${nearest === null ? '; --help lists them' : `; nearest: --${nearest}`}`
  }
  const isMissing = inline === undefined && (next === undefined || next.startsWith('--'))
  return isMissing ? `--${name} needs a value: --${name}=VALUE` : null
}

/** The name with the fewest changes to make, up to a third of its letters; else `null`. */
function nearestName(wrong: string, names: readonly string[]): string | null {
  const ranked = names
    .map((name) => ({ name, changes: editDistance(wrong, name) }))
    .filter(({ name, changes }) => changes <= Math.max(1, Math.floor(name.length / 3)))
    .sort((a, b) => a.changes - b.changes)
  return ranked[0]?.name ?? null
}

/** Insertions, deletions and replacements of one letter that make `a` of `b` (Levenshtein). */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (const [i, letter] of [...a].entries()) {
    const row = [i + 1]
    for (const [j, other] of [...b].entries()) {
      const replaced = (previous[j] ?? 0) + (letter === other ? 0 : 1)
      row.push(Math.min(replaced, (previous[j + 1] ?? 0) + 1, (row[j] ?? 0) + 1))
    }
    previous = row
  }
  return previous[b.length] ?? 0
}
