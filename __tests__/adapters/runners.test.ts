import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { actionsRunner } from '../../src/adapters/actions-runner.ts'
import { terminalRunner } from '../../src/adapters/terminal-runner.ts'

const environment = { ...process.env }
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runner-'))
})

afterEach(() => {
  jest.restoreAllMocks()
  process.env = { ...environment }
  rmSync(folder, { recursive: true })
})

/** What is written while `act` runs. */
function written(stream: 'stdout' | 'stderr', act: () => void): string {
  const parts: string[] = []
  const spy = jest.spyOn(process[stream], 'write').mockImplementation((text) => {
    parts.push(String(text))
    return true
  })
  try {
    act()
  } finally {
    spy.mockRestore()
  }
  return parts.join('')
}

function fileFor(variable: string, text = ''): string {
  const file = join(folder, variable)
  writeFileSync(file, text)
  process.env[variable] = file
  return file
}

describe('the Actions runner', () => {
  const runner = actionsRunner()

  test('gets lines on standard output', () => {
    expect(written('stdout', () => runner.line('guard: 0:00 limit 6.6 GiB'))).toBe('guard: 0:00 limit 6.6 GiB\n')
  })

  test.each([
    ['guard: compile ##[error]x', 'guard: compile ## [error]x\n'],
    ['guard: a\n::set-env name=X::y', 'guard: a\nguard: ::set-env name=X::y\n'],
    ['  ::add-mask::a', 'guard:   ::add-mask::a\n'],
    ['guard: a\r::error::x', 'guard: a\nguard: ::error::x\n']
  ])('gets no command in a line: %j', (text, expected) => {
    expect(written('stdout', () => runner.line(text))).toBe(expected)
  })

  test('gets annotations as commands, escaped', () => {
    const annotation = { level: 'error', title: 'a: b, c', message: '50 %\nof it', file: 'a/b.go', line: 3, column: 7 }
    expect(written('stdout', () => runner.annotate({ ...annotation, level: 'error' }))).toBe(
      '::error title=a%3A b%2C c,file=a/b.go,line=3,col=7::50 %25%0Aof it\n'
    )
    expect(written('stdout', () => runner.annotate({ level: 'notice', title: 't', message: 'm' }))).toBe(
      '::notice title=t::m\n'
    )
  })

  test('takes what is printed between two unguessable marks for text', () => {
    const print = (): string => written('stdout', () => runner.withoutCommands(() => runner.line('guard: tail')))
    const match = /^::stop-commands::([\w-]{36})\nguard: tail\n::([\w-]{36})::\n$/.exec(print())
    expect(match?.[1]).toBeDefined()
    expect(match?.[1]).toBe(match?.[2])
    expect(print()).not.toContain(match?.[1])
  })

  test('takes commands again after printing failed', () => {
    const failing = (): void =>
      runner.withoutCommands(() => {
        throw new Error('x')
      })
    expect(written('stdout', () => expect(failing).toThrow('x'))).toMatch(/^::stop-commands::(.+)\n::\1::\n$/)
  })

  test('gets the summary appended to what others wrote', () => {
    const file = fileFor('GITHUB_STEP_SUMMARY', 'of others')
    expect(runner.summaryRoomBytes()).toBe(1000 * 1024 - 9)
    expect(runner.appendSummary('### ours')).toBeNull()
    expect(readFileSync(file, 'utf8')).toBe('of others\n\n### ours\n')
  })

  test('gets no summary that would hide all of it', () => {
    const file = fileFor('GITHUB_STEP_SUMMARY', 'x'.repeat(1000 * 1024 - 10))
    expect(runner.summaryRoomBytes()).toBe(10)
    expect(runner.appendSummary('eight…')).toBe('11 bytes do not fit, the summary file has room for 10')
    expect(readFileSync(file, 'utf8')).toHaveLength(1000 * 1024 - 10)
    expect(runner.appendSummary('seven…'.slice(1))).toBeNull()
  })

  test('says why there is no summary', () => {
    delete process.env['GITHUB_STEP_SUMMARY']
    expect(runner.summaryRoomBytes()).toBe(0)
    expect(runner.appendSummary('x')).toBe('the runner names no summary file')
    process.env['GITHUB_STEP_SUMMARY'] = join(folder, 'no', 'such', 'file')
    expect(runner.appendSummary('x')).toContain('ENOENT')
  })

  test('gets outputs and state, of many lines too', () => {
    const [output, state] = [fileFor('GITHUB_OUTPUT'), fileFor('GITHUB_STATE')]
    runner.setOutput('cause', 'oom.cgroup')
    runner.saveState('run', 'a\nb')
    expect(readFileSync(output, 'utf8')).toMatch(/^cause<<(\S+)\noom\.cgroup\n\1\n$/)
    expect(readFileSync(state, 'utf8')).toMatch(/^run<<(\S+)\na\nb\n\1\n$/)
    process.env['STATE_run'] = 'a\nb'
    expect(runner.getState('run')).toBe('a\nb')
  })

  test('is told of an output that could not be set, and the run goes on', () => {
    process.env['GITHUB_OUTPUT'] = join(folder, 'gone')
    expect(written('stdout', () => runner.setOutput('cause', 'x'))).toMatch(/^guard: output cause could not be set: /)
  })

  test('gives inputs as they were written', () => {
    process.env['INPUT_COMMAND'] = '  go build\n'
    expect(runner.input('command')).toBe('  go build\n')
    expect(runner.input('no-such')).toBe('')
  })
})

describe('a terminal', () => {
  test('gets lines on standard error, and details only when asked for', () => {
    const quiet = terminalRunner({ isDebug: false })
    expect(written('stderr', () => quiet.line('guard: a ##[b]'))).toBe('guard: a ## [b]\n')
    expect(written('stderr', () => quiet.debug(() => 'x'))).toBe('')
    expect(written('stderr', () => terminalRunner({ isDebug: true }).debug(() => 'x'))).toBe('x\n')
    expect(written('stderr', () => quiet.withoutCommands(() => quiet.line('y')))).toBe('y\n')
  })

  test('has neither annotations nor a summary nor outputs', () => {
    const runner = terminalRunner({ isDebug: true })
    const act = (): void => {
      runner.annotate({ level: 'error', title: 't', message: 'm' })
      runner.setOutput('a', 'b')
    }
    expect(written('stdout', act) + written('stderr', act)).toBe('')
    expect([runner.summaryRoomBytes(), runner.appendSummary('x')]).toEqual([
      0,
      'there is no job summary outside GitHub Actions'
    ])
  })
})
