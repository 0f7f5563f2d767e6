import { code, prose } from '../../model/prose.ts'
import { advice, commands, type Definition, decidedByWording } from '../definition.ts'
import { group } from '../log-hits.ts'
import { plainName } from '../plain-name.ts'

/** A `//go:generate` line whose command fails. */
export const generateFailure: Definition = decidedByWording({
  id: 'generate.failure',
  title: 'A go:generate command failed',
  meaning:
    '`go generate` runs the command that stands behind a `//go:generate` comment and stops at the first one that fails or is missing. What went wrong is in the lines that the command itself printed above; Go only adds where the comment is, what was run and how it ended.',
  patterns: [
    {
      // pkg/env/template.go:29: running "mockgen": exit status 1   (cmd/go/internal/generate)
      name: 'running',
      anchor: ': running ',
      regex:
        /(?:^|[\s"'([])(?<file>(?:[A-Za-z]:[\\/])?[^\s:"'()[\]]{1,400}\.go):(?<line>\d{1,7}): running \\?"(?<tool>[^"\\]{1,300})\\?": (?<how>.{1,300})/,
      unless: /_test\.go:\d{1,7}: (?!running )/
    },
    {
      // gen.go:4: no arguments to directive · gen.go:4: mismatched quoted string
      name: 'directive',
      anchor: [
        'arguments to directive',
        'directive too long',
        'mismatched quoted string',
        'no command specified for -command'
      ],
      regex:
        /^\s*(?<file>[^\s:"'()]{1,400}\.go):(?<line>\d{1,7}): (?:no arguments to directive|directive too long|mismatched quoted string|no command specified for -command)$/
    }
  ],
  basis: 'step',
  onlyOutsideTests: true,
  endedBy: 'itself',
  says: (line) => {
    const where = `${group(line, 'file') ?? ''}:${group(line, 'line') ?? ''}`
    const tool = group(line, 'tool')
    return tool === null
      ? prose`The directive in ${code(where)} cannot be read: ${code(line.text.trim())}.`
      : prose`${code(tool)}, which the directive in ${code(where)} runs, failed: ${code(group(line, 'how') ?? '')}.`
  },
  fix: (line) => {
    const file = plainName(group(line, 'file'))
    const tool = plainName(group(line, 'tool'))
    const isMissing = /not found|no such file/.test(group(line, 'how') ?? '')
    const name = tool?.split('/').at(-1) ?? 'its'
    return [
      ...(isMissing
        ? [
            advice(
              prose`install ${code(name)} in this job (${code('go install …@version')}, or a ${code('tool')} line of ${code('go.mod')} and ${code('go tool')}) and put ${code('$(go env GOPATH)/bin')} on the path.`
            )
          ]
        : []),
      ...(file === null || file.startsWith('-')
        ? []
        : [commands(prose`run this file's directives alone, and see what is run:`, [`go generate -x ${file}`])])
    ]
  },
  catches: [
    {
      log: 'gen-go/server.go:9: running "/home/u/go/bin/mockgen": fork/exec /home/u/go/bin/mockgen: no such file or directory\n',
      exitCode: 1
    },
    { log: 'api/gen.go:3: running "protoc": exec: "protoc": executable file not found in $PATH\n', exitCode: 1 },
    {
      log: 'models.go:14:2: undefined: Options\n2026/01/02 08:12:33 loading input failed: exit status 1\npkg/env/template.go:29: running "mockgen": exit status 1\nmake: *** [gen] Error 1\n',
      exitCode: 2
    }
  ],
  ignores: [
    { log: 'running "go vet" failed\n./main.go:3:1: undefined: x\n', exitCode: 1 },
    { log: '--- FAIL: TestGen (0.00s)\n    gen_test.go:12: gen.go:3: running "x": exit status 1\nFAIL\n', exitCode: 1 }
  ],
  links: [
    'https://pkg.go.dev/cmd/go#hdr-Generate_Go_files_by_processing_source',
    'https://github.com/golang/go/blob/master/src/cmd/go/internal/generate/generate.go'
  ]
})
