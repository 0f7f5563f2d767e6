import type { LogLine } from '../../model/evidence.ts'
import { code, type Prose, prose } from '../../model/prose.ts'
import { ASSERTED } from '../assertion.ts'
import { isOnlyLoggedByTests } from '../context.ts'
import { advice, commands, type Definition, decidedByWording } from '../definition.ts'
import { group } from '../log-hits.ts'
import type { PatternSet } from '../pattern.ts'

/** A process could not be started for want of memory. */
export const oomFork: Definition = decidedByWording({
  id: 'oom.fork',
  title: 'No memory to start a process',
  meaning:
    'A process of the build wanted to start another one, such as the linker its C compiler, and the kernel refused with ENOMEM. To start a process, the kernel has to promise a copy of the memory of the one that starts it: a linker that holds a gigabyte asks for a second one for a moment. Strict overcommit (`vm.overcommit_memory=2`), a machine without swap and a small virtual machine refuse that although the new program itself would be small.',
  patterns: [
    {
      // link: running gcc failed: fork/exec /usr/bin/gcc: cannot allocate memory · vet: fork/exec /go/vet: cannot allocate memory   (os/exec)
      name: 'exec',
      anchor: [': cannot allocate memory', ': Cannot allocate memory', ': not enough space', 'Out of memory'],
      // `not enough space` is ENOMEM on illumos and Solaris.
      regex:
        /fork\/exec (?<program>[^:]{1,300}): (?:[Cc]annot allocate memory|not enough space)|running (?<started>\S{1,200}) failed: .{0,300}[Cc]annot allocate memory|\b(?:v?fork|posix_spawn|clone3?|execvp?e?|can't fork|[Cc]annot fork(?:\(\))?(?: for [^:]{1,100})?)(?:: retry)?: (?:[Cc]annot allocate memory|Out of memory)|unable to (?:fork|create thread): Cannot allocate memory/,
      unless: ASSERTED
    },
    {
      // make: go: Cannot allocate memory   (job.c, child_execute_job: the program is named, the call is not)
      name: 'make',
      anchor: ': Cannot allocate memory',
      regex: /^g?make(?:\[\d{1,3}\])?: (?<program>[^\s:]{1,300}): Cannot allocate memory$/
    },
    { name: 'node', anchor: 'spawn', regex: /\bspawn(?:Sync)? (?:\S{1,300} )?ENOMEM\b/, unless: ASSERTED }
  ],
  basis: 'refusal',
  endedBy: 'itself',
  says: forkSays,
  fix: () => [
    commands(prose`see how much the kernel still promises, and to whom:`, [
      'grep -E "Commit|Swap" /proc/meminfo; cat /proc/sys/vm/overcommit_memory'
    ]),
    commands(prose`start fewer processes at once, or give the machine swap:`, [
      'go build -p 1 ./...',
      'sudo sh -c "fallocate -l 4G /swapfile && chmod 600 /swapfile && mkswap /swapfile && swapon /swapfile"'
    ]),
    advice(
      prose`if the linker starts the C compiler and the program needs no cgo, ${code('CGO_ENABLED=0')} avoids that process.`
    )
  ],
  catches: [
    {
      log: '# example.com/app\n/usr/local/go/pkg/tool/linux_amd64/link: running gcc failed: fork/exec /usr/bin/gcc: cannot allocate memory\n',
      exitCode: 1
    },
    {
      log: 'go: error obtaining buildID for go tool compile: fork/exec /go/compile: cannot allocate memory\n',
      exitCode: 1
    },
    { log: './build.sh: fork: Cannot allocate memory\n', exitCode: 254 },
    { log: 'make: vfork: Cannot allocate memory\n', exitCode: 2 },
    { log: 'make: go: Cannot allocate memory\nmake: *** [Makefile:5: b] Error 127\n', exitCode: 2 },
    {
      log: '--- FAIL: TestRun (0.10s)\n    run_test.go:9: fork/exec /bin/true: cannot allocate memory\nFAIL\n',
      exitCode: 1
    }
  ],
  ignores: [
    { log: 'fork/exec /usr/bin/gcc: resource temporarily unavailable\n', exitCode: 1 },
    {
      log: '--- FAIL: TestErr (0.00s)\n    e_test.go:4: got exit 1, want fork/exec /x: cannot allocate memory\nFAIL\n',
      exitCode: 1
    },
    { log: './main.go:3:1: undefined: fork\n', exitCode: 1 }
  ],
  links: ['https://man7.org/linux/man-pages/man2/fork.2.html', 'https://docs.kernel.org/mm/overcommit-accounting.html']
})

function forkSays(line: LogLine): Prose {
  const program = group(line, 'program') ?? group(line, 'started')
  return program === null
    ? prose`A process could not be started: the kernel had no memory for it (ENOMEM).`
    : prose`${code(program)} could not be started: the kernel had no memory for it (ENOMEM).`
}

const daemonWords: PatternSet = {
  id: 'oom.userspace',
  patterns: [
    {
      // systemd-oomd[612]: Killed /system.slice/x.scope due to memory pressure for /system.slice being 83.2% > 60.00% for > 30s   (oomd-manager.c)
      name: 'systemd-oomd',
      anchor: ['due to memory pressure for', 'due to memory used (', 'systemd-oomd killed '],
      regex: /Killed \S{1,500} due to memory (?:pressure for|used \()|systemd-oomd killed \d{1,9} process/,
      unless: ASSERTED
    },
    {
      // earlyoom: sending SIGTERM to process 343907 uid 1000 "compile": badness 961, VmRSS 5574 MiB   (kill.c)
      name: 'earlyoom',
      anchor: ['ending SIG', 'SIGTERM limits', 'SIGKILL limits'],
      regex:
        /sending SIG(?:TERM|KILL) to process \d{1,9}\b.{0,200}\b(?:badness|oom_score|VmRSS)\b|at or below SIG(?:TERM|KILL) limits|\b[Ss]ending SIG(?:TERM|KILL) to (?:the )?victim\b/,
      unless: ASSERTED
    }
  ]
}

/** A daemon that kills before the kernel has to. */
export const oomUserspace: Definition = decidedByWording({
  ...daemonWords,
  title: 'Killed by a memory daemon (systemd-oomd, earlyoom)',
  meaning:
    'A daemon that watches the memory of the machine ended processes of the build before the kernel had to: systemd-oomd by memory pressure or swap use of a control group, earlyoom and nohang by the share of memory that is left. earlyoom sends SIGTERM first, so that the status is 143 rather than 137. No kernel counter knows of such a kill.',
  basis: 'refusal',
  endedBy: 'other',
  says: (line) =>
    prose`A daemon ended a process for the memory of the machine: ${code(line.text.trim().slice(0, 200))}.`,
  unless: (of) => isOnlyLoggedByTests(of.evidence.log, daemonWords),
  fix: () => [
    advice(
      prose`run fewer build actions at once (${code('go build -p 1')}), or use a machine with more memory or swap: the daemon acts before memory is gone.`
    ),
    commands(prose`see what the daemon did, and its limits:`, [
      'journalctl -u systemd-oomd -u earlyoom --since -1h',
      'oomctl'
    ])
  ],
  catches: [
    {
      log: 'earlyoom: sending SIGTERM to process 3439 uid 1000 "compile": badness 961, VmRSS 5574 MiB\nTerminated\n',
      exitCode: 143
    },
    {
      log: 'systemd-oomd[612]: Killed /system.slice/ci.scope due to memory pressure for /system.slice being 83.21% > 60.00% for > 30s with reclaim activity\nKilled\n',
      exitCode: 137
    },
    {
      log: 'systemd[1]: ci.service: systemd-oomd killed 14 process(es) in this unit.\nsignal: killed\n',
      exitCode: 1
    }
  ],
  ignores: [
    { log: 'Setting up earlyoom (1.7-2) ...\nmake: *** [Makefile:2: test] Terminated\n', exitCode: 143 },
    {
      log: 'Out of memory: Killed process 710 (compile) total-vm:227272kB, anon-rss:244992kB\nsignal: killed\n',
      exitCode: 1
    }
  ],
  links: [
    'https://www.freedesktop.org/software/systemd/man/latest/systemd-oomd.service.html',
    'https://github.com/rfjakob/earlyoom'
  ]
})

/** Windows refuses memory by its commit limit; it kills nobody. */
export const oomWindowsCommit: Definition = decidedByWording({
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
  fix: () => [
    commands(prose`run fewer build actions at once:`, ['go build -p 1 ./...']),
    commands(prose`see the limit and what is promised of it (PowerShell):`, [
      String.raw`typeperf "\Memory\Commit Limit" "\Memory\Committed Bytes" -sc 1`
    ]),
    advice(prose`then let Windows manage the size of the page file, or put a larger one on a disk with room.`)
  ],
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
