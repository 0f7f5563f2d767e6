import { code, prose } from '../../model/prose.ts'
import { ASSERTED } from '../assertion.ts'
import { advice, commands, type Definition, decidedByWording } from '../definition.ts'

/** What lies in a cache is not what was put there. */
export const cacheCorrupt: Definition = decidedByWording({
  id: 'cache.corrupt',
  title: 'A cache or download is damaged',
  meaning:
    'A file of the module cache, of the build cache, or an archive that was just downloaded is damaged or only half there. An earlier run that was killed or ran out of disk while it wrote, a cache that two jobs restored at once, and a proxy that answers with an error page in place of a zip file are the usual reasons. The sources are fine.',
  patterns: [
    {
      // zip: not a valid zip file · verifying example.com/a@v0.0.1: unexpected ziphash: "" · flate: corrupt input before offset 5
      name: 'archive',
      anchor: [
        'not a valid zip file',
        'unexpected ziphash',
        'zip: checksum error',
        'zip: unsupported compression',
        'corrupt input before offset',
        'missing ziphash',
        'zip has been modified',
        'dir has been modified',
        'ziphash file is missing',
        'not completely extracted',
        'gzip: invalid ',
        'invalid tar header',
        'unzip ',
        'has unexpected file '
      ],
      regex:
        /not a valid zip file|unexpected ziphash|zip: (?:checksum error|unsupported compression)|flate: corrupt input before offset|missing ziphash|(?:zip|dir) has been modified \(|ziphash file is missing|not completely extracted|gzip: invalid (?:checksum|header)|archive\/tar: invalid tar header|unzip \S{1,500}: (?:unexpected EOF|EOF|open )|zip for \S{1,400} has unexpected file/,
      unless: ASSERTED
    },
    {
      // go: go: cache verify failed: … · could not import fmt (open /root/.cache/go-build/ab/…-d: no such file or directory)
      name: 'build-cache',
      anchor: [
        'cache verify failed',
        'could not import ',
        'loading compiled Go files from cache',
        'loading cached file ',
        'internal error: invalid binary cache entry',
        'not a package file',
        'bad magic',
        'truncated object file',
        'corrupt object file',
        'malformed object file',
        'object file is corrupt',
        'unexpected end of archive',
        'unexpected package file',
        'file content changed underfoot'
      ],
      regex:
        /cache verify failed|could not import \S{1,300} \((?:open |reading |file is empty|bad |unexpected|unsupported|.{0,300}(?:unexpected EOF|go-build|malformed))|loading (?:compiled Go files from cache|cached file \S{1,200}): |invalid binary cache entry|not a (?:package|Go object) file|(?:truncated|corrupt|malformed) object file|object file is corrupt|unexpected end of archive|file content changed underfoot/,
      unless: ASSERTED
    },
    {
      // error: inflate: data stream error (incorrect header check) · fatal: loose object … is corrupt   (git, in pkg/mod/cache/vcs)
      name: 'git',
      anchor: [
        'inflate: data stream error',
        'is corrupt',
        'bad object ',
        'object file ',
        'bad pack header',
        'pack has bad object',
        'invalid index-pack output',
        'packfile '
      ],
      regex:
        /^\s*(?:error|fatal): (?:inflate: data stream error|loose object \S{1,100} .{0,300}is corrupt|object file \S{1,300} is empty|packfile \S{1,300} (?:is corrupt|cannot be|does not)|bad object |.{0,100}pack has bad object|.{0,40}bad pack header|index file corrupt)/,
      unless: ASSERTED
    },
    {
      // A stored archive of the cache that does not unpack.
      name: 'stored',
      anchor: ['gzip: stdin: ', 'zstd: ', 'Unexpected EOF in archive', '/*stdin*\\'],
      regex:
        /gzip: stdin: (?:unexpected end of file|not in gzip format|invalid compressed data)|tar: Unexpected EOF in archive|\/\*stdin\*\\ : (?:Decoding error|Read error|unsupported format)/
    }
  ],
  endedBy: 'itself',
  onlyOutsideTests: true,
  says: (line) => prose`A file of a cache or a download is damaged: ${code(line.text.trim().slice(0, 200))}.`,
  fix: (line) => [
    /zip|tar|git|stdin|pack|inflate|object \S{40}/.test(line.text)
      ? commands(prose`throw the module cache away and download again:`, ['go clean -modcache', 'go mod download'])
      : commands(prose`throw the build cache away:`, ['go clean -cache']),
    advice(
      prose`if the cache was restored from an earlier run, change its key once, so that the damaged one is not restored again.`
    )
  ],
  catches: [
    { log: 'go: downloading example.com/a v0.0.1\ngo get example.com/a: zip: not a valid zip file\n', exitCode: 1 },
    { log: 'verifying example.com/a@v0.0.1: unexpected ziphash: ""\n', exitCode: 1 },
    {
      log: 'main.go:4:2: could not import fmt (open /root/.cache/go-build/ab/abcd-d: no such file or directory)\n',
      exitCode: 1
    },
    {
      log: 'error: inflate: data stream error (incorrect header check)\nfatal: loose object 76ea9c5a72005d2b (stored in ./76/ea) is corrupt\n',
      exitCode: 128
    }
  ],
  ignores: [
    { log: '--- FAIL: TestZip (0.00s)\n    z_test.go:4: open: zip: not a valid zip file\nFAIL\n', exitCode: 1 },
    { log: 'go: verifying example.com/a@v1.0.0: checksum mismatch\n', exitCode: 1 },
    {
      log: './main.go:4:2: could not import example.com/x (no required module provides package "example.com/x")\n',
      exitCode: 1
    }
  ],
  links: ['https://go.dev/ref/mod#module-cache', 'https://pkg.go.dev/cmd/go#hdr-Build_and_test_caching']
})
