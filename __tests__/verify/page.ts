import { codeSpan, fence } from '../../src/report/escape.ts'
import { capitalised, proseMarkdown } from '../../src/report/prose-markdown.ts'
import type { SilentDefinition, SilentSample } from '../../src/verify/definition.ts'
import { greenRun } from './green-runs.ts'

/** The page of one silent failure: all of it comes from the definition and from what it answers to its samples. */
export function silentPage({ id, title, why, meaning, judge, catches, ignores, links }: SilentDefinition): string {
  const samples = catches.flatMap((sample) => [
    ...sampleLines(sample),
    ...judge(greenRun(sample)).map(({ found }) => `> ${proseMarkdown(found)}`)
  ])
  const [first] = catches.flatMap((sample) => judge(greenRun(sample)))
  const [nearMiss] = ignores
  return [
    `# ${title}`,
    codeSpan(id),
    proseMarkdown(meaning, 4000),
    proseMarkdown(why),
    'It is a warning: the command ended well, and its result stands. `verify-output: off` turns it off.',
    catches.length === 1 ? '## Example' : '## Examples',
    ...samples,
    '## What to do',
    ...(first === undefined ? [] : [capitalised(proseMarkdown(first.remedy.text))]),
    ...(first?.remedy.snippet == null ? [] : [fence(first.remedy.snippet.language, first.remedy.snippet.lines)]),
    ...(nearMiss === undefined ? [] : ['### In order', ...sampleLines(nearMiss), 'Nothing is said of this.']),
    '## Sources',
    links.map((link) => `- <${link}>`).join('\n'),
    'Other diagnoses: [all of them](README.md).\n'
  ].join('\n\n')
}

function sampleLines({ command, prints }: SilentSample): readonly string[] {
  const ran = fence('sh', command.split('\n'))
  return prints === '' ? [ran] : [ran, fence('text', prints.replace(/\n$/, '').split('\n'))]
}
