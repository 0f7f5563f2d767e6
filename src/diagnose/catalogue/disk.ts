import { code, prose } from '../../model/prose.ts'
import { ASSERTED } from '../assertion.ts'
import type { Case } from '../case.ts'
import { commands, type Definition, type Match, quoted } from '../definition.ts'
import { diskRow, fullDisk, hasNoBytes } from '../disk-row.ts'
import { endInWords } from '../end-words.ts'
import { firstLineOf, wasHit } from '../log-hits.ts'

export const diskFull: Definition = {
  id: 'disk.full',
  title: 'A disk is full',
  meaning:
    'A file system had no blocks, or the user no quota, left for what the build wanted to write: an object file below the temporary directory, an entry of the build cache, or the program itself. The linker maps its output into memory, so that a full disk can end it with SIGBUS instead of a message.',
  patterns: [
    {
      name: 'space',
      anchor: [
        'o space left on device',
        'isk quota exceeded',
        'not enough space on the disk',
        'ile system is full',
        'ilesystem is full',
        'ilesystem full',
        'Free space left: 0 MB',
        'ENOSPC'
      ],
      regex:
        /[Nn]o space left on device|[Dd]isk quota exceeded|not enough space on the disk|[Ff]ile ?system (?:is )?full(?:$|[.:,)"])|Free space left: 0 MB|\bENOSPC\b/,
      unless: ASSERTED
    },
    {
      // The node was low on resource: ephemeral-storage.   (kubelet eviction)
      name: 'evicted',
      anchor: ['ephemeral', 'DiskPressure', 'sage of EmptyDir volume'],
      regex:
        /low on resource: ephemeral-storage|ephemeral local storage usage exceeds|exceeded its local ephemeral storage|Usage of EmptyDir volume "[^"]{1,200}" exceeds|node had condition: \[DiskPressure\]/
    },
    { name: 'mapped-output', anchor: 'cmd/link/internal/ld.(*OutBuf)', regex: /cmd\/link\/internal\/ld\.\(\*OutBuf\)/ },
    { name: 'bus-error', anchor: ['SIGBUS', 'unexpected fault address'], regex: /SIGBUS|^unexpected fault address/ }
  ],
  judge: (of) => wordsOfFullDisk(of) ?? measuredFullDisk(of),
  rulesOut: ['ownCap', 'machine', 'outsideSignal'],
  remedies: () => [
    commands(prose`see what is full, and make room: caches and images of earlier jobs are the largest.`, [
      'df -h . "$(go env GOCACHE)" "${TMPDIR:-/tmp}"',
      'go clean -cache -testcache'
    ]),
    commands(prose`or put the work of the build on a file system with room:`, ['export GOTMPDIR=/path/with/room'])
  ],
  catches: [
    {
      log: '/usr/local/go/pkg/tool/linux_amd64/link: mapping output file failed: no space left on device\n',
      exitCode: 1
    },
    { log: 'compile: writing output: write $WORK/b530/_pkg_.a: disk quota exceeded\n', exitCode: 1 },
    { log: 'The node was low on resource: ephemeral-storage.\nTerminated\n', exitCode: 137 },
    { log: 'go: writing go.mod cache: There is not enough space on the disk.\n', exitCode: 1 }
  ],
  ignores: [
    {
      log: '--- FAIL: TestSave (0.00s)\n    d_test.go:15: save() = no space left on device, want disk quota exceeded\nFAIL\n',
      exitCode: 1
    },
    { log: 'warning: 92 % of the disk is in use\n./main.go:3:1: undefined: x\n', exitCode: 1 }
  ],
  links: [
    'https://man7.org/linux/man-pages/man3/errno.3.html',
    'https://github.com/golang/go/blob/master/src/cmd/link/internal/ld/outbuf.go'
  ]
}

function wordsOfFullDisk(of: Case): Match | null {
  const { log } = of.evidence
  const isMappedOutput = wasHit(log, 'disk.full', ['mapped-output']) && wasHit(log, 'disk.full', ['bus-error'])
  const line =
    firstLineOf(log, diskFull, ['space', 'evicted']) ??
    (isMappedOutput ? firstLineOf(log, diskFull, ['bus-error']) : null)
  if (line === null) return null
  return {
    basis: 'refusal',
    confidence: 'certain',
    summary: `${prose`Nothing more could be written: ${code(line.text.trim().slice(0, 200))}`}${endInWords(of)}.`,
    evidence: [quoted('Disk full', line, 'certain')],
    lineNumber: line.lineNumber,
    endedBy: 'itself'
  }
}

/** A full disk without a word about it: the message itself may have had no room. */
function measuredFullDisk(of: Case): Match | null {
  const disk = fullDisk(of.evidence.disksAfter)
  const row = diskRow(of.evidence.disksAfter)
  if (disk === null || row === null || !hasNoBytes(disk)) return null
  return {
    basis: 'refusal',
    confidence: 'possible',
    summary: prose`The file system of ${code(disk.path)} was full when the build ended.`,
    evidence: [row],
    endedBy: 'itself'
  }
}
