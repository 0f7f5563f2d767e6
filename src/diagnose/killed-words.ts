import type { LogFindings, LogLine } from '../model/evidence.ts'
import { ASSERTED } from './assertion.ts'
import { isLoggedByTest, showsTests } from './context.ts'
import { linesOf, wasHit } from './log-hits.ts'
import type { PatternSet } from './pattern.ts'

/**
 * How a process ended by SIGKILL shows in a build's output. Nothing here says who sent the signal.
 *
 * cmd/go prints the wait status only of a tool that wrote nothing itself (shell.go, reportCmd), so that a missing line
 * proves nothing.
 */
export const killedWords: PatternSet = {
  id: 'oom.killed',
  patterns: [
    {
      // example.com/app: /usr/local/go/pkg/tool/linux_amd64/compile: signal: killed   (go 1.20 on)
      // go build example.com/app: /usr/local/go/pkg/tool/linux_amd64/6g: signal: killed   (before)
      name: 'tool',
      anchor: 'signal: killed',
      // The look-ahead comes first, so that looking back for the package is done once a line.
      regex:
        /(?=[a-z0-9]{1,10}(?:\.exe)?: signal: killed)(?<=(?:(?:^|\s)(?<package>[^\s:()]{1,300}): )?[^\s:()]{0,300}[/\\])(?<tool>compile|link|asm|cgo|vet|cover|pack|buildid|[5-9][acgl])(?:\.exe)?: signal: killed/,
      unless: ASSERTED
    },
    {
      // go tool compile: signal: killed · go build command-line-arguments: signal: killed · runtime/cgo: gcc: signal: killed
      name: 'named',
      anchor: 'signal: killed',
      regex:
        /(?:^|\s|\/)(?:go tool (?<tool>[a-z0-9]{1,20})|go (?:build|install|vet|run|test|generate|list) (?<package>[^\s:]{1,300})|(?:compile|link|asm|cgo|vet)|(?:[a-z0-9_]{1,20}-){0,4}(?:gcc|g\+\+|cc|clang|ld))(?:-\d{1,2})?: signal: killed|^go(?: get)?: .{1,2000}: signal: killed$/
    },
    {
      // error running subcommand /…/tool: signal: killed · running "go build" failed: signal: killed
      name: 'reported',
      anchor: 'signal: killed',
      regex:
        /^(?=.{0,2000}?\b(?:error|failed|failure|running|exec|command|erro|fata|fatal)\b).{0,16000}: signal: killed(?=$|[\s"')\]])/i,
      unless: /_test\.go:\d+|\b(?:want|expected|got)\b/i
    },
    {
      // signal: killed
      // FAIL    example.com/app   2.871s
      name: 'test-binary',
      anchor: 'signal: killed',
      regex: /^\s*signal: killed$/,
      next: /^\s*FAIL\s+\S/
    },
    {
      // ./make.bash: line 215:   971 Killed                  ./cmd/dist/dist bootstrap
      name: 'job',
      anchor: ' Killed',
      regex: /(?:^|\s)\d{1,9} Killed {2,}\S/,
      // `timeout -s KILL 4 go test`: the job line names who sent it.
      unless: / Killed {2,}(?:\S{0,200}\/)?timeout /
    },
    {
      // zsh: killed     go build ./... · ./build.sh: line 29:  4380 Killed: 9   go test ./... · 第 1 行： 88 已杀死   go build
      name: 'translated-job',
      anchor: ['illed', '已杀死', '已杀掉', 'Getötet', 'Tué', 'Убито', 'Terminado (matado)', 'Matado', '強制終了'],
      regex:
        /(?:^zsh: killed|\d {1,20}[kK]illed(?:: 9)?|(?:^|\s)(?:已杀死|已杀掉|Getötet|Tué|Убито|Terminado \(matado\)|Matado|強制終了)) {2,}(?:\S{0,200}\/)?(?:go|compile|link|cgo|vet|asm|golangci-lint|gotestsum|goreleaser)(?:\s|$)/
    },
    {
      // GoCompilePkg pkg/x.a failed (Killed): …   (bazel) · died with <Signals.SIGKILL: 9>   (Python) · npm error signal SIGKILL
      name: 'wrapper',
      anchor: [
        '(Killed)',
        'Signals.SIGKILL',
        'signal SIGKILL',
        'killed with SIGKILL',
        'signal: 9, SIGKILL',
        'Killed by signal 9'
      ],
      regex:
        /\bfailed:? \(Killed\)|died with <Signals\.SIGKILL|^npm (?:ERR!|error) signal SIGKILL|was killed with SIGKILL|\(signal: 9, SIGKILL|(?:process|command|child)\b.{0,100}[Kk]illed by signal 9\b/i,
      unless: /_test\.go:\d+/
    },
    {
      // make[1]: *** [generated/linux/obj.o] Killed · make: *** [Makefile:68: app] Killed
      name: 'make',
      anchor: ['] Killed', '] 已杀死', '] Getötet', '] Processus arrêté', '] Убито'],
      regex: /make(?:\[\d{1,3}\])?: \*\*\* \[[^\]]{1,500}\] (?:Killed|已杀死|Getötet|Processus arrêté|Убито)\s*$/
    },
    { name: 'shell', anchor: 'Killed', regex: /^\s*Killed\s*$|^\[\d{1,4}\][+-]?\s{1,10}Killed {2,}\S/ },
    {
      // signal: killed   (the last word of `go run`) · protoc: signal: killed
      name: 'alone',
      anchor: 'signal: killed',
      regex: /^\s*(?:\S{1,300}: )?signal: killed$/,
      unless: /_test\.go:\d+/
    }
  ]
}

/** Patterns that name a process of the build, whatever tests print. */
const SURE = ['tool', 'test-binary', 'make', 'job', 'translated-job']
/** Patterns that a test's own output can show as well. */
const WORDS = ['named', 'reported', 'wrapper', 'shell', 'alone']

/** The line that shows a killed process best; lines of a test's own output do not count. */
export function killedLine(log: LogFindings): LogLine | null {
  const lineOf = (names: readonly string[]): LogLine | null =>
    linesOf(log, killedWords, names).find((one) => one.isOfTest !== true || !isLoggedByTest(log, one)) ?? null
  const sure = lineOf(SURE)
  if (sure !== null) return sure
  const line = lineOf(['named']) ?? lineOf(WORDS)
  return line !== null && showsTests(log) && (/^\s/.test(line.text) || !wasHit(log, killedWords.id, ['named']))
    ? null
    : line
}

/** Whether the words say that it was a process of the build, rather than that something was killed. */
export function namesBuildProcess(log: LogFindings): boolean {
  return wasHit(log, killedWords.id, [...SURE.filter((name) => name !== 'job'), 'named', 'reported'])
}
