import { describe, expect, test } from '@jest/globals'
import { CATALOGUE, definitionOf } from '../../src/diagnose/catalogue.ts'
import type { Definition, Sample } from '../../src/diagnose/definition.ts'
import { explainLog } from '../../src/diagnose/explain.ts'

function answersTo({ log, exitCode }: Sample): readonly string[] {
  const end = { exitCode: exitCode ?? null, signal: null, platform: 'linux' } as const
  return explainLog(new TextEncoder().encode(log), end).diagnoses.map(({ id }) => id)
}

function shown({ log, exitCode }: Sample): string {
  return `${JSON.stringify(log.slice(0, 90))}, status ${exitCode ?? 'unknown'}`
}

function hasWords({ patterns }: Definition): boolean {
  return patterns.length > 0
}

describe.each(CATALOGUE.map((definition) => ({ id: definition.id, definition })))('$id', ({ id, definition }) => {
  for (const sample of definition.catches) {
    test(`is the first answer to ${shown(sample)}`, () => {
      expect(answersTo(sample)[0]).toBe(id)
    })
  }

  for (const sample of definition.ignores) {
    test(`is no answer to ${shown(sample)}`, () => {
      expect(answersTo(sample)).not.toContain(id)
    })
  }

  test('has two samples and more on either side, where words can decide', () => {
    expect(definition.ignores.length).toBeGreaterThanOrEqual(2)
    expect(definition.catches.length).toBeGreaterThanOrEqual(hasWords(definition) ? 2 : 0)
  })

  test('is explained, with sources', () => {
    expect(definition.meaning.length).toBeGreaterThan(100)
    expect(definition.title).toMatch(/^[A-Z][^!]*[^.!]$/)
    expect(definition.links.length).toBeGreaterThan(0)
    for (const link of definition.links) expect(link).toMatch(/^https:\/\//)
  })

  test('has anchors that encoding/json leaves whole, so that they are found in events', () => {
    const literals = definition.patterns.flatMap(({ anchor }) => [anchor].flat())
    const ofEvents = literals.filter((literal) => !literal.startsWith('"Action":'))
    // A quotation mark gets a backslash before it, which does no harm at the beginning.
    for (const literal of ofEvents) expect(literal).toMatch(/^[^<>&\t][^"<>&\t]+$/)
  })

  test('has patterns that one pass can find: literal anchors without line ends, expressions without state', () => {
    const names = definition.patterns.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    for (const { anchor, regex, unless, next } of definition.patterns) {
      for (const literal of [anchor].flat()) expect(literal).toMatch(/^[^\n\r\u001b]{2,}$/)
      for (const one of [regex, unless, next]) expect(one?.flags ?? '').not.toMatch(/[gy]/)
    }
  })
})

test('every id is there once and can be looked up', () => {
  const ids = CATALOGUE.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  for (const one of CATALOGUE) expect(definitionOf(one.id)).toBe(one)
  expect(definitionOf('no.such-id')).toBeNull()
})

test('a status of zero has no cause, whatever the log says', () => {
  for (const sample of CATALOGUE.flatMap(({ catches }) => catches)) {
    expect(answersTo({ ...sample, exitCode: 0 })).toEqual([])
  }
})
