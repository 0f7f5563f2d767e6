import { describe, expect, test } from '@jest/globals'
import { type Entry, openJournal, readJournal } from '../../src/observe/journal.ts'
import { memoryFiles } from '../fakes/memory-files.ts'

const SAMPLE: Entry = {
  kind: 'sample',
  sample: {
    atMs: 250,
    treeBytes: 1000,
    cacheBytes: null,
    availableBytes: 5,
    processes: [{ pid: 9, tool: 'compile', package: 'example.com/a', bytes: 900 }]
  }
}

describe('the journal', () => {
  test('is read back as it was written', () => {
    const files = memoryFiles()
    const journal = openJournal(files, '/run/state.jsonl')
    const entries: Entry[] = [
      { kind: 'start', command: 'go build ./...', startedAt: '2026-01-01T00:00:00.000Z' },
      {
        kind: 'attempt',
        attempt: 1,
        enforcement: 'cgroup-v2',
        limitBytes: 600,
        limitSource: 'memory-limit',
        parallelism: 2
      },
      SAMPLE,
      { kind: 'end', conclusion: 'success' }
    ]
    for (const entry of entries) journal.add(entry)
    expect(readJournal(files.texts.get('/run/state.jsonl') ?? '')).toEqual(entries)
  })

  test('stays below 4 MiB and still takes the end', () => {
    const files = memoryFiles()
    const journal = openJournal(files, '/run/state.jsonl')
    for (let i = 0; i < 40_000; i++) journal.add(SAMPLE)
    journal.add({ kind: 'end', conclusion: 'failure' })
    const text = files.texts.get('/run/state.jsonl') ?? ''
    expect(text.length).toBeLessThanOrEqual(4 * 1024 * 1024 + 100)
    expect(text.endsWith('{"kind":"end","conclusion":"failure"}\n')).toBe(true)
  })

  test('never fails the build, not even on a full disk', () => {
    const files = memoryFiles()
    const journal = openJournal(
      {
        ...files,
        writeText: () => {
          throw new Error('ENOSPC')
        }
      },
      '/run/state.jsonl'
    )
    expect(() => journal.add(SAMPLE)).not.toThrow()
  })

  test('believes nothing of what is no entry: the build could have written it', () => {
    const hostile = [
      'not json',
      '[]',
      'null',
      '{"kind":"sample","sample":{"atMs":"1","treeBytes":2}}',
      '{"kind":"sample","sample":{"atMs":-1,"treeBytes":2}}',
      '{"kind":"attempt","attempt":{},"enforcement":7,"limitBytes":"x"}',
      '{"kind":"other"}',
      `{"kind":"sample","sample":{"atMs":1,"treeBytes":2,"processes":[{"pid":"x","tool":5}]}}`
    ].join('\n')
    expect(readJournal(hostile)).toEqual([
      { kind: 'attempt', attempt: 1, enforcement: '', limitBytes: null, limitSource: '', parallelism: 1 },
      {
        kind: 'sample',
        sample: {
          atMs: 1,
          treeBytes: 2,
          cacheBytes: null,
          availableBytes: null,
          processes: [{ pid: 0, tool: '', package: null, bytes: 0 }]
        }
      }
    ])
  })
})
