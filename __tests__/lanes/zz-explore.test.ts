import { writeFileSync } from 'node:fs'
import { test } from '@jest/globals'
import { runWorkflow } from './act.ts'
test('explore', async () => {
  const run = await runWorkflow({
    files: {
      'go.mod': 'module example.com/shop\n\ngo 1.21\n',
      'main.go': 'package main\n\nimport "fmt"\n\nfunc main() { fmt.Println("hi") }\n',
    },
    env: { GITHUB_RUN_ID: '4711', GITHUB_RUN_NUMBER: '17', GITHUB_RUN_ATTEMPT: '2', GITHUB_WORKFLOW_REF: 'octo-org/hello/.github/workflows/ci.yml@refs/heads/main' },
    event: { name: 'pull_request', payload: { action: 'opened', number: 7, pull_request: { number: 7, head: { sha: 'a'.repeat(40), ref: 'topic', repo: {full_name: 'octo-org/hello'} }, base: { ref: 'main', repo: {full_name: 'octo-org/hello'}} } } },
    workflow: `
on: pull_request
jobs:
  build:
    runs-on: ubuntu-latest
    env: { GITHUB_RUN_NUMBER: "18" }
    steps:
      - uses: actions/checkout@v5
      - { id: a, run: 'env | grep ^GITHUB_RUN; echo x >/dev/stderr; echo y | tee /dev/stdout' }
      - { id: b, continue-on-error: true, uses: ./, with: { command: 'env | grep ^GITHUB_RUN; echo x >/dev/stderr; echo y | tee /dev/stdout' } }
      - { id: c, continue-on-error: true, uses: ./, env: { GITHUB_RUN_NUMBER: "19"}, with: { command: 'env | grep ^GITHUB_; exit 3', comment: never } }
      - { id: d, continue-on-error: true, uses: ./, with: { command: 'exit 3 | true', shell: bash, comment: never } }
      - { id: e, continue-on-error: true, uses: ./, with: { command: 'exit 3 | true', comment: never } }
`
  })
  writeFileSync('/tmp/mine/explore.json', JSON.stringify(run.steps.map(({id,stage,result,log,commands,summary})=>({id,stage,result,log,commands,summary})), null, 1))
})
