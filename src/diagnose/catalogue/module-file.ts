import { code, prose } from '../../model/prose.ts'
import { ASSERTED } from '../assertion.ts'
import { commands, type Definition, decidedByWording } from '../definition.ts'
import { group } from '../log-hits.ts'
import { plainName } from '../plain-name.ts'

const MODULES_LINK = 'https://go.dev/ref/mod'

/** Go runs where no go.mod is. */
export const moduleNoGoMod: Definition = decidedByWording({
  id: 'module.no-go-mod',
  title: 'No go.mod for what is built',
  meaning:
    'Go found no main module: there is no go.mod in the directory of the command or above it, or the directory that is named lies outside of it. Usually the step runs in the wrong directory, go.mod was not copied into the image or not checked out, or the program dates from the time before modules.',
  patterns: [
    {
      // go: go.mod file not found in current directory or any parent directory; see 'go help modules'   (modload/init.go; before 1.16: cannot find main module)
      name: 'none',
      anchor: [
        'go.mod file not found',
        'cannot find main module',
        'outside available modules',
        'outside main module',
        'go.mod exists but should not',
        'cannot determine module path for source directory',
        'modules disabled inside GOPATH',
        'modules disabled by GO111MODULE',
        'when current directory is not in a module',
        'when outside a module',
        'does not contain main module',
        'no modules specified',
        'in GOPATH mode',
        'outside of a module',
        'No go.mod file found'
      ],
      regex:
        /go\.mod file not found|cannot find main module|outside (?:available modules|main module or its selected dependencies)|go\.mod exists but should not|cannot determine module path for source directory|modules disabled (?:inside GOPATH|by GO111MODULE)|when (?:current directory is not in|outside) a module|directory prefix \S{1,400} (?:outside|does not contain) (?:available modules|main module)|go: no modules specified|can(?:not| only) use path@version syntax|No go\.mod file found/,
      unless: new RegExp(`go\\.work\\b|workspace|${ASSERTED.source}`)
    }
  ],
  endedBy: 'itself',
  onlyOutsideTests: true,
  says: (line) =>
    prose`Go found no ${code('go.mod')} for what it should build: ${code(line.text.trim().slice(0, 200))}.`,
  fix: () => [
    commands(prose`see where the step runs, and where the modules are:`, [
      'pwd; go env GOMOD GO111MODULE GOFLAGS; git ls-files "*go.mod"'
    ]),
    commands(prose`run it in the directory of the module:`, [
      'go -C DIRECTORY build ./...   # Go 1.20 on; or working-directory: DIRECTORY'
    ]),
    commands(prose`if there is no module yet, make one and commit it:`, ['go mod init example.com/NAME', 'go mod tidy'])
  ],
  catches: [
    {
      log: "go: go.mod file not found in current directory or any parent directory; see 'go help modules'\n",
      exitCode: 1
    },
    { log: "go: cannot find main module; see 'go help modules'\n", exitCode: 1 },
    { log: 'go: directory /go/src/words outside available modules\n', exitCode: 1 },
    {
      log: 'pattern ./...: directory prefix . does not contain main module or its selected dependencies\n',
      exitCode: 1
    },
    { log: '$GOPATH/go.mod exists but should not\n', exitCode: 1 }
  ],
  ignores: [
    {
      log: 'go: directory . is contained in a module that is not one of the workspace modules listed in go.work\n',
      exitCode: 1
    },
    { log: 'main.go:4:2: no required module provides package example.com/x; to add it:\n', exitCode: 1 },
    { log: '--- FAIL: TestInit (0.00s)\n    i_test.go:4: want: go.mod file not found\nFAIL\n', exitCode: 1 }
  ],
  links: [`${MODULES_LINK}#go-mod-init`, `${MODULES_LINK}#commands-outside`]
})

/** What go.mod says in a syntax that newer releases of Go would accept: a matter of the installation. */
const NEWER_SYNTAX =
  /unknown (?:directive|block type): (?:toolchain|tool|godebug|ignore|retract)\b|invalid go version '\d{1,3}\.\d{1,3}(?:\.\d{1,3}|rc\d{1,3}|beta\d{1,3})': must match format/

/** go.mod (or go.sum) cannot be read as such. */
export const moduleParse: Definition = decidedByWording({
  id: 'module.parse',
  title: 'The file go.mod cannot be parsed',
  meaning:
    'A line of go.mod or go.sum is not what it may be: marks of an unfinished merge, a version that is none, a path that is none, a byte order mark or other characters that do not belong there. The message names the line.',
  patterns: [
    {
      // go.mod:3: unknown directive: foo · go.mod:5:2: require example.com/x: version "1.2" invalid: must be of the form v1.2.3   (x/mod/modfile)
      name: 'line',
      anchor: ['go.mod:'],
      regex:
        /(?:^|[\s/\\])(?<file>(?:[^\s:]{0,300}[/\\])?go\.mod):(?<line>\d{1,6}):(?:\d{1,5}:)? (?<reason>(?:unknown (?:directive|block)|unexpected |usage: |invalid |malformed |syntax error|repeated |no module |(?:require|replace|exclude|retract|module) \S{1,300}: (?:version ".{0,100}" invalid: |invalid |malformed )|(?:require|replace|exclude|retract|module|go) |mismatched |cannot ).{0,300})/,
      unless: new RegExp(
        `unknown revision|dial tcp|https?://|git (?:fetch|ls-remote)|: (?:404|410)\\b|${NEWER_SYNTAX.source}|${ASSERTED.source}`
      )
    },
    {
      // go: error reading go.mod: missing module declaration. · malformed go.sum: · no module declaration in go.mod
      name: 'file',
      anchor: [
        'go.sum:',
        'missing module declaration',
        'no module declaration',
        'parsing go.mod: missing module line',
        'parsing go.mod: unexpected',
        'error reading '
      ],
      regex:
        /malformed go\.sum:|go\.sum:\d{1,6}: (?:wrong number of fields|malformed)|missing module declaration|no module declaration in (?<file>\S{0,300}go\.mod)|parsing go\.mod: (?:missing module line|unexpected)|error reading \S{0,300}go\.mod: (?:missing|invalid)/,
      unless: ASSERTED
    }
  ],
  endedBy: 'itself',
  onlyOutsideTests: true,
  says: (line) => {
    const at = group(line, 'line')
    return at === null
      ? prose`The module files cannot be parsed: ${code(line.text.trim().slice(0, 200))}.`
      : prose`Line ${code(at)} of ${code(group(line, 'file') ?? 'go.mod')} cannot be parsed: ${code(group(line, 'reason') ?? '')}.`
  },
  fix: (line) => {
    const file = plainName(group(line, 'file')) ?? 'go.mod'
    const at = group(line, 'line')
    return [
      ...(at === null
        ? []
        : [commands(prose`see the line, invisible characters included:`, [`sed -n ${at}p ${file} | od -c | head`])]),
      commands(prose`correct it, and let Go check the rest:`, ['go mod edit -fmt', 'go mod tidy'])
    ]
  },
  catches: [
    { log: 'go: errors parsing go.mod:\n/src/go.mod:7: unknown directive: <<<<<<<\n', exitCode: 1 },
    { log: "go: errors parsing go.mod: go.mod:1: unexpected input character '\\ufeff'\n", exitCode: 1 },
    {
      log: 'go: errors parsing go.mod:\ngo.mod:5:2: require example.com/x: version "1.2" invalid: must be of the form v1.2.3\n',
      exitCode: 1
    },
    { log: 'malformed go.sum:\ngo.sum:3: wrong number of fields 2\n', exitCode: 1 }
  ],
  ignores: [
    { log: 'go: errors parsing go.mod:\n/src/go.mod:5: unknown directive: toolchain\n', exitCode: 1 },
    {
      log: "go: errors parsing go.mod:\n/src/go.mod:3: invalid go version '1.21.0': must match format 1.23\n",
      exitCode: 1
    },
    {
      log: 'go: errors parsing go.mod:\n/src/go.mod:36: require example.com/x: version "v3.9.0" invalid: unknown revision v3.9.0\n',
      exitCode: 1
    }
  ],
  links: [`${MODULES_LINK}#go-mod-file`, 'https://pkg.go.dev/golang.org/x/mod/modfile']
})
