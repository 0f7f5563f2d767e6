import type { LogLine } from '../../model/evidence.ts'
import { code, type Prose, prose } from '../../model/prose.ts'
import { ASSERTED } from '../assertion.ts'
import { advice, commands, type Definition, decidedByWording } from '../definition.ts'
import { group } from '../log-hits.ts'
import { plainName } from '../plain-name.ts'

/** A program file that is there and does not run. */
export const commandNotExecutable: Definition = decidedByWording({
  id: 'command.not-executable',
  title: 'A file cannot be executed',
  meaning:
    'A file exists, and the system does not run it: the executable bit is missing (often lost in an archive, an artifact or a checkout on Windows), its file system is mounted `noexec`, a security module forbids it, or it was made for another processor or system. A shell ends with status 126 then.',
  patterns: [
    {
      // fork/exec /tmp/go-build1/b001/exe/a: permission denied · … exec format error · … %1 is not a valid Win32 application.   (os/exec)
      name: 'exec',
      anchor: 'fork/exec ',
      regex:
        /fork\/exec (?<program>[^\s:]{1,300}|[A-Za-z]:[^:]{1,300}): (?<reason>permission denied|operation not permitted|exec format error|text file busy|argument list too long|is a directory|not a directory|bad CPU type in executable|no such device|input\/output error|(?:%1|.{1,300}) is not a valid Win32 application|This version of \S{1,300} is not compatible|Access is denied|The system cannot execute|An Application Control policy)/,
      unless: ASSERTED
    },
    {
      // bash: ./build.sh: Permission denied · /bin/sh: ./app: cannot execute binary file: Exec format error · ./x: /bin/sh^M: bad interpreter
      name: 'shell',
      anchor: [
        'ermission denied',
        'xec format error',
        'ad interpreter',
        'annot execute',
        'rgument list too long',
        'ad CPU type',
        'ext file busy'
      ],
      regex:
        /^(?:\S{0,200}\/)?(?:(?:ba|da|z|k|a)?sh|\S{1,200}\.sh): (?:line )?(?:\d{1,6}: )?(?<program>\S{1,300}): (?<reason>Permission denied|cannot execute(?: binary file)?\b.{0,100}|Exec format error|Argument list too long|Text file busy|.{0,100}bad interpreter.{0,100}|Bad CPU type in executable)|^make(?:\[\d{1,3}\])?: (?:execvp: )?(?<made>\S{1,300}): (?:Permission denied|Exec format error|Argument list too long)|env: [‘'"]?(?<started>[^‘’'"]{1,200})[’'"]?: (?:Permission denied|Exec format error)|(?:^|[\s:])(?:exec format error|bad interpreter: |Exec format error)|failed to run command [‘'"][^’'"]{1,200}[’'"]: (?:Permission denied|Exec format error)/,
      unless: ASSERTED
    },
    {
      name: 'windows',
      anchor: [
        'is not a valid Win32 application',
        'not compatible with the version of Windows',
        'cannot execute the specified program'
      ],
      regex:
        /is not a valid Win32 application|not compatible with the version of Windows|cannot execute the specified program/
    }
  ],
  endedBy: 'itself',
  onlyOutsideTests: true,
  says: notExecutableSays,
  fix: notExecutableFix,
  catches: [
    { log: 'error reading version: fork/exec /tmp/go-build8/b001/exe/version: permission denied\n', exitCode: 1 },
    { log: 'bash: ./build.sh: Permission denied\n', exitCode: 126 },
    { log: 'fork/exec ./bin/protoc: exec format error\n', exitCode: 1 },
    {
      log: '/bin/sh: ./gen: cannot execute binary file: Exec format error\nmake: *** [Makefile:3: gen] Error 126\n',
      exitCode: 2
    },
    { log: 'fork/exec C:\\tools\\gen.exe: %1 is not a valid Win32 application.\n', exitCode: 1 },
    { log: './gen.sh: /bin/bash^M: bad interpreter: No such file or directory\n', exitCode: 126 }
  ],
  ignores: [
    { log: 'fork/exec /usr/bin/gcc: cannot allocate memory\n', exitCode: 1 },
    { log: 'mkdir /.cache: permission denied\n', exitCode: 1 },
    { log: '--- FAIL: TestExec (0.00s)\n    e_test.go:4: fork/exec /x: permission denied\nFAIL\n', exitCode: 1 }
  ],
  links: ['https://man7.org/linux/man-pages/man2/execve.2.html', 'https://pkg.go.dev/os/exec']
})

function notExecutableSays(line: LogLine): Prose {
  const program = programIn(line)
  return program === null
    ? prose`A program file could not be executed: ${code(line.text.trim().slice(0, 200))}.`
    : prose`${code(program)} is there and could not be executed: ${code(group(line, 'reason') ?? 'refused')}.`
}

function notExecutableFix(line: LogLine): ReturnType<Definition['remedies']> {
  const name = plainName(programIn(line))
  const reason = line.text
  if (/format error|Win32|CPU type|compatible|binary file/.test(reason)) {
    return [
      advice(
        prose`the file was made for another system or processor: build it for this one; a tool that ${code('go run')} or ${code('go generate')} starts must be built with ${code('GOOS')} and ${code('GOARCH')} unset.`
      ),
      ...(name === null ? [] : [commands(prose`see what it was made for:`, [`file ${name}; uname -m`])])
    ]
  }
  if (/interpreter/.test(reason)) {
    return [
      commands(
        prose`the first line of the script names an interpreter that is not there; ${code('^M')} means line ends of Windows:`,
        [
          `head -1 ${name ?? 'SCRIPT'} | od -c | head`,
          "git config core.autocrlf input   # or '*.sh text eol=lf' in .gitattributes"
        ]
      )
    ]
  }
  if (/[/\\]pkg[/\\]tool[/\\]/.test(reason)) {
    return [
      commands(prose`a tool of Go itself: a security module or a mount option forbids it. See which:`, [
        'findmnt -T "$(go env GOTOOLDIR)"; ls -lZ "$(go env GOTOOLDIR)"; getenforce'
      ])
    ]
  }
  return [
    ...(name === null || name.startsWith('/')
      ? []
      : [
          commands(prose`if the executable bit is missing, record it in the repository:`, [
            `chmod +x ${name}`,
            `git update-index --chmod=+x ${name}`
          ])
        ]),
    commands(prose`if it lies in a temporary directory that is mounted ${code('noexec')}, use another one:`, [
      'export GOTMPDIR="$PWD/.gotmp" TMPDIR="$PWD/.gotmp"; mkdir -p "$GOTMPDIR"'
    ])
  ]
}

function programIn(line: LogLine): string | null {
  return group(line, 'program') ?? group(line, 'made') ?? group(line, 'started')
}

/** A system call filter (seccomp) or a sandbox refuses a call. */
export const permSeccomp: Definition = decidedByWording({
  id: 'perm.seccomp',
  title: 'A system call was refused by a filter',
  meaning:
    'A filter of system calls (seccomp, of Docker, Android, systemd or a sandbox) refused a call that the program needs. It either kills the process with SIGSYS or answers EPERM to calls that anybody may make, such as `clone3` or `faccessat2`. Most often the container runtime is older than the C library or the Go release in the image and does not know a newer call.',
  patterns: [
    {
      // SIGSYS: bad system call   (runtime) · signal: bad system call   (os.ProcessState) · Bad system call (core dumped)   (shell)
      name: 'sigsys',
      anchor: ['ad system call', 'SIGSYS'],
      regex: /\bSIGSYS\b|(?:^|[\s:])[Bb]ad system call(?:\s|$)/,
      unless: ASSERTED
    },
    {
      // runtime/cgo: pthread_create failed: Operation not permitted · failed to create new OS thread (have 2 already; errno=1)
      name: 'thread',
      anchor: ['peration not permitted', 'errno=1)'],
      regex:
        /(?:pthread_create|\bclone3?|[Tt]hread creation|create (?:a )?(?:new )?(?:\w{1,30} )?thread|std::system_error)\b.{0,100}: Operation not permitted|what\(\): {1,3}Operation not permitted|failed to create new OS thread \(have \d{1,9} already; errno=1\)/,
      unless: ASSERTED
    },
    {
      // make: /bin/sh: Operation not permitted · can't fork: Operation not permitted · pipe2: operation not permitted
      name: 'everything',
      anchor: ['peration not permitted', 'getaddrinfo() thread failed'],
      regex:
        /getaddrinfo\(\) thread failed to start|^make(?:\[\d{1,3}\])?: \S{1,200}: Operation not permitted|\b(?:v?fork|[Cc]annot (?:fork|clone)|pipe2?|epoll_create1?|futex|getrandom|statx|faccessat2|getcwd|socketpair): [Oo]peration not permitted/,
      unless: ASSERTED
    },
    {
      name: 'kernel',
      anchor: ['type=1326', 'SECCOMP', 'netpollinit failed', 'epollcreate failed with'],
      regex: /audit: type=1326 |\btype=SECCOMP\b|runtime: (?:netpollinit|epollcreate) failed/
    }
  ],
  basis: 'refusal',
  confidence: 'likely',
  endedBy: 'itself',
  onlyOutsideTests: true,
  says: (line) => prose`A filter of system calls refused a call: ${code(line.text.trim().slice(0, 200))}.`,
  fix: () => [
    advice(
      prose`update the container runtime of the machine (Docker 20.10.10 and runc 1.0.2 on know ${code('clone3')} and ${code('faccessat2')}), or use an older image.`
    ),
    commands(prose`to see whether the filter is the cause, run once without it:`, [
      'docker run --security-opt seccomp=unconfined IMAGE'
    ])
  ],
  catches: [
    { log: '$ ./tool\nSIGSYS: bad system call\nPC=0x12f80 m=0 sigcode=1\n', exitCode: 2 },
    {
      log: 'runtime/cgo: pthread_create failed: Operation not permitted\nSIGABRT: abort\nPC=0x7f m=0 sigcode=1\n',
      exitCode: 2
    },
    { log: 'make: /bin/sh: Operation not permitted\nmake: *** [Makefile:2: all] Error 127\n', exitCode: 2 },
    { log: 'example.com/app: /go/pkg/tool/linux_amd64/compile: signal: bad system call\n', exitCode: 1 }
  ],
  ignores: [
    { log: 'runtime/cgo: pthread_create failed: Resource temporarily unavailable\n', exitCode: 2 },
    { log: 'chown: changing ownership of /out: Operation not permitted\n', exitCode: 1 },
    { log: '--- FAIL: TestFilter (0.00s)\n    f_test.go:4: got exit 1, want SIGSYS\nFAIL\n', exitCode: 1 }
  ],
  links: ['https://docs.docker.com/engine/security/seccomp/', 'https://man7.org/linux/man-pages/man2/seccomp.2.html']
})
