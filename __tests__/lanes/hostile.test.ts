import { expect, test } from '@jest/globals'
import { locate } from '../../testbed/locate.ts'
import { actUnavailable, runWorkflow } from './act.ts'
import { browserUnavailable, renderMarkdown } from './browser.ts'
import { GitHubApi } from './github-api.ts'
import { lane } from './lane.ts'
import { commandLines, goodShop, guarded, guardLines, oneJob, plain, pullRequest, runVariables } from './shop.ts'

const unavailable = actUnavailable() ?? browserUnavailable() ?? (locate('go') === null ? 'there is no go' : null)

// What would notify people, be obeyed by the runner, or end the code that it stands in.
const said =
  '@octocat fixes #12 `` ` ``` <img src=x onerror=alert(1)> </code></details> ::error::pwned ##[error]pwned ##[group]x | [a](https://evil.example) https://evil.example'
const odd = 'a@octocat #12 `b` <b>x<img src=x> ##[error]pwned ::error::pwned [l](https:evil.example)'

const files = {
  ...goodShop,
  // Errors whose messages repeat what the sources say.
  'said/said.go': `package said\n\nvar A int = ${JSON.stringify(said)}\n`,
  // A file whose name does.
  [`named/${odd}.go`]: 'package named\n\nvar B int = "b"\n',
  // Places that the sources claim for themselves: a command at the start of a line, and files that are not ours.
  'claimed/claimed.go':
    'package claimed\n\n//line ::error file=main.go,line=1::pwned:7:1\nvar C int = "c"\n\n//line /etc/passwd:1:1\nvar D int = "d"\n\n//line ../../../etc/hosts:2:1\nvar E int = "e"\n',
  // A directory that Go refuses to take for a package, by name.
  'dir @octocat #13 ##[warning]x/x.go': 'package x\n'
}

const MAY_FAIL = { 'continue-on-error': true }

lane('sources that mean ill', unavailable, () => {
  test('nothing of them is obeyed, linked or mentioned', async () => {
    const api = await new GitHubApi().start()
    const compile = 'go build ./said ./named ./claimed || go vet "./dir @octocat #13 ##[warning]x"'
    const print = `printf '%s\n' "$SAID" "::warning::of the build" "after it"; exit 3`
    const env = { SAID: said }
    const jobName = (which: string) => `${which} ${said}`.slice(0, 150)
    const run = await runWorkflow({
      files,
      apiUrl: api.url,
      event: pullRequest('a'.repeat(40)),
      env: runVariables(11),
      workflow: oneJob(
        [
          plain('compile-plain', compile, MAY_FAIL),
          guarded('compile', { command: compile, 'job-name': jobName('one') }, MAY_FAIL),
          plain('print-plain', print, { ...MAY_FAIL, env }),
          guarded('print', { command: print, 'job-name': jobName('two') }, { ...MAY_FAIL, env })
        ],
        'pull_request'
      )
    })
    await api.stop()
    expect(run.step('compile').outputs).toMatchObject({ conclusion: 'failure', cause: 'compile.error' })
    expect(run.step('print').outputs).toMatchObject({ conclusion: 'failure', 'exit-code': '3' })
    expect(api.violations).toEqual([])

    for (const [id, places] of Object.entries({ compile: ['said/said.go', undefined], print: [undefined] })) {
      const [before, step] = [run.step(`${id}-plain`), run.step(id)]
      // Go compiles packages side by side, so the order of its blocks is not always the same.
      expect(commandLines(step.log).sort()).toEqual([...before.log].sort())
      const ofCommand = step.commands.slice(0, before.commands.length)
      const ofGuard = step.commands.slice(before.commands.length)
      expect(ofCommand).toEqual(before.commands)
      expect(ofGuard.map(({ name, properties }) => [name, properties['file']])).toEqual(
        places.map((place) => ['error', place])
      )
      for (const text of [ofGuard, guardLines(step.log)]) expect(JSON.stringify(text)).not.toContain('##[')
      await expectInert(step.summary, { breaks: false })
    }
    const [comment, ...others] = [...api.comments.values()]
    expect(others).toEqual([])
    expect(comment?.body).toContain('| Job | Result |')
    await expectInert(comment?.body ?? '', {})
  })
})

/** Shown as GitHub would: nobody is mentioned, and links lead to this repository only. */
async function expectInert(markdown: string, options: { readonly breaks?: boolean }): Promise<void> {
  const [rendering] = await renderMarkdown(markdown, { ...options, themes: ['light'], widths: [375], open: true })
  expect(rendering).toMatchObject({ references: [], mermaidErrors: [], overflowPx: 0 })
  const ours = 'https://github.com/octo-org/hello/'
  expect(rendering?.addresses.filter((address) => !address.startsWith(ours))).toEqual([])
}
