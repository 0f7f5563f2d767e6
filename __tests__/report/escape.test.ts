import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { code, figure, prose } from '../../src/model/prose.ts'
import {
  cellPipes,
  clean,
  codeSpan,
  cut,
  fence,
  htmlCode,
  inertLogLine,
  oneLine,
  plainMarkdown
} from '../../src/report/escape.ts'
import { proseCell, proseMarkdown, proseText } from '../../src/report/prose-markdown.ts'
import { hostileText, liveThings, skeleton } from './hostile.ts'

describe('cleaning', () => {
  test.each([
    ['colour', '\u001b[1;31mred\u001b[0m', 'red'],
    ['a hyperlink', '\u001b]8;;https://evil.example\u0007text\u001b]8;;\u001b\\', 'text'],
    ['an unfinished sequence', 'a\u001b[', 'a'],
    ['a one-byte CSI', '\u009b31mred', 'red'],
    ['bidi overrides', 'a\u202eb\u2066c', 'abc'],
    ['zero-width characters and the byte order mark', '\ufeffa\u200bb\u200d', 'ab'],
    ['controls except newline', 'a\u0000b\u0007c\nd\re', 'abc\nde'],
    ['half a surrogate pair', 'a\ud800b', 'a\ufffdb'],
    ['a line separator', 'a\u2028b', 'a b']
  ])('%s goes', (_, text, expected) => {
    expect(clean(text)).toBe(expected)
  })

  test('an emoji outside the basic plane stays', () => {
    expect(clean('🙂')).toBe('🙂')
  })

  test('many lines become one, with single spaces', () => {
    expect(oneLine('  a \n\t b\r\nc ')).toBe('a b c')
  })

  test('a cut counts code points and never splits one', () => {
    expect(cut('🙂🙂🙂🙂', 3)).toBe('🙂🙂…')
    expect(cut('🙂🙂🙂', 3)).toBe('🙂🙂🙂')
    expect(oneLine('x'.repeat(1_000_000))).toHaveLength(400)
  })
})

describe('code spans and fences', () => {
  test.each([
    ['plain', '`plain`'],
    ['a`b', '`` a`b ``'],
    ['``', '``` `` ```'],
    ['a\nb', '`a b`'],
    ['', '` `']
  ])('%j becomes %j', (text, expected) => {
    expect(codeSpan(text)).toBe(expected)
  })

  test('a span holds whatever it is given, and nothing else lives in it', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(skeleton(`before ${codeSpan(text)} after`)).toEqual(skeleton('before `x` after'))
      })
    )
  })

  test('a fence holds whatever it is given', () => {
    fc.assert(
      fc.property(fc.array(hostileText, { maxLength: 5 }), (lines) => {
        expect(skeleton(`${fence('text', lines)}\n\nafter`)).toEqual(skeleton('```text\nx\n```\n\nafter'))
      })
    )
  })

  test('a fence is longer than the longest run of backticks in it', () => {
    expect(fence('text', ['````'])).toBe('`````text\n````\n`````')
  })

  test('inline HTML code holds whatever it is given', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(skeleton(`<sub>${htmlCode(text)}</sub>`)).toEqual(skeleton('<sub><code>x</code></sub>'))
      })
    )
  })
})

describe('words and prose', () => {
  test.each([
    ['5 * 3 < 20 & a_b', '5 \\* 3 \\< 20 \\& a\\_b'],
    ['- item', '\\- item'],
    ['-p is already 1', '-p is already 1'],
    ['12. item', '12\\. item'],
    ['ask @acme, soon', 'ask `@acme`, soon'],
    ['see https://evil.example.', 'see `https://evil.example`.'],
    ['6.6 GiB in #12', '6.6 GiB in `#12`']
  ])('%j becomes %j', (words, expected) => {
    expect(plainMarkdown(words)).toBe(expected)
  })

  test('figures from elsewhere stay without effect', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (one, other) => {
        expect(liveThings(proseMarkdown(prose`${figure(one)} of ${code(other)}, ${figure(one)}`))).toEqual([])
      })
    )
  })

  test('two code spans side by side stay two', () => {
    expect(
      skeleton(proseMarkdown(prose`${code('a')}${code('b')}`)).filter((type) => type.startsWith('code'))
    ).toHaveLength(2)
  })

  test('a cell never breaks its row', () => {
    const row = (cell: string): string => `| a | b |\n|:--|:--|\n| ${cell} | x |\n`
    fc.assert(
      fc.property(hostileText, (text) => {
        const cells = proseCell(prose`on ${code(text)}`)
        expect(skeleton(row(cells))).toEqual(skeleton(row('on `x`')))
        // cmark-gfm, unlike markdown-it, pairs backslashes: a pipe after an even number of them ends the cell.
        expect(cells).not.toMatch(/(?<!\\)(?:\\\\)*\|/)
      })
    )
  })

  test('pipes are escaped once', () => {
    expect(cellPipes('a|b \\| c \\\\| d')).toBe('a\\|b \\| c \\\\\\| d')
  })

  test('prose for a terminal has neither backticks nor escapes', () => {
    expect(proseText(prose`killed ${code('a_b *c*')} at ${figure('6.6 GiB')}`)).toBe('killed a_b *c* at 6.6 GiB')
  })

  test('a sentence is cut inside what it quotes, and stays whole Markdown', () => {
    const text = proseMarkdown(prose`on ${code('x'.repeat(5000))} and more`)
    expect(text.length).toBeLessThan(1300)
    expect(skeleton(text)).toEqual(skeleton('on `x`'))
  })
})

describe('lines of log', () => {
  test('no line can be taken for a workflow command', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const line = inertLogLine(text)
        expect(line).not.toMatch(/##\[|^\s*::|\n|\r/)
      })
    )
  })

  test('a command hidden behind a zero-width character is found after cleaning', () => {
    expect(inertLogLine('#\u200b#[group]')).toBe('## [group]')
    expect(inertLogLine('\u200b ::error::x')).toBe(' : :error::x')
  })
})
