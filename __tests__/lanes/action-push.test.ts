import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { demoModule } from '../../src/commands/demo-module.ts'
import { locate } from '../../testbed/locate.ts'
import { projectRoot, runCommand } from '../../testbed/workbench.ts'
import { actUnavailable, runWorkflow } from './act.ts'
import { lane } from './lane.ts'
import { brokenShop, commandLines, goodShop, guarded, guardLines, oneJob, plain } from './shop.ts'

const MAY_FAIL = { 'continue-on-error': true }
const unavailable = actUnavailable() ?? (locate('go') === null ? 'there is no go' : null)

lane('the action on a push', unavailable, () => {
  test('a good build is green and quiet', async () => {
    const run = await runWorkflow({ files: goodShop, workflow: oneJob([guarded('build')]) })
    const step = run.step('build')
    expect(step).toMatchObject({ result: 'success', commands: [] })
    expect(step.log).toEqual([
      expect.stringMatching(/^guard: 0:00 .*limit/),
      expect.stringMatching(/^guard: 0:00 plan -p=\d+, nothing set: /),
      expect.stringMatching(/^guard: \d:\d\d passed, /)
    ])
    expect(step.summary).toMatch(/^✅ Go build passed in [^\n]+\.\n*$/)
    expect(run.step('build', 'Post')).toMatchObject({ result: 'success', log: [], commands: [], summary: '' })
  })

  describe('a compile error is red, on its file and line', () => {
    const onVersion = [{ file: 'api/api.go', line: '4', col: '9', text: 'undefined: version' }]
    test.each([
      [
        'in the root module',
        {},
        [
          { file: 'tax/tax.go', line: '3', col: '14', text: 'undefined: base' },
          { file: 'tax/tax.go', line: '5', col: '19', text: expect.stringMatching(/^cannot use 7 /) }
        ]
      ],
      ['in the module of a working directory', { 'working-directory': 'api' }, onVersion],
      ['in the module of a directory that the script goes to', { command: 'cd api && go build ./...' }, onVersion],
      ['in the module of a later line', { command: 'mkdir -p out\ncd ./api\ngo vet ./...\n' }, onVersion]
    ])('%s', async (_, inputs, places) => {
      const run = await runWorkflow({ files: brokenShop, workflow: oneJob([guarded('build', inputs)]) })
      const step = run.step('build')
      expect(run.jobs).toEqual({ build: 'failure' })
      expect(step).toMatchObject({ result: 'failure', exitCode: 1 })

      const [verdict, ...none] = step.commands.filter(({ properties }) => properties['file'] === undefined)
      const onLines = step.commands.filter(({ properties }) => properties['file'] !== undefined)
      expect(onLines.map(({ name, properties: { title, ...place }, text }) => ({ name, ...place, text }))).toEqual(
        places.map((place) => ({ name: 'error', ...place }))
      )
      expect(none).toEqual([])
      const count = places.length === 1 ? '1 compile error' : `${places.length} compile errors`
      expect(verdict).toMatchObject({ name: 'error', properties: { title: `Go build failed: ${count}` } })
      expect(verdict?.text).toMatch(new RegExp(`^First: ${places[0]?.file}:${places[0]?.line} `))

      expect(step.summary).toMatch(new RegExp(`^### ❌ Go build failed: ${count}\n`))
      for (const { file, line, col } of places) {
        expect(step.summary).toMatch(
          new RegExp(
            `- \\[\`${file}:${line}:${col}\`\\]\\(https://github.com/octo-org/hello/blob/[0-9a-f]{40}/${file}#L${line}\\)`
          )
        )
      }
      expect(step.summary).toContain('<sub>Memory was not involved')
      expect(step.summary).not.toContain('<details>')
    })
  })

  test('outputs and the report file reach later steps, and results steer them', async () => {
    const said = [
      'conclusion',
      'exit-code',
      'signal',
      'cause',
      'confidence',
      'out-of-memory',
      'attempts',
      'comment-url'
    ]
    const env = Object.fromEntries(
      [...said, 'enforcement', 'report-file'].map((name) => [
        name.replaceAll('-', '_'),
        `\${{ steps.build.outputs.${name} }}`
      ])
    )
    const run = await runWorkflow({
      files: brokenShop,
      workflow: oneJob([
        guarded('build', { command: 'go vet ./tax\n' }),
        plain('never', 'echo never'),
        plain('failed', 'echo "${{ steps.build.outcome }} ${{ steps.build.conclusion }}"', { if: 'failure()' }),
        plain('outputs', said.map((name) => `echo "$${name.replaceAll('-', '_')}"`).join('\n'), {
          if: 'always()',
          env
        }),
        plain('report', 'cat "$report_file"', { if: 'always()', env })
      ])
    })
    expect(run.steps.some(({ id }) => id === 'never')).toBe(false)
    expect(run.step('failed').log).toEqual(['failure failure'])
    expect(run.step('outputs').log).toEqual(['failure', '1', '', 'compile.error', 'certain', 'false', '1', ''])
    expect(run.step('build').outputs).toMatchObject({
      parallelism: expect.stringMatching(/^\d+$/),
      'memory-limit-bytes': expect.stringMatching(/^\d+$/),
      'memory-limit-source': expect.stringMatching(/./),
      'duration-ms': expect.stringMatching(/^\d+$/),
      enforcement: expect.stringMatching(/^(cgroup-v1|cgroup-v2|watch)$/)
    })

    const ajv = new Ajv2020({ allErrors: true })
    addFormats.default(ajv)
    const isValid = ajv.compile(JSON.parse(readFileSync(join(projectRoot, 'schema/report.v1.json'), 'utf8')))
    const report: unknown = JSON.parse(run.step('report').log.join('\n'))
    expect([isValid(report), isValid.errors]).toEqual([true, null])
    expect(report).toMatchObject({ conclusion: 'failure', command: 'go vet ./tax', job: { name: 'build' } })
    expect(isValid({ ...Object(report), conclusion: 'green' })).toBe(false)
  })

  test('post runs after success and after failure, and leaves nothing behind', async () => {
    const steps = [guarded('bad', { 'working-directory': 'api' }, MAY_FAIL), guarded('good', { command: 'go list' })]
    const run = await runWorkflow({ files: brokenShop, workflow: oneJob(steps) })
    expect(run.steps.filter(({ stage }) => stage === 'Post').map(({ id, result, log }) => [id, result, log])).toEqual([
      ['good', 'success', []],
      ['bad', 'success', []]
    ])
    for (const id of ['good', 'bad']) {
      const report = run.step(id).outputs['report-file'] ?? ''
      const runId = /go-build-guard-([0-9a-f]{12})\/report\.json$/.exec(report)?.[1]
      expect(runId).toBeDefined()
      expect(existsSync(join(report, '..'))).toBe(false)
      const { stdout } = await runCommand(['find', '/sys/fs/cgroup', '-name', `*${runId}*`])
      expect(stdout).toBe('')
    }
  })

  test('post tells of a guard that was killed', async () => {
    const steps = [
      guarded('build', { command: 'echo begun\nkill -KILL $PPID\nsleep 60' }, MAY_FAIL),
      plain('after', 'echo after')
    ]
    const run = await runWorkflow({ files: goodShop, workflow: oneJob(steps) })
    expect(run.step('build')).toMatchObject({ result: 'failure', summary: '' })
    expect(run.step('after').log).toEqual(['after'])
    const post = run.step('build', 'Post')
    expect(post.result).toBe('success')
    expect(guardLines(post.log)).toEqual([expect.stringContaining('died before the build ended')])
    expect(post.summary).toMatch(/^### ❌ .*the guard died before the build ended/)
  })

  test('every wrong input is named at once, and nothing is run', async () => {
    const wrong = {
      command: 'touch ran',
      shell: 'fish',
      'memory-limit': 'lots',
      'max-attempts': 'none',
      comment: 'loud'
    }
    const steps = [guarded('build', wrong, MAY_FAIL), plain('ran', 'ls ran || echo "not run"')]
    const run = await runWorkflow({ files: goodShop, workflow: oneJob(steps) })
    const step = run.step('build')
    expect(step).toMatchObject({ result: 'failure', log: [], summary: '' })
    expect(step.outputs).toMatchObject({ conclusion: 'failure', 'exit-code': '125' })
    expect(step.commands).toHaveLength(1)
    const { name, text = '' } = step.commands[0] ?? {}
    expect(name).toBe('error')
    expect(text.split('\n').map((line) => /^(\S+): "(\w+)" is not allowed; allowed: /.exec(line)?.slice(1))).toEqual([
      ['shell', 'fish'],
      ['memory-limit', 'lots'],
      ['max-attempts', 'none'],
      ['comment', 'loud']
    ])
    expect(run.step('ran').log.at(-1)).toBe('not run')
  })

  test('a build that is killed for memory is resumed tighter and recovers', async () => {
    const inputs = {
      command: 'go build -o /dev/null .',
      'memory-limit': '290M',
      'go-memory-limit': 'off',
      steering: 'off'
    }
    const run = await runWorkflow({ files: demoModule().files, workflow: oneJob([guarded('build', inputs)]) })
    const step = run.step('build')
    expect(step.result).toBe('success')
    expect(step.outputs).toMatchObject({
      conclusion: 'recovered',
      'exit-code': '0',
      cause: expect.stringMatching(/^oom\.(cgroup|watch)$/),
      'out-of-memory': 'true'
    })
    expect(Number(step.outputs['attempts'])).toBeGreaterThan(1)
    expect(step.commands).toEqual([
      {
        name: 'warning',
        properties: { title: expect.stringMatching(/^Go build recovered: attempt/) },
        text: expect.any(String)
      }
    ])
    expect(commandLines(step.log)).toEqual([expect.stringMatching(/compile: signal: killed$/)])
    expect(guardLines(step.log).at(-1)).toMatch(/ passed in attempt \d, peak \d+ of 290 MiB/)
    for (const part of ['### ⚠️ Go build recovered', '**Fix:**', '| Hypothesis |', '```mermaid', 'Plan and limits']) {
      expect(step.summary).toContain(part)
    }
  })
})
