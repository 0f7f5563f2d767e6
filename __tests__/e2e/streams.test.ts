import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from '@jest/globals'
import { commandOf } from '../../testbed/left-behind.ts'
import { GUARD, guardUnavailable, Stand } from '../../testbed/stand.ts'
import { lane } from '../lanes/lane.ts'

lane('input and output of a guarded command', guardUnavailable(), () => {
  const stand = new Stand('streams')
  const sh = (script: string) => ['--', 'sh', '-c', script]

  afterEach(async () => {
    expect(await stand.left()).toEqual([])
  })

  test('both streams pass byte for byte', async () => {
    const bytes = { out: randomBytes(3e6), err: randomBytes(3e6) }
    writeFileSync(stand.path('out'), bytes.out)
    writeFileSync(stand.path('err'), bytes.err)
    const { code, stdout, stderr } = await stand.guard(sh('cat err >&2 & cat out; wait'))
    expect(code).toBe(0)
    expect(stdout.equals(bytes.out)).toBe(true)
    // Lines of the guard's own stand before and after.
    expect(stderr.includes(bytes.err)).toBe(true)
  })

  test("standard input is the command's", async () => {
    const stdin = randomBytes(1e6)
    const { code, stdout } = await stand.guard(['--', 'cat'], { stdin })
    expect(code).toBe(0)
    expect(stdout.equals(stdin)).toBe(true)
  })

  test('output that is read slowly is not piled up in the guard', async () => {
    const script = 'yes ./main.go:1:2: x | head -c 20000000; head -c 600000000 /dev/zero; touch written'
    const cwd = stand.fresh('slow')
    mkdirSync(cwd)
    const { child, pid, ended } = stand.startGuard(sh(script), { cwd, leaveStdout: true })
    await stand.process((one) => commandOf(one)[0] === 'head')
    await sleep(1500) // nobody reads, and a guard that piled up would do so now
    expect(existsSync(join(cwd, 'written'))).toBe(false)
    let [bytes, peakKib] = [0, 0]
    for await (const chunk of child.stdout ?? []) {
      bytes += chunk.length
      peakKib = Math.max(peakKib, highWaterKib(pid))
    }
    expect((await ended).code).toBe(0)
    expect(bytes).toBe(620_000_000)
    // Node alone is 40 to 90 MiB, and what it has not collected yet comes on top, however long the output is.
    expect(peakKib).toBeGreaterThan(0)
    expect(peakKib / 1024).toBeLessThan(400)
  })

  test('a reader that goes away ends the command as it would without the guard', async () => {
    const script = (prefix: string) => `${prefix} yes 2>/dev/null | head -n 1; echo "\${PIPESTATUS[*]}"`
    const plain = await stand.start(['bash', '-c', script('')]).ended
    const guarded = await stand.start(['bash', '-c', script(`${GUARD.join(' ')} run --`)]).ended
    expect(plain.stdout.toString()).toBe('y\n141 0\n')
    expect(guarded.stdout.toString()).toBe(plain.stdout.toString())
  })

  test('a child in the background that holds the output open holds nothing up', async () => {
    const { code, stdout } = await stand.guard(sh('sleep 300 & echo done'))
    expect(code).toBe(0)
    expect(stdout.toString()).toBe('done\n')
  })

  function highWaterKib(pid: number): number {
    try {
      return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
    } catch {
      return 0 // it has ended
    }
  }
})
