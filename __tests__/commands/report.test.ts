import { describe, expect, test } from '@jest/globals'
import { nodeConsole } from '../../src/adapters/node-ports.ts'
import { showReports } from '../../src/commands/report.ts'
import type { Console } from '../../src/ports/console.ts'
import { encodeReport } from '../../src/report/json.ts'
import { memoryFiles } from '../fakes/memory-files.ts'
import { ofJob } from '../report/comment-states.ts'
import { COMPILE, SUCCESS } from '../report/fixtures.ts'
import { OWN_CAP } from '../report/memory-fixtures.ts'

const FILES = {
  '/linux.json': encodeReport(ofJob(SUCCESS, 'linux')),
  '/race.json': encodeReport(ofJob(OWN_CAP, 'race')),
  '/arm.json': encodeReport(ofJob(COMPILE, 'arm')),
  '/broken.json': '{'
}

async function report(...args: readonly string[]) {
  let [printed, complained] = ['', '']
  const console: Console = {
    ...nodeConsole,
    files: memoryFiles(FILES),
    print: async (text) => {
      printed += text
    },
    complain: (text) => {
      complained += text
    }
  }
  const status = await showReports(args, console)
  return { status, printed, complained }
}

describe('stored reports', () => {
  test.each([
    [[], /^Go build failed: out of memory at its 6\.6 GiB cap\n/],
    [['--format', 'summary'], /^### ❌ Go build failed: out of memory at its 6\.6 GiB cap\n/],
    [['--format=comment'], /^<!-- go-build-guard v1 workflow \S+ -->\n\n### ❌ Go build failed: out of memory/]
  ])('one with %j is shown as it is', async (flags, words) => {
    const { status, printed } = await report(...flags, '/race.json')
    expect([status, printed]).toEqual([0, expect.stringMatching(words)])
  })

  test.each([
    [[], /^Go build: 1 of 3 jobs ran out of memory, 1 failed; race: .*\n\n== race\nGo build failed: /],
    [['--format', 'summary'], /^### ❌ Go build: 1 of 3 jobs ran out of memory, 1 failed; `race`: /],
    [['--format', 'comment'], /^<!-- .* -->\n\n### ❌ Go build: 1 of 3 jobs ran out of memory, 1 failed; `race`: /]
  ])('several with %j are folded, worst first', async (flags, words) => {
    const { status, printed } = await report(...flags, '/linux.json', '/arm.json', '/race.json')
    expect([status, printed]).toEqual([0, expect.stringMatching(words)])
  })

  test('beside one that is none are shown, and the status says so', async () => {
    const { status, printed, complained } = await report('/race.json', '/broken.json', '/nowhere.json')
    expect([status, complained]).toEqual([
      2,
      'report: /broken.json: the file is not JSON\nreport: /nowhere.json: cannot be read\n'
    ])
    expect(printed).toContain('Go build failed')
  })

  test.each([[[]], [['--format', 'html', '/race.json']], [['--format', 'toString', '/race.json']]])(
    'are not shown by a wrong call: %j',
    async (args) => {
      const { status, printed, complained } = await report(...args)
      expect([status, printed]).toEqual([2, ''])
      expect(complained).toMatch(/^go-build-guard report /)
    }
  )
})
