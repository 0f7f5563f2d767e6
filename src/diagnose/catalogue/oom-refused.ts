import type { LogLine } from '../../model/evidence.ts'
import { code, type Prose, prose } from '../../model/prose.ts'
import { ASSERTED } from '../assertion.ts'
import type { Case } from '../case.ts'
import { CONTEXT, isOnlyLoggedByTests, showsTests } from '../context.ts'
import { advice, commands, type Definition, decidedByWording } from '../definition.ts'
import { firstLineOf, group, hitOf, wasHit } from '../log-hits.ts'
import type { Pattern, PatternSet } from '../pattern.ts'

/** Nobody grants 1 TiB in one block: a broken size, not a shortage. */
const ABSURD_BYTES = 2 ** 40

const allocPatterns: readonly Pattern[] = [
  {
    // runtime: out of memory: cannot allocate 4194304-byte block (335052800 in use)   (runtime/malloc.go)
    name: 'block',
    anchor: 'out of memory: cannot allocate',
    regex: /(?:^|\s)runtime: out of memory: cannot allocate (?<bytes>\d{1,20})-byte block/
  },
  {
    // fatal error: runtime: out of memory · fatal error: failed to reserve page summary memory   (runtime/mem_linux.go, mpagealloc.go)
    name: 'fatal',
    anchor: ['fatal error: ', 'cannot reserve arena', 'out of memory in thread_start'],
    regex:
      /(?:^|\s)fatal error: (?:runtime: (?:out of memory|cannot allocate memory|cannot map pages in arena address space|failed to commit pages)|out of memory(?: \([a-z ]{1,30}\)| allocating [a-zA-Z ]{1,30})?$|(?:pageAlloc|trace|traceRegion|heapdump|persistentalloc): out of memory|failed to reserve page (?:summary|bitmap) memory)|runtime: cannot reserve arena virtual address space|runtime\/cgo: out of memory in thread_start/
  },
  {
    // runtime: VirtualAlloc of 1048576 bytes failed with errno=487   (runtime/mem_windows.go)
    name: 'virtual-alloc',
    anchor: 'VirtualAlloc of ',
    regex: /(?:^|\s)runtime: VirtualAlloc of \d{1,20} bytes failed with errno=(?!1455)\d/
  },
  {
    // link: mapping output file failed: cannot allocate memory · failed to create new OS thread (have 7 already; errno=12)
    name: 'tool',
    anchor: [': cannot allocate memory', 'errno=12)', ': Cannot allocate memory'],
    regex:
      /(?:^|[\s/\\])(?:compile|link|asm|cgo|go|vet|cover|pack)(?:\.exe)?: .{0,400}: cannot allocate memory$|failed to create new OS thread \(have \d{1,9} already; errno=12\)|pthread_create failed: Cannot allocate memory/,
    unless: /fork\/exec|\/link: (?:running|flushing) |_test\.go:\d/
  },
  {
    // ==70781==ERROR: ThreadSanitizer failed to allocate 0x1000000 (16777216) bytes at address … (errno: 12)
    name: 'race',
    anchor: 'Sanitizer',
    regex:
      /==\d{1,9}==\s?ERROR: \w{1,20}Sanitizer:? failed to allocate .{0,200}\(err(?:no|or code): 12\)|\w{1,20}Sanitizer: internal allocator is out of memory/
  }
]

/** A Go process was refused memory or address space and said so itself. */
export const oomGoAlloc: Definition = decidedByWording({
  id: 'oom.go-alloc',
  title: 'A Go process was refused memory',
  meaning:
    'The Go runtime asked the system for memory and was refused: the compiler, the linker, a test binary or the program itself stopped with a `fatal error` of its own. The usual reason is a limit of the process (`ulimit -v`, `ulimit -d`), the 32-bit address space, or a machine without overcommit, rather than a limit of a container, which kills instead of refusing.',
  patterns: allocPatterns,
  basis: 'refusal',
  endedBy: 'itself',
  says: (line) =>
    prose`A Go process could not get memory from the system and stopped itself: ${code(line.text.trim().slice(0, 200))}.`,
  fix: () => [
    commands(prose`look for a limit of the process, and lift it; Go reserves address space far beyond what it uses.`, [
      'ulimit -a | grep -E "virtual|data|max memory"'
    ]),
    advice(
      prose`if no limit is set, the machine has too little memory: run fewer build actions at once (${code('go build -p 1')}).`
    )
  ],
  unless: (of) => allocIsSomethingElse(of),
  catches: [
    {
      log: '# example.com/app\nfatal error: runtime: out of memory\n\nruntime stack:\nruntime.throw(0x9f7270, 0x16)\n',
      exitCode: 1
    },
    { log: 'fatal error: failed to reserve page summary memory\n\nruntime stack:\n', exitCode: 2 },
    {
      log: 'runtime: out of memory: cannot allocate 4194304-byte block (335052800 in use)\nfatal error: out of memory\n',
      exitCode: 2
    }
  ],
  ignores: [
    {
      log: '--- FAIL: TestCap (0.13s)\n    cap_test.go:6: child failed: exit status 2\n        fatal error: runtime: cannot allocate memory\nFAIL\n',
      exitCode: 1
    },
    {
      log: 'runtime: out of memory: cannot allocate 70368744177664-byte block (3866624 in use)\nfatal error: out of memory\n',
      exitCode: 2
    },
    {
      log: "runtime: mmap: too much locked memory (check 'ulimit -l').\nfatal error: runtime: cannot allocate memory\n",
      exitCode: 2
    },
    {
      log: 'runtime: VirtualAlloc of 0 bytes failed with errno=1455\nfatal error: runtime: failed to commit pages\n',
      exitCode: 2
    }
  ],
  links: [
    'https://github.com/golang/go/blob/master/src/runtime/malloc.go',
    'https://github.com/golang/go/blob/master/src/runtime/mem_linux.go'
  ]
})

function allocIsSomethingElse({ evidence: { log } }: Case): boolean {
  if (wasHit(log, CONTEXT.id, ['locked-memory', 'windows-commit'])) return true
  const asked = hitOf(log, 'oom.go-alloc', 'block')?.first[0]
  if (Number(asked?.groups['bytes'] ?? 0) >= ABSURD_BYTES) return true
  const words: PatternSet = { id: 'oom.go-alloc', patterns: allocPatterns }
  if (isOnlyLoggedByTests(log, words)) return true
  const line = firstLineOf(log, words)
  // A test prints the output of its own children set in by four spaces and more.
  return line !== null && /^\s{4}/.test(line.text) && showsTests(log)
}

const ccWords: PatternSet = {
  id: 'oom.cc',
  patterns: [
    {
      // gcc: fatal error: Killed signal terminated program cc1   (gcc 9 on) · … internal compiler error: Killed (program cc1)
      name: 'killed',
      anchor: [
        'Killed signal terminated program',
        'internal compiler error: Killed',
        'terminated with signal 9',
        'unable to execute command: Killed',
        'frontend command failed with exit code 137'
      ],
      regex:
        /Killed signal terminated program (?<tool>\S{1,40})|internal compiler error: Killed|(?:^|\s)(?:ld|\S{0,100}[/-]ld) terminated with signal 9|unable to execute command: Killed|frontend command failed with exit code 137/,
      unless: ASSERTED
    },
    {
      // cc1: out of memory allocating 65536 bytes after a total of 1048576 bytes   (libiberty/xmalloc.c)
      name: 'refused',
      anchor: 'out of memory allocating ',
      regex:
        /(?:^|[\s/])(?<tool>cc1(?:plus|obj)?|as|ld(?:\.bfd|\.gold)?|collect2)(?:\.exe)?: out of memory allocating \d/,
      unless: ASSERTED
    },
    {
      name: 'linker',
      anchor: [
        'Cannot allocate memory',
        'cannot allocate memory',
        'emory exhausted',
        'LLVM ERROR: out of memory',
        'out of heap space',
        'LNK1102',
        'LNK1171',
        "malloc: can't allocate region",
        'emory allocation failed',
        'ut of memory'
      ],
      regex:
        /(?:error adding symbols|final link failed|ld(?:\.gold|\.lld|\.bfd)?: .{0,500}): (?:Cannot allocate memory|[Mm]emory exhausted)|virtual memory exhausted|LLVM ERROR: out of memory|error C10(?:60|02): |error LNK1102: |^ld: malloc: can't allocate region|(?:cc1(?:plus)?|lto1|lto-wrapper|collect2|ld(?:\.gold|\.lld|\.bfd)?): .{0,200}(?:[Mm]emory allocation failed|[Oo]ut of memory)|[/\\]link: flushing .{1,500}: cannot allocate memory/,
      unless: ASSERTED
    }
  ]
}

/** The C side of a build, killed or refused memory. */
export const oomCc: Definition = decidedByWording({
  ...ccWords,
  title: 'The C compiler or linker ran out of memory',
  meaning:
    'A C or C++ compiler, the assembler or the external linker that cgo starts was killed or could not get memory. The compiler driver reports its child, so the words come from gcc or clang and often call it an internal error, which it is not.',
  basis: 'refusal',
  endedBy: 'unknown',
  says: ccSays,
  fix: () => [
    commands(prose`run one build action at a time, so that the C compiler has the machine for itself.`, [
      'go build -p 1 ./...'
    ]),
    advice(prose`if the program builds without cgo, ${code('CGO_ENABLED=0')} needs no C compiler at all.`)
  ],
  unless: (of) =>
    isOnlyLoggedByTests(of.evidence.log, ccWords) ||
    (of.isLive && of.attribution.outOfMemory === 'false' && !wasHit(of.evidence.log, 'oom.cc', ['refused', 'linker'])),
  catches: [
    {
      log: '# runtime/cgo\ngcc: fatal error: Killed signal terminated program cc1\ncompilation terminated.\n',
      exitCode: 1
    },
    { log: 'collect2: fatal error: ld terminated with signal 9 [Killed]\ncompilation terminated.\n', exitCode: 2 },
    { log: 'cc1plus: out of memory allocating 65536 bytes after a total of 8192 bytes\n', exitCode: 1 }
  ],
  ignores: [
    { log: 'main.c:3:10: fatal error: zlib.h: No such file or directory\ncompilation terminated.\n', exitCode: 1 },
    { log: 'collect2: error: ld terminated with signal 11 [Segmentation fault]\n', exitCode: 1 },
    {
      log: '=== RUN   TestBuild\n2025/01/02 03:04:05 gcc: fatal error: Killed signal terminated program cc1\n    build_test.go:9: no report\n--- FAIL: TestBuild (0.01s)\nFAIL\n',
      exitCode: 1
    }
  ],
  links: ['https://gcc.gnu.org/onlinedocs/gcc/Overall-Options.html', 'https://pkg.go.dev/cmd/cgo']
})

function ccSays(line: LogLine): Prose {
  const tool = group(line, 'tool')
  return tool === null
    ? prose`The C compiler or linker ran out of memory.`
    : prose`${code(tool)} of the C toolchain ran out of memory.`
}
