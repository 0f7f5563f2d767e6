import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { OUTPUTS } from '../../src/model/outputs.ts'
import { ALL_INPUTS } from '../../src/settings/inputs.ts'

const file = join(import.meta.dirname, '../../action.yml')

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** A description as a folded block of lines that fit. */
function folded(text: string): readonly string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const line = lines.at(-1)
    if (line === undefined || line.length + word.length > 105) lines.push(`      ${word}`)
    else lines[lines.length - 1] = `${line} ${word}`
  }
  return ['    description: >-', ...lines]
}

function actionYml(): string {
  return [
    'name: go-build-guard',
    'description: Runs a Go build under a memory cap, watches it, and explains why it failed',
    'author: go-build-guard',
    'branding:',
    '  icon: shield',
    '  color: blue',
    'inputs:',
    ...ALL_INPUTS.flatMap((input) => [
      `  ${input.name}:`,
      ...folded(input.description),
      '    required: false',
      `    default: ${quoted(input.default)}`
    ]),
    'outputs:',
    ...Object.entries(OUTPUTS).flatMap(([name, description]) => [`  ${name}:`, ...folded(description)]),
    'runs:',
    '  using: node24',
    '  main: dist/main/index.js',
    '  post: dist/post/index.js',
    '  post-if: always()',
    ''
  ].join('\n')
}

test('action.yml has the inputs and outputs of the tables, in their words', () => {
  if (process.env['UPDATE_GOLDENS'] === '1') writeFileSync(file, actionYml())
  expect(readFileSync(file, 'utf8')).toBe(actionYml())
})
