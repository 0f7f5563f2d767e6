import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { explainLog } from '../../src/diagnose/explain.ts'

/** Logs of others, beside this repository where they are at hand. */
export const CORPUS = join(import.meta.dirname, '..', '..', '..', 'shared', 'corpus')
/** Logs of programs that were made to fail here. */
export const RECORDED = join(import.meta.dirname, '..', 'programs', 'recorded')

/** A log whose cause is known, with the answers to it. */
export interface LabelledLog {
  /** `label/name`. */
  readonly name: string
  readonly label: string
  readonly accept: readonly string[]
  /** `null`: cannot be told. */
  readonly isMemory: boolean | null
  /** Ids, most likely first. */
  readonly answers: readonly string[]
}

/** Every `<label>/<name>.log` below a folder with `<name>.json` beside it; none where there is no such folder. */
export function explainLabelled(folder: string): readonly LabelledLog[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json') && file.includes(sep))
    .toSorted()
    .map((file) => explainOne(folder, file.slice(0, -'.json'.length).replaceAll(sep, '/')))
}

/** Whether the first answer is an accepted one; `none` and `unknown` are met by no answer. */
export function isRight({ accept, answers: [first] }: LabelledLog): boolean {
  return first === undefined ? accept.includes('none') || accept.includes('unknown') : accept.includes(first)
}

/** Whether an accepted answer is among the first three. */
export function isAmongThree(log: LabelledLog): boolean {
  return isRight(log) || log.answers.slice(0, 3).some((id) => log.accept.includes(id))
}

/** Whether memory is named first. */
export function blamesMemory({ answers: [first] }: LabelledLog): boolean {
  return first?.startsWith('oom.') === true
}

function explainOne(folder: string, name: string): LabelledLog {
  const facts: unknown = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'))
  const [label = ''] = name.split('/')
  const exitCode = field(facts, 'exit_code') ?? field(facts, 'exitCode')
  const accept = field(facts, 'accept')
  const isMemory = field(facts, 'is_oom') ?? field(facts, 'isMemory')
  const end = { exitCode: typeof exitCode === 'number' ? exitCode : null, signal: null, platform: 'linux' } as const
  return {
    name,
    label,
    accept: Array.isArray(accept) ? accept.map(String) : [label],
    isMemory: typeof isMemory === 'boolean' ? isMemory : null,
    answers: explainLog(readFileSync(join(folder, `${name}.log`)), end).diagnoses.map(({ id }) => id)
  }
}

function field(facts: unknown, name: string): unknown {
  return typeof facts === 'object' && facts !== null ? Reflect.get(facts, name) : undefined
}
