import { describe, expect, test } from '@jest/globals'
import { type Flags, parseFlags } from '../../src/settings/flags.ts'
import { runHelp } from '../../src/settings/help.ts'
import { ALL_INPUTS } from '../../src/settings/inputs.ts'

function flags(...args: readonly string[]): Flags {
  const { flags: read, problems: wrong } = parseFlags(args)
  if (wrong.length > 0) throw new Error(wrong.join('\n'))
  return read
}

function problems(...args: readonly string[]): readonly string[] {
  return parseFlags(args).problems
}

describe('flags', () => {
  test.each([
    [['--memory-limit=600M']],
    [['--memory-limit', '600M']],
    [['--memory-limit', '1G', '--memory-limit=600M']]
  ])('%j set an input', (args) => {
    expect(flags(...args).read('memory-limit')).toBe('600M')
  })

  test('a wrong flag does not hide the others', () => {
    const { flags: read, problems: wrong } = parseFlags(['--nonsense=1', '--timeout=never'])
    expect([wrong.length, read.read('timeout')]).toEqual([1, 'never'])
  })

  test('a flag that is not there reads as empty', () => {
    expect(flags().read('memory-limit')).toBe('')
  })

  test('a value keeps equal signs and lines', () => {
    expect(flags('--command=X=1 go build\ngo vet').read('command')).toBe('X=1 go build\ngo vet')
  })

  test('what follows -- is the command, flags and further -- included', () => {
    expect(flags('--timeout=5m', '--', 'go', 'test', '--', '--timeout').argv).toEqual(['go', 'test', '--', '--timeout'])
    expect(flags('--timeout=5m').argv).toBeNull()
  })

  test('switches take no value', () => {
    expect(flags('--debug', '--', 'x')).toMatchObject({ isDebug: true, wantsHelp: false })
    expect(flags('-h')).toMatchObject({ isDebug: false, wantsHelp: true })
    expect(problems('--debug=1')).toEqual(['--debug takes no value'])
  })

  test('every problem is named, with the nearest flag where there is one', () => {
    expect(problems('--memory-limt', '6G', '--paralellism=2', '--frobnicate', 'go', '--timeout', '--', 'x')).toEqual([
      '--memory-limt is no flag; nearest: --memory-limit',
      '--paralellism is no flag; nearest: --parallelism',
      '--frobnicate is no flag; --help lists them',
      '--timeout needs a value: --timeout=VALUE'
    ])
  })

  test('a command before -- is no flag', () => {
    expect(problems('go', 'build')).toEqual([
      '"go" is no flag; the command goes after --',
      '"build" is no flag; the command goes after --'
    ])
  })

  test('-- with nothing after it is a problem', () => {
    expect(problems('--')).toEqual(['nothing stands after --; a command is needed there'])
  })
})

describe('help', () => {
  test('names every input with its default, in lines that fit a terminal', () => {
    const lines = runHelp().split('\n')
    for (const { name } of ALL_INPUTS) expect(lines.some((line) => line.startsWith(`  --${name}=VALUE`))).toBe(true)
    expect(lines).toContain('  --max-attempts=VALUE (default: 3)')
    expect(lines).toContain('  --job-name=VALUE')
    expect(lines.filter((line) => line.length > 80)).toEqual([])
  })
})
