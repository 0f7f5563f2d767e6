import { beforeAll, expect, test } from '@jest/globals'
import { playInWine, type Results, wineUnavailable } from '../../testbed/wine.ts'
import { lane } from './lane.ts'

const UNENFORCED = 'the limit reads 0 after 134217728 was set; 192 MiB were committed in a job of 128 MiB'
/** Of TerminateJobObject. */
const BY_GUARD = 0xe0a55001

lane('real node.exe and go.exe on wine', wineUnavailable(), () => {
  let seen: Results = {}
  beforeAll(async () => {
    seen = await playInWine()
  }, 1_000_000)

  test('the launcher compiles with the user’s Go', () => {
    expect(seen['versions']).toMatchObject({ system: 'win32 x64', go: expect.stringContaining('windows/amd64') })
    expect(seen['compile the launcher']).toMatchObject({ status: 0, stderr: '' })
  })

  test('the probe does not believe a limit that wine accepts and forgets', () => {
    expect(seen['probe']).toEqual({ isEnforced: false, reason: UNENFORCED })
  })

  test('every exit code comes through, the large ones too', () => {
    const codes = seen['exit codes']
    expect(Array.isArray(codes) && codes.length).toBe(11)
    expect(codes).toEqual(expect.not.arrayContaining([expect.objectContaining({ fault: expect.anything() })]))
    for (const { code, seen: got } of Array.isArray(codes) ? codes : []) expect(got).toBe(code)
  })

  test('arguments arrive as they were given', () => {
    const told = seen['arguments']
    expect(told).toMatchObject({ seen: typeof told === 'object' && told !== null && 'words' in told ? told.words : [] })
  })

  test('a command that is not there is 127, as of a shell', () => {
    expect(seen['a command that is not there']).toMatchObject({ status: 127, state: 'ended' })
  })

  test('what the command leaves behind ends with it, and without a job it would not', () => {
    expect(seen['what the command leaves behind ends with it']).toMatchObject({ status: 0, isAlive: false })
    expect(seen['the same without a job survives']).toEqual({ isAlive: true })
  })

  test('an order ends all of it, with a code that nobody else has', () => {
    expect(seen['an order ends the job with its code']).toMatchObject({ code: BY_GUARD, left: [] })
  })

  test('the end of whoever started the launcher ends all of it', () => {
    expect(seen['the end of whoever started the launcher ends the job']).toEqual({ seen: 2, left: [] })
    expect(seen['a guard that is killed takes its build along']).toEqual({ before: true, after: false })
  })

  test('samples hold the committed memory of each process', () => {
    const processes = [
      { pid: expect.any(Number), bytes: expect.any(Number), command: expect.stringContaining('program.exe') }
    ]
    expect(seen['samples tell who is in the job and what it holds']).toMatchObject({ state: { processes } })
  })

  test('inspect tells the commit limit and that the job is only watched', () => {
    expect(seen['inspect']).toMatchObject({
      status: 0,
      binding: { source: 'commit', file: 'commit limit (GlobalMemoryStatusEx)' },
      enforcement: 'watch',
      reasons: [`job-object: not enforced here, ${UNENFORCED}`, 'a Job Object without a limit holds the build']
    })
  })

  test('a build passes, and one that fails says why', () => {
    expect(seen['a build that passes']).toMatchObject({ status: 0, isMade: true, said: 'hello\n' })
    expect(seen['a build that fails']).toMatchObject({ status: 1, report: { cause: 'compile.error' } })
  })

  test('a script of cmd ends with its own code', () => {
    expect(seen['a script of cmd']).toMatchObject({ status: 9, stdout: expect.stringContaining('one') })
  })

  test('memory-limit is kept to by watching', () => {
    expect(seen['memory-limit is watched where it cannot be enforced']).toMatchObject({
      report: { enforcement: { inForce: 'watch' }, cause: 'oom.watch', outcome: { endedBy: 'guard' } }
    })
  })

  test('enforcement: job-object is an error where the limit proves nothing', () => {
    expect(seen['enforcement: job-object is refused where the probe fails']).toMatchObject({
      status: 125,
      report: null,
      stderr: expect.stringContaining(
        `enforcement: job-object cannot be had: job-object: not enforced here, ${UNENFORCED}`
      )
    })
  })

  test('a timeout is 124', () => {
    expect(seen['a timeout']).toMatchObject({ status: 124, report: { cause: 'timeout' } })
  })
})
