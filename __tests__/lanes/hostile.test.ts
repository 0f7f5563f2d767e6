import { expect, test } from '@jest/globals'
import { actUnavailable, runWorkflow } from './act.ts'
import { browserUnavailable, renderMarkdown } from './browser.ts'
import { GitHubApi } from './github-api.ts'
import { lane } from './lane.ts'
import { locate } from './locate.ts'
import { commandLines, goodShop, guarded, oneJob, plain, pullRequest, runVariables } from './shop.ts'

const unavailable = actUnavailable() ?? browserUnavailable() ?? (locate('go') === null ? 'there is no go' : null)

// What would notify people, be obeyed by the runner, or end the code that it stands in.
const said = '@octocat fixes #12 `` ` ``` <img src=x onerror=alert(1)> </code></details> ::error::pwned ##[error]pwned ##[group]x | [a](https://evil.example) https://evil.example'
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

lane('sources that mean ill', unavailable, () => {
  test('nothing of them is obeyed, linked or mentioned', async () => {
    const api = await new GitHubApi().start()
    // One by one: `./...` would stop at the first that cannot be listed.
    const command = 'for each in said named claimed "dir @octocat #13 ##[warning]x"; do go vet "./$each" || failed=1; done; exit $failed'
    const run = await runWorkflow({
      files,
      apiUrl: api.url,
      event: pullRequest('a'.repeat(40)),
      env: runVariables(11),
      workflow: oneJob(
        [plain('plain', command, { 'continue-on-error': true }), guarded('build', { command }, { 'continue-on-error': true })],
        'pull_request'
      )
    })
    await api.stop()
    const [before, step] = [run.step('plain'), run.step('build')]
    expect(before.result).toBe('failure')
    expect(step.outputs).toMatchObject({ conclusion: 'failure', cause: 'compile.error' })
    console.log(JSON.stringify([before, step], null, 1), [...api.comments.values()][0]?.body)
    expect(commandLines(step.log)).toEqual(before.log)
  })
})
