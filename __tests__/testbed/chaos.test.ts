import { describe, expect, test } from '@jest/globals'
import { type Seen, type Strike, strikeOf } from '../../testbed/chaos-run.ts'
import { wrongs } from '../../testbed/chaos-truth.ts'

const strike: Strike = {
  door: 'action',
  enforcement: 'auto',
  program: 'go build',
  victim: 'nobody',
  momentMs: 0,
  which: 0
}
const green: Seen = {
  struck: null,
  exit: 0,
  isDone: true,
  verdict: { conclusion: 'success', cause: '', outOfMemory: 'false' },
  aftermath: null,
  left: [],
  othersDied: false
}
const killed: Seen = {
  ...green,
  struck: 'go build',
  exit: 137,
  isDone: false,
  verdict: { conclusion: 'failure', cause: 'signal.kill', outOfMemory: 'false' }
}
const dead: Seen = {
  ...green,
  struck: 'node',
  exit: 'SIGKILL',
  isDone: false,
  verdict: null,
  aftermath: { journal: 'begun', isTold: true }
}

describe('what chaos takes for true', () => {
  test.each<[string, Strike['victim'], Seen]>([
    ['a build that nobody touched is green', 'nobody', green],
    ['a killed build is told as that', 'command', killed],
    [
      'where the kernel killed somebody meanwhile, memory may be unknown',
      'descendant',
      {
        ...killed,
        othersDied: true,
        verdict: { conclusion: 'failure', cause: 'signal.kill', outOfMemory: 'unknown' }
      }
    ],
    ['a build that loses a helper is green', 'helper', { ...green, struck: 'sh -c' }],
    ['post tells of a guard that was killed', 'guard', dead],
    ['and says nothing of one that had not begun', 'guard', { ...dead, aftermath: { journal: 'none', isTold: false } }]
  ])('%s', (_, victim, seen) => {
    expect(wrongs({ ...strike, victim }, seen)).toEqual([])
  })

  test.each<[string, Strike['victim'], Seen, RegExp]>([
    ['something stays', 'nobody', { ...green, left: ['cgroup /x'] }, /left behind: cgroup/],
    ['a killed build is green', 'command', { ...green, struck: 'sh', isDone: false }, /did not finish is green/],
    ['exit and conclusion differ', 'nobody', { ...green, exit: 1 }, /exit 1 with conclusion success/],
    ['an untouched build fails', 'nobody', killed, /nobody touched/],
    ['a lost helper fails the build', 'helper', killed, /nobody touched/],
    [
      'a kill is called memory',
      'command',
      {
        ...killed,
        verdict: { conclusion: 'failure', cause: 'oom.killed', outOfMemory: 'true' }
      },
      /called oom\.killed/
    ],
    [
      'memory is not ruled out',
      'command',
      {
        ...killed,
        verdict: { conclusion: 'failure', cause: 'signal.kill', outOfMemory: 'unknown' }
      },
      /out-of-memory is unknown/
    ],
    ['there is no verdict', 'command', { ...killed, verdict: null }, /no report/],
    ['post is silent', 'guard', { ...dead, aftermath: { journal: 'begun', isTold: false } }, /does not say/],
    ['post invents a death', 'guard', { ...dead, aftermath: { journal: 'ended', isTold: true } }, /post says/],
    ['a dead guard left a success', 'guard', { ...dead, verdict: green.verdict }, /is a success/]
  ])('it is wrong where %s', (_, victim, seen, words) => {
    expect(wrongs({ ...strike, victim }, seen).join()).toMatch(words)
  })

  test('a strike is the same for the same seed and number, and every kind comes up', () => {
    expect(strikeOf(7, 3)).toEqual(strikeOf(7, 3))
    const strikes = Array.from({ length: 200 }, (_, run) => strikeOf(7, run))
    expect(new Set(strikes.map(({ victim }) => victim)).size).toBe(5)
    expect(new Set(strikes.map(({ door, program, enforcement }) => `${door} ${program} ${enforcement}`)).size).toBe(12)
    expect(strikes).not.toEqual(Array.from({ length: 200 }, (_, run) => strikeOf(8, run)))
  })
})
