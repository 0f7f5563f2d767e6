import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { CATALOGUE } from '../../src/diagnose/catalogue.ts'
import { diagnose } from '../../src/diagnose/rank.ts'
import { SILENT } from '../../src/verify/catalogue.ts'
import { expectGolden } from '../golden.ts'
import { silentPage } from '../verify/page.ts'
import { CORPUS } from './labelled-logs.ts'
import { LIVE_CASES } from './live-cases.ts'
import { indexOf, pageOf } from './page.ts'

const FOLDER = join(import.meta.dirname, '../../docs/diagnoses')
const IDS = CATALOGUE.map(({ id }) => id)
const PAGES = [...IDS, ...SILENT.map(({ id }) => id)]

/** Causes that only a run under the guard can know; a log that is stored shows none of them. */
const LIVE_ONLY = [
  'guard.died',
  'oom.watch',
  'stall.network',
  'stall.lock',
  'stall.stopped',
  'stall.frozen',
  'stall.io',
  'stall.thrash',
  'stall.unknown'
]

const liveCaseOf = new Map(LIVE_CASES.map((one) => [diagnose(one.evidence).diagnoses[0]?.id, one]))

describe('explanation pages', () => {
  test.each(IDS)('%s is what the catalogue says', (id) => {
    const definition = CATALOGUE.find((one) => one.id === id)
    if (definition === undefined) throw new Error(id)
    expectGolden(join(FOLDER, `${id}.md`), pageOf(definition, liveCaseOf.get(id) ?? null))
  })

  test.each(SILENT)('$id is what the list of silent failures says', (definition) => {
    expectGolden(join(FOLDER, `${definition.id}.md`), silentPage(definition))
  })

  test('the index names each of them', () => {
    expectGolden(join(FOLDER, 'README.md'), indexOf([...CATALOGUE, ...SILENT]))
    const linked = [...readFileSync(join(FOLDER, 'README.md'), 'utf8').matchAll(/\]\((.+)\.md\)/g)]
    expect(linked.map(([, id]) => id ?? '').toSorted()).toEqual(PAGES.toSorted())
  })

  test('there is no page too many', () => {
    const surplus = readdirSync(FOLDER).filter((name) => name !== 'README.md' && !PAGES.includes(name.slice(0, -3)))
    if (process.env['UPDATE_GOLDENS'] === '1') for (const name of surplus) rmSync(join(FOLDER, name))
    else expect(surplus).toEqual([])
  })

  test('what only a live run can know is shown by one', () => {
    for (const id of LIVE_ONLY) expect([...liveCaseOf.keys()]).toContain(id)
    expect(liveCaseOf.has(undefined)).toBe(false)
    expect(liveCaseOf.size).toBe(LIVE_CASES.length)
  })
})

if (existsSync(CORPUS)) {
  test('the catalogue has the labels of the corpus and what only a live run can know, and nothing else', () => {
    const folders = readdirSync(CORPUS, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    const labels = folders.map(({ name }) => name).filter((name) => name !== 'none' && name !== 'unknown')
    expect(IDS.toSorted()).toEqual([...labels, ...LIVE_ONLY].toSorted())
  })
} else {
  test.skip('labels of the corpus: skipped, the folder is not beside this repository', () => {})
}
