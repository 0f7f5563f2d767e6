import { describe, expect, test } from '@jest/globals'
import { parseJetsamReport } from '../../src/kernel/jetsam-report.ts'
import { parseMemorystatus } from '../../src/kernel/memorystatus.ts'
import type { LogTools } from '../../src/observe/kernel-log.ts'
import { readMacKills } from '../../src/observe/mac-kills.ts'
import type { ToolResult } from '../../src/ports/processes.ts'
import { memoryFiles } from '../fakes/memory-files.ts'
import { fakeProcesses } from '../fakes/processes.ts'

describe('a kill in the log of the macOS kernel', () => {
  test.each([
    ['memorystatus: killing largest compressed process python3.12 [55572] 86587 MB', 55572, 'python3.12', true],
    ['memorystatus: killing a [b] c [7] due to swap exhaustion', 7, 'a [b] c', true],
    [
      '1.002 memorystatus: killing_top_process pid 901 [compile] (vm-pageshortage 0 12s rf:-) 9KB - memorystatus_available_pages: 4',
      901,
      'compile',
      true
    ],
    [
      'memorystatus: killing_top_process_aggressive3 pid 901 [compile] (vm-compressor-thrashing 0',
      901,
      'compile',
      true
    ],
    ['memorystatus: killing_specific_process pid 2 [y] (per-process-limit)', 2, 'y', true],
    ['memorystatus: killing_top_process pid 4 [w] (idle-exit, rf:low)', 4, 'w', false],
    ['memorystatus: killing_specific_process pid 2 [y] (disk-space-shortage 3 0s rf:-) 9KB', 2, 'y', false],
    ['memorystatus: killing_idle_process pid 5 [q] ()', 5, 'q', false],
    ['memorystatus: killing compile [44] due to cpulimit violation', 44, 'compile', false]
  ])('%s', (message, pid, name, isForMemory) => {
    expect(parseMemorystatus(message)).toEqual({ pid, name, isForMemory })
  })

  test.each([
    'memorystatus: triggering no paging space action',
    'memorystatus: killing due to "vm-pageshortage" - compression_ratio=3',
    'low swap: failed to create swapfile',
    'memorystatus: killing largest compressed process x [4',
    ''
  ])('is not: %s', (message) => {
    expect(parseMemorystatus(message)).toBeNull()
  })
})

const HEADER = '{"bug_type":"298","timestamp":"2026-09-29 17:13:21.00 +0530","os_version":"macOS 26.6 (25G72)"}'
const BODY = JSON.stringify({
  memoryStatus: { pageSize: 16384 },
  largestProcess: 'sd-server',
  processes: [
    { name: 'compile', pid: 957, rpages: 65536, reason: 'vm-pageshortage' },
    { name: 'go', pid: 900, rpages: 3 },
    { name: 'idle', pid: 5, reason: 'idle-exit' }
  ]
})
const AT_MS = Date.parse('2026-09-29T11:43:21Z')

describe('a report of jetsam', () => {
  test('names those with a reason, in bytes', () => {
    expect(parseJetsamReport(`${HEADER}\n${BODY}`)).toEqual({
      atMs: AT_MS,
      killed: [
        { pid: 957, name: 'compile', reason: 'vm-pageshortage', isForMemory: true, residentBytes: 1024 ** 3 },
        { pid: 5, name: 'idle', reason: 'idle-exit', isForMemory: false, residentBytes: null }
      ]
    })
    expect(parseJetsamReport(`${HEADER}\r\n${BODY}`)?.killed).toHaveLength(2)
  })

  test.each([
    ['', 'nothing'],
    [BODY, 'no header'],
    [`${HEADER}\n${BODY.slice(0, 200)}`, 'cut off'],
    [`${HEADER.replace('298', '309')}\n${BODY}`, 'a crash'],
    [`${HEADER.replace('2026-09-29', 'yesterday')}\n${BODY}`, 'no time'],
    [`${HEADER}\n[]`, 'no object']
  ])('is not what has %#: %s', (text) => {
    expect(parseJetsamReport(text)).toBeNull()
  })

  test('without processes names nobody', () => {
    expect(parseJetsamReport(`${HEADER}\n{"processes":{"pid":1}}`)?.killed).toEqual([])
  })
})

describe('asking macOS', () => {
  const span = { startMs: AT_MS - 60_000, endMs: AT_MS + 240_000 }
  const LINE =
    '{"eventMessage":"memorystatus: killing largest compressed process compile [957] 8658 MB","timestamp":"2026-09-29 17:13:20.123456+0530"}'
  const OLD = LINE.replace('17:13:20', '15:13:20').replace('957', '111')
  const answer = (change: Partial<ToolResult>): ToolResult => ({
    code: 0,
    stdout: '',
    stderr: '',
    problem: null,
    ...change
  })
  const REPORT = '/Library/Logs/DiagnosticReports/JetsamEvent-2026-09-29-171321.ips'

  function mac(
    log: Partial<ToolResult>,
    files: Readonly<Record<string, string>> = {},
    sudo?: Partial<ToolResult>
  ): LogTools {
    const processes = fakeProcesses()
    processes.tools.set('/usr/bin/log', answer(log))
    if (sudo !== undefined) processes.tools.set('sudo', answer(sudo))
    return { files: memoryFiles(files), processes, root: '', maySudo: sudo !== undefined }
  }

  test('reads the log of the time of the build', async () => {
    const stdout = `Filtering the log data using "process == …"\n${OLD}\n${LINE}\n{"eventMessage":1}\n{`
    expect(await readMacKills(mac({ stdout }), span)).toEqual({
      kind: 'value',
      value: [
        {
          by: 'jetsam',
          victim: { pid: 957, name: 'compile' },
          signal: 'SIGKILL',
          isForMemory: true,
          words: 'memorystatus: killing largest compressed process compile [957] 8658 MB'
        }
      ]
    })
  })

  test('asks for the whole time of the build, through sudo first', async () => {
    const tools = mac({})
    const asked: string[] = []
    const run: LogTools['processes']['run'] = async (tool, args) => {
      asked.push([tool, ...args].join(' '))
      return answer({ code: 1 })
    }
    await readMacKills({ ...tools, processes: { ...tools.processes, run }, maySudo: true }, span)
    expect(asked.map((line) => line.slice(0, line.indexOf(' --style')))).toEqual([
      'sudo -n -- /usr/bin/log show --last 6m',
      '/usr/bin/log show --last 6m'
    ])
  })

  test('reads the reports where the log is closed, and is unreadable without either', async () => {
    const denied = { code: 64, stderr: 'log: Could not open local log store: Operation not permitted\n' }
    const reason = 'sudo: a password is required; /usr/bin/log: Could not open local log store: Operation not permitted'
    const refused = { code: 1, stderr: 'a password is required' }
    expect(await readMacKills(mac(denied, {}, refused), span)).toEqual({ kind: 'unreadable', reason })
    const found = await readMacKills(mac(denied, { [REPORT]: `${HEADER}\n${BODY}` }), span)
    expect(found).toMatchObject({
      value: [
        {
          victim: { pid: 957 },
          words: 'JetsamEvent-2026-09-29-171321.ips: compile [957] vm-pageshortage, 1.0 GiB resident'
        },
        { victim: { pid: 5 }, isForMemory: false }
      ]
    })
  })

  test('takes no report from before the build', async () => {
    const tools = mac({}, { [REPORT]: `${HEADER}\n${BODY}` })
    expect(await readMacKills(tools, { startMs: AT_MS + 60_000, endMs: AT_MS + 61_000 })).toEqual({
      kind: 'value',
      value: []
    })
  })
})
