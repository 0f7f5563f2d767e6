import type { LogLine } from '../../model/evidence.ts'
import { code, prose } from '../../model/prose.ts'
import type { Case } from '../case.ts'
import { commands, type Definition, type Match, quoted } from '../definition.ts'
import { firstLineOutsideTests, group } from '../log-hits.ts'
import { plainName } from '../plain-name.ts'

const LINKS = [
  'https://pkg.go.dev/cmd/link',
  'https://github.com/golang/go/blob/master/src/cmd/link/internal/ld/lib.go',
  'https://sourceware.org/binutils/docs/ld/'
]

/** Every other reason for which a link fails. */
export const linkOther: Definition = {
  id: 'link.other',
  title: 'The link failed',
  meaning:
    'All packages compiled, and the linker could not make a program of them: a library that is named is not there, an object file is for another system, two definitions collide, a flag is not known to the external linker, or a function needs more stack than it may. The lines of the linker itself say which.',
  patterns: [
    {
      // /usr/bin/ld: cannot find -lssl: No such file or directory · ld: library not found for -lssl · ld.lld: error: unable to find library -lssl
      name: 'library',
      anchor: [
        'cannot find -l',
        'ld: cannot find ',
        'ld.exe: cannot find ',
        '找不到 -l',
        'library not found for -l',
        'unable to find library ',
        "ld: library '",
        'framework not found ',
        "ld: framework '",
        'LNK1104'
      ],
      regex:
        /(?:cannot find|找不到|library not found for|unable to find library) (?:-l)?(?<library>[^\s:,]{1,200})|ld: (?:library|framework) '(?<apple>[^']{1,200})' not found|framework not found (?<framework>\S{1,100})|LNK1104: cannot open file '(?<windows>[^']{1,200})'/,
      unless: /_test\.go:\d/
    },
    {
      // x.o: file not recognized: File format not recognized · building for macOS-arm64 but attempting to link with file built for …
      name: 'object',
      anchor: [
        'not recognized',
        'wrong format',
        'is incompatible with ',
        'but attempting to link ',
        'but linking in object file',
        'unknown file type',
        'nrecognised emulation mode',
        'recompile with -fPIC',
        'relocation truncated to fit',
        'multiple definition of ',
        'duplicate symbol',
        'DSO missing from command line',
        'attempted static link of dynamic object',
        'needed to handle lto object',
        'final link failed',
        'unrecognized relocation',
        'LNK',
        'nvalid linker name',
        "cannot find 'ld'"
      ],
      regex:
        /: file (?:not recognized|format not recognized|in wrong format)|(?:^|\s)\S{0,300}: file not recognized|architecture of input file .{1,300} is incompatible with|building for .{1,80}, ?but (?:attempting to link with|linking in object) file built for|but attempting to link with file built for|\bld(?:\.\w{1,8})?: .{0,300}unknown file type|unrecognised emulation mode|recompile with -fPIC|relocation truncated to fit|multiple definition of |(?:duplicate symbol|duplicate symbols)[ :]|DSO missing from command line|attempted static link of dynamic object|plugin needed to handle lto object|final link failed: |unrecognized relocation |\bLNK\d{4}: |nvalid linker name in (?:argument )?'-fuse-ld|collect2: fatal error: cannot find 'ld'/,
      unless: /_test\.go:\d|warning: .{0,200}(?:duplicate|multiple definition)/
    },
    {
      // runtime.morestack: nosplit stack overflow · main: nosplit stack over 792 byte limit   (cmd/link/internal/ld)
      name: 'go',
      anchor: [
        'nosplit stack over',
        'fingerprint mismatch: ',
        ': invalid reference to ',
        'duplicated definition of symbol',
        'loadinternal: cannot find ',
        'requires external ',
        'internal linking requested',
        'unrecognized object file format',
        'linked object header mismatch',
        'program too large, ',
        'symbol too large',
        'too much data',
        'cannot set with -X',
        'running strip failed',
        'running dsymutil failed',
        'is not package main',
        'usage: link [options]',
        'cmd/link/internal/'
      ],
      regex:
        /nosplit stack over|fingerprint mismatch: \S|^\s*(?:\S{0,100}link: )?\S{1,300}: invalid reference to \S|duplicated definition of symbol \S|loadinternal: cannot find \S|requires external (?:\(cgo\) )?linking|internal linking requested .{0,80}but external linking required|unrecognized object file format|linked object header mismatch|(?:program|symbol) too large|too much data(?: in section|, last section)|cannot set with -X|running (?:strip|dsymutil) failed|^\s*usage: link \[options\]|^\s*cmd\/link\/internal\/[\w/]{1,60}\.\S{1,200}\(/
    },
    {
      // link: running gcc failed: exit status 1 · collect2: error: ld returned 1 exit status · clang: error: linker command failed
      name: 'frame',
      anchor: ['running ', 'collect2', 'linker command failed', 'unrecognized option', 'terminated with signal 11'],
      regex:
        /[/\\](?:link|[568]l)(?:\.exe)?: running \S{1,200} failed: (?:exit status \d|unsuccessful)|collect2(?:\.exe)?[:：] ?\S{1,12} ?[:：] ?ld (?!terminated with signal 9)|linker command failed with exit code (?!137)\d|\bld(?:\.\w{1,8})?: unrecognized option|collect2: .{0,60}terminated with signal 11/
    }
  ],
  judge: linkFailure,
  rulesOut: [],
  remedies: (_match, of) => {
    const line = lineOf(of)
    const name = plainName(line === null ? null : libraryIn(line))
    return [
      ...(name === null
        ? []
        : [
            commands(
              prose`find the package that has the library (Debian, Ubuntu), and install its ${code('-dev')} package:`,
              [
                'sudo apt-get install -y apt-file && sudo apt-file update',
                `apt-file search ${name.includes('.') ? `/${name}` : `lib${name}.so`}`
              ]
            )
          ]),
      commands(prose`see the whole command of the linker:`, ['go build -ldflags="-v -extldflags=-v" -x ./...'])
    ]
  },
  catches: [
    {
      log: '/usr/local/go/pkg/tool/linux_amd64/link: running gcc failed: exit status 1\n/usr/bin/ld: cannot find -loprf: No such file or directory\ncollect2: error: ld returned 1 exit status\n',
      exitCode: 1
    },
    {
      log: '/tmp/go-link-4/go.o: file not recognized: File format not recognized\ncollect2: error: ld returned 1 exit status\n',
      exitCode: 1
    },
    {
      log: 'runtime.morestack: nosplit stack overflow\n        744     assumed on entry to example.com/x.Handler (nosplit)\n',
      exitCode: 1
    },
    {
      log: "ld: library 'ssl' not found\nclang: error: linker command failed with exit code 1 (use -v to see invocation)\n",
      exitCode: 1
    },
    { log: '# example.com/app\nlink: example.com/app: invalid reference to runtime.procPin\n', exitCode: 1 },
    { log: 'collect2: error: ld terminated with signal 11 [Segmentation fault]\n', exitCode: 1 }
  ],
  ignores: [
    { log: 'collect2: fatal error: ld terminated with signal 9 [Killed]\ncompilation terminated.\n', exitCode: 1 },
    { log: 'running gcc failed: exec: "gcc": executable file not found in $PATH\n', exitCode: 1 },
    { log: '--- FAIL: TestLink (0.00s)\n    link_test.go:7: got "duplicate symbol: x"\nFAIL\n', exitCode: 1 }
  ],
  links: LINKS
}

function libraryIn(line: LogLine): string | null {
  return ['library', 'apple', 'framework', 'windows'].map((one) => group(line, one)).find((one) => one !== null) ?? null
}

/** A line with the reason is better than the frame around it. */
function lineOf({ evidence: { log } }: Case): LogLine | null {
  return (
    firstLineOutsideTests(log, linkOther, ['library', 'object', 'go']) ??
    firstLineOutsideTests(log, linkOther, ['frame'])
  )
}

function linkFailure(of: Case): Match | null {
  const line = lineOf(of)
  if (line === null) return null
  const reason = firstLineOutsideTests(of.evidence.log, linkOther, ['library', 'object', 'go'])
  const confidence = reason === null ? 'likely' : 'certain'
  const library = libraryIn(line)
  return {
    basis: 'wording',
    confidence,
    summary:
      library === null
        ? prose`The linker stopped: ${code(line.text.trim())}.`
        : prose`The linker does not find the library ${code(library)}.`,
    evidence: [quoted('Link', line, confidence)],
    lineNumber: line.lineNumber,
    endedBy: 'itself'
  }
}
