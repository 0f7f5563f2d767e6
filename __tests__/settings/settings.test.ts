import { describe, expect, test } from '@jest/globals'
import type { Settings } from '../../src/model/settings.ts'
import { ALL_INPUTS } from '../../src/settings/inputs.ts'
import { parseSettings, type SettingsContext } from '../../src/settings/settings.ts'

type Texts = Readonly<Record<string, string>>

const parse = (texts: Texts, context: SettingsContext = { platform: 'linux' }) =>
  parseSettings((name) => texts[name] ?? '', context)

function settings(texts: Texts, context?: SettingsContext): Settings {
  const parsed = parse(texts, context)
  if ('problems' in parsed) throw new Error(parsed.problems.join('\n'))
  return parsed.settings
}

function problems(texts: Texts, context?: SettingsContext): readonly string[] {
  const parsed = parse(texts, context)
  return 'problems' in parsed ? parsed.problems : []
}

describe('settings', () => {
  test('without any input are the published defaults', () => {
    expect(settings({})).toEqual({
      command: { kind: 'script', script: 'go build ./...', shell: '' },
      workingDirectory: '.',
      memoryLimit: { kind: 'auto' },
      memoryReserve: { kind: 'auto' },
      enforcement: 'auto',
      parallelism: { kind: 'auto' },
      goMemoryLimit: { kind: 'auto' },
      steering: 'auto',
      onOutOfMemory: 'auto',
      maxAttempts: 3,
      timeoutMs: null,
      stallTimeout: { kind: 'duration', ms: 600_000 },
      stallAction: 'report',
      preflight: 'warn',
      verifyOutput: 'auto',
      jobName: 'local',
      matrix: {},
      summary: 'auto',
      comment: 'on-failure',
      annotations: 'auto',
      reportFile: null
    })
  })

  test.each(ALL_INPUTS.filter((input) => input.default !== '' && !input.default.includes('${{')))(
    '$name means the same empty and with its default written out',
    ({ parse: read, default: standard, whenEmpty }) => {
      expect(read(standard)).toEqual(whenEmpty)
    }
  )

  test('read sizes, percentages, counts and words', () => {
    expect(
      settings({
        'memory-limit': ' 80% ',
        'memory-reserve': '1.5G',
        parallelism: '4',
        'go-memory-limit': 'off',
        timeout: '1h30m',
        'max-attempts': '1',
        'report-file': 'out/report.json',
        comment: 'memory'
      })
    ).toMatchObject({
      memoryLimit: { kind: 'percent', percent: 80 },
      memoryReserve: { kind: 'size', bytes: 1.5 * 1024 ** 3 },
      parallelism: { kind: 'count', count: 4 },
      goMemoryLimit: { kind: 'off' },
      timeoutMs: 5_400_000,
      maxAttempts: 1,
      reportFile: 'out/report.json',
      comment: 'memory'
    })
  })

  test('keep the blanks of a script, which can matter in a heredoc', () => {
    expect(settings({ command: 'cd x\n  go build\n', shell: 'bash' }).command).toEqual({
      kind: 'script',
      script: 'cd x\n  go build\n',
      shell: 'bash'
    })
  })

  test('name every wrong value at once, each with what is allowed', () => {
    expect(
      problems({
        'memory-limit': 'much',
        'memory-reserve': '0%',
        enforcement: 'docker',
        parallelism: '0',
        timeout: '5',
        'max-attempts': '-1',
        matrix: '[1]',
        summary: 'Always',
        shell: 'bash -x'
      })
    ).toEqual([
      'shell: "bash -x" is not allowed; allowed: bash, sh, pwsh, powershell, cmd, python, or a command line with {0} in it',
      'memory-limit: "much" is not allowed; allowed: auto, off, a size from 1M on (600M, 6G, 6GiB), a percentage (80%)',
      'memory-reserve: "0%" is not allowed; allowed: auto, a size from 1M on (600M, 6G, 6GiB), a percentage (80%)',
      'enforcement: "docker" is not allowed; allowed: auto, cgroup, systemd, job-object, watch, off',
      'parallelism: "0" is not allowed; allowed: auto, off, a whole number from 1 on',
      'max-attempts: "-1" is not allowed; allowed: a whole number from 1 on',
      'timeout: "5" is not allowed; allowed: empty, or a duration above zero (90s, 30m, 1h30m)',
      'matrix: "[1]" is not allowed; allowed: a JSON object, or null',
      'summary: "Always" is not allowed; allowed: auto, always, on-failure, never'
    ])
  })

  test('a size without a unit is taken for a forgotten one', () => {
    expect(problems({ 'memory-limit': '600' })[0]).toContain('"600" is below 1M (a bare number is bytes)')
  })

  test('a value cannot begin a line of its own in the message', () => {
    const [problem = ''] = problems({ 'memory-limit': `x\n::error::y${'z'.repeat(200)}` })
    expect(problem).not.toContain('\n')
    expect(problem).toContain('"x\\n::error::y')
    expect(problem.length).toBeLessThan(240)
  })

  test.each([
    ['watch', 'darwin', null],
    ['watch', 'win32', null],
    ['job-object', 'win32', null],
    ['job-object', 'linux', 'Windows'],
    ['cgroup', 'win32', 'Linux'],
    ['systemd', 'darwin', 'Linux']
  ] as const)('enforcement %s on %s', (enforcement, platform, home) => {
    const refusal = `enforcement: "${enforcement}" is there on ${home} only, this is ${platform}; allowed: auto, watch, off`
    expect(problems({ enforcement }, { platform })).toEqual(home === null ? [] : [refusal])
  })

  test('a kernel cap that is asked for and switched off contradicts itself', () => {
    expect(problems({ enforcement: 'cgroup', 'memory-limit': 'off' })).toEqual([
      'enforcement: "cgroup" needs a cap, and memory-limit is "off"; allowed: auto, watch, off'
    ])
  })

  test('an argument vector stands in place of the script, not beside it', () => {
    const argv = ['go', 'build', '-o', 'a b']
    expect(settings({}, { platform: 'linux', argv }).command).toEqual({ kind: 'vector', argv })
    expect(problems({ command: 'go vet', shell: 'sh' }, { platform: 'linux', argv })).toEqual([
      'command: not allowed together with a command after --',
      'shell: not allowed together with a command after --'
    ])
  })
})

describe('matrix', () => {
  test.each([
    ['null', {}],
    ['', {}],
    ['{}', {}],
    ['{"os":"ubuntu-latest","fast":true,"n":2,"none":null}', { os: 'ubuntu-latest', fast: 'true', n: '2', none: '' }],
    ['{"go":{"version":"1.26","tags":["a","b"]}}', { 'go.version': '1.26', 'go.tags.0': 'a', 'go.tags.1': 'b' }]
  ])('%s', (text, expected) => {
    expect(settings({ matrix: text }).matrix).toEqual(expected)
  })

  test('a value named like a part of every object stays a value', () => {
    const { matrix } = settings({ matrix: '{"__proto__":"x","constructor":"y"}' })
    expect(Object.entries(matrix)).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y']
    ])
  })
})
