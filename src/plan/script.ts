import type { Command } from '../model/settings.ts'

/** The words of a simple command, quotes removed; `null` for a word that the shell completes (`$X`, `*.go`, `~`). */
export type SimpleCommand = readonly (string | null)[]

/** A simple command with the `NAME=value` before its first word; without a word they are set for what follows. */
export interface Step {
  readonly assignments: Readonly<Record<string, string | null>>
  readonly words: SimpleCommand
}

/**
 * The simple commands of a script or argument vector, in order; `null` if anything is not plain: pipes, redirections,
 * `||`, background jobs, command substitution, functions, conditions and loops, or a shell whose language is not that
 * of sh. An empty `shell` is read as sh: on Windows, where it is PowerShell, the few plain words mean the same.
 */
export function readCommand(command: Command): readonly SimpleCommand[] | null {
  return readSteps(command)?.flatMap(({ words }) => (words.length > 0 ? [words] : [])) ?? null
}

/** The same with the assignments of each, also those that stand alone. */
export function readSteps(command: Command): readonly Step[] | null {
  if (command.kind === 'vector') return [{ assignments: {}, words: command.argv }]
  return /^(?:|bash|sh|(?:bash|sh) .*)$/.test(command.shell) ? readScript(command.script) : null
}

// In each, what is taken is certain to be plain; what none of them takes makes the whole script "not plain".
const BLANK = /(?:[ \t]|\\\n)+/y
const COMMENT = /#[^\n]*/y
const END_OF_COMMAND = /&&|\n|;(?!;)/y
const BARE = /[^\s'"\\$`|&;<>(){}*?[\]~\p{Cc}]+/uy
const ESCAPED = /\\([^\n])/y
const SINGLE_QUOTED = /'([^']*)'/y
const DOUBLE_QUOTED = /"((?:[^"\\$`]|\\[\s\S]|\$\w+|\$\{\w+\})*)"/y
const COMPLETED = /\$(?:\w+|\{\w+\}|[?#@*])|[*?[\]~]/y

const RESERVED = new Set(
  '! if then else elif fi for while until do done case esac in function select time coproc'.split(' ')
)

function readScript(script: string): readonly Step[] | null {
  const steps: Step[] = []
  const cursor: Cursor = { script, at: 0 }
  let words: (string | null)[] = []
  let assignments: Record<string, string | null> = {}
  const end = (): void => {
    if (words.length > 0 || Object.keys(assignments).length > 0) steps.push({ assignments, words })
    words = []
    assignments = {}
  }
  while (cursor.at < script.length) {
    if (take(cursor, BLANK) !== null || take(cursor, COMMENT) !== null) continue
    if (take(cursor, END_OF_COMMAND) !== null) {
      end()
      continue
    }
    const word = readWord(cursor)
    if (word === null) return null
    if (words.length === 0 && word.isAssignment) {
      Object.assign(assignments, assignmentOf(word))
      continue
    }
    if (words.length === 0 && RESERVED.has(word.text)) return null
    words.push(word.isCompleted ? null : word.text)
  }
  end()
  return steps
}

/** `NAME+=value` adds to what is not known here. */
function assignmentOf({ text, isCompleted }: Word): Readonly<Record<string, string | null>> {
  const [, name = '', plus, value = ''] = /^(\w+)(\+?)=([\s\S]*)$/.exec(text) ?? []
  return { [name]: isCompleted || plus === '+' ? null : value }
}

interface Cursor {
  readonly script: string
  at: number
}

interface Word {
  readonly text: string
  readonly isCompleted: boolean
  /** `NAME=…`, which before the first other word is no argument. */
  readonly isAssignment: boolean
}

function readWord(cursor: Cursor): Word | null {
  const start = cursor.at
  let text = ''
  let isCompleted = false
  for (;;) {
    const plain = take(cursor, BARE)?.[0] ?? take(cursor, ESCAPED)?.[1] ?? take(cursor, SINGLE_QUOTED)?.[1]
    const quoted = plain === undefined ? take(cursor, DOUBLE_QUOTED)?.[1] : undefined
    if (plain !== undefined) text += plain
    else if (quoted !== undefined) {
      isCompleted ||= /\$/.test(quoted.replaceAll(/\\[\s\S]/g, ''))
      text += quoted.replaceAll(/\\([$`"\\])|\\\n/g, '$1')
    } else if (take(cursor, COMPLETED) !== null) isCompleted = true
    else break
  }
  if (cursor.at === start) return null
  const isAssignment = /^[A-Za-z_]\w*\+?=/.test(cursor.script.slice(start, cursor.at))
  return { text, isCompleted, isAssignment }
}

function take(cursor: Cursor, pattern: RegExp): RegExpExecArray | null {
  pattern.lastIndex = cursor.at
  const match = pattern.exec(cursor.script)
  if (match !== null) cursor.at += match[0].length
  return match
}
