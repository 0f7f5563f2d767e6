import { describe, expect, test } from '@jest/globals'
import { CHECKS } from '../../src/preflight/catalogue.ts'
import { PROVOKED } from '../preflight/provoked.ts'
import { findingsOf, layOut, runIt, tidyUp } from '../preflight/real-setup.ts'

describe('what is wrong is found, and Go stumbles over it', () => {
  test.each(Object.entries(PROVOKED))('%s', async (_name, of) => {
    const stage = layOut(of)
    try {
      const findings = await findingsOf(stage, of)
      expect(findings.map(({ id }) => id)).toEqual(of.finds)
      expect(findings[0]?.found).toMatch(of.says)
      if (of.at !== undefined) {
        const { file, line } = findings[0]?.place ?? { file: '', line: 0 }
        expect(`${file}:${line}`).toBe(`${stage.directory}/${of.at}`)
      }
      const { code, output } = runIt(stage)
      expect(output).toMatch(of.prints)
      expect(code === 0).toBe(of.isGreen === true)
    } finally {
      tidyUp(stage)
    }
  })
})

test('every check has a set-up that shows it', () => {
  const shown = new Set(Object.values(PROVOKED).flatMap(({ finds }) => finds))
  expect(CHECKS.map(({ id }) => id).filter((id) => !shown.has(id))).toEqual([])
})
