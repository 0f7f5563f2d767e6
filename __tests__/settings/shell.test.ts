import { describe, expect, test } from '@jest/globals'
import type { Command } from '../../src/model/settings.ts'
import { isShell, type ShellContext, shellCall } from '../../src/settings/shell.ts'

const linux: ShellContext = { platform: 'linux', scriptStem: '/tmp/s', hasPreferredShell: true }
const windows: ShellContext = { platform: 'win32', scriptStem: 'D:\\a b\\s', hasPreferredShell: true }

const script = (shell: string, text = 'go build'): Command => ({ kind: 'script', script: text, shell })

describe('a script is executed as GitHub executes a run: step', () => {
  test.each([
    ['', ['bash', '-e', '/tmp/s']],
    ['bash', ['bash', '--noprofile', '--norc', '-eo', 'pipefail', '/tmp/s.sh']],
    ['sh', ['sh', '-e', '/tmp/s.sh']],
    ['pwsh', ['pwsh', '-command', ". '/tmp/s.ps1'"]],
    ['powershell', ['powershell', '-command', ". '/tmp/s.ps1'"]],
    ['python', ['python', '/tmp/s.py']],
    ['BASH', ['bash', '--noprofile', '--norc', '-eo', 'pipefail', '/tmp/s.sh']],
    ['bash -x {0}', ['bash', '-x', '/tmp/s.sh']],
    ['bash --login -eo pipefail {0}', ['bash', '--login', '-eo', 'pipefail', '/tmp/s.sh']],
    ['pwsh -NoProfile -command ". \'{0}\'"', ['pwsh', '-NoProfile', '-command', ". '/tmp/s.ps1'"]],
    ['env "A=b c" D=\\"e\\" f{0}', ['env', 'A=b c', 'D="e"', 'f/tmp/s']],
    ['perl {0}', ['perl', '/tmp/s']]
  ])('shell %j', (shell, argv) => {
    const expected = shell === '' ? argv.map((word) => (word === '/tmp/s' ? '/tmp/s.sh' : word)) : argv
    expect(shellCall(script(shell), linux).argv).toEqual(expected)
  })

  test('without bash the default is sh', () => {
    expect(shellCall(script(''), { ...linux, hasPreferredShell: false }).argv).toEqual(['sh', '-e', '/tmp/s.sh'])
  })

  test('on Windows the default is pwsh, and without it powershell', () => {
    expect(shellCall(script(''), windows).argv).toEqual(['pwsh', '-command', ". 'D:\\a b\\s.ps1'"])
    expect(shellCall(script(''), { ...windows, hasPreferredShell: false }).argv[0]).toBe('powershell')
  })

  test('an apostrophe in the path ends no PowerShell string', () => {
    const { argv } = shellCall(script('pwsh'), { ...linux, scriptStem: "/tmp/o'hara/$&" })
    expect(argv[2]).toBe(". '/tmp/o''hara/$&.ps1'")
  })

  test('cmd calls the file, which begins by not repeating itself', () => {
    const { argv, script: file } = shellCall(script('cmd', 'go build\ngo vet'), windows)
    expect(argv).toEqual(['cmd', '/D', '/E:ON', '/V:OFF', '/S', '/C', 'CALL', 'D:\\a b\\s.cmd'])
    expect(file?.text).toBe('@echo off\r\ngo build\r\ngo vet')
  })

  test.each(['pwsh', 'pwsh -File {0}'])('%s stops at errors and hands on the exit code', (shell) => {
    expect(shellCall(script(shell), linux).script).toEqual({
      path: '/tmp/s.ps1',
      extension: '.ps1',
      text: [
        "$ErrorActionPreference = 'stop'",
        'go build',
        'if ((Test-Path -LiteralPath variable:\\LASTEXITCODE)) { exit $LASTEXITCODE }'
      ].join('\n')
    })
  })

  test('other scripts are written as they are', () => {
    expect(shellCall(script('', 'a\nb\n'), linux).script?.text).toBe('a\nb\n')
  })

  test('an argument vector is executed as it is, without a file', () => {
    const argv = ['go', 'build', '{0}']
    expect(shellCall({ kind: 'vector', argv }, linux)).toEqual({ argv, script: null })
  })
})

test.each([
  ['', true],
  ['bash', true],
  ['Python', true],
  ['zsh {0}', true],
  ['zsh', false],
  ['bash -x', false],
  ['constructor', false]
])('shell %j is allowed: %s', (text, expected) => {
  expect(isShell(text)).toBe(expected)
})
