import { code, type Prose, prose } from '../model/prose.ts'
import type { Call, Setup } from './setup.ts'

/** The value of a variable as a call of `go` sees it, and who set it. */
export interface Variable {
  readonly value: string
  readonly setBy: 'command' | 'environment' | 'go env -w' | 'release'
  /** "`GOFLAGS=-mod=mod` in the environment". */
  readonly words: Prose
}

/**
 * The value that counts: the command's own, the environment, what `go env -w` wrote, what the release sets. An empty one
 * in the environment counts as none, as for cmd/go. `null`: none of them sets it. `'unknown'`: the shell completes it.
 */
export function variableOf(setup: Setup, call: Call | null, name: string): Variable | null | 'unknown' {
  const own = call?.environment[name]
  if (own === null) return 'unknown'
  const places = [
    { setBy: 'command', value: own },
    { setBy: 'environment', value: own === undefined ? setup.environment[name] : undefined },
    { setBy: 'go env -w', value: setup.written?.values[name] },
    { setBy: 'release', value: setup.release?.values[name] }
  ] as const
  for (const { setBy, value } of places) {
    if (value === undefined || value === '') continue
    return { value, setBy, words: wordsOf(setup, setBy, `${name}=${withoutCredentials(value)}`) }
  }
  return null
}

/** {@link variableOf} without what is not known. */
export function knownVariable(setup: Setup, call: Call | null, name: string): Variable | null {
  const variable = variableOf(setup, call, name)
  return variable === 'unknown' ? null : variable
}

/** The value, or what `go env` answers where nobody set it. */
export function effective(setup: Setup, call: Call | null, name: string): string | null {
  const variable = variableOf(setup, call, name)
  if (variable === 'unknown') return null
  return variable?.value ?? (setup.go?.env[name] || null)
}

/** `https://user:password@host`: the words travel. */
function withoutCredentials(value: string): string {
  return value.replaceAll(/:\/\/[^/@\s]*@/g, '://***@')
}

function wordsOf(setup: Setup, setBy: Variable['setBy'], assignment: string): Prose {
  switch (setBy) {
    case 'command':
      return prose`${code(assignment)} in the command`
    case 'environment':
      return prose`${code(assignment)} in the environment`
    case 'go env -w':
      return prose`${code(assignment)} in ${code(setup.written?.file ?? '')}, which ${code('go env -w')} wrote`
    case 'release':
      return prose`${code(assignment)} in ${code(setup.release?.file ?? '')}`
  }
}

/** The flags of GOFLAGS, as cmd/go splits it: at blanks, with quotes around a whole flag. */
export function goFlags(text: string): readonly string[] {
  return [...text.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? '')
}

/** A flag of a call: its own, or that of GOFLAGS; `null` where neither has it or it is not known. */
export function flagOf(setup: Setup, call: Call, name: string): Flag | null {
  const own = call.flags[name]
  if (own !== undefined) {
    return own === null ? null : { value: own, words: prose`${code(`-${name}=${own}`)} in the command` }
  }
  const variable = knownVariable(setup, call, 'GOFLAGS')
  const found = goFlags(variable?.value ?? '').findLast((flag) => new RegExp(`^--?${name}(?:=|$)`).test(flag))
  if (found === undefined || variable === null) return null
  const equals = found.indexOf('=')
  return { value: equals < 0 ? 'true' : found.slice(equals + 1), words: variable.words }
}

export interface Flag {
  readonly value: string
  readonly words: Prose
}

/** Verbs that load packages. */
const BUILDING = new Set(['build', 'install', 'test', 'vet', 'run', 'list', 'generate'])

/** The calls that build, of a command that can be read. */
export function buildingCalls(setup: Setup): readonly Call[] {
  return (setup.calls ?? []).filter(({ verb }) => BUILDING.has(verb))
}

/** Those that build packages of the module around them: not `install pkg@version`, which leaves it aside. */
export function moduleCalls(setup: Setup): readonly Call[] {
  return buildingCalls(setup).filter(
    (call) =>
      !call.operands.some((operand) => operand?.includes('@')) &&
      variableOf(setup, call, 'GOFLAGS') !== 'unknown' &&
      effective(setup, call, 'GO111MODULE') !== 'off'
  )
}

export function isOn(flag: Flag | null): boolean {
  return flag !== null && flag.value !== 'false' && flag.value !== '0'
}
