import { expect, test } from '@jest/globals'
import { runCommand } from '../../testbed/workbench.ts'
import { actUnavailable, runWorkflow } from './act.ts'
import { GitHubApi } from './github-api.ts'
import { lane } from './lane.ts'

const action = {
  'package.json': '{ "type": "module" }',
  'action.yml': `
    name: greeter
    description: an action of two scripts
    inputs: { who: { description: whom to greet, required: true } }
    outputs: { greeting: { description: what was said } }
    runs: { using: node24, main: main.js, post: post.js }`,
  'main.js': `
    import { appendFileSync } from 'node:fs'
    const { INPUT_WHO, GITHUB_OUTPUT, GITHUB_STATE, GITHUB_STEP_SUMMARY, GITHUB_API_URL, GITHUB_REPOSITORY } = process.env
    console.log('node ' + process.versions.node)
    console.log('::error file=main.go,line=3,col=7,title=Not good::first line%0Asecond line')
    console.log('::group::details')
    console.error('on standard error')
    console.log('::endgroup::')
    appendFileSync(GITHUB_OUTPUT, 'greeting<<END\\nhello\\n' + INPUT_WHO + '\\nEND\\n')
    appendFileSync(GITHUB_STATE, 'who=' + INPUT_WHO + '\\n')
    appendFileSync(GITHUB_STEP_SUMMARY, '# Hello ' + INPUT_WHO + '\\n')
    const answer = await fetch(GITHUB_API_URL + '/repos/' + GITHUB_REPOSITORY)
    console.log('repository ' + (await answer.json()).full_name)
    if (INPUT_WHO === 'nobody') process.exitCode = 3`,
  'post.js': 'console.log(`goodbye ${process.env.STATE_who}`)'
}

lane('act', actUnavailable(), () => {
  test('steps, commands, outputs, summaries and results are read back', async () => {
    const api = await new GitHubApi({ repository: 'octo-org/hello' }).start()
    const run = await runWorkflow({
      project: [],
      files: action,
      apiUrl: api.url,
      event: { name: 'pull_request', payload: { action: 'opened', number: 7, pull_request: { number: 7 } } },
      workflow: `
on: pull_request
jobs:
  greet:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - { id: world, name: Greet the world, uses: ./, with: { who: world } }
      - { id: echo, env: { SAID: "\${{ steps.world.outputs.greeting }}" }, run: 'echo "$SAID"; echo "\${{ github.ref }}"' }
      - { id: nobody, uses: ./, with: { who: nobody } }
      - { id: never, run: 'echo never' }
      - { id: after, if: failure(), run: 'echo "\${{ steps.nobody.outcome }}"' }
  matrix:
    needs: greet
    if: always()
    runs-on: ubuntu-latest
    strategy: { matrix: { letter: [a, b] } }
    steps: [{ id: letter, run: "echo \${{ matrix.letter }} \${{ needs.greet.result }}" }]
`
    })
    await api.stop()

    expect(run.code).toBe(1)
    expect(run.jobs).toEqual({ greet: 'failure', 'matrix-1': 'success', 'matrix-2': 'success' })
    const world = run.step('world')
    expect(world).toMatchObject({ job: 'greet', name: 'Greet the world', result: 'success' })
    expect(world.log).toEqual([`node ${process.versions.node}`, 'on standard error', 'repository octo-org/hello'])
    expect(world.commands).toEqual([
      {
        name: 'error',
        properties: { file: 'main.go', line: '3', col: '7', title: 'Not good' },
        text: 'first line\nsecond line'
      },
      { name: 'group', properties: {}, text: 'details' },
      { name: 'endgroup', properties: {}, text: '' }
    ])
    expect(world.outputs).toEqual({ greeting: 'hello\nworld' })
    expect(world.summary).toBe('# Hello world\n')
    expect(run.step('echo').log).toEqual(['hello', 'world', 'refs/pull/7/merge'])
    expect(run.step('nobody').result).toBe('failure')
    expect(run.steps.some((step) => step.id === 'never')).toBe(false)
    expect(run.step('after').log).toEqual(['failure'])
    expect(run.step('world', 'Post').log).toEqual(['goodbye world'])
    expect(run.step('letter', 'Main', 'matrix-2').log).toEqual(['b failure'])
    expect(api.requests.map((request) => request.operation)).toEqual(['repos/get', 'repos/get'])
    expect(api.violations).toEqual([])
  })

  test('a run is interrupted on a line of its log', async () => {
    const run = await runWorkflow({
      project: [],
      interruptOn: /^waiting/,
      workflow: `
on: push
jobs:
  wait:
    runs-on: ubuntu-latest
    steps:
      - { id: sleeper, run: 'echo waiting; exec sleep 300' }
      - { id: last, if: always(), run: 'echo last' }
`
    })
    expect(run.jobs).toEqual({ wait: 'failure' })
    expect(run.step('sleeper').result).toBe('failure')
    expect(run.step('last').log).toEqual(['last'])
  })

  test('the Go of the machine builds with its warm caches', async () => {
    const run = await runWorkflow({
      project: [],
      fixture: `${import.meta.dirname}/../programs/hello`,
      workflow: `
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - { id: go, run: 'go run . && go env GOCACHE' }
`
    })
    expect(run.step('go').result).toBe('success')
    const { stdout } = await runCommand(['go', 'env', 'GOCACHE'])
    expect(run.step('go').log).toEqual(['hello', stdout.trim()])
  })
})
