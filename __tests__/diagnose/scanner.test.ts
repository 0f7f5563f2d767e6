import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { CATALOGUE } from '../../src/diagnose/catalogue.ts'
import { createScanner } from '../../src/diagnose/scanner.ts'
import type { LogFindings } from '../../src/model/evidence.ts'

const TOOLS: readonly string[] = [
  'example.com/app: /usr/local/go/pkg/tool/linux_amd64/compile: signal: killed',
  './main.go:10:19: undefined: größe',
  '\u001b[31m# example.com/app\u001b[0m',
  '2026-01-02T03:04:05.1234567Z ./x.go:1:2: missing return',
  '#12 3.456 sh: 1: go: not found',
  'sig\u001b[1mnal: kil\u001b[0mled',
  'signal: killed',
  'FAIL\texample.com/app\t2.8s',
  '日本語のログ no space left on device',
  '\u001b]0;title\u0007ok',
  '{"Action":"output","Output":"signal: killed\\n"}',
  '{"Action":"output","Output":"FAIL\\texample.com/a\\t1s\\n"}',
  ''
]

const log = fc
  .array(fc.tuple(fc.constantFrom(...TOOLS), fc.constantFrom('\n', '\r\n', '\r')), { maxLength: 30 })
  .map((lines) => new TextEncoder().encode(lines.map(([text, end]) => text + end).join('')))

function scan(chunks: readonly Uint8Array[]): LogFindings {
  const scanner = createScanner(CATALOGUE)
  for (const chunk of chunks) scanner.push(chunk)
  return scanner.finish()
}

function scanText(text: string): LogFindings {
  return scan([new TextEncoder().encode(text)])
}

function cut(bytes: Uint8Array, places: readonly number[]): readonly Uint8Array[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)
  return ends.map((end, i) => bytes.slice(ends[i - 1] ?? 0, end))
}

describe('chunks', () => {
  test('any cutting, inside lines, characters, line ends and colour, gives the same findings', () => {
    fc.assert(
      fc.property(log, fc.array(fc.nat(), { maxLength: 40 }), (bytes, places) => {
        expect(scan(cut(bytes, places))).toEqual(scan([bytes]))
      })
    )
  })

  test('the same byte by byte', () => {
    fc.assert(
      fc.property(log, (bytes) => {
        expect(scan([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(scan([bytes]))
      }),
      { numRuns: 30 }
    )
  })

  test('two streams keep their unfinished lines apart', () => {
    const scanner = createScanner(CATALOGUE)
    const out = scanner.stream()
    const err = scanner.stream()
    const encoder = new TextEncoder()
    out.push(encoder.encode('./main.go:1:2: unde'))
    err.push(encoder.encode('go: downl'))
    out.push(encoder.encode('fined: x\n'))
    err.push(encoder.encode('oading x\n'))
    const { hits, tail } = scanner.finish()
    expect(hits.get('compile.error/position')?.first[0]?.groups['message']).toBe('undefined: x')
    expect(tail).toEqual(['./main.go:1:2: undefined: x', 'go: downloading x'])
  })
})

describe('lines', () => {
  test('LF, CR LF and CR end a line; a last line needs no end', () => {
    expect(scanText('a\nb\r\nc\rd')).toMatchObject({ lineCount: 4, tail: ['a', 'b', 'c', 'd'] })
    expect(scanText('a\r\n')).toMatchObject({ lineCount: 1, tail: ['a'] })
    expect(scanText('')).toMatchObject({ lineCount: 0, tail: [] })
  })

  test('a hit has its line number, its text without prefixes and colour, and its named groups', () => {
    const { hits } = scanText('go: downloading x\n#9 1.20 \u001b[1m./a.go:3:4: undefined: y\u001b[0m\n')
    expect(hits.get('compile.error/position')).toEqual({
      count: 1,
      first: [
        {
          lineNumber: 2,
          text: './a.go:3:4: undefined: y',
          groups: { file: './a.go', line: '3', column: '4', message: 'undefined: y' }
        }
      ]
    })
  })

  test('all hits are counted and the first few kept', () => {
    const hit = scanText('Killed\n'.repeat(100)).hits.get('oom.killed/shell')
    expect(hit?.count).toBe(100)
    expect(hit?.first.map(({ lineNumber }) => lineNumber)).toEqual([1, 2, 3, 4, 5])
  })

  test('a hit that needs the next line counts only with it', () => {
    expect(scanText('signal: killed\nFAIL\texample.com/a\t1s\n').hits.has('oom.killed/test-binary')).toBe(true)
    expect(scanText('signal: killed\n--- PASS: TestA (0s)\n').hits.has('oom.killed/test-binary')).toBe(false)
    expect(scanText('signal: killed').hits.has('oom.killed/test-binary')).toBe(false)
  })

  test('JSON events of a tool are read by their output', () => {
    const event = '{"ImportPath":"a","Action":"build-output","Output":"./x.go:1:2: undefined: \\"y\\"\\n"}\n'
    expect(scanText(event).hits.get('compile.error/position')?.first[0]?.text).toBe('./x.go:1:2: undefined: "y"')
  })

  test('the tail is the last 200 lines', () => {
    const { tail, lineCount } = scanText(Array.from({ length: 1000 }, (_, i) => `line ${i}`).join('\n'))
    expect(lineCount).toBe(1000)
    expect(tail).toHaveLength(200)
    expect([tail[0], tail.at(-1)]).toEqual(['line 800', 'line 999'])
  })

  test('bytes that are no text do no harm', () => {
    const bytes = Uint8Array.from({ length: 5000 }, (_, i) => (i * 37) % 256)
    expect(scan([bytes]).tail.length).toBeGreaterThan(0)
  })
})

describe('hostile output', () => {
  const head = './x.go:1:2: undefined: y'

  test('of a line without end only the head is read', () => {
    const chunk = new TextEncoder().encode('a'.repeat(1 << 20))
    const findings = scan([new TextEncoder().encode(`${head} `), ...Array.from({ length: 64 }, () => chunk)])
    expect(findings.lineCount).toBe(1)
    expect(findings.hits.get('compile.error/position')?.count).toBe(1)
    expect(findings.tail[0]?.length).toBe(2048)
  })

  test('words behind the head of a long line are not seen', () => {
    expect(scanText(`${'a'.repeat(16 * 1024)}\nKilled\n`).hits.size).toBe(1)
    expect(scanText(`${'a'.repeat(16 * 1024)} signal: killed\n`).hits.size).toBe(0)
  })

  test('a terminal sequence that never ends hides its own line and nothing after it', () => {
    expect(scanText(`\u001b]0;${'x'.repeat(100)}\n${head}\n`).hits.get('compile.error/position')?.count).toBe(1)
    expect(scanText(`\u001b[${'1;'.repeat(100)}\r\n${head}\n`).hits.get('compile.error/position')?.count).toBe(1)
  })

  const units = [
    'a',
    'a ',
    'a/',
    ' ',
    '1',
    '-',
    ': ',
    '"',
    '\\',
    '[',
    'x.go:1:',
    'error: ',
    'Killed  ',
    "'",
    'A:\\',
    '@v1'
  ]
  const patterns = CATALOGUE.flatMap(({ id, patterns }) =>
    patterns.map((one) => ({ key: `${id}/${one.name}`, ...one }))
  )

  test.each(patterns)('$key ends on the longest line of anything repeated', ({ anchor, regex, unless, next }) => {
    const size = 16 * 1024
    for (const unit of [...units, ...[anchor].flat()]) {
      const line = unit.repeat(size / unit.length)
      for (const one of [regex, unless, next]) {
        // A pattern that backtracks without bound would not get here within the time of a test.
        expect(typeof one?.test(line + [anchor].flat()[0])).toBe(one === undefined ? 'undefined' : 'boolean')
      }
    }
  })
})
