import { describe, expect, test } from '@jest/globals'
import { ABSENT, value } from '../../src/model/reading.ts'
import type { Files } from '../../src/ports/files.ts'
import { parseSettings } from '../../src/settings/settings.ts'
import { preflighting } from '../../src/story/preflight.ts'
import { manualClock } from '../fakes/manual-clock.ts'
import { memoryFiles } from '../fakes/memory-files.ts'
import { survey } from '../report/build-report.ts'

const GO = {
  version: 'go1.25.0',
  minor: 25,
  mainModule: null,
  env: { GOVERSION: 'go1.25.0', GOROOT: '/go', GOENV: '/root/env', GOOS: 'linux', GOARCH: 'amd64', CGO_ENABLED: '1' }
}

function stage(inputs: Readonly<Record<string, string>> = {}, passesMs = 0, stat?: Files['stat']) {
  const files = memoryFiles({
    '/work/app/go.mod': 'module example.com/app\n\ngo 1.99\n',
    '/work/app/main.go': 'package main\n',
    '/go/go.env': 'GOTOOLCHAIN=local\n',
    '/root/env': 'GOFLAGS=oops\n'
  })
  const clock = manualClock()
  let reads = 0
  const slow = {
    ...files,
    stat: stat ?? files.stat,
    readText(path: string) {
      reads++
      clock.pass(passesMs)
      return files.readText(path)
    }
  }
  const parsed = parseSettings((name) => inputs[name] ?? '', { platform: 'linux' })
  if ('problems' in parsed) throw new Error(parsed.problems.join())
  const looking = preflighting({
    files: slow,
    clock,
    place: { root: '', platform: 'linux', environment: {}, github: null },
    settings: parsed.settings,
    survey: { ...survey(8), go: value(GO) },
    environment: {},
    workingDirectory: '/work/app'
  })
  return { looking, reads: () => reads }
}

describe('preflight', () => {
  test('tells each finding once, however often it is begun', async () => {
    const { looking } = stage()
    const told: string[] = []
    looking.begin(({ id }) => told.push(id))
    looking.begin(({ id }) => told.push(id))
    const { findings, notChecked } = await looking.outcome()
    expect(told).toEqual(['preflight.go-version', 'preflight.goflags'])
    expect(findings.map(({ id }) => id)).toEqual(told)
    expect(notChecked).toEqual([])
  })

  test('reads nothing before it begins, and while whoever begins it goes on', async () => {
    const { looking, reads } = stage()
    expect(await looking.outcome()).toEqual({ findings: [], notChecked: [] })
    looking.begin(() => {})
    expect(reads()).toBe(0)
    await looking.outcome()
    expect(reads()).toBeGreaterThan(0)
  })

  test('names what there was no time for, and says nothing of it', async () => {
    const { looking } = stage({}, 200)
    looking.begin(() => {})
    const { findings, notChecked } = await looking.outcome()
    expect(findings.map(({ id }) => id)).toEqual(['preflight.goflags'])
    expect(notChecked).toContain('module and workspace: no answer in time')
  })

  test('off looks at nothing', async () => {
    const { looking, reads } = stage({ preflight: 'off' })
    looking.begin(() => {})
    expect(await looking.outcome()).toEqual({ findings: [], notChecked: [] })
    expect(reads()).toBe(0)
  })

  test('a fault of the system takes nothing else along', async () => {
    const { looking } = stage({}, 0, () => {
      throw new Error('EIO')
    })
    looking.begin(() => {})
    expect(await looking.outcome()).toEqual({ findings: [], notChecked: ['preflight: EIO'] })
  })

  test('without Go nothing is said', async () => {
    const parsed = parseSettings(() => '', { platform: 'linux' })
    if ('problems' in parsed) throw new Error(parsed.problems.join())
    const looking = preflighting({
      files: memoryFiles({ '/work/app/go.mod': 'module x\ngo 1.99\n' }),
      clock: manualClock(),
      place: { root: '', platform: 'linux', environment: {}, github: null },
      settings: parsed.settings,
      survey: { ...survey(8), go: ABSENT },
      environment: { GOFLAGS: 'oops', GOPROXY: 'on' },
      workingDirectory: '/work/app'
    })
    looking.begin(() => {})
    expect((await looking.outcome()).findings).toEqual([])
  })
})
