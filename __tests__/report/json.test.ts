import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import fc from 'fast-check'
import { decodeReport, encodeReport } from '../../src/report/json.ts'
import { hostileText } from './hostile.ts'
import { saying } from './hostile-report.ts'
import { OWN_CAP } from './memory-fixtures.ts'
import { SITUATIONS } from './situations.ts'

const schema: object = JSON.parse(readFileSync(join(import.meta.dirname, '../../schema/report.v1.json'), 'utf8'))
const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false })
formats.default(ajv)
const validate = ajv.compile(schema)

type Path = readonly (string | number)[]

/** Every place in a JSON value. */
function placesIn(input: unknown, at: Path = []): readonly Path[] {
  if (typeof input !== 'object' || input === null) return [at]
  return [at, ...Object.entries(input).flatMap(([name, inner]) => placesIn(inner, [...at, name]))]
}

/** The value with something else at one place; `undefined` removes a field. */
function replaced(input: unknown, at: Path, by: unknown): unknown {
  const [name, ...rest] = at
  if (name === undefined) return by
  if (Array.isArray(input))
    return input.map((inner, i) => (String(i) === String(name) ? replaced(inner, rest, by) : inner))
  return Object.fromEntries(
    Object.entries(Object(input)).map(([key, inner]) => [key, key === name ? replaced(inner, rest, by) : inner])
  )
}

function again(text: string): string {
  const decoded = decodeReport(text)
  if (decoded.kind !== 'report') throw new Error(decoded.reason)
  return encodeReport(decoded.report)
}

describe('report.json', () => {
  test.each(Object.entries(SITUATIONS))(
    'of %s fits the schema, and is the same when it is read and written again',
    (_, report) => {
      const text = encodeReport(report)
      validate(JSON.parse(text))
      expect(validate.errors).toBeNull()
      expect(again(text)).toBe(text)
    }
  )

  test("with anybody's words fits, and is the same when it is read and written again", () => {
    fc.assert(
      fc.property(hostileText, (words) => {
        const report = saying(OWN_CAP, words)
        const text = encodeReport(report)
        validate(JSON.parse(text))
        expect(validate.errors).toBeNull()
        expect(again(text)).toBe(text)
      }),
      { numRuns: 30 }
    )
  })

  test('does not depend on the order in which a report was put together', () => {
    const reversed = Object.fromEntries(Object.entries(OWN_CAP).toReversed())
    const decoded = decodeReport(JSON.stringify(reversed))
    if (decoded.kind !== 'report') throw new Error(decoded.reason)
    expect(encodeReport(decoded.report)).toBe(encodeReport(OWN_CAP))
  })

  test('with fields of a later version is still read', () => {
    expect(decodeReport(JSON.stringify({ ...OWN_CAP, later: [1] })).kind).toBe('report')
  })

  test('is refused wherever the schema refuses it, and nowhere else', () => {
    const original: unknown = JSON.parse(encodeReport({ ...OWN_CAP, attempts: OWN_CAP.attempts.slice(0, 1) }))
    const others: readonly unknown[] = [undefined, null, -1, 1.5, '', 'x', true, [], {}, { kind: 'unlimited' }]
    const places = placesIn(original).filter((at) => at.length > 0 && at[0] !== 'startedAt')
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.constantFrom(...others), (at, other) => {
        const text = JSON.stringify(replaced(original, at, other))
        const isAccepted = decodeReport(text).kind === 'report'
        expect([at.join('.'), isAccepted]).toEqual([at.join('.'), validate(JSON.parse(text))])
      }),
      { numRuns: 1500 }
    )
  })
})

describe('a file that is no report', () => {
  test.each([
    ['text', 'hello', 'the file is not JSON'],
    ['null', 'null', 'the file is not a report: its beginning is missing or has another form'],
    ['an empty object', '{}', 'the file is not a report: schemaVersion is missing or has another form'],
    ['a later version', '{"schemaVersion": 2}', 'the report has schemaVersion 2; this version reads 1'],
    ['nesting without end', `${'['.repeat(200_000)}`, 'the file is not JSON']
  ])('%s is refused in a sentence', (_, text, reason) => {
    expect(decodeReport(text)).toEqual({ kind: 'refused', reason })
  })

  test('the sentence names the place', () => {
    const [attempt] = OWN_CAP.attempts
    const broken = { ...OWN_CAP, attempts: [{ ...attempt, outcome: { ...attempt?.outcome, signal: 'rm -rf' } }] }
    expect(decodeReport(JSON.stringify(broken))).toEqual({
      kind: 'refused',
      reason: 'the file is not a report: attempts[0].outcome.signal is missing or has another form'
    })
  })

  test('endless lists are refused', () => {
    expect(decodeReport(JSON.stringify({ ...OWN_CAP, warnings: Array.from({ length: 20_000 }, () => '') })).kind).toBe(
      'refused'
    )
  })

  test('a kind that every object has is no kind of a reading', () => {
    const host = { ...OWN_CAP.survey.host, totalBytes: { kind: 'constructor' } }
    const text = JSON.stringify({ ...OWN_CAP, survey: { ...OWN_CAP.survey, host } })
    expect(decodeReport(text)).toEqual({
      kind: 'refused',
      reason: 'the file is not a report: survey.host.totalBytes.kind is missing or has another form'
    })
  })
})
