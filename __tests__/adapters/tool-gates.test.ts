import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { nodeToolGates } from '../../src/adapters/node-tool-gates.ts'
import type { GateKeeper } from '../../src/ports/tool-gate.ts'
import { lane } from '../lanes/lane.ts'

const scratch = mkdtempSync(join(tmpdir(), 'gbg-gate-'))
afterAll(() => rmSync(scratch, { recursive: true }))

lane('the gate', nodeToolGates === null ? 'there are no such sockets on Windows' : null, () => {
  const gates = nodeToolGates
  if (gates === null) return

  /** A gate whose keeper notes what it hears and answers as told. */
  const open = async (answer: GateKeeper['asked'] = () => {}) => {
    const directory = gates.makeDirectory(scratch)
    const heard: unknown[] = []
    const gate = await gates.open(directory, {
      asked(tool, end) {
        heard.push(end === null ? tool.job : [tool.job.package, end])
        answer(tool, end)
      },
      started: (_, pid) => void heard.push(pid),
      ended(tool, end) {
        heard.push(end)
        tool.giveUp()
      },
      left: () => void heard.push('left')
    })
    return { directory, heard, gate }
  }

  /** What a client that says these things, one after each answer, is told until it is sent away or has said all. */
  const converse = (directory: string, says: readonly string[]): Promise<string> =>
    new Promise((resolve) => {
      const socket = connect(join(directory, 'gate'))
      const rest = [...says]
      let told = ''
      socket.on('data', (text) => {
        told += text.toString()
        const next = rest.shift()
        if (next === undefined) socket.end()
        else socket.write(next)
      })
      socket.on('error', () => {})
      socket.once('close', () => resolve(told))
      socket.write(rest.shift() ?? '')
    })

  const ask = 'ask compile 42 example.com/a%20%5Bx%5D 1200 300 0 /tmp/b%25/importcfg\n'

  test('hears a job, its pids and ends, and answers', async () => {
    const { directory, heard, gate } = await open((tool) => tool.run({ GOGC: '25', GOMEMLIMIT: '90MiB' }))
    const told = await converse(directory, [ask, 'started 77\nended 9 1000 20\n'])
    expect(told).toBe('run GOGC=25 GOMEMLIMIT=90MiB\nend\n')
    gate.close()
    expect(heard).toEqual([
      {
        tool: 'compile',
        package: 'example.com/a [x]',
        parentPid: 42,
        sourceBytes: 1200,
        configBytes: 300,
        archiveBytes: 0,
        config: '/tmp/b%/importcfg'
      },
      77,
      { signal: 9, peakBytes: 1000, cpuMs: 20 },
      'left'
    ])
  })

  test('hears of a tool that ran unasked', async () => {
    const { directory, heard, gate } = await open((tool) => tool.run({}))
    await converse(directory, [`${ask.trim()} 0 5000 10\n`])
    gate.close()
    expect(heard[0]).toEqual(['example.com/a [x]', { signal: 0, peakBytes: 5000, cpuMs: 10 }])
  })

  test.each([
    ['another language', 'GET / HTTP/1.1\n'],
    ['another tool', ask.replace('compile', 'asm')],
    ['half a job', 'ask compile 42\n'],
    ['a line without end', `ask ${'x'.repeat(100_000)}`]
  ])('sends away who speaks %s, unheard', async (_title, words) => {
    const { directory, heard, gate } = await open()
    expect(await converse(directory, [words])).toBe('')
    gate.close()
    expect(heard).toEqual([])
  })

  test('takes no number that is none', async () => {
    const { directory, heard, gate } = await open((tool) => tool.run({}))
    await converse(directory, ['ask link -1 - 1e9 99999999999999999999 NaN -\n', 'started 0\n'])
    gate.close()
    expect(heard).toEqual([
      expect.objectContaining({ package: '', parentPid: 0, sourceBytes: 0, configBytes: 0, archiveBytes: 0 }),
      'left'
    ])
  })

  test('is for this user alone', async () => {
    const { directory, gate } = await open()
    expect([directory, join(directory, 'gate')].map((path) => (statSync(path).mode & 0o777).toString(8))).toEqual([
      '700',
      '600'
    ])
    gate.close()
  })

  test('keeps the lane in a file', async () => {
    const { directory, gate } = await open()
    const lane = () => readFileSync(join(directory, 'lane'), 'utf8')
    gate.setLane(1234.7)
    expect(lane()).toBe('1234\n')
    gate.setLane(null)
    expect(lane()).toBe('-1\n')
    gate.close()
  })

  test('lets everybody go when it closes, and can be opened again there', async () => {
    const { directory, gate } = await open(() => gate.close())
    expect(await converse(directory, [ask])).toBe('')
    const keeper = { asked: () => {}, started: () => {}, ended: () => {}, left: () => {} }
    const again = await gates.open(directory, keeper)
    again.close()
  })

  test('is refused where the path is too long for a socket', async () => {
    const keeper = { asked: () => {}, started: () => {}, ended: () => {}, left: () => {} }
    await expect(gates.open(join(scratch, 'x'.repeat(120)), keeper)).rejects.toThrow('too long for a socket')
  })

  test('reading through what is no plain file, or not there, is nothing', async () => {
    const pipe = join(scratch, 'pipe')
    execFileSync('mkfifo', [pipe])
    for (const path of [pipe, join(scratch, 'nowhere'), scratch, '/dev/zero']) await gates.readThrough(path)
    await gates.readThrough(import.meta.filename)
  })
})
