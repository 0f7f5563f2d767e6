import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { FOLD_OUTPUTS } from '../../src/model/fold.ts'
import { OUTPUTS } from '../../src/model/outputs.ts'
import { ALL_FOLD_INPUTS } from '../../src/settings/fold-settings.ts'
import { ALL_INPUTS, type Input } from '../../src/settings/inputs.ts'

const root = join(import.meta.dirname, '../..')

interface Action {
  readonly file: string
  readonly name: string
  readonly description: string
  readonly inputs: readonly Input<unknown>[]
  readonly outputs: Readonly<Record<string, string>>
  readonly runs: readonly string[]
}

const ACTIONS: readonly Action[] = [
  {
    file: 'action.yml',
    name: 'go-build-guard',
    description: 'Runs a Go build under a memory cap, watches it, and explains why it failed',
    inputs: ALL_INPUTS,
    outputs: OUTPUTS,
    runs: ['main: dist/main/index.js', 'post: dist/post/index.js', 'post-if: always()']
  },
  {
    file: 'report/action.yml',
    name: 'go-build-guard report',
    description: 'Folds the reports of many guarded builds into one job summary and one pull-request comment',
    inputs: ALL_FOLD_INPUTS,
    outputs: FOLD_OUTPUTS,
    runs: ['main: ../dist/report/index.js']
  }
]

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

function actionYml({ name, description, inputs, outputs, runs }: Action): string {
  return [
    `name: ${name}`,
    `description: ${description}`,
    'author: go-build-guard',
    'branding:',
    '  icon: shield',
    '  color: blue',
    'inputs:',
    ...inputs.flatMap((input) => [
      `  ${input.name}:`,
      ...folded(input.description),
      '    required: false',
      `    default: ${quoted(input.default)}`
    ]),
    'outputs:',
    ...Object.entries(outputs).flatMap(([name, text]) => [`  ${name}:`, ...folded(text)]),
    'runs:',
    '  using: node24',
    ...runs.map((line) => `  ${line}`),
    ''
  ].join('\n')
}

test.each(ACTIONS)('$file has the inputs and outputs of the tables, in their words', (action) => {
  const file = join(root, action.file)
  if (process.env['UPDATE_GOLDENS'] === '1') writeFileSync(file, actionYml(action))
  expect(readFileSync(file, 'utf8')).toBe(actionYml(action))
})
