import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { browserUnavailable, renderMarkdown } from './browser.ts'
import { lane } from './lane.ts'

// PICTURES=DIRECTORY keeps the pictures, to be looked at: NAME.THEME.WIDTH.png.

const goldens = join(import.meta.dirname, '../report/goldens')
const outDir = process.env['PICTURES']

lane('stored reports as GitHub shows them', browserUnavailable(), () => {
  const files = readdirSync(goldens).filter((file) => /^(summary|comment)-.*\.md$/.test(file))

  test.each(files)('%s', async (file) => {
    const markdown = readFileSync(join(goldens, file), 'utf8')
    const name = file.replace(/\.md$/, '')
    const breaks = name.startsWith('comment-')
    const where = outDir ? { outDir } : { scale: 1 }
    const renderings = await renderMarkdown(markdown, { name, breaks, open: true, ...where })
    const charts = markdown.split('```mermaid').length - 1
    expect(renderings.map(({ theme, width }) => `${theme} ${width}`)).toEqual([
      'light 780',
      'light 375',
      'dark 780',
      'dark 375'
    ])
    for (const rendering of renderings) {
      expect(rendering).toMatchObject({ charts, mermaidErrors: [], references: [], overflowPx: 0 })
      expect(rendering.addresses.filter((address) => !address.startsWith('https://github.com/acme/shop/'))).toEqual([])
    }
  })

  test('there are some of either kind, and charts', () => {
    const kinds = files.map((file) => file.split('-')[0])
    expect(new Set(kinds)).toEqual(new Set(['comment', 'summary']))
    const texts = files.map((file) => readFileSync(join(goldens, file), 'utf8'))
    expect(texts.filter((text) => text.includes('```mermaid')).length).toBeGreaterThan(2)
  })
})
