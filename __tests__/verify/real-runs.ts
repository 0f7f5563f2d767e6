import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { zipOf } from '../commands/zip-files.ts'
import type { RealSetup } from '../preflight/real-setup.ts'

/** A command that ends well, and what is to be said of it. */
export interface RealRun extends RealSetup {
  readonly command: string
  readonly finds: readonly string[]
  readonly says?: RegExp
  /** Of the build's own cgroup. */
  readonly kills?: number | null
  /** What files alone cannot bring. */
  readonly prepare?: (directory: string) => void
}

const MAIN = 'package main\n\nfunc main() {}\n'
const mod = (path: string, ...lines: string[]): string => [`module ${path}`, '', 'go 1.21', ...lines, ''].join('\n')
const APP = { 'go.mod': mod('example.com/app'), 'main.go': MAIN }
const BROKEN = { 'go.mod': mod('example.com/app'), 'main.go': 'package main\n\nfunc main() { undefined() }\n' }
const testFile = (body: string): string => `package main\n\nimport "testing"\n\nfunc TestA(t *testing.T) { ${body} }\n`
const TESTED = { ...APP, 'a_test.go': testFile('') }
const POINTER = `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 12345\n`
const EMBEDS = 'package main\n\nimport _ "embed"\n\n//go:embed logo.png\nvar logo []byte\n\nfunc main() { _ = logo }\n'

/** A module proxy of files, with two versions of example.com/x. */
function proxy(directory: string): void {
  const folder = join(directory, 'proxy/example.com/x/@v')
  mkdirSync(folder, { recursive: true })
  for (const version of ['v1.0.0', 'v1.1.0']) {
    const mod = 'module example.com/x\n\ngo 1.21\n'
    writeFileSync(join(folder, `${version}.mod`), mod)
    writeFileSync(join(folder, `${version}.info`), `{"Version":"${version}"}`)
    const root = `example.com/x@${version}`
    writeFileSync(
      join(folder, `${version}.zip`),
      zipOf([
        { name: `${root}/go.mod`, content: mod },
        { name: `${root}/x.go`, content: 'package x\n' }
      ])
    )
  }
}

const WITH_X = {
  'go.mod': mod('example.com/app', '', 'require example.com/x v1.1.0'),
  'old.mod': mod('example.com/app', '', 'require example.com/x v1.0.0'),
  'main.go': 'package main\n\nimport _ "example.com/x"\n\nfunc main() {}\n'
}
const FROM_PROXY = { GOPROXY: 'file://$DIR/proxy', GOSUMDB: 'off', GOFLAGS: '-mod=mod', GOMODCACHE: '$DIR/modules' }

/** Green, and not what was meant. */
export const WRONG: Readonly<Record<string, RealRun>> = {
  'a script that goes on after an error': {
    files: BROKEN,
    command: 'set +e\ngo build -o bin/app .\necho done',
    finds: ['silent.not-built'],
    says: /`bin\/app`, which `-o` names, is not there/
  },
  'an older program in the place of the one that failed': {
    files: { ...BROKEN, 'bin/app': 'old' },
    command: 'set +e\ngo build -o bin/app .\necho done',
    finds: ['silent.not-built'],
    says: /was not written by this run/
  },
  'GOOS in a line of its own': {
    files: APP,
    command: 'GOOS=windows\nGOARCH=amd64\ngo build -o app.exe .',
    finds: ['silent.target'],
    says: /`app\.exe` is for `linux\/amd64`; `GOOS=windows` stands in a line of its own/
  },
  'GOARCH in a line of its own, and no -o': {
    files: APP,
    command: 'GOARCH=arm64\ngo build',
    finds: ['silent.target'],
    says: /GOARCH=arm64/
  },
  'a name that says another target': {
    files: APP,
    command: 'go build -o dist/app-linux-arm64 .',
    finds: ['silent.target'],
    says: /`dist\/app-linux-arm64` is for `linux\/amd64`/
  },
  'CGO_ENABLED in a line of its own': {
    files: APP,
    command: 'CGO_ENABLED=0\ngo build -o app .',
    finds: ['silent.flags'],
    says: /CGO_ENABLED=1.*CGO_ENABLED=0/
  },
  'coverage that go env -w brought along': {
    files: { ...APP, 'home/.config/go/env': 'GOFLAGS=-cover\n' },
    command: 'go build -o app .',
    finds: ['silent.flags'],
    says: /`-cover`: `GOFLAGS=-cover` in/
  },
  'another file of requirements': {
    files: WITH_X,
    prepare: proxy,
    env: { ...FROM_PROXY, GOFLAGS: '-mod=mod -modfile=old.mod' },
    command: 'go build -o app .',
    finds: ['silent.module-version'],
    says: /holds `example\.com\/x v1\.0\.0`, and go\.mod requires `v1\.1\.0`; `GOFLAGS=/
  },
  'a stamp that was asked for': {
    files: APP,
    command: 'go build -buildvcs=true -o app main.go',
    finds: ['silent.vcs'],
    says: /has no `vcs\.revision`/
  },
  'a pointer of Git LFS': {
    files: { 'go.mod': mod('example.com/app'), 'main.go': EMBEDS, 'logo.png': POINTER },
    command: 'go build -o app .',
    finds: ['silent.embed-pointer'],
    says: /logo\.png` is a pointer/
  },
  'a pointer of Git LFS in an embedded directory': {
    files: {
      'go.mod': mod('example.com/app'),
      'main.go': EMBEDS.replace('logo.png\nvar logo []byte', 'static/*.png\nvar logo embed.FS').replace(
        '_ "embed"',
        '"embed"'
      ),
      'static/logo.png': POINTER
    },
    command: 'go build ./...',
    finds: ['silent.embed-pointer']
  },
  'a pattern that matches nothing': {
    files: APP,
    command: 'go build ./cmd/...',
    prepare: (directory) => mkdirSync(join(directory, 'cmd')),
    finds: ['silent.no-packages'],
    says: /`\.\/cmd\/\.\.\.` matched no packages/
  },
  'no package has tests': {
    files: APP,
    command: 'go test ./...',
    finds: ['silent.no-tests'],
    says: /1 package, and none/
  },
  'no package has tests, in a script that cannot be read': {
    files: APP,
    command: 'if true; then go test ./...; fi',
    finds: ['silent.no-tests']
  },
  'no package has tests, with coverage': {
    files: { ...APP, 'main.go': 'package main\n\nfunc main() { println(1) }\n' },
    command: 'go test -cover ./...',
    finds: ['silent.no-tests']
  },
  'no package has tests, as events': { files: APP, command: 'go test -json ./...', finds: ['silent.no-tests'] },
  'a slip in -run': {
    files: TESTED,
    command: 'go test -run TestB ./...',
    finds: ['silent.no-tests-run'],
    says: /1 package with test files, and no test that matches `-run TestB`/
  },
  'a slip in -run, as events': {
    files: TESTED,
    command: 'go test -json -run TestB ./...',
    finds: ['silent.no-tests-run']
  },
  'test files without a test': {
    files: { ...APP, 'a_test.go': 'package main\n' },
    command: 'go test ./...',
    finds: ['silent.no-tests-run']
  },
  'all tests skipped': {
    files: { ...APP, 'a_test.go': testFile('t.Skip("no database")') },
    command: 'go test -v ./...',
    finds: ['silent.tests-skipped'],
    says: /1 test was skipped, and none ran/
  },
  'all tests skipped, as events': {
    files: { ...APP, 'a_test.go': testFile('t.Skip("no database")') },
    command: 'go test -json ./...',
    finds: ['silent.tests-skipped']
  },
  'a kill that nobody noticed': {
    files: APP,
    command: 'go vet ./...',
    kills: 2,
    finds: ['silent.killed'],
    says: /2 processes/
  }
}

/** Green, and in order. */
export const RIGHT: Readonly<Record<string, RealRun>> = {
  'a program': { files: APP, command: 'go build -o bin/app .', finds: [] },
  'a program that is up to date': { files: APP, command: 'go build -o app . && go build -o app .', finds: [] },
  'a program that was there before, up to date': {
    files: APP,
    command: 'go build -o app .',
    prepare: (directory) => writeFileSync(join(directory, 'app'), ''),
    finds: []
  },
  'a program into a directory': { files: APP, command: 'mkdir -p bin\ngo build -o bin/ ./...', finds: [] },
  'a program named by its directory': {
    files: { 'go.mod': mod('example.com/app'), 'cmd/tool/main.go': MAIN },
    command: 'go build ./cmd/tool',
    finds: []
  },
  'a library': {
    files: { 'go.mod': mod('example.com/lib'), 'lib.go': 'package lib\n' },
    command: 'go build ./...\ngo build',
    finds: []
  },
  'nothing kept': { files: APP, command: 'go build -o /dev/null .', finds: [] },
  'another target, for one command': {
    files: APP,
    command: 'GOOS=linux GOARCH=arm64 go build -o app-linux-arm64 .',
    finds: []
  },
  'another target, exported': {
    files: APP,
    command: 'export GOARCH=arm64\ngo build -o out/linux_arm64/app .',
    finds: []
  },
  'another target, set and exported': {
    files: APP,
    command: 'GOARCH=arm64\nexport GOARCH\ngo build -o app .',
    finds: []
  },
  'a program that is moved away': { files: APP, command: 'go build -o app .\nmv app gone', finds: [] },
  'a program that is packed and removed': {
    files: APP,
    command: 'go build -o app .\ntar -cf app.tar app\nrm app',
    finds: []
  },
  'a program whose name has a system in it': { files: APP, command: 'go build -o windows-exporter .', finds: [] },
  'a dry run': { files: APP, command: 'go build -n -o app . > log', finds: [] },
  'a newer version than asked, replaced': {
    files: {
      'go.mod': mod('example.com/app', '', 'require example.com/x v1.1.0', '', 'replace example.com/x => ./x'),
      'main.go': WITH_X['main.go'],
      'x/go.mod': mod('example.com/x'),
      'x/x.go': 'package x\n'
    },
    command: 'go build -o app .',
    finds: []
  },
  'the version that go.mod asks for': {
    files: WITH_X,
    prepare: proxy,
    env: FROM_PROXY,
    command: 'go build -o app .',
    finds: []
  },
  'another file of requirements, named by the command': {
    files: WITH_X,
    prepare: proxy,
    env: FROM_PROXY,
    command: 'go build -modfile=old.mod -o app .',
    finds: []
  },
  'coverage that the command asks for': { files: APP, command: 'go build -cover -o app .', finds: [] },
  'a file embedded': {
    files: { 'go.mod': mod('example.com/app'), 'main.go': EMBEDS, 'logo.png': 'PNG' },
    command: 'go build ./...',
    finds: []
  },
  'a pointer that nobody embeds': { files: { ...APP, 'logo.png': POINTER }, command: 'go build ./...', finds: [] },
  'tests that pass': { files: TESTED, command: 'go test ./...', finds: [] },
  'tests that pass, with their names': { files: TESTED, command: 'go test -v ./...', finds: [] },
  'tests that pass, as events': { files: TESTED, command: 'go test -json ./...', finds: [] },
  'tests of one package of two': {
    files: { ...TESTED, 'lib/lib.go': 'package lib\n' },
    command: 'go test -cover ./...',
    finds: []
  },
  'one test of two skipped': {
    files: { ...TESTED, 'b_test.go': 'package main\n\nimport "testing"\n\nfunc TestB(t *testing.T) { t.Skip() }\n' },
    command: 'go test -v ./...',
    finds: []
  },
  'tests only compiled': { files: TESTED, command: "go test -run '^$' ./...", finds: [] },
  'test programs only': { files: TESTED, command: 'go test -c -o app.test .', finds: [] },
  'benchmarks alone': {
    files: { ...APP, 'a_test.go': 'package main\n\nimport "testing"\n\nfunc BenchmarkA(b *testing.B) {}\n' },
    command: 'go test -run XXX -bench . -benchtime 1x ./...',
    finds: []
  },
  'an example alone': {
    files: {
      ...APP,
      'a_test.go': 'package main\n\nimport "fmt"\n\nfunc Example() {\n\tfmt.Println(1)\n\t// Output: 1\n}\n'
    },
    command: 'go test -v ./...',
    finds: []
  },
  'no command of Go': { files: APP, command: 'echo "ok  done"\necho "? what"', finds: [] },
  'vet and list': { files: APP, command: 'go vet ./... && go list ./...', finds: [] },
  'a kill counted nowhere': { files: APP, command: 'go vet ./...', kills: null, finds: [] }
}
