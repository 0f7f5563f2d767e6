import { code, prose } from '../../model/prose.ts'
import { advice, commands, type Definition, decidedByWording } from '../definition.ts'
import { group } from '../log-hits.ts'

/** A downloaded module is not what was recorded. */
export const moduleChecksum: Definition = decidedByWording({
  id: 'module.checksum',
  title: 'Module checksum mismatch',
  meaning:
    'The content of a module differs from what go.sum or the checksum database recorded for that version. Either the author moved the tag, a proxy or cache serves something else, or somebody tampered with the download. Go refuses to build with it.',
  patterns: [
    {
      // go: verifying example.com/a@v1.13.1: checksum mismatch · go: example.com/a@v1.2.3: verifying module: checksum mismatch   (cmd/go/internal/modfetch/fetch.go)
      name: 'mismatch',
      anchor: ': checksum mismatch',
      regex:
        /(?:^|\s)verifying (?<module>[^\s@]{1,300}@[^\s:]{1,200}): checksum mismatch|(?:^|\s)(?<fetched>[^\s@]{1,300}@[^\s:]{1,200}): verifying (?:module|go\.mod): checksum mismatch/,
      unless: /_test\.go:\d/
    },
    { name: 'security', anchor: 'SECURITY ERROR', regex: /^SECURITY ERROR$/ }
  ],
  endedBy: 'itself',
  says: (line) => {
    const name = group(line, 'module') ?? group(line, 'fetched')
    return name === null
      ? prose`A downloaded module differs from its recorded checksum.`
      : prose`The download of ${code(name)} differs from its recorded checksum.`
  },
  fix: () => [
    commands(prose`see whether the copy in the cache is at fault: download it again.`, [
      'go clean -modcache',
      'go mod download'
    ]),
    advice(
      prose`if it differs again, compare both ${code('h1:')} values with the author's tag before the entry in ${code('go.sum')} is changed.`
    )
  ],
  catches: [
    { log: 'go: example.com/a@v1.2.3: verifying module: checksum mismatch\n', exitCode: 1 },
    {
      log: 'go: verifying example.com/a@v1.13.1: checksum mismatch\n\tdownloaded: h1:AkZ=\n\tgo.sum:     h1:9VB=\n',
      exitCode: 1
    },
    {
      log: 'verifying example.com/a@v0.3.6/go.mod: checksum mismatch\n\nSECURITY ERROR\nThis download does NOT match an earlier download recorded in go.sum.\n',
      exitCode: 1
    }
  ],
  ignores: [
    { log: '--- FAIL: TestUpload (0.00s)\n    up_test.go:7: part 3: checksum mismatch\nFAIL\n', exitCode: 1 },
    {
      log: 'go: example.com/a@v1.0.0: verifying module: example.com/a@v1.0.0: reading <sumdb>/lookup/example.com/a@v1.0.0: 404\n',
      exitCode: 1
    }
  ],
  links: [
    'https://go.dev/ref/mod#authenticating',
    'https://github.com/golang/go/blob/master/src/cmd/go/internal/modfetch/fetch.go'
  ]
})

/** go.sum does not know a module that the build needs. */
export const moduleMissingSum: Definition = decidedByWording({
  id: 'module.missing-sum',
  title: 'Missing go.sum entry',
  meaning:
    'The file go.sum lists a checksum for each module version that a build may use, and one that this build needs is not in it. Since Go 1.16 a build does not add it by itself. Usually go.mod was changed without `go mod tidy`, or the new go.sum was not committed.',
  patterns: [
    {
      // main.go:10:2: missing go.sum entry for module providing package x/y (imported by …); to add: · x@v1.2.3: missing go.sum entry; to add it:
      name: 'entry',
      anchor: 'missing go.sum entry',
      regex: /missing go\.sum entry(?: for (?:module providing package (?<package>\S{1,300})|go\.mod file))?/,
      unless: /_test\.go:\d+: (?!missing)/
    }
  ],
  endedBy: 'itself',
  says: (line) => {
    const name = group(line, 'package')
    return name === null
      ? prose`A module that the build needs has no entry in ${code('go.sum')}.`
      : prose`The module of ${code(name)} has no entry in ${code('go.sum')}.`
  },
  fix: () => [commands(prose`add what is missing, and commit both files.`, ['go mod tidy', 'git add go.mod go.sum'])],
  catches: [
    {
      log: 'main.go:10:2: missing go.sum entry for module providing package example.com/x (imported by example.com/a); to add:\n\tgo get example.com/a\n',
      exitCode: 1
    },
    {
      log: 'go: example.com/a@v1.7.1 requires\n\texample.com/b@v0.1.0: missing go.sum entry; to add it:\n\tgo mod download example.com/b\n',
      exitCode: 1
    }
  ],
  ignores: [
    { log: 'main.go:3:8: no required module provides package example.com/x; to add it:\n', exitCode: 1 },
    { log: '--- FAIL: TestTidy (0.00s)\n    tidy_test.go:9: want: missing go.sum entry\nFAIL\n', exitCode: 1 }
  ],
  links: ['https://go.dev/ref/mod#go-sum-files']
})
