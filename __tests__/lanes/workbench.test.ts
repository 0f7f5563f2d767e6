import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { locate } from '../../testbed/locate.ts'
import { runCommand, temporaryFolder } from '../../testbed/workbench.ts'

describe('the workbench of the lanes', () => {
  test('exit codes, signals, streams, input and working directory', async () => {
    const cwd = temporaryFolder('bench')
    const script = 'cat; pwd; echo aside >&2; exit 7'
    const result = await runCommand(['sh', '-c', script], { cwd, stdin: 'in\n' })
    expect(result).toEqual({ code: 7, signal: null, stdout: `in\n${cwd}\n`, stderr: 'aside\n', timedOut: false })
    expect(readdirSync(cwd)).toEqual([])
    expect(await runCommand(['sh', '-c', 'kill -9 $$'])).toMatchObject({ code: null, signal: 'SIGKILL' })
  })

  test('a command that is out of time is ended', async () => {
    const result = await runCommand(['sleep', '600'], { timeoutMs: 200 })
    expect(result).toMatchObject({ code: null, signal: 'SIGTERM', timedOut: true })
  })

  test('commands are found, or not', () => {
    expect(existsSync(locate('sh') ?? '')).toBe(true)
    expect(locate('no-such-command')).toBeNull()
    expect(locate('sh', join(import.meta.dirname, 'nothing'))).toBeNull()
  })
})
