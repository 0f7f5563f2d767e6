import type { LogLine } from '../../model/evidence.ts'
import { code, type Prose, prose } from '../../model/prose.ts'
import { ASSERTED } from '../assertion.ts'
import { advice, commands, type Definition, decidedByWording } from '../definition.ts'
import { group, wasHit } from '../log-hits.ts'
import { plainName } from '../plain-name.ts'
import { NOT_A_SOURCE, sourceFails } from './network-words.ts'
import { STD_PACKAGE } from './std-packages.ts'

/** A package of the standard library is a matter of the installation. */
const STANDARD = `(?:package|path) \\\\?"?${STD_PACKAGE}\\\\?"?(?=[\\s:;]|$)`

/** The package or version that is asked for is nowhere. */
export const moduleNotFound: Definition = decidedByWording({
  id: 'module.not-found',
  title: 'A package or module version was not found',
  meaning:
    'An import path or a version that the build asks for does not exist where Go looked: no module in go.mod provides the package, the proxy or repository does not have that version, or the path is not one that Go can look up. A typing error, a tag that was never pushed or was deleted, a package that moved, and a private repository that this run may not see all look like this.',
  patterns: [
    {
      // main.go:4:2: no required module provides package example.com/x; to add it: · cannot find module providing package …
      name: 'package',
      anchor: [
        'no required module provides package ',
        'cannot find module providing package ',
        'cannot find package ',
        'cannot find module for path ',
        'does not contain package',
        'missing module for import: ',
        'and is replaced but not required',
        'but not at required version'
      ],
      regex:
        /(?:no required module provides package|cannot find module providing package|cannot find module for path|cannot find package|(?:do(?:es)? )not contain packages?(?: matching)?|missing module for import:|provides package) "?(?<package>[^\s";:]{1,300})/,
      unless: new RegExp(
        `${STANDARD}|go\\.mod file not found|cannot find main module|disabled by -mod=readonly|go\\.work\\b|modules disabled|${ASSERTED.source}`
      )
    },
    {
      name: 'std',
      anchor: ['is not in std', 'is not in GOROOT'],
      regex: /package (?<unknown>[^\s:]{1,300}) is not in (?:std|GOROOT)\b/,
      unless: new RegExp(`${STANDARD}|${ASSERTED.source}`)
    },
    {
      // invalid version: unknown revision v1.2.3 · no matching versions for query "v9" · proxy returned info for version …
      name: 'version',
      anchor: [
        'unknown revision',
        'no matching versions for query',
        'proxy returned info for version',
        'invalid pseudo-version',
        'so module path must match major version',
        'no matching version',
        ' at revision ',
        "couldn't find remote ref",
        'disallowed module version',
        'module declares its path as',
        'but was required as'
      ],
      regex:
        /\bunknown revision\b|no matching versions? for query|proxy returned info for version|invalid pseudo-version: |so module path must match major version|\b(?:missing|has non-|has post-).{1,200} at revision|couldn't find remote ref|module declares its path as|but was required as/,
      unless: ASSERTED
    },
    {
      // reading https://<goproxy>/a/@v/v1.0.0.info: 404 Not Found · unexpected status (https://…): 410 Gone   (go 1.12)
      name: 'missing',
      anchor: [
        ': 404',
        ': 410',
        '404 Not Found',
        '410 Gone',
        'returned error: 404',
        'no go-import meta tag',
        'module lookup disabled by GOPROXY=off',
        'not found: '
      ],
      regex: sourceFails(
        /: (?:404|410)(?=$|[\s"'):])|(?:404 Not Found|410 Gone)|returned error: 404|no go-import meta tag|module lookup disabled by GOPROXY=off|\bnot found: \S{1,300}@/
      ),
      unless: new RegExp(`temporarily unavailable|${NOT_A_SOURCE.source}`)
    },
    {
      // remote: Repository not found. · fatal: repository 'https://…' not found · ERROR: Repository not found.
      name: 'repository',
      anchor: [
        'epository not found',
        "epository '",
        'does not appear to be a git repository',
        'could not be found or you don',
        'unrecognized import path',
        'TF401019'
      ],
      regex:
        /(?:remote|ERROR|fatal|error): (?:[Rr]epository not found|[Rr]epository '[^']{1,500}' (?:not found|does not exist)|'[^']{1,500}' does not appear to be a git repository|The project you were looking for could not be found)|TF401019: |unrecognized import path "(?<path>[^"]{1,300})"(?:: | \()(?:import path does not begin with hostname|parse |reading |https fetch: (?:no go-import|fetching)|404|cannot detect|missing dot)/,
      unless: new RegExp(`${STANDARD}|dial tcp|: 5\\d\\d |x509|timeout|Authentication failed|${ASSERTED.source}`)
    },
    {
      // stat /app/cmd/x: directory not found · package ./x: no Go files in /app/x
      name: 'directory',
      anchor: [': directory not found', 'no Go files in ', 'no Go source files', 'no such directory'],
      regex:
        /(?:^|\s)(?:stat|lstat|go:|package) (?<directory>\S{1,400}): directory not found|(?:^|[\s:])no Go files in \S|no buildable Go source files|can't load package: .{1,300}: (?:no Go (?:source )?files|no such)/,
      unless: new RegExp(`go\\.work\\b|build constraints|${ASSERTED.source}`)
    }
  ],
  endedBy: 'itself',
  onlyOutsideTests: true,
  // The proxy will have it later; that it is a 410 shows on the line before.
  unless: ({ evidence: { log } }) => wasHit(log, 'network.unreachable', ['gone']),
  says: notFoundSays,
  fix: notFoundFix,
  catches: [
    {
      log: 'main.go:4:2: no required module provides package example.com/x; to add it:\n\tgo get example.com/x\n',
      exitCode: 1
    },
    { log: 'go: example.com/x@v1.9.9: invalid version: unknown revision v1.9.9\n', exitCode: 1 },
    { log: 'go: example.com/x@v0.1.0: reading <goproxy>/example.com/x/@v/v0.1.0.mod: 404 Not Found\n', exitCode: 1 },
    {
      log: 'cmd/a.go:25:2: cannot find package "example.com/x" in any of:\n\t/usr/local/go/src/example.com/x (from $GOROOT)\n',
      exitCode: 1
    },
    { log: 'main.go:3:8: package mylib/util is not in std (/usr/local/go/src/mylib/util)\n', exitCode: 1 },
    {
      log: 'go: module example.com/x@latest found (v1.0.0), but does not contain package example.com/x/y\n',
      exitCode: 1
    },
    {
      log: 'go: example.com/x@v1: git ls-remote -q origin: exit status 128:\n\tremote: Repository not found.\n',
      exitCode: 1
    }
  ],
  ignores: [
    {
      log: 'no required module provides package example.com/x: go.mod file not found in current directory or any parent directory\n',
      exitCode: 1
    },
    { log: 'main.go:3:8: package slices is not in GOROOT (/usr/local/go/src/slices)\n', exitCode: 1 },
    { log: '--- FAIL: TestGet (0.00s)\n    g_test.go:8: GET /x: 404 Not Found\nFAIL\n', exitCode: 1 },
    { log: 'go: example.com/x@v1.0.0: reading https://proxy/x/@v/v1.0.0.mod: 502 Bad Gateway\n', exitCode: 1 }
  ],
  links: ['https://go.dev/ref/mod#resolve-pkg-mod', 'https://go.dev/ref/mod#module-proxy']
})

function nameIn(line: LogLine): string | null {
  const named = group(line, 'package') ?? group(line, 'unknown') ?? group(line, 'path') ?? group(line, 'directory')
  return (
    named ??
    /\brequire (?<module>[^\s:]{1,300}): version/.exec(line.text)?.groups?.['module'] ??
    /(?<module>[^\s@:"]{1,300}\.[^\s@:"]{1,300})@[^\s:"]{1,200}/.exec(line.text)?.groups?.['module'] ??
    null
  )
}

function notFoundSays(line: LogLine): Prose {
  const name = nameIn(line)
  return name === null
    ? prose`A package or module version that the build asks for was not found: ${code(line.text.trim().slice(0, 200))}.`
    : prose`${code(name)} was not found where Go looked.`
}

function notFoundFix(line: LogLine): ReturnType<Definition['remedies']> {
  const name = plainName(nameIn(line))
  const isPackage = group(line, 'package') !== null
  const shown = name ?? 'MODULE'
  const look = commands(prose`see which versions exist where Go looks:`, [`go list -m -versions ${shown}`])
  const add = commands(prose`if the path is right, add its module and commit both files:`, [
    `go get ${shown}`,
    'git add go.mod go.sum'
  ])
  const hidden = commands(prose`if the repository is private, fetch it directly and with a login:`, [
    `go env -w GOPRIVATE=${shown.split('/').slice(0, 2).join('/')}`
  ])
  if (isPackage)
    return [
      add,
      advice(
        prose`if it belongs to this repository, compare the import path with the ${code('module')} line of ${code('go.mod')}, case included.`
      )
    ]
  return name === null
    ? [advice(prose`compare the path and the version with the repository: case, major version suffix, pushed tag.`)]
    : [look, hidden]
}
