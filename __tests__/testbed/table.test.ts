import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { DEATHS, type Death } from '../../testbed/deaths.ts'
import { differences, type Facts } from '../../testbed/facts.ts'
import { tables, withResults } from '../../testbed/page.ts'
import type { Result } from '../../testbed/run-table.ts'
import { ENVIRONMENTS, type Environment } from '../../testbed/table.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/environments.md'), 'utf8')
const deaths = Object.keys(DEATHS).filter((name): name is Death => name in DEATHS)

describe('the table of environments', () => {
  test('the page holds what is expected now: after a change, npm run environments -- --write', () => {
    const results = ENVIRONMENTS.flatMap((environment) => deaths.map((death) => asExpected(environment, death)))
    expect(page).toContain(tables(results))
  })

  test('a difference is named with both sides, in words and in the table', () => {
    const seen: Facts = { ...capped, endedBy: 'other', left: 'process 7: sleep 9' }
    expect(differences(capped, capped)).toEqual([])
    expect(differences(capped, seen)).toEqual([
      'endedBy: expected kernel-oom-cap, seen other',
      'left: expected nothing, seen process 7: sleep 9'
    ])
    const row =
      '| own cap | 1 | `cgroup-v2` | expected `kernel-oom-cap`, seen `other` | `oom.cgroup` | certain | true |'
    expect(tables([result(v2, seen)])).toContain(`${row} expected nothing, seen process 7: sleep 9 |`)
  })

  test('only the part between the marks is written, with the log of what left no report', () => {
    const log = { live: 'guard: 0:01 enforcement off', kernel: 'oom-kill:' }
    const written = withResults(page, [{ ...result(v2, capped), log }])
    expect(written.slice(0, 200)).toBe(page.slice(0, 200))
    expect(written.slice(-60)).toBe(page.slice(-60))
    expect(written).toContain('```text\nguard: 0:01 enforcement off\n```')
    expect(withResults(written, [{ ...result(v2, capped), log }])).toBe(written)
    expect(() => withResults('nothing', [])).toThrow('marks')
  })
})

const v2 = environmentOf('v2-root')

const capped: Facts = {
  exit: '1',
  enforcement: 'cgroup-v2',
  endedBy: 'kernel-oom-cap',
  cause: 'oom.cgroup',
  confidence: 'certain',
  outOfMemory: 'true',
  left: ''
}

function environmentOf(id: string): Environment {
  const found = ENVIRONMENTS.find((environment) => environment.id === id)
  if (found === undefined) throw new Error(`no environment ${id}`)
  return found
}

function result(environment: Environment, seen: Facts): Result {
  const state = { kind: 'run', expected: capped, seen, differences: differences(capped, seen) } as const
  return { environment, death: 'ownCap', state, log: null }
}

function asExpected(environment: Environment, death: Death): Result {
  const cell = environment.cells[death]
  const state =
    'notApplicable' in cell
      ? ({ kind: 'not applicable', reason: cell.notApplicable } as const)
      : ({ kind: 'run', expected: cell.expected, seen: cell.expected, differences: [] } as const)
  return { environment, death, state, log: null }
}
