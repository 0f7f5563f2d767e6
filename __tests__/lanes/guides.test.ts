import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { locate } from '../../testbed/locate.ts'
import { runCommand, temporaryFolder } from '../../testbed/workbench.ts'
import { lane } from './lane.ts'

const guides = join(import.meta.dirname, '../../docs/guides')
const unavailable =
  locate('actionlint') === null
    ? 'there is no actionlint (go install github.com/rhysd/actionlint/cmd/actionlint@v1.7.12)'
    : null

lane('the workflows of the guides', unavailable, () => {
  test.each(readdirSync(guides))('%s', async (name) => {
    const folder = join(temporaryFolder('guides'), '.github/workflows')
    mkdirSync(folder, { recursive: true })
    const text = readFileSync(join(guides, name), 'utf8')
    const workflows = [...text.matchAll(/^```yaml\n(name:[\s\S]*?)^```$/gm)].map((match) => match[1] ?? '')
    expect(workflows.length).toBeGreaterThan(0)
    const files = workflows.map((workflow, i) => {
      const file = join(folder, `${i}.yml`)
      writeFileSync(file, workflow)
      return file
    })
    const { stdout, code } = await runCommand(['actionlint', '-no-color', ...files])
    expect([stdout, code]).toEqual(['', 0])
  })
})
