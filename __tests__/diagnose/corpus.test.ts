import { existsSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { definitionOf } from '../../src/diagnose/catalogue.ts'
import { blamesMemory, CORPUS, explainLabelled, isRight } from './labelled-logs.ts'

const REQUIRED_SHARE = 0.9

if (existsSync(CORPUS)) {
  describe('corpus of failure logs', () => {
    const entries = explainLabelled(CORPUS)

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
      const alarms = entries.filter((one) => one.isMemory === false && blamesMemory(one))
      expect(alarms.map(({ name, answers }) => `${name}: ${answers[0]}`)).toEqual([])
    })
  })
} else {
  test.skip('corpus of failure logs: skipped, the folder is not beside this repository', () => {})
}
