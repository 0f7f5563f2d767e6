import type { Command } from '../model/settings.ts'
import { readCommand, type SimpleCommand } from './script.ts'

/**
 * Whether the command may be run again without asking: everything in it is known to do nothing but build. What cannot
 * be read with certainty may not. `mkdir` counts with `-p` only, since without it the second run would fail.
 */
export function isRepeatable(command: Command): boolean {
  const commands = readCommand(command)
  return commands !== null && commands.length > 0 && commands.every(onlyBuilds)
}

/** Whether it runs tests, whose programs `-p` would hold back too. `false` where that cannot be told. */
export function runsTests(command: Command): boolean {
  return (readCommand(command) ?? []).some((words) => {
    const go = goCommand(words)
    if (go === null) return TEST_RUNNERS.has(baseName(words[0]))
    if (go.verb === 'test') return !compilesOnly(go.args)
    return (go.verb === 'run' || go.verb === 'tool') && go.args.some((word) => TEST_RUNNERS.has(baseName(word)))
  })
}

/**
 * `-p N` where every building `go` command line of the script shows one, the highest of them; else `null`. It stands
 * above GOFLAGS, so nothing that is set there would count.
 */
export function explicitParallelism(command: Command): number | null {
  const widths = (readCommand(command) ?? []).flatMap((words) => {
    const go = goCommand(words)
    return go !== null && BUILDING.has(go.verb) ? [parallelismOf(go.args)] : []
  })
  if (widths.length === 0) return null
  let highest = 0
  for (const width of widths) {
    if (width === null) return null
    highest = Math.max(highest, width)
  }
  return highest
}

interface GoCommand {
  readonly verb: string
  readonly args: SimpleCommand
}

const HARMLESS = new Set(['cd', 'export', 'echo', 'set'])
const HARMLESS_VERBS = new Set(['build', 'install', 'vet', 'list'])
const BUILDING = new Set(['build', 'install', 'vet', 'list', 'test', 'run'])
const TEST_RUNNERS = new Set(['gotestsum', 'ginkgo', 'gotest', 'richgo'])

function onlyBuilds(words: SimpleCommand): boolean {
  const [name] = words
  const go = goCommand(words)
  if (go === null) return HARMLESS.has(name ?? '') || (name === 'mkdir' && words.includes('-p'))
  if (go.verb === 'test') return compilesOnly(go.args)
  if (go.verb === 'mod') return go.args[0] === 'download'
  return HARMLESS_VERBS.has(go.verb)
}

/** `go` by name or by its full path; a `./go` of the repository is some other program. */
export function goCommand(words: SimpleCommand): GoCommand | null {
  const [name, verb, ...args] = words
  if (!/^(?:(?:\/|[A-Za-z]:[\\/]).*[\\/])?go(?:1\.\d+(?:\.\d+)?)?(?:\.exe)?$/.test(name ?? '')) return null
  return { verb: verb ?? '', args }
}

/** `go test -c` builds the test program and does not run it. */
function compilesOnly(args: SimpleCommand): boolean {
  return toolFlags(args).some((word) => /^--?c(?:=true)?$/.test(word ?? ''))
}

function parallelismOf(args: SimpleCommand): number | null {
  const flags = toolFlags(args)
  for (const [i, word] of flags.entries()) {
    const text = /^--?p$/.test(word ?? '') ? flags[i + 1] : /^--?p=(.*)$/.exec(word ?? '')?.[1]
    if (text !== undefined) return /^[1-9]\d{0,5}$/.test(text ?? '') ? Number(text) : null
  }
  return null
}

/** What stands after `-args` belongs to the test program. */
function toolFlags(args: SimpleCommand): SimpleCommand {
  const end = args.findIndex((word) => word === '-args' || word === '--args')
  return end === -1 ? args : args.slice(0, end)
}

/** `gotestsum` of `/usr/bin/gotestsum` and of `gotest.tools/gotestsum@v1.12.0`. */
function baseName(word: string | null | undefined): string {
  return /([^\\/@]+)(?:@[^\\/]*)?$/.exec(word ?? '')?.[1]?.replace(/\.exe$/, '') ?? ''
}
