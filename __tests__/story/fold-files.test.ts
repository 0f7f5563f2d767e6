import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { nodeReportFiles } from '../../src/adapters/report-files.ts'
import { encodeReport } from '../../src/report/json.ts'
import { readReports } from '../../src/story/fold-files.ts'
import { COMPILE } from '../report/fixtures.ts'

const GOOD = encodeReport(COMPILE)

let workspace: string
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'go-build-guard-fold-'))
})
afterEach(() => rmSync(workspace, { recursive: true, force: true }))

const put = (path: string, text: string): void => {
  mkdirSync(dirname(join(workspace, path)), { recursive: true })
  writeFileSync(join(workspace, path), text)
}

function read(...patterns: readonly string[]) {
  const { found, refused } = readReports(nodeReportFiles, patterns, workspace)
  return { found: found.map(({ place }) => place), refused: refused.map(({ place, reason }) => `${place} ${reason}`) }
}

describe('reports are found', () => {
  beforeEach(() => {
    for (const path of ['r/linux/report.json', 'r/arm/report.json', 'r/arm/deep/er/vet.json', 'r/notes.txt'])
      put(path, GOOD)
  })

  test.each([
    [['r'], ['arm/deep/er/vet.json', 'arm/report.json', 'linux/report.json']],
    [['r/'], ['arm/deep/er/vet.json', 'arm/report.json', 'linux/report.json']],
    [['r/*/report.json'], ['arm/report.json', 'linux/report.json']],
    [['r/**/*.json'], ['arm/deep/er/vet.json', 'arm/report.json', 'linux/report.json']],
    [['r/**'], ['arm/deep/er/vet.json', 'arm/report.json', 'linux/report.json', 'notes.txt']],
    [['r/l?nux/*.json'], ['linux/report.json']],
    [['r/(linux|arm)/*.json'], []],
    [['r/linux/report.json'], ['r/linux/report.json']],
    [
      ['r/linux', 'r/linux/report.json', 'r/arm'],
      ['report.json', 'deep/er/vet.json', 'report.json']
    ]
  ])('by %j', (patterns, places) => {
    expect(read(...patterns).found).toEqual(places)
  })

  test('by an absolute path, in another directory than ours', () => {
    expect(readReports(nodeReportFiles, [join(workspace, 'r', '*', 'report.json')], '/').found).toHaveLength(2)
  })
})

describe('a hostile artifact', () => {
  interface Artifact {
    readonly make: () => void
    readonly says: RegExp
  }

  const artifacts: Readonly<Record<string, Artifact>> = {
    'a link to a file outside': {
      make: () => {
        put('secret.json', GOOD)
        symlinkSync(join(workspace, 'secret.json'), join(workspace, 'r/x.json'))
      },
      says: /^x\.json is a symbolic link, which is not followed$/
    },
    'a link to a directory outside': {
      make: () => {
        put('outside/a.json', GOOD)
        symlinkSync(join(workspace, 'outside'), join(workspace, 'r/x.json'))
      },
      says: /^x\.json is a symbolic link/
    },
    'a link into itself': {
      make: () => symlinkSync('.', join(workspace, 'r/loop.json')),
      says: /^loop\.json is a symbolic link/
    },
    'a pipe that nobody writes to': {
      make: () => void execFileSync('mkfifo', [join(workspace, 'r/x.json')]),
      says: /^x\.json is no regular file/
    },
    'a file of 8 MiB and a byte': {
      make: () => {
        put('r/x.json', '')
        truncateSync(join(workspace, 'r/x.json'), 8 * 1024 * 1024 + 1)
      },
      says: /^x\.json has 8388609 bytes; at most 8388608 are read$/
    },
    'brackets without end': {
      make: () => put('r/x.json', '['.repeat(1_000_000)),
      says: /^x\.json the file is not JSON$/
    },
    'objects in objects in objects': {
      make: () => put('r/x.json', `${'{"job":'.repeat(200_000)}1${'}'.repeat(200_000)}`),
      says: /^x\.json the file is not (?:JSON|a report: )/
    },
    'a report with a prototype': {
      make: () => put('r/x.json', '{"__proto__": {"schemaVersion": 1}, "constructor": {"prototype": {}}}'),
      says: /^x\.json the file is not a report: schemaVersion is missing or has another form$/
    },
    'a report of another version': {
      make: () => put('r/x.json', GOOD.replace('"schemaVersion": 1', '"schemaVersion": 2')),
      says: /^x\.json the report has schemaVersion 2; this version reads 1$/
    },
    'a conclusion that is none': {
      make: () => put('r/x.json', GOOD.replace('"conclusion": "failure"', '"conclusion": "<script>"')),
      says: /^x\.json the file is not a report: conclusion is missing or has another form$/
    },
    'a number that is text': {
      make: () => put('r/x.json', GOOD.replace(/"peakBytes": \d+/, '"peakBytes": "1; rm"')),
      says: /^x\.json the file is not a report: attempts\[0\]\.memory\.peakBytes is missing/
    },
    'a number beyond all numbers': {
      make: () => put('r/x.json', GOOD.replace(/"durationMs": \d+/, '"durationMs": 1e999')),
      says: /^x\.json the file is not a report: durationMs is missing/
    },
    'bytes that are no text': {
      make: () => writeFileSync(join(workspace, 'r/x.json'), Buffer.from([0xff, 0xfe, 0x00, 0x7b])),
      says: /^x\.json the file is not JSON$/
    },
    'nothing at all': { make: () => put('r/x.json', ''), says: /^x\.json the file is not JSON$/ }
  }

  test.each(Object.entries(artifacts))('with %s loses that file, and nothing else', (_, { make, says }) => {
    put('r/good.json', GOOD)
    make()
    const { found, refused } = read('r')
    expect(found).toEqual(['good.json'])
    expect(refused).toEqual([expect.stringMatching(says)])
  })

  test('with fields of a later version is read without them', () => {
    put('r/x.json', GOOD.replace('"schemaVersion": 1', '"schemaVersion": 1, "later": {"any": ["thing"]}'))
    expect(read('r')).toEqual({ found: ['x.json'], refused: [] })
  })

  test('with more than 256 files has the rest named', () => {
    for (let i = 0; i < 300; i++) put(`r/${String(i).padStart(3, '0')}.json`, '')
    const { refused } = read('r')
    expect(refused).toHaveLength(300)
    expect(refused.at(-1)).toBe('299.json more than 256 files')
  })

  test('with more than 64 MiB in all is read to there', () => {
    const big = `${GOOD}${' '.repeat(8 * 1024 * 1024 - Buffer.byteLength(GOOD))}`
    for (let i = 0; i < 9; i++) put(`r/${i}.json`, big)
    const { found, refused } = read('r')
    expect(found).toHaveLength(8)
    expect(refused).toEqual(['8.json has 8388608 bytes; at most 0 are read'])
  })

  test('with directories without end is looked into ten levels deep', () => {
    put(`r/${'d/'.repeat(30)}x.json`, GOOD)
    put('r/a.json', GOOD)
    expect(read('r').found).toEqual(['a.json'])
  })
})

test.each(['nowhere', 'nowhere/*.json', ''])('what is not there is named: %j', (pattern) => {
  const { found, refused } = read(pattern)
  expect(found).toEqual([])
  if (pattern !== '') expect(refused).toEqual([`${pattern} is not there`])
})

test('a directory that is itself a link is not read', () => {
  put('real/a.json', GOOD)
  symlinkSync(join(workspace, 'real'), join(workspace, 'r'))
  expect(read('r')).toEqual({ found: [], refused: ['r is a symbolic link, which is not followed'] })
})
