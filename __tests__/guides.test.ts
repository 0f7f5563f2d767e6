import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { FOLD_OUTPUTS } from '../src/model/fold.ts'
import { ALL_FOLD_INPUTS } from '../src/settings/fold-settings.ts'
import { ALL_INPUTS } from '../src/settings/inputs.ts'

const guides = join(import.meta.dirname, '../docs/guides')
const cell = (text: string): string => text.replaceAll('|', '\\|')

const tables: Readonly<Record<string, readonly string[]>> = {
  inputs: [
    '| Input | Default | Meaning |',
    '|:--|:--|:--|',
    ...ALL_FOLD_INPUTS.map(({ name, default: standard, description }) => {
      return `| \`${name}\` | ${standard === '' ? 'empty' : `\`${cell(standard)}\``} | ${cell(description)} |`
    })
  ],
  outputs: [
    '| Output | Value |',
    '|:--|:--|',
    ...Object.entries(FOLD_OUTPUTS).map(([name, text]) => `| \`${name}\` | ${cell(text)} |`)
  ]
}

function filled(text: string): string {
  return Object.entries(tables).reduce((whole, [name, lines]) => {
    const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
    if (!whole.includes(start)) throw new Error(`there is no ${start}`)
    return `${whole.slice(0, whole.indexOf(start) + start.length)}\n${lines.join('\n')}\n${whole.slice(whole.indexOf(end))}`
  }, text)
}

/** The inputs that a workflow gives to a step, by what the step uses. */
function inputsGiven(workflow: string): readonly { readonly uses: string; readonly inputs: readonly string[] }[] {
  return workflow
    .split(/^ {6}- /m)
    .slice(1)
    .map((step) => ({
      uses: /uses: (\S+)/.exec(step)?.[1] ?? '',
      inputs: [...(/with:\n((?: {10}.*\n)+)/.exec(step)?.[1] ?? '').matchAll(/^ {10}([\w-]+):/gm)].map(
        (match) => match[1] ?? ''
      )
    }))
}

test('the guide to matrices and forks has the tables of the inputs and outputs', () => {
  const file = join(guides, 'matrix-and-forks.md')
  const text = readFileSync(file, 'utf8')
  if (process.env['UPDATE_GOLDENS'] === '1') writeFileSync(file, filled(text))
  expect(readFileSync(file, 'utf8')).toBe(filled(text))
})

describe.each(readdirSync(guides))('%s', (name) => {
  const text = readFileSync(join(guides, name), 'utf8')
  const steps = [...text.matchAll(/^```yaml\n(name:[\s\S]*?)^```$/gm)].flatMap((match) => inputsGiven(match[1] ?? ''))

  test('uses actions by their commit, with the version beside it', () => {
    const lines = text.split('\n').filter((line) => /\buses: /.test(line) && !line.includes('OWNER/go-build-guard'))
    expect(lines.filter((line) => !/uses: actions\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([])
  })

  test('gives our actions inputs that they have', () => {
    const known: Readonly<Record<string, readonly string[]>> = {
      'OWNER/go-build-guard@COMMIT': ALL_INPUTS.map((input) => input.name),
      'OWNER/go-build-guard/report@COMMIT': ALL_FOLD_INPUTS.map((input) => input.name)
    }
    for (const { uses, inputs } of steps.filter((step) => step.uses.startsWith('OWNER/'))) {
      expect(inputs.filter((input) => !known[uses]?.includes(input))).toEqual([])
    }
  })

  test('links only to files that exist', () => {
    const targets = [...text.matchAll(/\]\(([^)#\s]+)/g)].map((match) => match[1] ?? '')
    expect(
      targets.filter((target) => !/^https?:/.test(target) && !existsSync(join(dirname(join(guides, name)), target)))
    ).toEqual([])
  })
})
