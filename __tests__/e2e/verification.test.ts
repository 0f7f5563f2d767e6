import { describe, expect, test } from '@jest/globals'
import { verification } from '../../src/story/verification.ts'
import { SILENT } from '../../src/verify/catalogue.ts'
import { layOut, runIt, tidyUp, worldOf } from '../preflight/real-setup.ts'
import { listenTo } from '../verify/green-runs.ts'
import { type RealRun, RIGHT, WRONG } from '../verify/real-runs.ts'

/** Runs the command between the two looks, its output heard. */
async function cautionsOf(of: RealRun): Promise<readonly { readonly id: string; readonly found: string }[]> {
  const stage = layOut(of)
  try {
    of.prepare?.(stage.directory)
    const looking = verification(await worldOf(stage, of))
    const hear = looking.hearing()
    const { code, output } = runIt(stage)
    listenTo(output, hear)
    expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' })
    return await looking.verdict(of.kills === undefined ? 0 : of.kills)
  } finally {
    tidyUp(stage)
  }
}

describe('green and wrong', () => {
  test.each(Object.entries(WRONG))('%s', async (_name, of) => {
    const cautions = await cautionsOf(of)
    expect(cautions.map(({ id }) => id)).toEqual(of.finds)
    if (of.says !== undefined) expect(cautions[0]?.found).toMatch(of.says)
  })

  test('every silent failure has a run that shows it', () => {
    const shown = new Set(Object.values(WRONG).flatMap(({ finds }) => finds))
    expect(SILENT.map(({ id }) => id).filter((id) => !shown.has(id))).toEqual([])
  })
})

describe('green and in order', () => {
  test.each(Object.entries(RIGHT))('%s', async (_name, of) => {
    expect(await cautionsOf(of)).toEqual([])
  })
})
