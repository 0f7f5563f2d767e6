import { expect, test } from '@jest/globals'
import { parseSettings } from '../../src/settings/settings.ts'
import { readSources } from '../../src/story/read-sources.ts'
import { memoryFiles } from '../fakes/memory-files.ts'
import { survey } from '../report/build-report.ts'

function worldWith(texts: Readonly<Record<string, string>>) {
  const parsed = parseSettings(() => '', { platform: 'linux' })
  if ('problems' in parsed) throw new Error(parsed.problems.join())
  return {
    files: memoryFiles(texts),
    place: { root: '/host', platform: 'linux', environment: {}, github: null } as const,
    settings: parsed.settings,
    survey: survey(8),
    environment: {},
    workingDirectory: '/w'
  }
}

const namesIn = async (texts: Readonly<Record<string, string>>, breathe: () => Promise<boolean>) => {
  const sources = await readSources(worldWith(texts), ['/w/go.mod'], breathe)
  return sources?.map(({ file }) => file).toSorted() ?? null
}

test('sources are those that ./... would find', async () => {
  const paths = [
    'a.go',
    'b/b.go',
    'b/b_test.go',
    'vendor/x/x.go',
    'testdata/t.go',
    '_old/o.go',
    '.git/g.go',
    'nested/go.mod',
    'nested/n.go',
    'README.md',
    'deep/er/d.go'
  ]
  const texts = Object.fromEntries(paths.map((path) => [`/host/w/${path}`, 'package p\n']))
  expect(await namesIn(texts, async () => true)).toEqual(['/w/a.go', '/w/b/b.go', '/w/b/b_test.go', '/w/deep/er/d.go'])
})

test('where time runs out, nothing is known of any', async () => {
  const texts = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`/host/w/f${i}.go`, 'package p\n']))
  expect(await namesIn(texts, async () => true)).toHaveLength(100)
  expect(await namesIn(texts, async () => false)).toBeNull()
})
