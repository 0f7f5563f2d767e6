import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { decodeState, encodeState, markerKey, markerLine, readMarker } from '../../src/report/comment-marker.ts'
import { type CommentState, type JobState, MOODS, moodOf, nextState } from '../../src/report/comment-state.ts'
import { ofJob, stateAfter } from './comment-states.ts'
import { GUARD_DIED, WATCHED } from './container-fixtures.ts'
import { CHECKSUM, COMPILE, SUCCESS, TIMEOUT, UNKNOWN } from './fixtures.ts'
import { hostileText } from './hostile.ts'
import { MACHINE, OUTSIDE_KILL, OWN_CAP, RECOVERED } from './memory-fixtures.ts'

const RUN = { runId: 1007, runNumber: 7, attempt: 1, sha: '9c1e07b1aa' }
const STATE = stateAfter(null, OWN_CAP, RUN)

function base64(input: unknown): string {
  return Buffer.from(typeof input === 'string' ? input : JSON.stringify(input)).toString('base64')
}

describe('the state of a comment', () => {
  test('survives the way through the comment', () => {
    expect(decodeState(encodeState(STATE))).toEqual(STATE)
    expect(readMarker(`${markerLine('ci.yml', STATE)}\n\n### …`, 'ci.yml')).toEqual({ kind: 'state', state: STATE })
    expect(readMarker(`${markerLine('ci.yml', STATE)}\r\n\r\n### …`, 'ci.yml')).toEqual({ kind: 'state', state: STATE })
  })

  test('survives with any job name', () => {
    fc.assert(
      fc.property(hostileText, (name) => {
        const state = stateAfter(null, ofJob(OWN_CAP, name), RUN)
        expect(decodeState(encodeState(state))).toEqual(state)
      })
    )
  })

  test('a job named __proto__ is a job like any other', () => {
    const state = stateAfter(null, ofJob(OWN_CAP, '__proto__'), RUN)
    expect(Object.keys(decodeState(encodeState(state))?.jobs ?? {})).toEqual(['__proto__'])
  })

  test('the marker is one HTML comment, whatever the key', () => {
    fc.assert(
      fc.property(hostileText, (key) => {
        expect(markerLine(key, STATE)).toMatch(/^<!-- go-build-guard v1 [\w.]+(?:-[\w.]+)* [A-Za-z0-9+/]+={0,2} -->$/)
        expect(markerLine(key, STATE).slice(4, -3)).not.toContain('--')
      })
    )
  })

  test('a comment about another workflow, or of other origin, is not read', () => {
    const line = markerLine('ci.yml', STATE)
    expect(readMarker(line, 'release.yml').kind).toBe('none')
    expect(readMarker(`quoted:\n${line}`, 'ci.yml').kind).toBe('none')
    expect(readMarker('LGTM', 'ci.yml').kind).toBe('none')
    expect(markerKey('../../x --> y')).toBe('..-..-x-y')
  })

  test.each<readonly [string, string]>([
    ['no base64', '***'],
    ['base64 of no JSON', base64('{')],
    ['invalid UTF-8', Buffer.from([0xff, 0xfe, 0x7b]).toString('base64')],
    ['null', base64('null')],
    ['a list', base64([])],
    ['another version', base64({ ...STATE, v: 2 })],
    ['an unknown mood', base64({ ...STATE, state: 'fine' })],
    ['a run number that is text', base64({ ...STATE, runNumber: '7' })],
    ['a run number below zero', base64({ ...STATE, runNumber: -1 })],
    ['a fraction of a run', base64({ ...STATE, runId: 1.5 })],
    ['a commit that is Markdown', base64({ ...STATE, sha: '](http' })],
    ['jobs as a list', base64({ ...STATE, jobs: [] })],
    ['a job that is text', base64({ ...STATE, jobs: { build: 'x' } })],
    ['a job without a name', base64({ ...STATE, jobs: { '': STATE.jobs['build'] } })],
    ['a cause that is no id', base64({ ...STATE, jobs: { build: { ...STATE.jobs['build'], cause: '`<b>' } } })],
    [
      'too many entries of before',
      base64({
        ...STATE,
        before: Array.from({ length: 5 }, () => ({ state: 'passed', cause: '', peakBytes: null, sha: '' }))
      })
    ],
    ['an entry of before that is odd', base64({ ...STATE, before: [{ state: 'passed' }] })],
    ['a job without an attempt', base64({ ...STATE, jobs: { build: { ...STATE.jobs['build'], attempt: undefined } } })],
    ['nothing that it is about', base64({ ...STATE, about: undefined })],
    ['more than 4 KiB', base64({ ...STATE, padding: 'x'.repeat(4000) })]
  ])('%s counts as no state', (_, encoded) => {
    expect(decodeState(encoded)).toBeNull()
    expect(readMarker(`<!-- go-build-guard v1 ci.yml ${encoded} -->`, 'ci.yml').kind).toBe('unreadable')
  })

  test('fields of a later version are dropped', () => {
    expect(decodeState(base64({ ...STATE, later: '<b>' }))).toEqual(STATE)
  })
})

describe('the next state', () => {
  test.each([
    [OWN_CAP, 'memory'],
    [MACHINE, 'memory'],
    [WATCHED, 'memory'],
    [RECOVERED, 'recovered'],
    [OUTSIDE_KILL, 'killed'],
    [GUARD_DIED, 'killed'],
    [COMPILE, 'failed'],
    [CHECKSUM, 'failed'],
    [TIMEOUT, 'failed'],
    [UNKNOWN, 'failed'],
    [SUCCESS, 'passed']
  ] as const)('$diagnoses.0.id, $conclusion: %#', (report, mood) => {
    expect(moodOf(report)).toBe(mood)
  })

  const entry = fc.record({
    conclusion: fc.constant('failure' as const),
    cause: fc.constantFrom('', 'oom.cgroup', 'compile.error'),
    mood: fc.constantFrom(...MOODS),
    peakBytes: fc.constantFrom(null, 1, 2),
    limitBytes: fc.constant(3),
    runNumber: fc.constant(RUN.runNumber),
    attempt: fc.constantFrom(1, 2)
  })
  const tellings = fc.array(fc.tuple(fc.constantFrom('a', 'b', '__proto__'), entry), { minLength: 1, maxLength: 6 })

  test('does not depend on the order in which jobs tell it, nor on how often', () => {
    const saying = (all: readonly (readonly [string, JobState])[]) =>
      all.reduce<CommentState | null>(
        (existing, [name, job]) =>
          nextState({ existing, jobs: Object.fromEntries([[name, job]]), run: RUN, isWhole: false }),
        STATE
      )
    fc.assert(
      fc.property(tellings, (all) => {
        const once = saying(all)
        const again = saying([...all.toReversed(), ...all])
        expect(new Map(Object.entries(again?.jobs ?? {}))).toEqual(new Map(Object.entries(once?.jobs ?? {})))
        expect([again?.state, again?.before]).toEqual([once?.state, once?.before])
      })
    )
  })

  test('keeps four earlier runs, the latest first', () => {
    let state = stateAfter(null, SUCCESS, { ...RUN, runId: 1, runNumber: 1, sha: '1111111' })
    for (const n of [2, 3, 4, 5, 6]) {
      state = stateAfter(state, OWN_CAP, { ...RUN, runId: n, runNumber: n, sha: `${n}`.repeat(7) })
    }
    expect(state.before.map(({ sha }) => sha)).toEqual(['5555555', '4444444', '3333333', '2222222'])
    expect(state.before[0]).toEqual({
      state: 'memory',
      cause: 'oom.cgroup',
      peakBytes: expect.any(Number),
      sha: '5555555'
    })
  })

  test('a second job of the same run does not make the first one history', () => {
    const first = stateAfter(null, ofJob(OWN_CAP, 'a'), RUN)
    const second = stateAfter(first, ofJob(SUCCESS, 'b'), RUN)
    expect(second.before).toEqual([])
    expect(Object.keys(second.jobs)).toEqual(['a', 'b'])
    expect(second.state).toBe('memory')
  })

  test('jobs that did not report in the latest run are forgotten', () => {
    const old = stateAfter(null, ofJob(OWN_CAP, 'gone'), { ...RUN, runNumber: 5 })
    const middle = stateAfter(old, ofJob(OWN_CAP, 'b'), { ...RUN, runNumber: 6 })
    expect(Object.keys(middle.jobs)).toEqual(['gone', 'b'])
    const now = stateAfter(middle, ofJob(OWN_CAP, 'b'), { ...RUN, runNumber: 7 })
    expect(Object.keys(now.jobs)).toEqual(['b'])
  })
})
