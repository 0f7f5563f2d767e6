import { describe, expect, test } from '@jest/globals'
import { jobLimitBytes, openJob } from '../../src/cage/job-object.ts'
import { parseJobState, parseProbe } from '../../src/cage/job-state.ts'
import { GIB, MIB } from '../../src/model/bytes.ts'
import { unreadable, value } from '../../src/model/reading.ts'
import { manualClock } from '../fakes/manual-clock.ts'
import { memoryFiles } from '../fakes/memory-files.ts'
import { CHILD_PID, fakeProcesses } from '../fakes/processes.ts'
import { surveyOf } from '../fakes/surveys.ts'

const DIRECTORY = 'C:\\run\\job'
const STATE = `${DIRECTORY}\\state.json`

const RUNNING = {
  sequence: 7,
  state: 'running',
  reason: '',
  limitHits: 0,
  peakBytes: 0,
  totalBytes: 16 * GIB,
  availableBytes: 9 * GIB,
  commitLimitBytes: 19 * GIB,
  commitAvailableBytes: 14 * GIB,
  processes: [
    { pid: 300, bytes: 40 * MIB, command: '"C:\\Program Files\\Go\\bin\\go.exe" build ./...' },
    { pid: 304, bytes: 300 * MIB, command: 'C:\\go\\pkg\\tool\\windows_amd64\\compile.exe -o x -p example.com/a' }
  ],
  end: 7
}

const line = (changes: object = {}): string => `${JSON.stringify({ ...RUNNING, ...changes })}   \n`

function jobOf(use: Parameters<typeof openJob>[1], state: string | null = line()) {
  const files = memoryFiles()
  const processes = fakeProcesses()
  const tools = {
    files,
    processes,
    clock: manualClock(),
    root: '',
    launcher: 'C:\\run\\launcher.exe',
    directory: DIRECTORY
  }
  const cage = openJob(tools, use)
  if (state !== null) files.texts.set(STATE, state)
  return { cage, files, processes }
}

describe('what the launcher writes down', () => {
  test.each([
    ['nothing', ''],
    ['half a line', line().slice(0, 90)],
    ['a new beginning before an old end', line({ sequence: 8 })],
    ['a state that is none', line({ state: 'dreaming' })],
    ['no numbers to compare', '{"state":"running"}']
  ])('is not believed: %s', (_, text) => {
    expect(parseJobState(text)).toBeNull()
  })

  test('a peak of zero is no peak, and what is no process is left out', () => {
    const state = parseJobState(line({ processes: [{ pid: 1, bytes: -5 }, null, { pid: 2, bytes: 3 }] }))
    expect(state).toMatchObject({ peakBytes: null, limitHits: 0, processes: [{ pid: 2, bytes: 3, argv: [] }] })
  })

  test('an answer to the probe is one only with both its parts', () => {
    expect(parseProbe('{"isEnforced":false,"reason":"x"}\n')).toEqual({ isEnforced: false, reason: 'x' })
    expect(parseProbe('{"isEnforced":"yes","reason":"x"}')).toBeNull()
  })
})

describe('a job', () => {
  test('is entered before the command executes, by the launcher that stands before it', async () => {
    const { cage } = jobOf({ kind: 'limit', bytes: 2 * GIB })
    expect(cage.launcher).toEqual(['C:\\run\\launcher.exe', 'run', DIRECTORY, String(2 * GIB), '--'])
    await cage.join(CHILD_PID)
    expect(cage.pids()).toEqual([300, 304])
  })

  test.each([
    [line({ state: 'refused', reason: 'the limit reads 0 after 209715200 was set' }), 'the limit reads 0'],
    [null, 'the launcher says nothing']
  ])('that cannot be had says why', async (state, reason) => {
    await expect(jobOf({ kind: 'limit', bytes: GIB }, state).cage.join(CHILD_PID)).rejects.toThrow(reason)
  })

  test('shows its processes with their words and what they have committed', () => {
    const { cage } = jobOf({ kind: 'look' })
    expect(cage.look?.()).toEqual({
      treeBytes: 340 * MIB,
      availableBytes: 9 * GIB,
      processes: [
        { pid: 300, bytes: 40 * MIB, argv: ['C:\\Program Files\\Go\\bin\\go.exe', 'build', './...'] },
        expect.objectContaining({ pid: 304, bytes: 300 * MIB })
      ]
    })
  })

  test('keeps what it saw last while a line is half written', () => {
    const { cage, files } = jobOf({ kind: 'look' })
    expect(cage.pids()).toHaveLength(2)
    files.texts.set(STATE, line().slice(0, 90))
    expect(cage.pids()).toHaveLength(2)
  })

  test('with a limit leaves the acting to Windows, and counts how often it did', () => {
    const { cage, files } = jobOf({ kind: 'limit', bytes: 400 * MIB })
    expect(cage.examine(390 * MIB).breach).toBeNull()
    expect(cage.examine(390 * MIB).share).toBeCloseTo(0.975)
    files.texts.set(STATE, line({ state: 'ended', limitHits: 3, peakBytes: 399 * MIB }))
    expect(cage.evidence()).toMatchObject({
      way: 'job-object',
      capBytes: 400 * MIB,
      ownLimitHits: { before: value(0), after: value(3) },
      kernelPeakBytes: value(399 * MIB)
    })
  })

  test('whose peak reads 0 has none to tell', () => {
    const { cage } = jobOf({ kind: 'limit', bytes: 400 * MIB })
    expect(cage.evidence().kernelPeakBytes).toEqual(unreadable('PeakJobMemoryUsed reads 0'))
  })

  test('without a limit is watched: the cap that was asked for, and what Windows still promises', () => {
    const { cage, files } = jobOf({ kind: 'watch', capBytes: 200 * MIB })
    expect(cage.way).toBe('watch')
    expect(cage.examine(100 * MIB).breach).toBeNull()
    expect(cage.examine(201 * MIB).breach).toEqual({ level: 'memory-limit', limitBytes: 200 * MIB })
    files.texts.set(STATE, line({ commitAvailableBytes: 500 * MIB }))
    cage.pids()
    expect(cage.examine(100 * MIB).breach).toEqual({ level: 'commit limit', limitBytes: 19 * GIB })
    files.texts.set(STATE, line({ commitAvailableBytes: 0 * MIB, commitLimitBytes: null }))
    cage.pids()
    expect(cage.examine(100 * MIB).breach).toBeNull()
  })

  test('is ended by an order, and if nobody takes it, with its launcher', async () => {
    const { cage, files, processes } = jobOf({ kind: 'look' })
    await cage.join(CHILD_PID)
    await cage.kill()
    expect(files.exists(`${DIRECTORY}\\kill`)).toBe(true)
    expect(processes.signals).toEqual([`${CHILD_PID} SIGKILL`])
    files.texts.set(STATE, line({ state: 'ended' }))
    expect(await cage.close()).toEqual([])
  })
})

test('the limit of a job leaves what Windows promises beyond RAM, where the cap leaves swap open', () => {
  const { host } = surveyOf()
  const survey = surveyOf({ platform: 'win32', host: { ...host, swapFreeBytes: value(3 * GIB) } })
  expect(jobLimitBytes({ bytes: 4 * GIB, swap: 'open' }, survey)).toBe(7 * GIB)
  expect(jobLimitBytes({ bytes: 4 * GIB, swap: 'closed' }, survey)).toBe(4 * GIB)
})
