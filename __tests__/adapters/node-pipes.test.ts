import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { outputPipes } from '../../src/adapters/node-pipes.ts'
import type { ByteStream } from '../../src/ports/processes.ts'
import { lane } from '../lanes/lane.ts'

const scratch = mkdtempSync(join(tmpdir(), 'gbg-pipes-'))
afterAll(() => rmSync(scratch, { recursive: true }))

async function outputOf(script: string): Promise<{ stdout: string; stderr: string; code: unknown }> {
  const pipes = outputPipes(scratch)
  if (pipes === null) throw new Error('no pipes')
  const child = spawn('sh', ['-c', script], { stdio: ['ignore', ...pipes.childEnds] })
  pipes.closeChildEnds()
  const read = async (stream: ByteStream): Promise<string> => {
    let whole = ''
    for await (const piece of stream) whole += Buffer.from(piece).toString()
    return whole
  }
  const [stdout, stderr, [code]] = await Promise.all([read(pipes.stdout), read(pipes.stderr), once(child, 'exit')])
  return { stdout, stderr, code }
}

const reason = process.platform === 'win32' ? 'there are no FIFOs on Windows' : null

lane('pipes for the output of a child', reason, () => {
  test('can be opened by name, as in a run: step', async () => {
    const script = 'echo out; echo err >&2; echo named >/dev/stderr; echo both | tee /dev/stderr'
    expect(await outputOf(script)).toEqual({ stdout: 'out\nboth\n', stderr: 'err\nnamed\nboth\n', code: 0 })
  })

  test('pass more than they hold, and end when the last writer is gone', async () => {
    const { stdout, stderr } = await outputOf('head -c 1000000 /dev/zero; (sleep 0.1; echo late >&2) & exit 0')
    expect([stdout.length, stderr]).toEqual([1_000_000, 'late\n'])
  })

  test('leave no name behind', async () => {
    await outputOf('true')
    expect(readdirSync(scratch)).toEqual([])
  })

  test('end a writer that nobody reads from any more', async () => {
    const pipes = outputPipes(scratch)
    if (pipes === null) throw new Error('no pipes')
    const child = spawn('sh', ['-c', 'exec yes'], { stdio: ['ignore', ...pipes.childEnds] })
    pipes.closeChildEnds()
    pipes.stdout.destroy()
    pipes.stderr.destroy()
    expect(await once(child, 'exit')).toEqual([null, 'SIGPIPE'])
  })
})
