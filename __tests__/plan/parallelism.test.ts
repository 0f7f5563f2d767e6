import { describe, expect, test } from '@jest/globals'
import type { Command } from '../../src/model/settings.ts'
import { parallelismFor } from '../../src/plan/parallelism.ts'
import { planAttempt } from '../../src/plan/plan.ts'
import { count, gib, input, machine, OFF, size } from './machines.ts'

const script = (text: string): { command: Command } => ({ command: { kind: 'script', script: text, shell: '' } })

const told = (...of: Parameters<typeof input>) => {
  const { actions, set, reason } = parallelismFor(input(...of), true)
  return [actions, set, reason.text]
}

describe('one action at a time', () => {
  test('is set where Go would have decided', () => {
    expect(told(machine())).toEqual([1, 1, '-p=1 in place of 4, so that one tool has all the memory.'])
  })

  test('is not set twice', () => {
    expect(told(machine({ cpus: 1 }))).toEqual([1, null, '-p is 1 already.'])
  })

  test("is not set above the user's GOFLAGS", () => {
    expect(told(machine({ goflags: '-mod=vendor -p=3 -p=2' }))).toEqual([2, null, '-p=2 in GOFLAGS stands.'])
    expect(told(machine({ goflags: '-p=3' }), {}, { userEnvironment: { GOFLAGS: "'-p=8'" } })[0]).toBe(8)
  })

  test('is not set for tests, whose programs it would hold back', () => {
    expect(told(machine(), script('go test ./...'), { runsTests: true })).toEqual([
      4,
      null,
      'The command runs tests, which -p would hold back too, so -p is left alone.'
    ])
  })

  test('is not set where that would hide GOFLAGS of go env -w', () => {
    expect(told(machine({ goflags: null })).slice(0, 2)).toEqual([4, null])
    expect(told(machine({ goflags: null }), {}, { userEnvironment: { GOFLAGS: '-v' } }).slice(0, 2)).toEqual([1, 1])
  })

  test('is not set where -p stands on the command line', () => {
    expect(told(machine(), script('go build -p 3 ./...'))).toEqual([3, null, '-p 3 on the command line stands.'])
  })
})

describe('parallelism as an input', () => {
  test('stands above GOFLAGS and tests, and says so', () => {
    expect(told(machine({ goflags: '-p=8' }), { parallelism: count(2) }, { runsTests: true })).toEqual([
      2,
      2,
      '-p=2, as parallelism says, above -p=8 in GOFLAGS.'
    ])
  })

  test('cannot change a command line, and says so', () => {
    expect(told(machine(), { ...script('go build -p=8'), parallelism: count(2) })).toEqual([
      8,
      null,
      '-p 8 on the command line stands; parallelism 2 cannot change it.'
    ])
  })

  test('off leaves it to Go', () => {
    expect(told(machine(), { parallelism: OFF })).toEqual([4, null, 'parallelism is off, so -p is left to Go.'])
  })
})

test('GOFLAGS are only added to', () => {
  const goflags = '-mod=vendor \'"-toolexec=/a b/w"\''
  const survey = machine({ goflags, limitBytes: gib(64) })
  expect(planAttempt(input(survey, { parallelism: count(2), memoryLimit: size(gib(60)) })).environment).toEqual({
    GOFLAGS: `${goflags} -p=2`
  })
})
