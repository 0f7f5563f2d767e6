import type { Remedy } from '../../model/diagnosis.ts'
import type { LogLine } from '../../model/evidence.ts'
import { code, prose } from '../../model/prose.ts'
import { advice, commands, type Definition, decidedByWording } from '../definition.ts'
import { group } from '../log-hits.ts'
import { plainName } from '../plain-name.ts'
import { UNDEFINED_REFERENCE } from './c-words.ts'

const LINKS = [
  'https://pkg.go.dev/cmd/link',
  'https://github.com/golang/go/blob/master/src/cmd/link/internal/ld/lib.go',
  'https://sourceware.org/binutils/docs/ld/'
]

/** A symbol is used and nobody defines it. */
export const linkUndefined: Definition = decidedByWording({
  id: 'link.undefined',
  title: 'A symbol is missing at link time',
  meaning:
    'All packages compiled, and the linker finds no definition for a function or variable that they use. With cgo a library is not named in `LDFLAGS`, comes in another version than its header, or is for another architecture; without cgo a function has no body in Go and no assembly for this target.',
  patterns: [
    {
      // pcap.go:267: undefined reference to `pcap_freecode' · 对‘rbd_cleanup’未定义的引用   (GNU ld)
      name: 'reference',
      anchor: UNDEFINED_REFERENCE.anchors,
      regex: new RegExp(
        `(?:对|對) ?[‘「\`](?<quoted>[^’」\`']{1,300})[’」'] ?(?:的)?未|(?:${UNDEFINED_REFERENCE.source}) ?(?:symbol )?[\`'"‘«„“]? ?(?<symbol>[^\\s'’"»“”\`]{0,300})`
      ),
      unless: /_test\.go:\d{1,7}: (?!undefined reference)/
    },
    {
      // ld.lld: error: undefined symbol: foo · Undefined symbols for architecture arm64: · error LNK2019: unresolved external symbol foo
      name: 'symbol',
      anchor: ['undefined symbol', 'Undefined symbols', 'not found for architecture', 'unresolved external symbol'],
      regex:
        /undefined symbols?: (?<symbol>\S{1,300})|Undefined symbols(?: for architecture (?<architecture>\w{1,20}))?:|symbol\(s\) not found for architecture|unresolved external symbol (?<external>\S{1,300})/,
      unless: /symbol lookup error|dlopen|cannot load (?:library|shared)|_test\.go:\d/
    },
    {
      // runtime/cgo(.text): relocation target stderr not defined · main.main: undefined: main.start   (cmd/link, 6l)
      name: 'go',
      anchor: ['relocation target ', ': undefined: ', 'reference to undefined builtin'],
      regex:
        /relocation target (?<symbol>\S{1,300}) not defined|^\s*(?!\S{0,300}\.go)[\w./·()*-]{1,300}: undefined: "?(?<old>[\w./·-]{1,300})"?$|reference to undefined builtin/
    }
  ],
  endedBy: 'itself',
  says: (line) => {
    const name = symbolIn(line)
    const architecture = group(line, 'architecture')
    if (name === null && architecture !== null) return prose`The linker misses symbols for ${code(architecture)}.`
    return name === null
      ? prose`The linker misses a symbol: ${code(line.text.trim())}.`
      : prose`Nothing defines the symbol ${code(name)}.`
  },
  fix: (line) => (isOfGo(line) ? remediesInGo() : remediesInC(line)),
  catches: [
    {
      log: "/usr/bin/ld: /tmp/go-link-1/000001.o: in function `_cgo_c0f_Cfunc_open':\n/src/pcap.go:267: undefined reference to `pcap_open_live'\ncollect2: error: ld returned 1 exit status\n",
      exitCode: 1
    },
    {
      log: 'link: running clang failed: exit status 1\nUndefined symbols for architecture arm64:\n  "_make_call", referenced from:\n      _call in 000003.o\nld: symbol(s) not found for architecture arm64\n',
      exitCode: 1
    },
    { log: '# example.com/app\nmain.main: relocation target main.add not defined\n', exitCode: 2 },
    { log: 'ld.lld: error: undefined symbol: deflateInit_\n>>> referenced by z.go:9\n', exitCode: 1 },
    { log: '/tmp/cgo-gcc-prolog:895：对‘rbd_cleanup’未定义的引用\ncollect2: 错误：ld 返回 1\n', exitCode: 2 }
  ],
  ignores: [
    { log: '/usr/bin/ld: cannot find -lssl\ncollect2: error: ld returned 1 exit status\n', exitCode: 1 },
    { log: './a.go:1:2: undefined: x\n', exitCode: 1 },
    {
      log: './app.test: symbol lookup error: ./app.test: undefined symbol: foo\nFAIL\texample.com/a\t0.1s\n',
      exitCode: 1
    }
  ],
  links: LINKS
})

function symbolIn(line: LogLine): string | null {
  return ['symbol', 'quoted', 'external', 'old'].map((one) => group(line, one)).find((one) => one !== null) ?? null
}

/** The Go linker names symbols by their package. */
function isOfGo(line: LogLine): boolean {
  return /relocation target|reference to undefined builtin/.test(line.text) || group(line, 'old') !== null
}

function remediesInGo(): readonly Remedy[] {
  return [
    advice(
      prose`a function that is declared without a body needs an assembly file, or a ${code('//go:linkname')} that this release of Go still allows: look whether the package supports this ${code('GOARCH')} and this Go.`
    ),
    commands(prose`see what is built for this target:`, [
      'go env GOOS GOARCH GOVERSION',
      "go list -f '{{.SFiles}} {{.IgnoredOtherFiles}}' ./..."
    ])
  ]
}

function remediesInC(line: LogLine): readonly Remedy[] {
  const name = plainName(symbolIn(line))
  const find = `for f in /usr/lib/*/lib*.so*; do nm -D --defined-only "$f" 2>/dev/null | grep -qw ${name} && echo "$f"; done`
  return [
    ...(name === null || name.startsWith('-')
      ? []
      : [
          commands(
            prose`find the library that defines it, and name it in ${code('#cgo LDFLAGS: -l…')} after what uses it:`,
            [find]
          )
        ]),
    advice(
      prose`compare the versions of library and header; when cross-compiling, see that the library is for the target (${code('file libname.so')}).`
    )
  ]
}
