import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { definitionOf } from '../../src/diagnose/catalogue.ts'
import { explainLog } from '../../src/diagnose/explain.ts'

const FOLDER = join(import.meta.dirname, '..', '..', '..', 'shared', 'corpus')
const REQUIRED_SHARE = 0.9

interface Entry {
  readonly name: string
  readonly label: string
  readonly accept: readonly string[]
  readonly isOutOfMemory: boolean | null
  readonly answers: readonly string[]
}

/** `<label>/<name>.log` with `<name>.json` beside it: label, accept, exit_code, os, is_oom. */
function readCorpus(): readonly Entry[] {
  const labels = readdirSync(FOLDER, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return labels.flatMap(({ name: label }) =>
    readdirSync(join(FOLDER, label))
      .filter((file) => file.endsWith('.json'))
      .map((file) => readEntry(label, file.slice(0, -'.json'.length)))
  )
}

function readEntry(label: string, name: string): Entry {
  const facts: unknown = JSON.parse(readFileSync(join(FOLDER, label, `${name}.json`), 'utf8'))
  const exitCode = field(facts, 'exit_code')
  const accept = field(facts, 'accept')
  const isOutOfMemory = field(facts, 'is_oom')
  const log = readFileSync(join(FOLDER, label, `${name}.log`))
  const end = { exitCode: typeof exitCode === 'number' ? exitCode : null, signal: null, platform: 'linux' } as const
  return {
    name: `${label}/${name}`,
    label,
    accept: Array.isArray(accept) ? accept.map(String) : [label],
    isOutOfMemory: typeof isOutOfMemory === 'boolean' ? isOutOfMemory : null,
    answers: explainLog(log, end).diagnoses.map(({ id }) => id)
  }
}

function field(facts: unknown, name: string): unknown {
  return typeof facts === 'object' && facts !== null ? Reflect.get(facts, name) : undefined
}

function isRight({ accept, answers: [first] }: Entry): boolean {
  return first === undefined ? accept.includes('none') || accept.includes('unknown') : accept.includes(first)
}

if (existsSync(FOLDER)) {
  describe('corpus of failure logs', () => {
    const entries = readCorpus()

    test('is not empty', () => {
      expect(entries.length).toBeGreaterThan(0)
    })

    test('of the labels that the catalogue has, nine in ten logs get an accepted first answer', () => {
      const known = entries.filter(({ label }) => definitionOf(label) !== null)
      const misses = known
        .filter((entry) => !isRight(entry))
        .map(({ name, answers }) => `${name}: ${answers.join(', ')}`)
      expect(misses.length).toBeLessThanOrEqual((1 - REQUIRED_SHARE) * known.length)
    })

    test('no log without a shortage of memory is blamed on memory', () => {
      const alarms = entries.filter((one) => one.isOutOfMemory === false && one.answers[0]?.startsWith('oom.') === true)
      expect(alarms.map(({ name, answers }) => `${name}: ${answers[0]}`)).toEqual([])
    })
  })
} else {
  test.skip('corpus of failure logs: skipped, the folder is not beside this repository', () => {})
}
