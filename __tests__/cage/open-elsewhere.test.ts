import { describe, expect, test } from '@jest/globals'
import { openElsewhere } from '../../src/cage/open-elsewhere.ts'
import { GIB } from '../../src/model/bytes.ts'
import type { Cap } from '../../src/model/plan.ts'
import { type Reading, unreadable, value } from '../../src/model/reading.ts'
import type { EnforcementChoice } from '../../src/model/settings.ts'
import { manualClock } from '../fakes/manual-clock.ts'
import { memoryFiles } from '../fakes/memory-files.ts'
import { fakeProcesses } from '../fakes/processes.ts'
import { surveyOf } from '../fakes/surveys.ts'

const LAUNCHER = { launcher: 'C:\\run\\launcher.exe', directory: 'C:\\run\\job' }
const CAP: Cap = { bytes: 2 * GIB, swap: 'closed' }
/** What wine answers. */
const UNENFORCED = '{"isEnforced":false,"reason":"the limit reads 0 after 134217728 was set"}'
const ENFORCED = '{"isEnforced":true,"reason":"the limit was read back, and beyond it a commit was refused with 1455"}'

interface Situation {
  readonly choice?: EnforcementChoice
  readonly probe?: string
  readonly launcher?: Reading<typeof LAUNCHER>
  readonly cap?: Cap | null
  readonly platform?: 'win32' | 'darwin' | 'freebsd'
  readonly refused?: readonly { label: string; reason: string }[]
}

function open({
  choice = 'auto',
  probe,
  launcher = value(LAUNCHER),
  cap = CAP,
  platform = 'win32',
  refused = []
}: Situation) {
  const processes = fakeProcesses()
  if (probe !== undefined) {
    processes.tools.set(LAUNCHER.launcher, { code: 0, stdout: probe, stderr: '', problem: null })
  }
  const tools = { files: memoryFiles(), processes, clock: manualClock(), root: '', runId: '0123456789ab', launcher }
  return openElsewhere(tools, { choice, survey: surveyOf({ platform }), capFor: () => cap, refused })
}

async function wayOf(situation: Situation) {
  const opened = await open(situation)
  return 'refusal' in opened ? opened : { way: opened.cage.way, reach: opened.reach, reasons: opened.reasons }
}

describe('Windows', () => {
  test('a limit that refused something in the probe is enforced', async () => {
    expect(await wayOf({ probe: ENFORCED })).toEqual({
      way: 'job-object',
      reach: 'cgroup',
      reasons: ['job-object: enforced, the limit was read back, and beyond it a commit was refused with 1455']
    })
  })

  test.each([
    ['did not hold', UNENFORCED, 'not enforced here, the limit reads 0 after 134217728 was set'],
    [
      'could not be tried',
      undefined,
      'not enforced here, the probe gave no answer (spawn C:\\run\\launcher.exe ENOENT)'
    ],
    ['was answered with nothing', '', 'not enforced here, the probe gave no answer (exit code 0)']
  ])('a limit that %s is never called enforced: the guard watches', async (_, probe, reason) => {
    expect(await wayOf({ ...(probe === undefined ? {} : { probe }) })).toEqual({
      way: 'watch',
      reach: 'watch',
      reasons: [`job-object: ${reason}`, 'a Job Object without a limit holds the build']
    })
  })

  test.each<[string, Situation, string]>([
    ['job-object, where the probe fails', { choice: 'job-object', probe: UNENFORCED }, 'not enforced here'],
    ['job-object, without a cap', { choice: 'job-object', probe: ENFORCED, cap: null }, 'no cap is set'],
    ['job-object, without Go', { choice: 'job-object', launcher: unreadable('spawn go ENOENT') }, 'spawn go ENOENT'],
    ['watch, without Go', { choice: 'watch', launcher: unreadable('spawn go ENOENT') }, 'spawn go ENOENT'],
    [
      'a job that was refused',
      { choice: 'watch', refused: [{ label: 'job-object', reason: 'nested' }] },
      'job-object: nested'
    ]
  ])('an explicit choice that cannot be had is refused: %s', async (_, situation, reason) => {
    const answer = await wayOf(situation)
    expect('refusal' in answer ? answer.refusal : '').toContain(reason)
  })

  test('a machine without Go runs the build without a cap, and says so', async () => {
    expect(await wayOf({ launcher: unreadable('spawn go ENOENT') })).toEqual({
      way: 'none',
      reach: 'none',
      reasons: ['the launcher of Job Objects is not there: spawn go ENOENT']
    })
  })

  test('switched off, a job only looks and holds together', async () => {
    expect(await wayOf({ choice: 'off', probe: ENFORCED })).toEqual({
      way: 'none',
      reach: 'none',
      reasons: ['enforcement is off']
    })
  })
})

test('macOS is watched, with what that is worth', async () => {
  const opened = await wayOf({ platform: 'darwin' })
  expect(opened).toMatchObject({ way: 'watch', reach: 'watch', reasons: [expect.stringContaining('lower bound')] })
  expect(await wayOf({ platform: 'darwin', choice: 'off' })).toMatchObject({ way: 'none' })
})

test('other systems run the build and no more', async () => {
  const reason = 'memory of a process tree is not read on freebsd'
  expect(await wayOf({ platform: 'freebsd' })).toEqual({ way: 'none', reach: 'none', reasons: [reason] })
  expect(await wayOf({ platform: 'freebsd', choice: 'watch' })).toEqual({ refusal: reason })
})
