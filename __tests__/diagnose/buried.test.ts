import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { explainLog } from '../../src/diagnose/explain.ts'

/*
 * Each log of the corpus in the middle of 50,000 lines of builds and tests that went well, and below the stamps of a
 * runner: the same first answer. A seeded sample is run; all logs with
 *   BURIED=all npm test -- --selectProjects unit --testPathPatterns __tests__/diagnose/buried
 * noise.txt holds what Go 1.26.8 printed (go get, go build -v and -x, GODEBUG=gctrace=1, go test, -v, -bench, -json of
 * packages of the standard library); its blocks are whole runs, parted by %%.
 */
const FOLDER = join(import.meta.dirname, '..', '..', '..', 'shared', 'corpus')
const NOISE = readFileSync(join(import.meta.dirname, 'noise.txt'), 'utf8')
  .trimEnd()
  .split('\n%%\n')
const NOISE_LINES = 50_000
const SAMPLED = 16
const SEED = 20_260_102

interface Entry {
  readonly name: string
  readonly log: Uint8Array
  readonly exitCode: number | null
}

function readCorpus(): readonly Entry[] {
  return readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json'))
    .toSorted()
    .map((file) => {
      const name = file.slice(0, -'.json'.length)
      const facts: unknown = JSON.parse(readFileSync(join(FOLDER, file), 'utf8'))
      const code: unknown = typeof facts === 'object' && facts !== null ? Reflect.get(facts, 'exit_code') : null
      return { name, log: readFileSync(join(FOLDER, `${name}.log`)), exitCode: typeof code === 'number' ? code : null }
    })
}

/** Numbers in [0, 1) that are the same in every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** About that many lines, made of whole runs. */
function noise(lines: number, random: () => number): Uint8Array {
  const blocks: string[] = []
  for (let count = 0; count < lines; ) {
    const block = NOISE[Math.floor(random() * NOISE.length)] ?? ''
    blocks.push(`${block}\n`)
    count += block.split('\n').length
  }
  return new TextEncoder().encode(blocks.join(''))
}

function buried(log: Uint8Array, random: () => number): Uint8Array {
  const before = Math.floor(random() * NOISE_LINES)
  return Buffer.concat([noise(before, random), log, Buffer.from('\n'), noise(NOISE_LINES - before, random)])
}

function stamped(log: Uint8Array): Uint8Array {
  const text = new TextDecoder().decode(log)
  return new TextEncoder().encode(text.replaceAll(/^/gm, '2026-01-02T03:04:05.1234567Z '))
}

function answerTo(log: Uint8Array, exitCode: number | null): string | undefined {
  return explainLog(log, { exitCode, signal: null, platform: 'linux' }).diagnoses[0]?.id
}

function changed(entries: readonly Entry[], change: (log: Uint8Array) => Uint8Array): readonly string[] {
  return entries.flatMap(({ name, log, exitCode }) => {
    const [alone, within] = [answerTo(log, exitCode), answerTo(change(log), exitCode)]
    return alone === within ? [] : [`${name}: ${alone} became ${within}`]
  })
}

if (existsSync(FOLDER)) {
  describe('a log of the corpus', () => {
    const random = seeded(SEED)
    const all = readCorpus()
    const sample = all
      .map((entry) => ({ entry, order: random() }))
      .toSorted((a, b) => a.order - b.order)
      .slice(0, process.env['BURIED'] === 'all' ? all.length : SAMPLED)
      .map(({ entry }) => entry)

    test('keeps its answer in the middle of a long log', () => {
      expect(sample.length).toBeGreaterThan(0)
      expect(changed(sample, (log) => buried(log, random))).toEqual([])
    }, 120_000)

    test('keeps its answer below the stamps of a runner', () => {
      expect(changed(all, stamped)).toEqual([])
    })
  })
} else {
  test.skip('the corpus within other output: skipped, the folder is not beside this repository', () => {})
}

test('the noise itself has no cause', () => {
  expect(answerTo(noise(NOISE_LINES, seeded(SEED)), 1)).toBeUndefined()
})
