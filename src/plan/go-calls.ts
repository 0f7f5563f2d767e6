import { posix, win32 } from 'node:path'
import type { Command } from '../model/settings.ts'
import { goCommand } from './go-commands.ts'
import { readSteps, type SimpleCommand } from './script.ts'

/** One call of the `go` command in a script, with what the script sets up for it. */
export interface GoCall {
  /** `build`, `test`, … */
  readonly verb: string
  /** `-o bin/app` as `{ o: 'bin/app' }`, switches as `'true'`; `null` for what the shell completes. */
  readonly flags: Readonly<Record<string, string | null>>
  /** Packages, files, or what else the verb takes; `null` for what the shell completes. */
  readonly operands: SimpleCommand
  /** Variables that the script gives to it. */
  readonly environment: Readonly<Record<string, string | null>>
  /** Variables that were set in the script before and never exported: the call does not see them. */
  readonly unexported: Readonly<Record<string, string | null>>
  /** Absolute. */
  readonly directory: string
}

/** Flags of cmd/go and of test binaries that stand alone (`go help build`, `go help testflag`). */
const SWITCHES = new Set(
  'a n v x i race msan asan cover work trimpath linkshared modcacherw buildvcs c short failfast benchmem fullpath json artifacts'.split(
    ' '
  )
)

/** What may change anything: after it nothing is known of variables and directories. */
const OPAQUE = new Set(['.', 'source', 'eval', 'exec', 'unset', 'pushd', 'popd', 'declare', 'readonly'])

/**
 * Every call of `go` in a script or argument vector, in order. `null` where the script, the directory of a call or its
 * variables cannot be told for certain.
 */
export function goCalls(command: Command, start: string, platform: NodeJS.Platform): readonly GoCall[] | null {
  const steps = readSteps(command)
  if (steps === null) return null
  const { resolve } = platform === 'win32' ? win32 : posix
  const calls: GoCall[] = []
  let directory = start
  let environment: Readonly<Record<string, string | null>> = {}
  let unexported: Readonly<Record<string, string | null>> = {}
  for (const { words, assignments } of steps) {
    const [name, first] = words
    const go = goCommand(words)
    if (name === undefined) unexported = { ...unexported, ...assignments }
    else if (name === null || OPAQUE.has(name) || (name === 'set' && words.includes('-a'))) return null
    else if (name === 'cd') {
      if (typeof first !== 'string' || first === '-') return null
      directory = resolve(directory, first)
    } else if (name === 'export') {
      const exported = exportsOf(words.slice(1), unexported)
      if (exported === null) return null
      environment = { ...environment, ...exported }
    } else if (go !== null) {
      const call = callOf(go.verb, go.args, { environment: { ...environment, ...assignments }, unexported, directory })
      if (call === null) return null
      calls.push(call)
    }
  }
  return calls
}

/** `NAME=value`, or a `NAME` that was set before. */
function exportsOf(
  words: SimpleCommand,
  unexported: Readonly<Record<string, string | null>>
): Readonly<Record<string, string | null>> | null {
  const exported: Record<string, string | null> = {}
  for (const word of words) {
    const [, name, value] = /^(\w+)(?:=([\s\S]*))?$/.exec(word ?? '') ?? []
    if (name === undefined) return null
    if (value !== undefined) exported[name] = value
    else if (name in unexported) exported[name] = unexported[name] ?? null
  }
  return exported
}

type Surroundings = Pick<GoCall, 'environment' | 'unexported' | 'directory'>

/** `null` where `-C` leads to a directory that is not known. */
function callOf(verb: string, args: SimpleCommand, around: Surroundings): GoCall | null {
  // go -C DIR build · go build -C DIR
  const leading = /^--?C$/.test(verb) ? [verb, ...args] : args
  const [flag, target, ...rest] = leading
  const [, joined] = /^--?C(?:=(.+))?$/.exec(flag ?? '') ?? []
  if (!/^--?C(?:=|$)/.test(flag ?? '')) return { verb, ...flagsOf(args), ...around }
  const directory = joined ?? target
  if (typeof directory !== 'string') return null
  const after = joined === undefined ? rest : leading.slice(1)
  const [realVerb, ...realArgs] = /^--?C/.test(verb) ? after : [verb, ...after]
  const moved = { ...around, directory: posix.resolve(around.directory, directory) }
  return { verb: realVerb ?? '', ...flagsOf(realArgs), ...moved }
}

/** What stands after `-args` belongs to the test program. */
function flagsOf(args: SimpleCommand): Pick<GoCall, 'flags' | 'operands'> {
  const flags: Record<string, string | null> = {}
  const operands: (string | null)[] = []
  for (let i = 0; i < args.length; i++) {
    const word = args[i]
    if (word === '-args' || word === '--args') break
    const [, name, value] = /^--?([A-Za-z][\w.]*)(?:=([\s\S]*))?$/.exec(word ?? '') ?? []
    if (name === undefined) operands.push(word ?? null)
    else if (value !== undefined) flags[name] = value
    else if (SWITCHES.has(name)) flags[name] = 'true'
    else flags[name] = args[++i] ?? null
  }
  return { flags, operands }
}
