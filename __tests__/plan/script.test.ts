import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Command } from '../../src/model/settings.ts'
import { readCommand } from '../../src/plan/script.ts'

const script = (text: string, shell = ''): Command => ({ kind: 'script', script: text, shell })

describe('a plain script is read', () => {
  test.each([
    ['go build ./...', [['go', 'build', './...']]],
    ['a && b; c\nd\n', [['a'], ['b'], ['c'], ['d']]],
    ['a &&\n  b', [['a'], ['b']]],
    ['go build \\\n  -o x \\\n  ./cmd', [['go', 'build', '-o', 'x', './cmd']]],
    ['go build -ldflags \'-s -w\' "-tags=a b"', [['go', 'build', '-ldflags', '-s -w', '-tags=a b']]],
    ['a \'b\'"c"d\\ e', [['a', 'bcd e']]],
    ['echo "say \\"hi\\" \\$x \\a"', [['echo', 'say "hi" $x \\a']]],
    ["echo ''", [['echo', '']]],
    ['CGO_ENABLED=0 GOOS="linux" go build', [['go', 'build']]],
    ['go build X=1', [['go', 'build', 'X=1']]],
    ['# a note; | &\ngo build # and one more\n', [['go', 'build']]],
    ['go build a#b', [['go', 'build', 'a#b']]],
    ['go build "-X=$V" $F ${G} *.go ~/x', [['go', 'build', null, null, null, null, null]]],
    ['echo \\$x', [['echo', '$x']]],
    ['', []],
    ['\n  \n', []]
  ])('%j', (text, words) => {
    expect(readCommand(script(text))).toEqual(words)
  })
})

describe('what is not plain is not read at all', () => {
  test.each([
    'go build | tee log',
    'go build || true',
    'go build &',
    'go build > log',
    'go build 2>&1',
    'cat <<EOF\nx\nEOF',
    'go build $(cat flags)',
    'go build `cat flags`',
    'go build "$(cat flags)"',
    'go build "`cat flags`"',
    'go build ${X:-y}',
    'go build "${X:-$(rm x)}"',
    'go build $((1+1))',
    "go build $'a'",
    '(cd x && go build)',
    '{ go build; }',
    'go build {a,b}',
    'f() { go build; }',
    'if true; then go build; fi',
    'for x in a b; do go build $x; done',
    '! go build',
    'time go build',
    'case x in y) ;; esac',
    'go build ;; x',
    'go build "open',
    "go build 'open",
    'go build \\',
    'go build\u0007'
  ])('%j', (text) => {
    expect(readCommand(script(text))).toBeNull()
  })

  test.each(['pwsh', 'python', 'cmd', 'bashful {0}', 'fish {0}'])('a script for %s', (shell) => {
    expect(readCommand(script('go build', shell))).toBeNull()
  })
})

test.each(['', 'bash', 'sh', 'bash --login {0}'])('shell %j speaks the language of sh', (shell) => {
  expect(readCommand(script('go build', shell))).toEqual([['go', 'build']])
})

test('an argument vector is one command, whatever stands in it', () => {
  expect(readCommand({ kind: 'vector', argv: ['go', 'build', '$(x)', '|'] })).toEqual([['go', 'build', '$(x)', '|']])
})

test('words between single quotes come back as they were', () => {
  const word = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll("'", '"'))
  fc.assert(
    fc.property(fc.array(word, { minLength: 1 }), (words) => {
      expect(readCommand(script(`x ${words.map((text) => `'${text}'`).join(' ')}`))).toEqual([['x', ...words]])
    })
  )
})

test('a pipe outside quotes is never overlooked', () => {
  const piece = fc.constantFrom('go', ' ', 'build', "'a'", '"b"', '\\\n', '\n', '&&', ';', '$X', 'X=1', '#c\n')
  const text = fc.array(piece).map((pieces) => pieces.join(''))
  fc.assert(
    fc.property(text, text, (before, after) => {
      expect(readCommand(script(`${before} x | y ${after}`))).toBeNull()
    })
  )
})
