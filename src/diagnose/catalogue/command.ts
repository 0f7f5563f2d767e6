import type { LogLine } from '../../model/evidence.ts'
import { code, prose } from '../../model/prose.ts'
import type { Case } from '../case.ts'
import { showsTests } from '../context.ts'
import { commands, type Definition, type Match, quoted } from '../definition.ts'
import { endInWords } from '../end-words.ts'
import { firstLineOf, group } from '../log-hits.ts'

/** A command of the script, of make or of the build is missing. */
export const commandNotFound: Definition = {
  id: 'command.not-found',
  title: 'A command was not found',
  meaning:
    'A shell, make or a Go program wanted to start a command that is not installed, or not in the `PATH` of this step: a `PATH` set in another step does not last, and `sudo` has one of its own. A shell ends with status 127 then.',
  patterns: [
    {
      // /bin/bash: line 1: go: command not found · /bin/sh: 1: go: not found · zsh: command not found: go · make: go: Command not found
      name: 'shell',
      anchor: ['ommand not found', ': not found'],
      regex:
        /(?:^|[\s:])(?<command>[^\s:"']{1,200}): [Cc]ommand not found|command not found: (?<zsh>\S{1,200})|(?:^|\s|\/)(?:sh|ash|dash|bash|ksh): (?:line )?(?:\d{1,6}: )?(?<dash>[^\s:"']{1,200}): not found$/,
      unless: /_test\.go:\d/
    },
    {
      // go: missing Git command. See https://golang.org/s/gogetcmd · fish: Unknown command: go
      name: 'told',
      anchor: [
        'issing Git command',
        'issing Mercurial command',
        'issing Bazaar command',
        'issing Subversion command',
        'issing Fossil command',
        'nknown command'
      ],
      regex:
        /missing (?<command>Git|Mercurial|Bazaar|Subversion|Fossil) command\b|^fish: (?:Unknown command:? |unknown command:? )(?<fish>\S{1,200})/
    },
    {
      name: 'windows',
      anchor: [
        'is not recognized as an internal or external command',
        "' is not recognized as the name of a cmdlet",
        'The term '
      ],
      regex:
        /'(?<command>[^']{1,200})' is not recognized as (?:an internal or external command|(?:the|a) name of a cmdlet)/
    },
    {
      // process_begin: CreateProcess(NULL, go version, ...) failed.   followed by   make (e=2): The system cannot find the file specified.
      name: 'make',
      anchor: [
        'CreateProcess',
        'No such file or directory',
        '] Error 127',
        '] Erreur 127',
        '] Fehler 127',
        '] 错误 127'
      ],
      regex:
        /CreateProcess\(NULL, (?<command>[^\s,)]{1,200}).{0,500} failed|^make(?:\[\d{1,3}\])?: (?<gnu>[^\s:]{1,200}): No such file or directory$|make(?:\[\d{1,3}\])?: \*\*\* \[[^\]]{1,500}\] (?:Error|Erreur|Fehler|错误) 127/
    },
    {
      // Error: Unable to locate executable file: go. Please verify either the file path exists …   (@actions/io)
      name: 'action',
      anchor: 'Unable to locate executable file',
      regex: /Unable to locate executable file: (?<command>[^\s]{1,200}?)\.?(?:\s|$)/
    },
    {
      name: 'env',
      anchor: 'No such file or directory',
      regex:
        /^(?:\S{0,100}\/)?env: [‘'"]?(?<command>[^\s‘’'":]{1,200})[’'"]?: No such file or directory$|failed to run command [‘'"](?<started>[^\s‘’'"]{1,200})[’'"]: No such file or directory$/
    },
    {
      // exec: "protoc": executable file not found in $PATH   (os/exec)
      name: 'exec',
      anchor: ['executable file not found in ', 'fork/exec '],
      regex:
        /exec: \\?"(?<command>[^"\\]{1,200})\\?": executable file not found in (?:\$PATH|%PATH%)|fork\/exec (?<absent>[^\s:]{1,300}): no such file or directory|fork\/exec (?<missing>[A-Za-z]:[^:]{1,300}): The system cannot find the (?:file|path) specified/,
      unless: /_test\.go:\d|: running \\?"|cgo: |cannot invoke C compiler/
    }
  ],
  judge: missing,
  rulesOut: [],
  remedies: (_match, of) => {
    const name = nameIn(firstLineOf(of.evidence.log, commandNotFound))
    return name === 'go'
      ? [
          commands(
            prose`install Go in this job before the build (${code('actions/setup-go')}), or put it on the path:`,
            ['export PATH="$PATH:/usr/local/go/bin"']
          )
        ]
      : [
          commands(prose`install the command in this job, or put its directory on the path of this step:`, [
            'echo "$HOME/go/bin" >> "$GITHUB_PATH"'
          ])
        ]
  },
  catches: [
    { log: '/bin/sh: 1: go: not found\nmake: *** [Makefile:4: build] Error 127\n', exitCode: 2 },
    { log: 'build.sh: line 3: golangci-lint: command not found\n', exitCode: 127 },
    {
      log: "'go' is not recognized as an internal or external command,\r\noperable program or batch file.\r\n",
      exitCode: 1
    },
    { log: 'Building\n', exitCode: 127 }
  ],
  ignores: [
    { log: '--- FAIL: TestRun (0.00s)\n    run_test.go:7: sh: foo: command not found\nFAIL\n', exitCode: 1 },
    { log: 'cgo: C compiler "gcc" not found: exec: "gcc": executable file not found in $PATH\n', exitCode: 1 },
    { log: 'main.c:3:10: fatal error: zlib.h: No such file or directory\n', exitCode: 1 }
  ],
  links: [
    'https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html',
    'https://pkg.go.dev/os/exec#ErrNotFound'
  ]
}

function missing(of: Case): Match | null {
  const { log, exit } = of.evidence
  const line = firstLineOf(log, commandNotFound)
  if (line === null) return exit?.code === 127 ? byStatus() : null
  if (showsTests(log) && exit?.code !== 127) return null
  const name = nameIn(line)
  const what = name === null ? prose`A command was not found` : prose`The command ${code(name)} was not found`
  return {
    basis: 'wording',
    confidence: exit === null || exit.code !== 1 ? 'certain' : 'likely',
    summary: `${what}${endInWords(of)}.`,
    evidence: [quoted('Command not found', line, 'certain')],
    lineNumber: line.lineNumber,
    endedBy: 'itself'
  }
}

function byStatus(): Match {
  return {
    basis: 'status',
    confidence: 'possible',
    summary: prose`The shell ended with status 127, which it gives to a command that it does not find.`,
    evidence: [],
    endedBy: 'itself'
  }
}

/** Whichever alternative of a pattern matched. */
function nameIn(line: LogLine | null): string | null {
  return (
    ['command', 'zsh', 'dash', 'gnu', 'started', 'fish', 'absent', 'missing']
      .map((name) => group(line, name))
      .find((name) => name !== null) ?? null
  )
}
