import { formatBytes } from '../../model/bytes.ts'
import type { Remedy } from '../../model/diagnosis.ts'
import { code, figure, prose } from '../../model/prose.ts'
import { ASSERTED } from '../assertion.ts'
import type { Case } from '../case.ts'
import { advice, commands, type Definition, decidedByWording, type Match } from '../definition.ts'
import { endInWords } from '../end-words.ts'
import { HYPOTHESES } from '../hypotheses.ts'
import { memoryRemedies } from '../memory-remedies.ts'
import { statusInWords, windowsStatus } from '../windows-status.ts'

function commitRemedies(): readonly Remedy[] {
  return [
    commands(prose`run fewer build actions at once:`, ['go build -p 1 ./...']),
    commands(prose`see the limit and what is promised of it (PowerShell):`, [
      String.raw`typeperf "\Memory\Commit Limit" "\Memory\Committed Bytes" -sc 1`
    ]),
    advice(prose`then let Windows manage the size of the page file, or put a larger one on a disk with room.`)
  ]
}

const commitByWords = decidedByWording({
  id: 'oom.windows-commit',
  title: 'Windows commit limit reached',
  meaning:
    'Windows promises memory only up to its commit limit, the RAM and the page files together, and refuses what goes beyond with error 1455. It kills no process, so the one that is refused need not be the one that holds the most. A page file that is fixed at a small size, or a full disk under it, makes the limit much lower than the RAM suggests.',
  patterns: [
    {
      // runtime: VirtualAlloc of 2147483648 bytes failed with errno=1455 · (error code: 1455) · os error 1455 · WinError 1455
      name: 'number',
      anchor: '1455',
      regex:
        /\b(?:errno|error code|os error|windows error|system error|WinError|GetLastError\(\))\W{0,3}1455\b|\bLNK\d{4}\b.{0,300}\b1455\b|^(?:Error |error )?1455: /i,
      unless: ASSERTED
    },
    {
      name: 'text',
      anchor: ['paging file is too small', 'Auslagerungsdatei ist zu klein', '页面文件太小'],
      regex: /[Tt]he paging file is too small for this operation|Auslagerungsdatei ist zu klein|页面文件太小/,
      unless: ASSERTED
    },
    {
      // exit status 0xc000012d: STATUS_COMMITMENT_LIMIT · 0xc0000017: STATUS_NO_MEMORY   (ntstatus.h)
      name: 'status',
      anchor: [
        '0xc000012d',
        '0xC000012D',
        '3221225773',
        '1073741523',
        '0xc0000017',
        '0xC0000017',
        '3221225495',
        '1073741801'
      ],
      regex:
        /\bexit(?:ed)?\b[^\d-]{0,30}(?:0x[cC]000012[dD]|0x[cC]0000017|3221225773|3221225495|-1073741523|-1073741801)\b/
    }
  ],
  basis: 'refusal',
  endedBy: 'itself',
  says: (line) =>
    prose`Windows refused memory, because its commit limit (RAM and page file) was reached: ${code(line.text.trim().slice(0, 200))}.`,
  fix: commitRemedies,
  catches: [
    { log: 'runtime: VirtualAlloc of 8192 bytes failed with errno=1455\nfatal error: out of memory\n', exitCode: 2 },
    {
      log: 'fork/exec C:\\Temp\\go-build1\\b075\\a.test.exe: The paging file is too small for this operation to complete.\n',
      exitCode: 1
    },
    {
      log: '==2820==ERROR: ThreadSanitizer failed to allocate 0x000000400000 (4194304) bytes at 0x040177c00000 (error code: 1455)\nFAIL\texample.com/a\t2s\n',
      exitCode: 1
    },
    { log: 'example.com/app: C:\\go\\pkg\\tool\\windows_amd64\\compile.exe: exit status 0xc000012d\n', exitCode: 1 },
    { log: 'LINK : fatal error LNK1171: unable to load mspdbcore.dll (error code: 1455)\n', exitCode: 1 }
  ],
  ignores: [
    {
      log: 'runtime: VirtualAlloc of 1048576 bytes failed with errno=487\nfatal error: runtime: cannot map pages\n',
      exitCode: 2
    },
    { log: 'ok  \texample.com/a\t1.455s\n--- FAIL: TestB (0.00s)\n    b_test.go:1455: no\nFAIL\n', exitCode: 1 },
    { log: 'example.com/app: C:\\go\\pkg\\tool\\windows_amd64\\compile.exe: exit status 0xc0000005\n', exitCode: 1 }
  ],
  links: [
    'https://learn.microsoft.com/windows/win32/debug/system-error-codes--1300-1699-',
    'https://github.com/golang/go/blob/master/src/runtime/mem_windows.go'
  ]
})

/** Windows refuses memory by its commit limit; it kills nobody. In words, else by the status of the command itself. */
export const oomWindowsCommit: Definition = {
  ...commitByWords,
  judge: (of) => byJob(of) ?? commitByWords.judge(of) ?? byStatus(of),
  rulesOut: ['ownCap', 'stopped', 'disk'],
  remedies: (_match, of) =>
    of.attribution.endedBy === 'kernel-oom-cap'
      ? memoryRemedies(of, of.evidence.cage?.capBytes ?? null)
      : commitRemedies()
}

/** The build's own limit, by the counter of its job. */
function byJob(of: Case): Match | null {
  const { attribution, evidence } = of
  if (evidence.platform !== 'win32' || attribution.endedBy !== 'kernel-oom-cap') return null
  const row = HYPOTHESES.ownCap(of)
  const capBytes = evidence.cage?.capBytes ?? null
  const cap = capBytes === null ? 'its cap' : `its cap of ${formatBytes(capBytes)}`
  return {
    basis: 'counters',
    confidence: attribution.confidence,
    summary: `Windows refused memory when the build had reached ${cap}${endInWords(of)}.`,
    evidence: row === null ? [] : [row]
  }
}

function byStatus({ evidence: { exit, platform } }: Case): Match | null {
  const code = exit?.code ?? 0
  const status = platform === 'win32' ? windowsStatus(code) : null
  if (status?.says !== 'memory') return null
  const words = prose`the status of the command is ${figure(statusInWords(code))} (${figure(status.name)})`
  return {
    basis: 'counters',
    confidence: 'certain',
    summary: `Windows refused memory, because its commit limit (RAM and page file) was reached: ${words}.`,
    evidence: [{ hypothesis: commitByWords.title, measured: words, verdict: 'cause' }],
    endedBy: 'itself'
  }
}
