import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Caution } from '../../src/model/caution.ts'
import { code, prose } from '../../src/model/prose.ts'
import { cautionAnnotations, cautionBlocks, cautionLines } from '../../src/report/cautions.ts'
import { hostileText } from './hostile.ts'

const HOME = 'https://github.com/octo-org/guard/blob/v1/'

function cautionWith(words: string): Caution {
  return {
    id: 'preflight.goflags',
    title: 'A flag cannot take effect',
    found: prose`${code(words)} is no flag.`,
    why: 'Go stops at it.',
    remedy: { text: prose`take ${code(words)} out:`, snippet: { language: 'sh', lines: [words] } },
    place: { file: '/work/shop/go.mod', line: 3 }
  }
}

describe('cautions', () => {
  const caution = cautionWith('mod=mod')

  test('take two lines of log, the second with the page', () => {
    expect(cautionLines(1000, caution, HOME)).toEqual([
      'guard: 0:01 preflight.goflags: mod=mod is no flag. Go stops at it.',
      'guard: 0:01 Fix: take mod=mod out: mod=mod. See https://github.com/octo-org/guard/blob/v1/docs/preflight.md#preflightgoflags'
    ])
  })

  test('stand on the line that they are about, where the repository has the file', () => {
    const [onLine] = cautionAnnotations([caution], 'warning', () => 'go.mod')
    expect(onLine).toMatchObject({ level: 'warning', file: 'go.mod', line: 3, title: 'A flag cannot take effect' })
    const [nowhere] = cautionAnnotations([caution], 'warning', () => null)
    expect(nowhere).not.toHaveProperty('file')
  })

  test('are at most five annotations, and ten in the summary with the count of the rest', () => {
    const many = Array.from({ length: 14 }, () => caution)
    expect(cautionAnnotations(many, 'warning', () => null)).toHaveLength(5)
    expect(cautionBlocks(many, null).at(-1)).toBe('And 4 more in the log.')
    expect(cautionBlocks([], HOME)).toEqual([])
  })

  test("with anybody's words command neither the runner nor the summary", () => {
    fc.assert(
      fc.property(hostileText, (words) => {
        const hostile = cautionWith(words)
        for (const line of cautionLines(0, hostile, null)) {
          expect(line).not.toMatch(/[\r\n]|##\[/)
          expect(line).toMatch(/^guard: /)
        }
        for (const { message } of cautionAnnotations([hostile], 'warning', () => null))
          expect(message).not.toContain('##[')
        const [, sentence = ''] = cautionBlocks([hostile], null)
        expect(sentence.replaceAll(/`[^`]*`/g, '')).not.toMatch(/\n|[<>@]/)
      })
    )
  })
})
