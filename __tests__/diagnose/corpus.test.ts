import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { definitionOf } from '../../src/diagnose/catalogue.ts'
import { explainLog } from '../../src/diagnose/explain.ts'

const FOLDER = process.env['GO_BUILD_GUARD_CORPUS'] ?? join(import.meta.dirname, '..', '..', '..', 'shared', 'corpus')
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
  const {
    accept,
    exit_code: exitCode,
    is_oom: isOutOfMemory
  } = facts as {
    accept: readonly string[]
    exit_code: number | null
    is_oom: boolean | null
  }
  const log = readFileSync(join(FOLDER, label, `${name}.log`))
  const { diagnoses } = explainLog(log, { exitCode, signal: null, platform: 'linux' })
  return { name: `${label}/${name}`, label, accept, isOutOfMemory, answers: diagnoses.map(({ id }) => id) }
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
      if (process.env['SHOW_MISSES'] !== undefined) {
        const all = entries
          .filter((entry) => !isRight(entry))
          .map(({ name, answers }) => `${name}: ${answers.join(', ')}`)
        process.stdout.write(
          `${known.length} known, misses:\n${misses.join('\n')}\n--- all ${entries.length}\n${all.join('\n')}\n`
        )
      }
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
