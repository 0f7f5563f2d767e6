import { describe, expect, test } from '@jest/globals'
import { HEALTHY } from '../preflight/healthy.ts'
import { findingsOf, layOut, runIt, tidyUp } from '../preflight/real-setup.ts'

describe('a healthy repository gets no warning, and builds', () => {
  test.each(Object.entries(HEALTHY))('%s', async (_name, of) => {
    const stage = layOut(of)
    try {
      expect((await findingsOf(stage, of)).map(({ id, found }) => `${id}: ${found}`)).toEqual([])
      const { code, output } = runIt(stage)
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' })
    } finally {
      tidyUp(stage)
    }
  })
})
