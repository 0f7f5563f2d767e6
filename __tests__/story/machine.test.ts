import { describe, expect, test } from '@jest/globals'
import { ABSENT, type Reading, unreadable, value } from '../../src/model/reading.ts'
import { preferAsVictim } from '../../src/story/machine.ts'
import { memoryFiles } from '../fakes/memory-files.ts'
import { surveyOf } from '../fakes/surveys.ts'

const FILE = '/proc/77/oom_score_adj'

describe('the build is the first choice of the kernel, before its runner', () => {
  const prefer = (own: Reading<number>, platform: NodeJS.Platform = 'linux', files = memoryFiles()) => {
    const { killers } = surveyOf()
    const survey = { platform, killers: { ...killers, oomScoreAdj: own } }
    return { said: preferAsVictim({ ports: { files }, place: { root: '' }, survey }, 77), files }
  }

  test.each([
    [0, '300'],
    [500, '800'],
    [900, '1000']
  ])('%i of our own makes %s of the build', (own, text) => {
    const { said, files } = prefer(value(own))
    expect([said, files.texts.get(FILE)]).toEqual([[], text])
  })

  test('a refusal is told, and changes nothing else', () => {
    const files = memoryFiles()
    const refusing = {
      ...files,
      writeText: () => {
        throw new Error('EACCES')
      }
    }
    expect(prefer(value(500), 'linux', refusing).said).toEqual([expect.stringContaining('oom_score_adj: EACCES')])
    expect(prefer(unreadable('EPERM')).said).toEqual([expect.stringContaining('oom_score_adj: EPERM')])
  })

  test('where there is no such thing nothing is said', () => {
    expect(prefer(ABSENT).said).toEqual([])
    expect(prefer(unreadable('not read on darwin'), 'darwin').said).toEqual([])
  })
})
