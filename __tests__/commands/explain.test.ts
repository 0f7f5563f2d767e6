import { describe, expect, test } from '@jest/globals'
import { explain } from '../../src/commands/explain.ts'
import { failedSteps } from '../../src/commands/log-archive.ts'
import type { Console } from '../../src/ports/console.ts'
import { zipOf } from './zip-files.ts'

const END = { exitCode: null, signal: null, platform: 'linux' } as const
const STAMP = '2026-01-02T03:04:05.1234567Z '

/** A log as the runner stores it. */
function stamped(...lines: readonly string[]): string {
  return `\ufeff${lines.map((line) => `${STAMP}${line}\r\n`).join('')}`
}

const SET_UP = stamped('Current runner version: 2.330.0')
const COMPILE_ERROR = stamped('# example.com/app', './main.go:3:2: undefined: x', endsWith(1))
const KILLED = stamped('ok  \texample.com/app\t0.1s', endsWith(137))

function endsWith(code: number): string {
  return `##[error]Process completed with exit code ${code}.`
}

/** A command line with these files, and what it printed. */
async function run(
  args: readonly string[],
  files: Readonly<Record<string, string | Buffer>>,
  pieceBytes = 1 << 20
): Promise<{ status: number; printed: string; complaints: string }> {
  const printed: string[] = []
  const complaints: string[] = []
  const nowhere = (): never => {
    throw new Error('explain has no business there')
  }
  const console: Console = {
    ports: nowhere,
    place: nowhere,
    files: {
      readText: nowhere,
      list: nowhere,
      readLink: nowhere,
      exists: nowhere,
      writeText: nowhere,
      appendText: nowhere,
      remove: nowhere,
      stat: nowhere,
      freeSpace: nowhere
    },
    logs: {
      async *read(path) {
        const content = files[path]
        if (content === undefined) throw new Error('ENOENT: no such file or directory')
        const bytes = Buffer.from(content)
        for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes)
      }
    },
    print: async (text) => void printed.push(text),
    complain: (text) => void complaints.push(text)
  }
  const status = await explain(args, console)
  return { status, printed: printed.join(''), complaints: complaints.join('') }
}

/** Each line of JSON as `file | step | first id`. */
function rowsOf(printed: string): readonly string[] {
  const lines = printed.split('\n').slice(0, -1)
  return lines.map((line) => {
    const { file, step, diagnoses } = JSON.parse(line)
    return [file, ...(step === undefined ? [] : [step]), diagnoses[0]?.id ?? '-'].join(' | ')
  })
}

describe('explain', () => {
  test('prints one line of JSON for each log, in order, however its bytes come', async () => {
    const files = { 'a.log': './a.go:1:2: undefined: x\n', 'b.log': 'fine\n', 'c.log': 'x\n', 'd.log': '' }
    const args = ['--json', '--exit-codes', '1,0,137,-', 'a.log', 'b.log', 'c.log', 'd.log']
    const expected = ['a.log | compile.error', 'b.log | -', 'c.log | signal.kill', 'd.log | -']
    for (const pieceBytes of [1, 3, 1 << 20]) {
      expect(rowsOf((await run(args, files, pieceBytes)).printed)).toEqual(expected)
    }
  })

  test('goes on after a log that cannot be read, says so, and ends with 2', async () => {
    const { status, printed, complaints } = await run(['--json', 'gone.log', 'a.log'], { 'a.log': 'fine\n' })
    expect({ status, rows: rowsOf(printed) }).toEqual({ status: 2, rows: ['a.log | -'] })
    expect(complaints).toBe('explain: gone.log: ENOENT: no such file or directory\n')
  })

  test('prints what was found before a last log that cannot be read', async () => {
    const { printed } = await run(['--json', 'a.log', 'gone.log'], { 'a.log': 'fine\n' })
    expect(rowsOf(printed)).toEqual(['a.log | -'])
  })

  test('tells of archives in its help', async () => {
    expect((await run(['--help'], {})).printed).toMatch(/log archive of GitHub/)
  })
})

describe('explain of a log archive', () => {
  const files = [
    { name: '0_build.txt', content: SET_UP + COMPILE_ERROR },
    { name: '1_test (windows).txt', content: KILLED },
    { name: 'build/10_Post.txt', content: SET_UP, method: 0 },
    { name: 'build/2_Run go build.txt', content: COMPILE_ERROR, method: 0 },
    { name: 'build/1_Set up job.txt', content: SET_UP },
    { name: 'test (windows)/system.txt', content: SET_UP },
    { name: 'test (linux)/10_Run go test.txt', content: KILLED },
    { name: 'test (linux)/9_Run go vet.txt', content: stamped('##[error]vet: ./a.go:1:2: undefined: x') }
  ]

  test('finds the steps that failed, with the status of each, and tells no job twice', async () => {
    const { status, printed } = await run(['--json', 'logs.zip'], { 'logs.zip': zipOf(files) }, 1000)
    expect({ status, rows: rowsOf(printed) }).toEqual({
      status: 0,
      rows: [
        'logs.zip | 1_test (windows).txt | signal.kill',
        'logs.zip | build/2_Run go build.txt | compile.error',
        'logs.zip | test (linux)/9_Run go vet.txt | compile.error',
        'logs.zip | test (linux)/10_Run go test.txt | signal.kill'
      ]
    })
  })

  test('names the step on a terminal, as inert text', async () => {
    const evil = [
      { name: 'build/1_\u001b[2Jgo.txt', content: COMPILE_ERROR },
      { name: 'b', content: '' }
    ]
    const { printed } = await run(['logs.zip'], { 'logs.zip': zipOf(evil) })
    expect(printed.split('\n')[0]).toBe('== logs.zip: build/1_go.txt')
  })

  test('without a failed step has one empty answer', async () => {
    const passed = zipOf(files.filter(({ content }) => content === SET_UP))
    expect((await run(['--json', 'logs.zip'], { 'logs.zip': passed })).printed).toBe(
      '{"file":"logs.zip","diagnoses":[]}\n'
    )
  })

  test('with a single log explains that one, with the status that is given', async () => {
    const single = zipOf([{ name: 'build.log', content: 'building\n' }])
    const { printed } = await run(['--json', '--exit-code', '137', 'l.zip'], { 'l.zip': single })
    expect(rowsOf(printed)).toEqual(['l.zip | build.log | signal.kill'])
  })

  test('that is cut off is named as such', async () => {
    const { status, printed, complaints } = await run(['--json', 'l.zip'], { 'l.zip': zipOf(files).subarray(0, 300) })
    expect({ status, printed }).toEqual({ status: 2, printed: '' })
    expect(complaints).toBe('explain: l.zip: the archive is damaged or cut off\n')
  })

  test('that grows beyond all bounds is given up, also where many small files do it together', async () => {
    const bomb = zipOf(Array.from({ length: 5 }, (_, i) => ({ name: `${i}.txt`, content: new Uint8Array(250_000) })))
    await expect(failedSteps(bomb, END, 1_000_000)).rejects.toThrow('the archive holds more logs than are read')
    expect(await failedSteps(bomb, END, 1_250_000)).toEqual([])
  })
})
