import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from '@jest/globals'
import { decodeReport } from '../../src/report/json.ts'
import { guardUnavailable, Stand } from '../../testbed/stand.ts'
import { Step } from '../../testbed/step.ts'
import { lane } from '../lanes/lane.ts'

const MAIN = 'package main\n\nfunc main() {}\n'
const TOO_NEW = { 'go.mod': 'module example.com/app\n\ngo 1.99\n', 'main.go': MAIN }

lane('what is said beside the result', guardUnavailable(), () => {
  const stand = new Stand('cautions')

  async function stepWith(inputs: Readonly<Record<string, string>>, files: Readonly<Record<string, string>>) {
    const step = new Step(stand, inputs)
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(step.workspace, path)), { recursive: true })
      writeFileSync(join(step.workspace, path), text)
    }
    const { code, stdout } = await step.startMain().ended
    const file = step.outputs['report-file']
    const decoded = file === undefined ? null : decodeReport(readFileSync(file, 'utf8'))
    const report = decoded?.kind === 'report' ? decoded.report : null
    await step.post()
    return { code, log: stdout.toString(), step, report }
  }

  /** Again, as long as other work on this machine left no time to look. */
  async function lookedAt(inputs: Readonly<Record<string, string>>, files: Readonly<Record<string, string>>) {
    for (let left = 5; ; left--) {
      const run = await stepWith(inputs, files)
      if (left === 0 || run.report?.preflight?.notChecked.length === 0) return run
    }
  }

  test('a finding of preflight stands in the log, on its line, in the summary and in the report', async () => {
    const { code, log, step, report } = await lookedAt({ command: 'GOTOOLCHAIN=local go build ./...' }, TOO_NEW)
    expect(code).toBe(1)
    expect(log).toMatch(/^guard: \d:\d\d preflight\.go-version: go\.mod asks for Go 1\.99/m)
    expect(log).toMatch(/^guard: .* Fix: install the release .* See docs\/preflight\.md#preflightgo-version$/m)
    expect(log).toMatch(/^::warning title=Go is older than go\.mod asks,file=go\.mod,line=3::/m)
    expect(step.summary).toContain('`preflight.go-version`')
    expect(report?.preflight?.findings).toMatchObject([{ id: 'preflight.go-version', place: { line: 3 } }])
    expect(report?.verification).toBeUndefined()
    expect(report?.diagnoses[0]?.id).toBe('toolchain.version')
  })

  test('under error nothing is run', async () => {
    const inputs = { command: 'touch ran\nGOTOOLCHAIN=local go build ./...', preflight: 'error' }
    const { code, log, step } = await stepWith(inputs, TOO_NEW)
    expect(code).toBe(125)
    expect(() => readFileSync(join(step.workspace, 'ran'))).toThrow()
    expect(log).toMatch(/^::error title=Go is older than go\.mod asks,file=go\.mod,line=3::/m)
    expect(log).toMatch(/^::error title=go-build-guard could not run the command::preflight: Go is older/m)
    expect(step.outputs).toMatchObject({ 'exit-code': '125', conclusion: 'failure' })
    expect(step.summary).toBe('')
  })

  test('under error a set-up in order is built', async () => {
    const files = { 'go.mod': 'module example.com/app\n\ngo 1.21\n', 'main.go': MAIN }
    const { code, report } = await stepWith({ command: 'go build ./...', preflight: 'error' }, files)
    expect(code).toBe(0)
    expect(report).toMatchObject({ conclusion: 'success', preflight: { findings: [] }, verification: [] })
  })

  test('off says nothing', async () => {
    const inputs = { command: 'GOTOOLCHAIN=local go build ./...', preflight: 'off', 'verify-output': 'off' }
    const { log, report } = await stepWith(inputs, TOO_NEW)
    expect(log).not.toContain('preflight')
    expect(report?.preflight).toBeUndefined()
  })

  test('a green run that built nothing stays green, with a warning', async () => {
    const files = {
      'go.mod': 'module example.com/app\n\ngo 1.21\n',
      'main.go': 'package main\n\nfunc main() { no() }\n'
    }
    const { code, log, step, report } = await stepWith({ command: 'set +e\ngo build -o app .\necho done' }, files)
    expect(code).toBe(0)
    expect(log).toMatch(/^guard: .* silent\.not-built: app, which -o names, is not there\./m)
    expect(log).toMatch(/^::warning title=The program was not built::/m)
    expect(step.summary).toContain('`silent.not-built`')
    expect(report).toMatchObject({ conclusion: 'success', verification: [{ id: 'silent.not-built' }] })
  })
})
