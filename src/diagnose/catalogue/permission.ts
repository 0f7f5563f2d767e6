import type { LogLine } from '../../model/evidence.ts'
import { code, prose } from '../../model/prose.ts'
import { ASSERTED } from '../assertion.ts'
import { advice, commands, type Definition, decidedByWording } from '../definition.ts'

/** EACCES behind these is about a login, an address or a program to be started, not about a file. */
const NOT_A_FILE =
  /fork\/exec|publickey|password|[Bb]ad interpreter|(?:dial|listen|bind|connect|socket|sendto|setrlimit|ptrace|setuid|setgid|initgroups|mlock|prlimit|renice|modify limit)\b.{0,200}: (?:[Pp]ermission denied|[Oo]peration not permitted)|^(?:\S{0,200}\/)?(?:ba|da|z|k|a)?sh: (?:line )?(?:\d{1,6}: )?\S{1,300}: Permission denied|^make(?:\[\d{1,3}\])?: \S{1,300}: (?:Permission denied|Operation not permitted)|^env: /

/** A file operation that the system refuses. */
export const permDenied: Definition = decidedByWording({
  id: 'perm.denied',
  title: 'A file may not be read or written',
  meaning:
    'The system refused a file operation. In automation the usual reasons are a home or cache directory that belongs to another user (a container that runs as a number without a home, a cache that an earlier step filled as root), a file system mounted read-only, and on Windows a file that another process or a virus scanner holds open.',
  patterns: [
    {
      // mkdir /.cache: permission denied · open /go/pkg/mod/cache/lock: permission denied · rm: cannot remove 'x': Permission denied
      name: 'denied',
      anchor: [
        'ermission denied',
        'peration not permitted',
        'Keine Berechtigung',
        'Permission non accordée',
        '权限不够'
      ],
      regex:
        /\b(?:open|mkdir|stat|lstat|readlink|write|writing|read|rename|remove|removing|unlinkat|unlink|openat|fdopendir|chdir|chmod|fchmod|chown|lchown|fchown|link|symlink|truncate|create|creat|creating|lock|RLock|copy|utimensat|chtimes|mount)\b.{1,600}: (?:permission denied|operation not permitted)|^\S{1,60}: (?:cannot|can't|could not|unable to|failed to|preserving|setting|changing|skipping|error) .{1,600}: (?:Permission denied|Operation not permitted)|^(?:fatal|error): .{1,600}: Permission denied|: (?:[Cc]annot|[Cc]ould not|[Ff]ailed to|[Uu]nable to) (?:create|open|write|remove|make|delete|move|copy|touch).{0,500}: [Pp]ermission denied|permission denied while trying to connect to the Docker|^\S{1,300}: Permission denied$|: (?:Keine Berechtigung|Permission non accordée|权限不够)$/,
      unless: new RegExp(`${NOT_A_FILE.source}|${ASSERTED.source}`)
    },
    {
      name: 'read-only',
      anchor: ['ead-only file system', 'EROFS'],
      regex: /: [Rr]ead-only file system|\bEROFS\b/,
      unless: ASSERTED
    },
    {
      // Windows: ERROR_ACCESS_DENIED, ERROR_SHARING_VIOLATION, ERROR_VIRUS_INFECTED, AppLocker
      name: 'windows',
      anchor: [
        'Access is denied',
        'being used by another process',
        'contains a virus',
        'blocked by group policy',
        'blocked by your administrator',
        'Application Control policy',
        'EACCES',
        'EPERM'
      ],
      regex:
        /(?:^|: )Access is denied\b|because it is being used by another process|contains a virus or potentially unwanted software|blocked by group policy|blocked by your administrator|Application Control policy has blocked|\b(?:EACCES|EPERM)\b: (?:permission denied|operation not permitted)/,
      unless: new RegExp(
        `(?:dial|listen|bind|connect) .{0,300}denied|fork/exec .{1,400}: Access is denied|${ASSERTED.source}`
      )
    }
  ],
  confidence: 'likely',
  endedBy: 'itself',
  onlyOutsideTests: true,
  says: (line) => prose`The system refused a file operation: ${code(line.text.trim().slice(0, 200))}.`,
  fix: deniedFix,
  catches: [
    { log: 'failed to initialize build cache at /.cache/go-build: mkdir /.cache: permission denied\n', exitCode: 1 },
    { log: 'go: could not create module cache: mkdir /go/pkg: read-only file system\n', exitCode: 1 },
    { log: "rm: cannot remove 'bin/app': Permission denied\nmake: *** [Makefile:4: clean] Error 1\n", exitCode: 2 },
    { log: 'go: unlinkat C:\\Temp\\go-build1\\b001\\a.exe: Access is denied.\n', exitCode: 1 },
    {
      log: 'open C:\\out\\a.exe: The process cannot access the file because it is being used by another process.\n',
      exitCode: 1
    }
  ],
  ignores: [
    {
      log: 'git@example.com: Permission denied (publickey).\nfatal: Could not read from remote repository.\n',
      exitCode: 1
    },
    { log: '--- FAIL: TestOpen (0.00s)\n    o_test.go:4: open /root/x: permission denied\nFAIL\n', exitCode: 1 },
    { log: 'listen tcp :80: bind: permission denied\n', exitCode: 1 }
  ],
  links: ['https://man7.org/linux/man-pages/man3/errno.3.html', 'https://pkg.go.dev/cmd/go#hdr-Build_and_test_caching']
})

const SCANNED = /virus|another process|Access is denied|policy|administrator/

function deniedFix({ text }: LogLine): ReturnType<Definition['remedies']> {
  if (SCANNED.test(text)) {
    return [
      commands(
        prose`keep the virus scanner out of the directories that Go writes programs to (PowerShell, as administrator):`,
        ['Add-MpPreference -ExclusionPath (go env GOCACHE), $env:TEMP']
      ),
      advice(
        prose`if another process holds the file, end it first: a program of the same name that still runs, or an editor.`
      )
    ]
  }
  const see = commands(prose`see who owns what, and as whom this step runs:`, [
    'id; ls -ld . "$(go env GOCACHE)" "$(go env GOMODCACHE)"'
  ])
  if (!/cache|mkdir \/\.|GOPATH|\/go\/|XDG|HOME/i.test(text)) return [see]
  const own = commands(prose`give Go directories that this user may write:`, [
    'export GOCACHE="${RUNNER_TEMP:-/tmp}/go-build" GOMODCACHE="${RUNNER_TEMP:-/tmp}/go-mod"'
  ])
  return [own, see]
}
