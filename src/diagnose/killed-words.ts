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
      regex:
        /(?:(?:^|\s)(?:go build |go vet )?(?<package>[^\s:()]{1,300}): )?[^\s:()]{0,300}[/\\](?<tool>compile|link|asm|cgo|vet|cover|pack|buildid|[5-9][acgl])(?:\.exe)?: signal: killed/
    },
    {
      // go tool compile: signal: killed · go build command-line-arguments: signal: killed · runtime/cgo: gcc: signal: killed
      name: 'named',
      anchor: 'signal: killed',
      regex:
        /(?:^|\s|\/)(?:go tool (?<tool>[a-z0-9]{1,20})|go (?:build|install|vet|run|test|generate|list) (?<package>[^\s:]{1,300})|(?:[a-z0-9_]{1,20}-){0,4}(?:gcc|g\+\+|cc|clang|ld))(?:-\d{1,2})?: signal: killed/
    },
    {
      // error running subcommand /…/tool: signal: killed · running "go build" failed: signal: killed
      name: 'reported',
      anchor: 'signal: killed',
      regex: /(?:^|\s)(?:error|failed|failure|running|exec|command|ERRO|FATA|fatal)\b.{0,2000}: signal: killed\s*$/i,
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
      // make[1]: *** [generated/linux/obj.o] Killed · make: *** [Makefile:68: app] Killed
      name: 'make',
      anchor: '] Killed',
      regex: /make(?:\[\d{1,3}\])?: \*\*\* \[[^\]]{1,500}\] Killed\s*$/
    },
    { name: 'shell', anchor: 'Killed', regex: /^\s*Killed\s*$/ }
  ]
}
