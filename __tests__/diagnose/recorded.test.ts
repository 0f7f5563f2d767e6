import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { explainLog } from '../../src/diagnose/explain.ts'

const FOLDER = join(import.meta.dirname, '..', 'programs', 'recorded')
const MEMORY_WORDS = /memory|kill|137|oom/i
const LARGEST_LOG_CHARS = 20 * 1024

interface Recording {
  readonly name: string
  readonly log: string
  readonly accept: readonly string[]
  /** `null`: not even the one who made it could tell from the log. */
  readonly isMemory: boolean | null
  readonly answer: string
}

/** `<label>/<name>.log` with `<name>.json` beside it, as `npm run record` stores them. */
function readRecordings(): readonly Recording[] {
  return readdirSync(FOLDER).flatMap((label) =>
    readdirSync(join(FOLDER, label))
      .filter((file) => file.endsWith('.json'))
      .map((file) => readRecording(label, file.slice(0, -'.json'.length)))
  )
}

function readRecording(label: string, name: string): Recording {
  const facts: unknown = JSON.parse(readFileSync(join(FOLDER, label, `${name}.json`), 'utf8'))
  const accept = field(facts, 'accept')
  const isMemory = field(facts, 'isMemory')
  const log = readFileSync(join(FOLDER, label, `${name}.log`))
  const end = { exitCode: Number(field(facts, 'exitCode')), signal: null, platform: 'linux' } as const
  return {
    name: `${label}/${name}`,
    log: log.toString('utf8'),
    accept: Array.isArray(accept) ? accept.map(String) : [],
    isMemory: typeof isMemory === 'boolean' ? isMemory : null,
    answer: explainLog(log, end).diagnoses[0]?.id ?? 'none'
  }
}

function field(facts: unknown, name: string): unknown {
  return typeof facts === 'object' && facts !== null ? Reflect.get(facts, name) : undefined
}

function isRight({ accept, answer }: Recording): boolean {
  return accept.includes(answer) || (answer === 'none' && accept.includes('unknown'))
}

const list = (some: readonly Recording[]): readonly string[] => some.map(({ name, answer }) => `${name}: ${answer}`)

describe('recorded failures of real tools', () => {
  const recordings = readRecordings()

  test('are many, of many labels, and small', () => {
    expect(recordings.length).toBeGreaterThanOrEqual(140)
    expect(new Set(recordings.map(({ accept: [label] }) => label)).size).toBeGreaterThanOrEqual(40)
    expect(list(recordings.filter(({ log }) => log.length > LARGEST_LOG_CHARS))).toEqual([])
  })

  test('get an accepted first answer', () => {
    expect(list(recordings.filter((one) => !isRight(one)))).toEqual([])
  })

  test('are not blamed on memory when they only speak of it', () => {
    const others = recordings.filter(({ isMemory }) => isMemory === false)
    expect(others.filter(({ log }) => MEMORY_WORDS.test(log)).length).toBeGreaterThanOrEqual(60)
    expect(list(others.filter(({ answer }) => answer.startsWith('oom.')))).toEqual([])
  })

  test('are found when memory ended them', () => {
    const deaths = recordings.filter(({ isMemory }) => isMemory === true)
    expect(deaths.length).toBeGreaterThanOrEqual(20)
    expect(list(deaths.filter(({ answer }) => !answer.startsWith('oom.')))).toEqual([])
  })
})
