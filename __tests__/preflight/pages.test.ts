import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { pageOf } from '../../src/model/caution.ts'
import { CHECKS } from '../../src/preflight/catalogue.ts'
import { proseMarkdown } from '../../src/report/prose-markdown.ts'
import { expectGolden } from '../golden.ts'

const PAGE = [
  '# Preflight',
  'Beside the start of the build the Go set-up is looked at: toolchain, variables, workspace, vendor, proxy, target, cgo, caches, limits. What is found stands in the log, as an annotation where it is about a line of a file, in the job summary, and in `report.json` (`preflight.findings`). The build does not wait for it; what is not known after 150 ms is *not checked*, and named in `preflight.notChecked`. Nothing asks the network.',
  'With `preflight: error` it is looked at before the build, which waits for it for 5 s at most, and anything found ends the step with exit status 125; with `preflight: off` nothing is looked at.',
  'Whatever depends on what the command does is said only where the command can be read for certain: plain calls of `go`, with `cd`, `export` and the like. Of `make`, loops or pipes only the environment is checked. A warning that turns out wrong is a defect of this action.',
  'What came out of a green build is checked as well: see the pages of `silent.*` in [the diagnoses](diagnoses/README.md).',
  ...CHECKS.flatMap(({ id, title, why, when, links }) => [
    `## ${id}`,
    `**${title}.** ${proseMarkdown(why)}`,
    proseMarkdown(when, 4000),
    links.map((link) => `<${link}>`).join(' · ')
  ])
]
  .join('\n\n')
  .concat('\n')

test('the page of the documentation is what the checks say', () => {
  expectGolden(join(import.meta.dirname, '../../docs/preflight.md'), PAGE)
})

test('each finding links to its own heading', () => {
  const headings = [...PAGE.matchAll(/^## (.+)$/gm)].map(([, text = '']) =>
    text.toLowerCase().replaceAll(/[^a-z0-9 -]/g, '')
  )
  expect(CHECKS.map(({ id }) => pageOf(id))).toEqual(headings.map((anchor) => `docs/preflight.md#${anchor}`))
  expect(new Set(headings).size).toBe(CHECKS.length)
})
