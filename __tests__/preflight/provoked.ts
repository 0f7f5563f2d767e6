import { GIB, MIB } from '../../src/model/bytes.ts'
import { value } from '../../src/model/reading.ts'
import type { Survey } from '../../src/model/survey.ts'
import type { RealSetup } from './real-setup.ts'

/** A set-up with something wrong in it, and what the real `go` makes of it. */
export interface Provoked extends RealSetup {
  readonly finds: readonly string[]
  /** Words of the finding: the value, and where it comes from. */
  readonly says: RegExp
  /** What the command prints; it fails unless `isGreen`. */
  readonly prints: RegExp
  readonly isGreen?: boolean
  /** The line that the finding names, as `file:line`. */
  readonly at?: string
}

const MAIN = 'package main\n\nfunc main() {}\n'
const mod = (path: string, ...lines: string[]): string => [`module ${path}`, '', 'go 1.21', ...lines, ''].join('\n')
const APP = { 'go.mod': mod('example.com/app'), 'main.go': MAIN }
const CGO = 'package fast\n\n// int one(void) { return 1; }\nimport "C"\n\nfunc One() int { return int(C.one()) }\n'
const USES_CGO = {
  'go.mod': mod('example.com/app'),
  'main.go': 'package main\n\nimport "example.com/app/fast"\n\nfunc main() { fast.One() }\n',
  'fast/fast.go': CGO
}
const REQUIRES_X = {
  'go.mod': mod('example.com/app', '', 'require example.com/x v1.2.3'),
  'main.go': 'package main\n\nimport _ "example.com/x"\n\nfunc main() {}\n'
}

const small = (survey: Survey): Survey => ({
  ...survey,
  cpus: 4,
  binding: { source: 'cgroup-v2', file: '/sys/fs/cgroup/memory.max', bytes: 2 * GIB, usedByOthersBytes: 0 }
})

const withLimit =
  (name: string, limit: number) =>
  (survey: Survey): Survey => ({ ...survey, rlimits: [{ name, soft: value(limit), hard: value(limit), unit: '' }] })

export const PROVOKED: Readonly<Record<string, Provoked>> = {
  'go.mod asks for a newer Go, and GOTOOLCHAIN is local': {
    files: { 'go.mod': 'module example.com/app\n\ngo 1.99\n', 'main.go': MAIN },
    env: { GOTOOLCHAIN: 'local' },
    finds: ['preflight.go-version'],
    says: /`go\.mod` asks for Go `1\.99`.*`GOTOOLCHAIN=local`/,
    prints: /go\.mod requires go >= 1\.99 \(running go 1/,
    at: 'go.mod:3'
  },
  'go.work asks for a newer Go': {
    files: { 'go.work': 'go 1.99.1\n\nuse ./a\n', 'a/go.mod': mod('example.com/a'), 'a/a.go': 'package a\n' },
    cwd: 'a',
    env: { GOTOOLCHAIN: 'local' },
    finds: ['preflight.go-version'],
    says: /`go\.work` asks for Go `1\.99\.1`/,
    prints: /go\.work requires go >= 1\.99\.1/,
    at: 'go.work:1'
  },
  'the command itself forbids a newer Go': {
    files: { 'go.mod': 'module example.com/app\n\ngo 1.99\n', 'main.go': MAIN },
    command: 'GOTOOLCHAIN=local go vet ./...',
    env: { GOTOOLCHAIN: 'auto' },
    finds: ['preflight.go-version'],
    says: /GOTOOLCHAIN=local/,
    prints: /go\.mod requires go >= 1\.99/
  },
  'a newer Go may be fetched, and GOPROXY is off': {
    files: { 'go.mod': 'module example.com/app\n\ngo 1.99\n', 'main.go': MAIN },
    env: { GOTOOLCHAIN: 'auto' },
    finds: ['preflight.toolchain-download'],
    says: /`GOPROXY=off` in the environment/,
    prints: /toolchain not available|GOPROXY=off|download go1\.99/
  },
  'GOROOT of another release': {
    files: { ...APP, 'root/VERSION': 'go1.20.1\n', 'root/src/x': '', 'root/pkg/tool/x': '' },
    env: { GOROOT: '$DIR/root' },
    finds: ['preflight.goroot'],
    says: /GOROOT=.*there is `go1\.20\.1`/,
    prints: /cannot find package|does not match go tool version/
  },
  'GOROOT of nothing': {
    files: { ...APP, 'root/x': '' },
    env: { GOROOT: '$DIR/root' },
    finds: ['preflight.goroot'],
    says: /no Go is there/,
    prints: /cannot find package/
  },
  'GO111MODULE with a value of another kind': {
    files: APP,
    env: { GO111MODULE: 'yes' },
    finds: ['preflight.go-env'],
    says: /unknown environment setting GO111MODULE=yes/,
    prints: /unknown environment setting GO111MODULE=yes/
  },
  'GOPATH is relative': {
    files: APP,
    env: { GOPATH: 'go' },
    finds: ['preflight.go-env'],
    says: /GOPATH entry is relative/,
    prints: /GOPATH entry is relative/
  },
  'GOWORK is relative': {
    files: APP,
    env: { GOWORK: 'go.work' },
    finds: ['preflight.go-env'],
    says: /invalid GOWORK/,
    prints: /invalid GOWORK: not an absolute path/
  },
  'GO111MODULE=off beside a go.mod': {
    files: REQUIRES_X,
    env: { GO111MODULE: 'off' },
    finds: ['preflight.modules-off'],
    says: /`GO111MODULE=off` in the environment/,
    prints: /cannot find package "example\.com\/x"/,
    at: 'go.mod:1'
  },
  'GO111MODULE=off, left by go env -w': {
    files: { ...REQUIRES_X, 'home/.config/go/env': 'GO111MODULE=off\n' },
    finds: ['preflight.modules-off'],
    says: /GO111MODULE=off.*go env -w/,
    prints: /cannot find package "example\.com\/x"/
  },
  'GOFLAGS without a hyphen': {
    files: APP,
    env: { GOFLAGS: 'mod=mod' },
    finds: ['preflight.goflags'],
    says: /`mod=mod` is no flag/,
    prints: /non-flag "mod=mod"/
  },
  'GOFLAGS with a lone word after a flag': {
    files: APP,
    env: { GOFLAGS: '-tags integration' },
    finds: ['preflight.goflags'],
    says: /`integration` is no flag/,
    prints: /non-flag "integration"/
  },
  '-mod=mod in a workspace': {
    files: { 'go.work': 'go 1.21\n\nuse ./a\n', 'a/go.mod': mod('example.com/a'), 'a/a.go': 'package a\n' },
    cwd: 'a',
    env: { GOFLAGS: '-mod=mod' },
    finds: ['preflight.goflags'],
    says: /GOFLAGS=-mod=mod.*workspace/,
    prints: /-mod may only be set to readonly or vendor when in workspace mode/
  },
  '-modfile in a workspace': {
    files: {
      'go.work': 'go 1.21\n\nuse ./a\n',
      'a/go.mod': mod('example.com/a'),
      'a/other.mod': mod('example.com/a'),
      'a/a.go': 'package a\n'
    },
    cwd: 'a',
    command: 'go build -modfile=other.mod ./...',
    finds: ['preflight.goflags'],
    says: /-modfile=other\.mod.*in the command/,
    prints: /-modfile cannot be used in workspace mode/
  },
  '-mod=vendor without vendor': {
    files: REQUIRES_X,
    env: { GOFLAGS: '-mod=vendor' },
    finds: ['preflight.goflags'],
    says: /no `vendor\/modules\.txt`/,
    prints: /inconsistent vendoring|no such file/
  },
  'GOFLAGS of the environment hides that of go env -w': {
    files: {
      ...APP,
      'home/.config/go/env': 'GOFLAGS=-tags=integration\n',
      'tagged.go': '//go:build integration\n\npackage main\n\nimport _ "example.com/missing"\n'
    },
    env: { GOFLAGS: '-trimpath' },
    finds: ['preflight.goflags-hidden'],
    says: /hides `-tags=integration`/,
    prints: /^$/,
    isGreen: true
  },
  'settings that an earlier job left on the runner': {
    files: { ...APP, 'home/.config/go/env': 'GOOS=windows\n', 'event.json': '{}' },
    command: 'go build -o app .\nfile app || true\ngo version -m app',
    setup: (setup) => ({ ...setup, calls: [], jobStartMs: Date.now() + 3_600_000 }),
    finds: ['preflight.go-env-leftover'],
    says: /GOOS=windows.*before this job began/,
    prints: /GOOS=windows/,
    isGreen: true
  },
  'GOCACHE is off': {
    files: APP,
    env: { GOCACHE: 'off' },
    finds: ['preflight.go-env'],
    says: /`go env` ends with an error.*GOCACHE=off/,
    prints: /build cache is disabled by GOCACHE=off/
  },
  'GOCACHE is relative': {
    files: APP,
    env: { GOCACHE: 'cache' },
    finds: ['preflight.go-env'],
    says: /`go env` ends with an error.*GOCACHE/,
    prints: /GOCACHE is not an absolute path/
  },
  'no HOME and no GOCACHE': {
    files: APP,
    env: { HOME: '(unset)', GOCACHE: '(unset)', GOPATH: '/tmp/preflight-gopath' },
    finds: ['preflight.go-env'],
    says: /`go env` ends with an error.*HOME/,
    prints: /build cache is required, but could not be located/
  },
  'GOTMPDIR is not there': {
    files: APP,
    env: { GOTMPDIR: '$DIR/gone' },
    finds: ['preflight.go-env'],
    says: /`go env` ends with an error.*gone/,
    prints: /creating work dir: stat .*gone: no such file/
  },
  'TMPDIR is not there': {
    files: APP,
    env: { TMPDIR: '$DIR/gone' },
    finds: ['preflight.go-env'],
    says: /`go env` ends with an error.*gone/,
    prints: /creating work dir: stat .*gone: no such file/
  },
  'a module in the root of GOPATH': {
    files: APP,
    env: { GOPATH: '$DIR' },
    finds: ['preflight.go-directory'],
    says: /stands in the root of `GOPATH=/,
    prints: /ignoring go\.mod in \$GOPATH/,
    isGreen: true
  },
  'GOBIN is relative': {
    files: APP,
    env: { GOBIN: 'bin' },
    command: 'go install .',
    finds: ['preflight.go-directory'],
    says: /GOBIN=bin/,
    prints: /GOBIN must be an absolute path/
  },
  'the cache cannot be made': {
    files: { ...APP, file: '' },
    env: { GOCACHE: '$DIR/file/cache' },
    finds: ['preflight.go-env'],
    says: /`go env` ends with an error.*not a directory/,
    prints: /not a directory/
  },
  'the cache may not be written': {
    files: APP,
    setup: (setup) => ({
      ...setup,
      storage: setup.storage.map((one) => ({
        ...one,
        nearest: { path: one.path, isDirectory: true, isWritable: one.name !== 'GOCACHE' }
      }))
    }),
    finds: ['preflight.not-writable'],
    says: /GOCACHE=.*may not write there/,
    prints: /^$/,
    isGreen: true
  },
  'a go.work that leaves this module out': {
    files: {
      'go.work': 'go 1.21\n\nuse ./a\n',
      'a/go.mod': mod('example.com/a'),
      'a/a.go': 'package a\n',
      'b/go.mod': mod('example.com/b'),
      'b/b.go': 'package b\n'
    },
    cwd: 'b',
    finds: ['preflight.workspace-hides-module'],
    says: /uses no directory/,
    prints: /does not contain modules listed in go\.work/,
    at: 'go.work:3'
  },
  'a go.work above the repository': {
    files: {
      'go.work': 'go 1.21\n\nuse ./repo\n',
      'repo/go.mod': mod('example.com/app'),
      'repo/main.go': MAIN
    },
    cwd: 'repo',
    env: { GITHUB_WORKSPACE: '$DIR/repo' },
    command: 'go env GOWORK',
    setup: (setup) => ({
      ...setup,
      calls: setup.calls?.map((call) => ({ ...call, verb: 'build', operands: ['./...'] })) ?? null
    }),
    finds: ['preflight.workspace-above'],
    says: /go\.work` is in force, and the repository is/,
    prints: /go\.work/,
    isGreen: true
  },
  'a workspace with a module that is not there': {
    files: {
      'go.work': 'go 1.21\n\nuse (\n\t./a\n\t./gone\n)\n',
      'a/go.mod': mod('example.com/a'),
      'a/a.go': 'package a\n'
    },
    cwd: 'a',
    finds: ['preflight.workspace'],
    says: /uses `\.\/gone`/,
    prints: /cannot load module .*gone listed in go\.work/,
    at: 'go.work:5'
  },
  'a workspace older than its module': {
    files: {
      'go.work': 'go 1.21\n\nuse ./a\n',
      'a/go.mod': 'module example.com/a\n\ngo 1.23\n',
      'a/a.go': 'package a\n'
    },
    cwd: 'a',
    finds: ['preflight.workspace'],
    says: /asks for Go `1\.23`/,
    prints: /requires go >= 1\.23, but go\.work lists go 1\.21/,
    at: 'go.work:1'
  },
  'GOWORK names a file that is not there': {
    files: APP,
    env: { GOWORK: '$DIR/gone.work' },
    finds: ['preflight.workspace'],
    says: /GOWORK=.*not there/,
    prints: /gone\.work: no such file|reading go\.work/
  },
  'vendor has another version': {
    files: {
      ...REQUIRES_X,
      'vendor/modules.txt': '# example.com/x v1.2.2\n## explicit; go 1.20\nexample.com/x\n',
      'vendor/example.com/x/x.go': 'package x\n'
    },
    finds: ['preflight.vendor'],
    says: /requires `example\.com\/x v1\.2\.3`, and vendor\/modules\.txt has `v1\.2\.2`/,
    prints: /inconsistent vendoring/,
    at: 'go.mod:5'
  },
  'vendor has a module that go.mod does not require': {
    files: {
      ...APP,
      'vendor/modules.txt': '# example.com/x v1.2.2\n## explicit\nexample.com/x\n',
      'vendor/example.com/x/x.go': 'package x\n'
    },
    finds: ['preflight.vendor'],
    says: /go\.mod does not require it/,
    prints: /inconsistent vendoring/
  },
  'vendor lacks a replacement': {
    files: {
      'go.mod': mod('example.com/app', '', 'require example.com/x v1.2.3', '', 'replace example.com/x => ./x'),
      'main.go': MAIN,
      'x/go.mod': mod('example.com/x'),
      'vendor/modules.txt': '# example.com/x v1.2.3\n## explicit; go 1.20\nexample.com/x\n'
    },
    finds: ['preflight.vendor'],
    says: /go\.mod replaces `example\.com\/x`/,
    prints: /inconsistent vendoring/,
    at: 'go.mod:7'
  },
  'vendor without modules.txt': {
    files: { ...REQUIRES_X, 'vendor/example.com/x/x.go': 'package x\n' },
    finds: ['preflight.vendor'],
    says: /does not have it/,
    prints: /inconsistent vendoring/
  },
  'a replace to a directory that is not there': {
    files: {
      'go.mod': mod(
        'example.com/app',
        '',
        'require example.com/x v0.0.0',
        '',
        'replace (',
        '\texample.com/x => ../x',
        ')'
      ),
      'main.go': 'package main\n\nimport _ "example.com/x"\n\nfunc main() {}\n'
    },
    finds: ['preflight.replace-missing'],
    says: /`example\.com\/x` is replaced by `\.\.\/x`/,
    prints: /replacement directory \.\.\/x does not exist/,
    at: 'go.mod:8'
  },
  'GOPROXY with a word that is no address': {
    files: REQUIRES_X,
    env: { GOPROXY: 'on', GOFLAGS: '-mod=mod', GONOSUMDB: 'example.com', GONOSUMCHECK: '1' },
    finds: ['preflight.proxy'],
    says: /`on` is no address/,
    prints: /invalid proxy URL missing scheme: on/
  },
  'GOPROXY separated by semicolons': {
    files: REQUIRES_X,
    env: { GOPROXY: 'ftp://goproxy.example.com;direct', GOFLAGS: '-mod=mod' },
    finds: ['preflight.proxy'],
    says: /is no address/,
    prints: /invalid proxy URL scheme/
  },
  'a proxy behind direct': {
    files: REQUIRES_X,
    env: { GOPROXY: 'off,file:///nowhere', GOFLAGS: '-mod=mod' },
    finds: ['preflight.proxy'],
    says: /stands behind `off` and is never asked/,
    prints: /module lookup disabled by GOPROXY=off/
  },
  'GOPROXY=off and an empty module cache': {
    files: {
      ...REQUIRES_X,
      'go.sum':
        'example.com/x v1.2.3 h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nexample.com/x v1.2.3/go.mod h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n'
    },
    finds: ['preflight.proxy-off'],
    says: /GOPROXY=off.*`example\.com\/x@v1\.2\.3` is not in the module cache/,
    prints: /module lookup disabled by GOPROXY=off/,
    at: 'go.mod:5'
  },
  'GOPRIVATE with a scheme': {
    files: REQUIRES_X,
    env: { GOPRIVATE: 'https://example.com', GOPROXY: 'file:///nowhere', GOFLAGS: '-mod=mod' },
    finds: ['preflight.private-pattern'],
    says: /"https:\/\/example\.com"/,
    prints: /file:\/\/\/nowhere|\/nowhere\/example\.com/
  },
  'GOPRIVATE with a blank behind the comma': {
    files: REQUIRES_X,
    env: { GOPRIVATE: 'example.org, example.com', GOPROXY: 'file:///nowhere', GOFLAGS: '-mod=mod' },
    finds: ['preflight.private-pattern'],
    says: /" example\.com"/,
    prints: /\/nowhere\/example\.com/
  },
  'GONOPROXY with an ellipsis': {
    files: REQUIRES_X,
    env: { GONOPROXY: 'example.com/...', GOPROXY: 'file:///nowhere', GOFLAGS: '-mod=mod' },
    finds: ['preflight.private-pattern'],
    says: /GONOPROXY=example\.com\/\.\.\./,
    prints: /\/nowhere\/example\.com/
  },
  'GOSUMDB with a word that is no database': {
    files: APP,
    env: { GOSUMDB: 'false' },
    finds: ['preflight.sumdb'],
    says: /GOSUMDB=false/,
    prints: /^$/,
    isGreen: true
  },
  'a system that Go calls otherwise': {
    files: APP,
    env: { GOOS: 'macos' },
    finds: ['preflight.target'],
    says: /GOOS=macos.*`macos\/amd64`|GOOS=macos/,
    prints: /unsupported GOOS\/GOARCH pair macos/
  },
  'a machine that Go calls otherwise, in the command': {
    files: APP,
    command: 'GOARCH=aarch64 go build ./...',
    finds: ['preflight.target'],
    says: /`GOARCH=aarch64` in the command/,
    prints: /unsupported GOOS\/GOARCH pair linux\/aarch64/
  },
  'a pair that does not exist': {
    files: APP,
    command: 'export GOOS=windows GOARCH=riscv64\ngo build ./...',
    finds: ['preflight.target'],
    says: /windows\/riscv64/,
    prints: /unsupported GOOS\/GOARCH pair windows\/riscv64/
  },
  'a level of the processor that does not exist': {
    files: APP,
    env: { GOAMD64: 'v5' },
    finds: ['preflight.target-level'],
    command: 'go env GOAMD64',
    says: /GOAMD64=v5/,
    prints: /^v5$/m,
    isGreen: true
  },
  'tests of another system': {
    files: { ...APP, 'a_test.go': 'package main\n\nimport "testing"\n\nfunc TestA(t *testing.T) {}\n' },
    env: { GOOS: 'windows' },
    command: 'go test ./...',
    finds: ['preflight.target-not-runnable'],
    says: /GOOS=windows.*`go test`/,
    prints: /exec format error|permission denied|fork\/exec/
  },
  'go run for another processor': {
    files: APP,
    command: 'GOARCH=arm64 go run .',
    finds: ['preflight.target-not-runnable'],
    says: /GOARCH=arm64.*`go run`/,
    prints: /exec format error/
  },
  'cgo is off, and a package consists of it': {
    files: USES_CGO,
    env: { CGO_ENABLED: '0' },
    finds: ['preflight.cgo-off'],
    says: /imports `example\.com\/app\/fast`.*CGO_ENABLED=0/,
    prints: /build constraints exclude all Go files in .*fast/,
    at: 'fast/fast.go:4'
  },
  'a cross build turns cgo off, and a package consists of it': {
    files: USES_CGO,
    command: 'GOOS=windows go build ./...',
    finds: ['preflight.cgo-off'],
    says: /every target that is not the machine itself/,
    prints: /build constraints exclude all Go files in .*fast/
  },
  'no C compiler, and a package consists of cgo': {
    files: USES_CGO,
    env: { PATH: '$GOROOT/bin' },
    finds: ['preflight.cgo-off'],
    says: /no C compiler `gcc`/,
    prints: /build constraints exclude all Go files in .*fast/
  },
  'cgo is on, and the compiler is not there': {
    files: USES_CGO,
    env: { CGO_ENABLED: '1', CC: 'no-such-compiler' },
    finds: ['preflight.cgo-compiler'],
    says: /compiler `no-such-compiler` is not there/,
    prints: /C compiler "no-such-compiler" not found/,
    at: 'fast/fast.go:4'
  },
  'cgo for another processor with the compiler of this one': {
    files: {
      'go.mod': mod('example.com/app'),
      'main.go': 'package main\n\n// int one(void) { return 1; }\nimport "C"\n\nfunc main() { C.one() }\n'
    },
    env: { CGO_ENABLED: '1', GOARCH: 'arm64' },
    finds: ['preflight.cgo-cross'],
    says: /CGO_ENABLED=1.*`arm64`/,
    prints: /runtime\/cgo|gcc/
  },
  '-race without cgo': {
    files: APP,
    env: { CGO_ENABLED: '0' },
    command: 'go build -race ./...',
    finds: ['preflight.race-needs-cgo'],
    says: /`-race=true` in the command; `CGO_ENABLED=0`/,
    prints: /-race requires cgo/
  },
  '-race in GOFLAGS without a C compiler': {
    files: APP,
    env: { GOFLAGS: '-race', PATH: '$GOROOT/bin' },
    finds: ['preflight.race-needs-cgo'],
    says: /GOFLAGS=-race.*no C compiler/,
    prints: /-race requires cgo/
  },
  'tests in a temporary directory that cannot execute': {
    files: { ...APP, 'a_test.go': 'package main\n\nimport "testing"\n\nfunc TestA(t *testing.T) {}\n' },
    command: 'go test ./...',
    setup: (setup) => ({
      ...setup,
      storage: setup.storage.map((one) => ({ ...one, mountOptions: [...one.mountOptions, 'noexec'] }))
    }),
    finds: ['preflight.tmp-noexec'],
    says: /TMPDIR=.*`noexec`/,
    prints: /ok/,
    isGreen: true
  },
  'a disk without room': {
    files: APP,
    setup: (setup) => ({
      ...setup,
      storage: setup.storage.map((one) => (one.name === 'GOCACHE' ? { ...one, freeBytes: 20 * MIB } : one))
    }),
    finds: ['preflight.disk-room'],
    says: /20 MiB free for `GOCACHE=/,
    prints: /^$/,
    isGreen: true
  },
  'few open files': {
    files: APP,
    machine: withLimit('Max open files', 16),
    command: 'ulimit -n 16; go build -a ./...',
    finds: ['preflight.limit'],
    says: /Max open files: 16/,
    prints: /too many open files/
  },
  'little address space': {
    files: APP,
    machine: withLimit('Max address space', 500_000 * 1024),
    command: 'ulimit -v 500000; go build ./...',
    finds: ['preflight.limit'],
    says: /Max address space: 488 MiB/,
    prints: /failed to reserve page summary memory|out of memory|cannot allocate/
  },
  'small files only': {
    files: { ...APP, 'main.go': 'package main\n\nimport "fmt"\n\nfunc main() { fmt.Println() }\n' },
    machine: withLimit('Max file size', 1024 * 1024),
    command: 'ulimit -f 1024; go build -o app .',
    finds: ['preflight.limit'],
    says: /Max file size: 1 MiB/,
    prints: /file too large/
  },
  'memory is tight, and everything is rebuilt with the race detector': {
    files: APP,
    machine: small,
    command: 'go vet -a -race ./...',
    finds: ['preflight.memory-multiplied', 'preflight.memory-multiplied'],
    says: /compiled again.*2\.0 GiB for 4 build actions/,
    prints: /.*/,
    setup: (setup) => setup,
    isGreen: true
  },
  'a package that is larger than the machine': {
    files: {
      'go.mod': mod('example.com/app', '', 'require github.com/aws/aws-sdk-go-v2/service/ec2 v1.344.1'),
      'main.go': 'package main\n\nimport _ "github.com/aws/aws-sdk-go-v2/service/ec2"\n\nfunc main() {}\n'
    },
    env: { GOPROXY: 'file:///nowhere', GOFLAGS: '-mod=mod' },
    machine: small,
    finds: ['preflight.heavy-package'],
    says: /service\/ec2`; one compiler held 3\.2 GiB.*the limit is 2\.0 GiB/,
    prints: /nowhere/,
    at: 'go.mod:5'
  },
  'memory is tight, and the cache lies in it': {
    files: APP,
    machine: small,
    setup: (setup) => ({
      ...setup,
      storage: setup.storage.map((one) => (one.name === 'GOCACHE' ? { ...one, fileSystem: 'tmpfs' } : one))
    }),
    finds: ['preflight.cache-in-memory'],
    says: /GOCACHE=.*`tmpfs`/,
    prints: /^$/,
    isGreen: true
  }
}
