import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { CATALOGUE } from '../src/diagnose/catalogue.ts'
import { OUTPUTS } from '../src/model/outputs.ts'
import { ALL_INPUTS } from '../src/settings/inputs.ts'
import { SILENT } from '../src/verify/catalogue.ts'

const root = join(import.meta.dirname, '..')
const file = join(root, 'README.md')

const cell = (text: string): string => text.replaceAll('|', '\\|')

const blocks: Readonly<Record<string, readonly string[]>> = {
  inputs: [
    '| Input | Default | Meaning |',
    '|:--|:--|:--|',
    ...ALL_INPUTS.map(({ name, default: standard, description }) => {
      return `| \`${name}\` | ${standard === '' ? 'empty' : `\`${cell(standard)}\``} | ${cell(description)} |`
    })
  ],
  outputs: [
    '| Output | Value |',
    '|:--|:--|',
    ...Object.entries(OUTPUTS).map(([name, text]) => `| \`${name}\` | ${cell(text)} |`)
  ],
  diagnoses: [
    '| Id | Means |',
    '|:--|:--|',
    ...[...CATALOGUE, ...SILENT].map(({ id, title }) => `| [\`${id}\`](docs/diagnoses/${id}.md) | ${cell(title)} |`)
  ]
}

/** The README with each generated block between its markers. */
function filled(text: string): string {
  return Object.entries(blocks).reduce((whole, [name, lines]) => {
    const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
    const from = whole.indexOf(start) + start.length
    return `${whole.slice(0, from)}\n${lines.join('\n')}\n${whole.slice(whole.indexOf(end))}`
  }, text)
}

describe('the README', () => {
  test('lists the inputs, outputs and diagnoses that there are', () => {
    const text = readFileSync(file, 'utf8')
    if (process.env['UPDATE_GOLDENS'] === '1') writeFileSync(file, filled(text))
    expect(readFileSync(file, 'utf8')).toBe(filled(text))
  })

  test.each(['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'])(
    '%s links only to files that exist',
    (name) => {
      const text = readFileSync(join(root, name), 'utf8')
      const targets = [...text.matchAll(/\]\(([^)#\s]+)|(?:src|srcset)="([^"]+)"/g)].map(
        (match) => match[1] ?? match[2] ?? ''
      )
      const missing = targets.filter(
        (target) => !/^https?:/.test(target) && !existsSync(join(root, dirname(name), target))
      )
      expect(missing).toEqual([])
    }
  )
})
