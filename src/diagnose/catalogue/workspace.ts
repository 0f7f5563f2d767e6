import type { Remedy } from '../../model/diagnosis.ts'
import type { LogLine } from '../../model/evidence.ts'
import { code, prose } from '../../model/prose.ts'
import { commands, type Definition, decidedByWording } from '../definition.ts'
import { group } from '../log-hits.ts'
import { plainName } from '../plain-name.ts'

/** A `go.work` file that does not fit what is built. */
export const workspace: Definition = decidedByWording({
  id: 'workspace',
  title: 'The Go workspace does not fit',
  meaning:
    'A `go.work` file is in force: it was found in this directory or one above, or named by `GOWORK`. Then Go builds only the modules that it lists, with versions that all of them agree on. A module that is not listed, a listed directory that is not there, or a `go` line that is too old stops the build, although the module alone would build.',
  patterns: [
    {
      // directory . outside modules listed in go.work or their selected dependencies   (cmd/go/internal/modload)
      // current directory is contained in a module that is not one of the workspace modules listed in go.work.
      name: 'unlisted',
      anchor: ['listed in go.work', 'of the workspace modules'],
      regex:
        /(?:directory (?:prefix )?(?<directory>\S{1,300}) |current directory ).{0,120}(?:modules listed in go\.work|is not one of the workspace modules)|modules listed in go\.work or their selected dependencies/
    },
    {
      // go: module . listed in go.work file requires go >= 1.21, but go.work lists go 1.18; to update it:
      name: 'version',
      anchor: ' listed in go.work file requires go ',
      regex: /(?:module (?<module>\S{1,300}) )?listed in go\.work file requires go >= (?<wanted>\S{1,20}), but go\.work/
    },
    {
      // go: cannot load module ../lib listed in go.work file: open ../lib/go.mod: no such file or directory
      name: 'missing',
      anchor: ' listed in go.work file: ',
      regex: /cannot load module (?<missing>\S{1,300}) listed in go\.work file: /
    },
    {
      name: 'file',
      anchor: ['go.work', 'workspace'],
      regex:
        /(?:errors parsing|error loading|reading) \S{0,300}go\.work\b|go\.work:\d{1,5}: |no go\.work file found|no modules were found in the current workspace|(?:path|module) \S{1,300} appears multiple times in workspace|conflicting replacements found for .{1,300} in workspace modules|workspace module \S{1,300} is replaced at all versions|cannot be (?:used|run) (?:in workspace mode|outside of a workspace)|when in workspace mode, but it is set to|(?:In|Outside) workspace mode, (?:but )?vendor directory|go: inconsistent vendoring in .{0,300}go\.work\b/
    }
  ],
  endedBy: 'itself',
  says: (line) => prose`A ${code('go.work')} file stops the build: ${code(line.text.trim())}.`,
  fix: (line) => [
    ...added(line),
    commands(prose`build the module alone, without the workspace. Where the file comes from:`, [
      'go env GOWORK',
      'GOWORK=off go build ./...'
    ])
  ],
  catches: [
    { log: 'directory . outside modules listed in go.work or their selected dependencies\n', exitCode: 1 },
    {
      log: 'go: module ./api listed in go.work file requires go >= 1.23.0, but go.work lists go 1.21; to update it:\n\tgo work use\n',
      exitCode: 1
    },
    {
      log: 'go: cannot load module ../lib listed in go.work file: open ../lib/go.mod: no such file or directory\n',
      exitCode: 1
    },
    {
      log: 'current directory is contained in a module that is not one of the workspace modules listed in go.work. You can add the module to the workspace using:\n\tgo work use .\n',
      exitCode: 1
    },
    {
      log: 'go: -mod may only be set to readonly or vendor when in workspace mode, but it is set to "mod"\n',
      exitCode: 1
    }
  ],
  ignores: [
    { log: '+ cp go.work /src/\nDownloading to /github/workspace\n./main.go:3:1: undefined: x\n', exitCode: 1 },
    {
      log: "go: go.mod file not found in current directory or any parent directory; see 'go help modules'\n",
      exitCode: 1
    }
  ],
  links: ['https://go.dev/ref/mod#workspaces', 'https://pkg.go.dev/cmd/go#hdr-Workspace_maintenance']
})

/** What to do to the workspace itself, where its complaint says. */
function added(line: LogLine): readonly Remedy[] {
  const missing = plainName(group(line, 'missing'))
  if (missing !== null)
    return [
      commands(prose`take the module out of the workspace if it is gone, or check it out:`, [
        `go work edit -dropuse=${missing}`
      ])
    ]
  if (group(line, 'wanted') !== null)
    return [commands(prose`raise the ${code('go')} line of the workspace to that of its modules:`, ['go work use'])]
  if (!/modules listed in go\.work|of the workspace modules/.test(line.text)) return []
  const directory = plainName(group(line, 'directory')) ?? '.'
  return [
    commands(prose`add the module to the workspace, if it belongs there:`, [
      `go work use ${directory.startsWith('-') ? '.' : directory}`
    ])
  ]
}
