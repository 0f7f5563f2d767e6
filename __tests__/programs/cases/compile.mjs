const main = (body, head = '') => ({ 'main.go': `package main\n\n${head}\nfunc main() {\n${body}\n}\n` })
const build = 'go build ./...'
const undefinedName = main('\topenShop()')
const library = (name, text) => ({ [`${name}/${name}.go`]: `package ${name}\n\n${text}\n` })

const errors = [
  { name: 'undefined', command: build, files: undefinedName, shows: 'undefined: openShop' },
  { name: 'undefined-json', command: 'go build -json ./...', files: undefinedName, shows: '"Action":"build-fail"' },
  { name: 'unused-import', command: build, files: main('', 'import "os"\n'), shows: 'imported and not used' },
  { name: 'unused-variable', command: build, files: main('\tx := 1'), shows: 'declared and not used' },
  { name: 'mismatched-types', command: build, files: main('\tvar n int = "killed"'), shows: 'cannot use "killed"' },
  { name: 'missing-return', command: build, files: library('price', 'func Of() int {\n}'), shows: 'missing return' },
  { name: 'syntax', command: build, files: main('\tfor i := 0; i < 3 {\n\t}'), shows: 'syntax error' },
  { name: 'not-a-go-file', command: build, files: { 'main.go': 'hello\n' }, shows: "expected 'package'" },
  { name: 'two-packages', command: build, files: { 'other.go': 'package other\n' }, shows: 'found packages' },
  { name: 'internal-package', command: build, files: { ...main('', 'import _ "example.com/shop/b/internal/x"\n'), 'b/internal/x/x.go': 'package x\n' }, shows: 'use of internal package' },
  { name: 'missing-body', command: build, files: library('price', 'func Of() int'), shows: 'missing function body' },
  { name: 'too-many-errors', command: build, files: main(Array.from({ length: 14 }, (_, i) => `\tmissing${i}()`).join('\n')), shows: 'too many errors' },
  { name: 'no-main-function', command: build, files: { 'main.go': 'package main\n' }, shows: 'function main is undeclared' },
  { name: 'language-version', command: build, files: { ...main('\tfor range 3 {\n\t}') }, shows: 'requires go1.22 or later' },
  { name: 'duplicate-case', command: build, files: main('\tswitch 1 {\n\tcase 1:\n\tcase 1:\n\t}'), shows: 'duplicate case' },
  { name: 'missing-method', command: build, files: main('\tvar _ error = shop{}', 'type shop struct{}\n'), shows: 'missing method Error' },
  { name: 'test-file', command: 'go test ./...', files: { 'main_test.go': 'package main\n\nimport "testing"\n\nfunc TestOpen(t *testing.T) {\n\topen(t)\n}\n' }, shows: '[build failed]' },
  { name: 'test-file-json', command: 'go test -json ./...', files: { 'main_test.go': 'package main\n\nimport "testing"\n\nfunc TestOpen(t *testing.T) {\n\topen(t)\n}\n' }, shows: '"Action":"fail"' },
  { name: 'test-setup', command: 'go test ./...', files: { 'main_test.go': 'package main\n\nfunc {\n' }, shows: '[setup failed]' },
  { name: 'vet-typecheck', command: 'go vet ./...', files: undefinedName, shows: 'undefined: openShop' },
  { name: 'run', command: 'go run .', files: undefinedName, shows: 'undefined: openShop' },
  { name: 'install', command: 'go install ./...', files: undefinedName, shows: 'undefined: openShop' },
  { name: 'make-parallel', command: 'make -j2 all', files: { ...undefinedName, Makefile: 'all: build words\nbuild:\n\tgo build -o shop .\nwords:\n\t@echo memory: 512M allocated, 0 killed\n' }, shows: 'make: ***' },
  { name: 'message-about-memory', command: build, files: main('\tvar s string = outOfMemory // fatal error: runtime: out of memory', 'const outOfMemory = 137\n'), shows: 'outOfMemory' },
  { name: 'variable-named-killed', command: build, files: main('\tsignal, killed := 9, 137'), shows: 'declared and not used: killed' },
  { name: 'assembly', command: build, files: { ...library('price', 'func Of() int'), 'price/of_amd64.s': 'TEXT ·Of(SB), 4, $0\n\tMOVQQ AX, BX\n\tRET\n' }, shows: 'unrecognized instruction' }
]

const cBody = (c, call) => ({ 'main.go': `package main\n\n/*\n${c}\n*/\nimport "C"\n\nfunc main() {\n\t${call}\n}\n` })
const cgo = [
  { label: 'cgo.missing-header', name: 'include', files: cBody('#include <shopdb.h>', 'C.shop_open()'), shows: 'shopdb.h: No such file' },
  { label: 'cgo.missing-header', name: 'pkg-config', files: cBody('#cgo pkg-config: shopdb', 'C.shop_open()'), shows: 'pkg-config' },
  { label: 'cgo.c-error', name: 'unknown-name', files: cBody('', 'C.shop_open()'), shows: 'could not determine' },
  { label: 'cgo.c-error', name: 'c-syntax', files: cBody('static int open_shop() { return x; }', 'C.open_shop()'), shows: 'error:' },
  { label: 'cgo.c-error', name: 'c-file', files: { ...cBody('int open_shop(void);', 'C.open_shop()'), 'shop.c': 'int open_shop(void) { int killed = out_of_memory; return killed }\n' }, shows: 'error:' },
  { label: 'cgo.c-error', name: 'wrong-flag', files: cBody('#cgo CFLAGS: -std=c99 -mcpu=nosuch\nint x;', '_ = C.x'), shows: 'error:' },
  { label: 'cgo.no-compiler', name: 'empty-path', files: cBody('int x;', '_ = C.x'), shows: '"gcc"', env: { PATH: '/usr/local/go/bin' }, command: 'go build ./...' },
  { label: 'cgo.no-compiler', name: 'own-cc', files: cBody('int x;', '_ = C.x'), env: { CC: 'musl-gcc-12' }, shows: 'musl-gcc-12' },
  { label: 'cgo.no-compiler', name: 'race', command: 'go test -race ./...', env: { PATH: '/usr/local/go/bin' }, files: { 'main_test.go': 'package main\n' }, shows: 'gcc' },
  { label: 'link.undefined', name: 'c-function', files: cBody('int open_shop(void);', 'C.open_shop()'), shows: 'undefined reference' },
  { label: 'link.other', name: 'missing-library', files: cBody('#cgo LDFLAGS: -lshopdb\nint x;', '_ = C.x'), shows: 'cannot find -lshopdb' },
  { label: 'link.other', name: 'wrong-object', setup: 'printf "int x;" > x.c && gcc -m64 -c x.c -o x.o && printf garbage > libshop.a && rm x.c', files: cBody('#cgo LDFLAGS: ${SRCDIR}/libshop.a\nint x;', '_ = C.x'), shows: 'libshop.a' },
  { label: 'link.other', name: 'nosplit', cgo: false, files: main('\tprintln(deep(3))', '//go:nosplit\n//go:noinline\nfunc deep(n int) byte {\n\tvar big [700]byte\n\tfill(&big, n)\n\treturn big[n] + wide(n)\n}\n\n//go:nosplit\n//go:noinline\nfunc wide(n int) byte {\n\tvar big [700]byte\n\tfill(&big, n)\n\treturn big[n]\n}\n\n//go:nosplit\n//go:noinline\nfunc fill(b *[700]byte, n int) {\n\tb[n] = byte(n)\n}\n'), shows: 'nosplit' },
  { label: 'link.other', name: 'flag-not-allowed', accept: ['cgo.c-error'], files: cBody('#cgo LDFLAGS: -Wl,-plugin=evil.so\nint x;', '_ = C.x'), shows: 'invalid flag' }
]

const sources = [
  { label: 'compile.import-cycle', name: 'two-packages', command: build, files: { ...library('a', 'import _ "example.com/shop/b"'), ...library('b', 'import _ "example.com/shop/a"') }, shows: 'import cycle not allowed' },
  { label: 'compile.import-cycle', name: 'in-test', command: 'go test ./...', files: { ...library('a', 'const A = 1'), ...library('b', 'import _ "example.com/shop/a"'), 'a/a_test.go': 'package a\n\nimport _ "example.com/shop/b"\n' }, shows: 'import cycle not allowed' },
  { label: 'link.undefined', name: 'assembly', command: build, files: { ...main('\tprintln(price.Of())', 'import "example.com/shop/price"\n'), ...library('price', 'func Of() int'), 'price/of_amd64.s': 'TEXT ·Other(SB), 4, $0\n\tRET\n' }, shows: 'relocation target' },
  { label: 'link.undefined', name: 'linkname', accept: ['link.other'], command: build, files: { ...main('\thidden()', 'import _ "unsafe"\n\n//go:linkname hidden example.com/shop/price.hidden\nfunc hidden()\n'), 'empty.s': '' }, shows: 'relocation target' },
  { label: 'link.other', name: 'linkname-blocked', accept: ['link.undefined'], command: build, files: { ...main('\thidden()', 'import _ "unsafe"\n\n//go:linkname hidden runtime.gcStart\nfunc hidden()\n'), 'empty.s': '' }, shows: 'runtime.gcStart' },
  { label: 'embed.pattern', name: 'no-files', command: build, files: { 'main.go': 'package main\n\nimport _ "embed"\n\n//go:embed dist/*\nvar page string\n\nfunc main() {}\n' }, shows: 'no matching files found' },
  { label: 'embed.pattern', name: 'in-test', command: 'go test ./...', files: { 'page/page.go': 'package page\n\nimport _ "embed"\n\n//go:embed page.html\nvar page string\n', 'page/page_test.go': 'package page\n' }, shows: 'no matching files found' },
  { label: 'embed.pattern', name: 'vet-json', command: 'go build -json ./...', files: { 'main.go': 'package main\n\nimport "embed"\n\n//go:embed static\nvar page embed.FS\n\nfunc main() {}\n' }, shows: 'no matching files found' },
  { label: 'generate.failure', name: 'exit-status', command: 'go generate ./...', files: { 'main.go': 'package main\n\n//go:generate false\n\nfunc main() {}\n' }, shows: 'running "false"' },
  { label: 'generate.failure', name: 'missing-tool', accept: ['command.not-found'], command: 'go generate ./...', files: { 'main.go': 'package main\n\n//go:generate shopgen -o price.go\n\nfunc main() {}\n' }, shows: 'running "shopgen"' },
  { label: 'generate.failure', name: 'generator-reports-kill', command: 'go generate ./...', files: { 'main.go': 'package main\n\n//go:generate go run ./gen\n\nfunc main() {}\n', 'gen/main.go': 'package main\n\nimport "os"\n\nfunc main() {\n\tprintln("template out of memory limit 137, killed")\n\tos.Exit(137)\n}\n' }, accept: ['signal.kill'], shows: 'running "go"' },
  { label: 'vet.failure', name: 'printf', command: 'go vet ./...', files: main('\tfmt.Printf("%d killed\\n", "137")', 'import "fmt"\n'), shows: 'has arg' },
  { label: 'vet.failure', name: 'copylocks', command: 'go vet ./...', files: library('stock', 'import "sync"\n\nfunc Use(m sync.Mutex) {}'), shows: 'passes lock by value' },
  { label: 'vet.failure', name: 'in-test', command: 'go test ./...', files: { 'main_test.go': 'package main\n\nimport "testing"\n\nfunc TestOpen(t *testing.T) {\n\tt.Errorf("%d", "x")\n}\n' }, accept: ['test.failure'], shows: 'has arg' },
  { label: 'vet.failure', name: 'unreachable-json', command: 'go vet -json ./... 2>&1 | tee /dev/stderr | grep -q posn && exit 1', files: main('\treturn\n\tprintln(1)'), accept: ['unknown'], shows: 'unreachable' },
  { label: 'vet.failure', name: 'lostcancel', command: 'go vet ./...', files: main('\tctx, _ := context.WithCancel(context.Background())\n\t_ = ctx', 'import "context"\n'), shows: 'cancel' },
  { label: 'target.unsupported', name: 'linux-pentium', command: build, env: { GOARCH: 'pentium' }, shows: 'unsupported GOOS/GOARCH pair' },
  { label: 'target.unsupported', name: 'make', command: 'make', env: { GOOS: 'macos' }, files: { Makefile: 'shop:\n\tgo build -o shop .\n' }, shows: 'unsupported GOOS/GOARCH pair' },
  { label: 'target.constraints', name: 'windows-only', command: 'go build ./win', files: { 'win/win_windows.go': 'package win\n' }, shows: 'build constraints exclude all Go files' },
  { label: 'target.constraints', name: 'tag', command: build, files: { 'main.go': 'package main\n\nimport _ "example.com/shop/b"\n\nfunc main() {}\n', 'b/b.go': '//go:build enterprise\n\npackage b\n' }, shows: 'build constraints exclude all Go files' },
  { label: 'target.constraints', name: 'cgo-off', command: 'go vet ./c', files: { 'c/c.go': 'package c\n\nimport "C"\n' }, shows: 'build constraints exclude all Go files' }
]

export default [
  ...errors.map((one) => ({ label: 'compile.error', ...one })),
  ...cgo.map((one) => ({ command: build, cgo: true, ...one })),
  ...sources
]
