import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { CATALOGUE } from '../../src/diagnose/catalogue.ts'
import { explainLog } from '../../src/diagnose/explain.ts'
import { ENCODINGS, WRAPPERS } from './wrappers.ts'

const SAMPLES = CATALOGUE.flatMap(({ id, catches }) => catches.map((sample) => ({ id, ...sample })))

function firstAnswer(log: Uint8Array, exitCode: number | null | undefined): string | undefined {
  return explainLog(log, { exitCode: exitCode ?? null, signal: null, platform: 'linux' }).diagnoses[0]?.id
}

/** Samples that get another answer, as `id: answer: log`. */
function changedBy(change: (log: string) => Uint8Array): readonly string[] {
  return SAMPLES.flatMap(({ id, log, exitCode }) => {
    const answer = firstAnswer(change(log), exitCode)
    return answer === id ? [] : [`${id}: ${answer}: ${JSON.stringify(log.slice(0, 120))}`]
  })
}

function encode(log: string): Uint8Array {
  return new TextEncoder().encode(log)
}

describe('every sample of every diagnosis keeps its answer', () => {
  test.each(WRAPPERS.map(({ name, wrap }) => ({ name, wrap })))('in $name', ({ wrap }) => {
    expect(changedBy((log) => encode(wrap(log)))).toEqual([])
  })

  test.each(ENCODINGS.map(({ name, encode: toBytes }) => ({ name, toBytes })))('in $name', ({ toBytes }) => {
    expect(changedBy(toBytes)).toEqual([])
  })

  test('in two wrappers at a time, one within the other, where the outer one stamps each line', () => {
    const outer = WRAPPERS.filter(({ name }) => /stamps|^colour$|gh run view|^Jenkins|compose|container/.test(name))
    const inner = WRAPPERS.filter(({ name }) => !/pieces|-json|json-file/.test(name))
    fc.assert(
      fc.property(fc.constantFrom(...outer), fc.constantFrom(...inner), fc.constantFrom(...SAMPLES), (a, b, sample) => {
        expect(firstAnswer(encode(a.wrap(b.wrap(sample.log))), sample.exitCode)).toBe(sample.id)
      }),
      { numRuns: 1000 }
    )
  })
})
