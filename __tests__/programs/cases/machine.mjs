import { moduleProxy } from '../recorder/server.mjs'

const HEAVY = `package main\n\nvar shelf [1 << 20]byte\n\nfunc main() {\n\tvar kept [][]byte\n\tfor {\n\t\tb := make([]byte, 1<<20)\n\t\tfor i := range b {\n\t\t\tb[i] = 1\n\t\t}\n\t\tkept = append(kept, b)\n\t}\n}\n`
const CGO = 'package main\n\n// int x;\nimport "C"\n\nfunc main() { _ = C.x }\n'
const EATER_TEST = `package main\n\nimport "testing"\n\nvar kept [][]byte\n\nfunc TestEat(t *testing.T) {\n\tfor {\n\t\tb := make([]byte, 1<<20)\n\t\tfor i := range b {\n\t\t\tb[i] = 1\n\t\t}\n\t\tkept = append(kept, b)\n\t}\n}\n`
const tables = (count, size) => {
  const rows = Array.from({ length: size }, (_, i) => `\t"k${i}": {${i}, "v${i}", []int{${i}, ${i + 1}}},`).join('\n')
  const one = (n) => `var T${n} = map[string]row{\n${rows}\n}\n`
  return `package main\n\ntype row struct {\n\ta int\n\tb string\n\tc []int\n}\n\n${Array.from({ length: count }, (_, n) => one(n)).join('\n')}\nfunc main() {}\n`
}
const BIG = { 'main.go': tables(3, 12000) }
const BIG_C = { 'main.go': `package main\n\n// int table(int);\nimport "C"\n\nfunc main() { _ = C.table(1) }\n`, 'table.c': `#define A(x) x+1, x+2, x+3, x+4, x+5, x+6, x+7, x+8,\n#define B(x) A(x) A(x) A(x) A(x) A(x) A(x) A(x) A(x)\n#define C(x) B(x) B(x) B(x) B(x) B(x) B(x) B(x) B(x)\n#define D(x) C(x) C(x) C(x) C(x) C(x) C(x) C(x) C(x)\n#define E(x) D(x) D(x) D(x) D(x) D(x) D(x) D(x) D(x)\n#define F(x) E(x) E(x) E(x) E(x) E(x) E(x) E(x) E(x)\nint t[] = { F(1) F(2) F(3) F(4) };\nint table(int i) { return t[i]; }\n` }
const build = 'go build ./...'
const RATE = { 'go.mod': 'module example.com/rate\n\ngo 1.21\n', 'rate.go': 'package rate\n' }
const rates = { answer: moduleProxy({ 'example.com/rate@v1.0.0': RATE }) }
const PASSING = { 'main_test.go': 'package main\n\nimport "testing"\n\nfunc TestA(t *testing.T) {}\n' }
const journal = (command) => `${command}; status=$?; dmesg | grep -E 'oom-kill:|Killed process' | tail -2; exit $status`

const memory = [
  { label: 'oom.killed', name: 'compile', memoryMib: 70, files: BIG, command: 'go build -p 1 .', shows: 'signal: killed', accept: ['oom.cgroup'] },
  { label: 'oom.killed', name: 'compile-json', memoryMib: 70, files: BIG, command: 'go build -p 1 -json .', shows: 'killed' },
  { label: 'oom.killed', name: 'compile-make', memoryMib: 70, files: { ...BIG, Makefile: 'all: shop words\nshop:\n\tgo build -p 1 -o shop .\nwords:\n\t@echo ok\n' }, command: 'make -j2', shows: 'signal: killed' },
  { label: 'oom.killed', name: 'vet', memoryMib: 70, files: BIG, command: 'go vet -p 1 .', shows: 'killed' },
  { label: 'oom.killed', name: 'test-of-big-package', memoryMib: 70, files: { ...BIG, 'main_test.go': 'package main\n\nimport "testing"\n\nfunc TestMain(m *testing.M) {}\n' }, command: 'go test -p 1 .', shows: 'signal: killed' },
  { label: 'oom.killed', name: 'program-in-shell', memoryMib: 60, files: { 'main.go': HEAVY }, setup: 'go build -o shop .', command: './shop; exit $?', shows: 'Killed' },
  { label: 'oom.killed', name: 'go-run', memoryMib: 70, files: { 'main.go': HEAVY }, setup: 'go build .', command: 'go run .', shows: 'signal: killed' },
  { label: 'oom.killed', name: 'test-eats', memoryMib: 90, files: { 'main_test.go': EATER_TEST }, setup: 'go test -c -o /dev/null .', command: 'go test .', shows: 'signal: killed' },
  { label: 'oom.killed', name: 'test-eats-json', memoryMib: 90, files: { 'main_test.go': EATER_TEST }, setup: 'go test -c -o /dev/null .', command: 'go test -json .', shows: 'signal: killed' },
  { label: 'oom.killed', name: 'test-eats-verbose', memoryMib: 90, files: { 'main_test.go': EATER_TEST }, setup: 'go test -c -o /dev/null .', command: 'go test -v -count=1 ./...', shows: 'signal: killed' },
  { label: 'oom.killed', name: 'make-child', memoryMib: 60, files: { 'main.go': HEAVY, Makefile: 'run:\n\t./shop\n' }, setup: 'go build -o shop .', command: 'make run', shows: 'Killed' },
  { label: 'oom.killed', name: 'install', memoryMib: 70, files: BIG, command: 'go install -p 1 ./...', shows: 'signal: killed' },
  { label: 'oom.killed', name: 'link', memoryMib: 45, files: { 'main.go': 'package main\n\nimport "net/http"\n\nfunc main() {\n\thttp.ListenAndServe(":80", nil)\n}\n' }, setup: 'go list -export -deps .', command: 'go build -o shop .', shows: 'link: signal: killed' },
  { label: 'oom.killed', name: 'race-test', cgo: true, memoryMib: 150, files: { 'main_test.go': EATER_TEST }, setup: 'go test -race -c -o /dev/null .', command: 'go test -race .', shows: 'signal: killed' },
  { label: 'oom.killed', name: 'one-of-three-packages', memoryMib: 90, files: { 'a/a_test.go': 'package a\n\nimport "testing"\n\nfunc TestA(t *testing.T) {}\n', 'b/b_test.go': EATER_TEST.replace('package main', 'package b'), 'c/c_test.go': 'package c\n\nimport "testing"\n\nfunc TestC(t *testing.T) { t.Log("killed") }\n' }, setup: 'go vet ./...', command: 'go test -p 1 -v ./...', shows: 'signal: killed' },
  { label: 'oom.cgroup', name: 'kernel-log', memoryMib: 70, files: BIG, command: journal('go build -p 1 .'), shows: 'Memory cgroup out of memory' },
  { label: 'oom.cgroup', name: 'kernel-log-test', memoryMib: 90, files: { 'main_test.go': EATER_TEST }, setup: 'go test -c -o /dev/null .', command: journal('go test .'), shows: 'Memory cgroup out of memory' },
  { label: 'oom.cgroup', name: 'kernel-log-only', memoryMib: 60, files: { 'main.go': HEAVY }, setup: 'go build -o shop .', command: journal('./shop > /dev/null 2>&1'), shows: 'Memory cgroup out of memory' },
  { label: 'oom.cc', name: 'cc1-killed', cgo: true, memoryMib: 90, files: BIG_C, command: build, shows: 'Killed' },
  { label: 'oom.cc', name: 'cc1-killed-json', cgo: true, memoryMib: 90, files: BIG_C, command: 'go build -json ./...', shows: 'Killed' },
  { label: 'oom.cc', name: 'cc1-refused', cgo: true, files: BIG_C, setup: 'go build std', command: '(ulimit -v 150000; gcc -c table.c)', shows: 'Cannot allocate memory' },
  { label: 'oom.go-alloc', name: 'program-address-space', limits: { v: 300000 }, files: { 'main.go': HEAVY }, setup: 'go build -o shop .', command: './shop', shows: 'failed to reserve' },
  { label: 'oom.go-alloc', name: 'go-cannot-start', limits: { v: 60000 }, command: build, shows: 'fatal error' },
  { label: 'oom.go-alloc', name: 'compile-address-space', limits: { v: 1400000 }, files: { 'main.go': HEAVY }, setup: 'go build -o shop .', command: './shop', shows: 'out of memory' },
  { label: 'oom.go-alloc', name: 'test-address-space', limits: { v: 2000000 }, files: { 'main_test.go': EATER_TEST }, setup: 'go test -c -o shop.test .', command: './shop.test -test.v', shows: 'out of memory' },
  { label: 'oom.go-alloc', name: 'test-json', limits: { v: 2500000 }, files: { 'main_test.go': EATER_TEST }, setup: 'go test -c -o /dev/null .', command: 'go test -json .', shows: 'out of memory' },
  { label: 'oom.go-alloc', name: 'cgo-program', cgo: true, accept: ['oom.cc'], limits: { v: 900000 }, files: { 'main.go': HEAVY.replace('package main\n', 'package main\n\nimport "C"\n') }, setup: 'go build -o shop .', command: './shop', shows: 'fatal error' }
]

const limits = [
  { label: 'limit.nproc', name: 'threads', user: 61234, limits: { u: 6 }, command: build, shows: 'errno=11' },
  { label: 'limit.nproc', name: 'fork', user: 61235, limits: { u: 24 }, command: 'GOMAXPROCS=2 go build -p 8 -a ./...', shows: 'esource temporarily unavailable' },
  { label: 'limit.nproc', name: 'pids-max', tasks: 4, command: build, shows: 'resource temporarily unavailable' },
  { label: 'limit.nproc', name: 'pids-max-fork', tasks: 22, command: 'GOMAXPROCS=2 go build -a -p 8 std', coldCache: true, shows: 'resource temporarily unavailable' },
  { label: 'limit.nproc', name: 'shell', user: 61236, limits: { u: 3 }, command: 'for i in 1 2 3 4 5 6; do sleep 1 & done; go version', shows: 'fork' },
  { label: 'limit.nproc', name: 'test', tasks: 26, files: { 'main_test.go': 'package main\n\nimport (\n\t"os/exec"\n\t"testing"\n)\n\nfunc TestMany(t *testing.T) {\n\tfor i := 0; i < 60; i++ {\n\t\tif err := exec.Command("sleep", "2").Start(); err != nil {\n\t\t\tt.Fatal(err)\n\t\t}\n\t}\n}\n' }, setup: 'go test -c -o shop.test .', command: './shop.test', shows: 'resource temporarily unavailable' },
  { label: 'limit.nofile', name: 'go-build', limits: { n: 12 }, files: Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`p${i}/p.go`, `package p${i}\n`])), command: 'go build -p 16 ./...', shows: 'too many open files' },
  { label: 'limit.nofile', name: 'test', limits: { n: 40 }, files: { 'main_test.go': 'package main\n\nimport (\n\t"os"\n\t"testing"\n)\n\nfunc TestOpen(t *testing.T) {\n\tvar kept []*os.File\n\tfor {\n\t\tf, err := os.Open("go.mod")\n\t\tif err != nil {\n\t\t\tt.Fatal(err)\n\t\t}\n\t\tkept = append(kept, f)\n\t}\n}\n' }, command: 'go test ./...', shows: 'too many open files' },
  { label: 'limit.nofile', name: 'runtime', limits: { n: 7 }, coldCache: true, command: build, shows: 'failed with 24' },
  { label: 'limit.fsize', name: 'link', limits: { f: 300 }, setup: 'go build -o /dev/null .', command: 'go build -a -o shop .', coldCache: true, shows: 'file too large' },
  // cmd/go does not say that it could not write.
  { label: 'unknown', name: 'file-size-not-told', accept: ['module.not-found'], limits: { f: 24 }, coldCache: true, command: 'go build main.go', shows: 'cannot find package' },
  { label: 'limit.fsize', name: 'output', limits: { f: 600 }, setup: 'go build -o /dev/null .', command: 'go build -o shop .', shows: 'file too large' }
]

const full = { diskMib: 1 }
const FILL = 'head -c 2M /dev/zero > $DISK/fill 2>/dev/null; '
const disk = [
  { name: 'output', ...full, command: 'go build -o $DISK/shop .', shows: 'no space left on device' },
  { name: 'full-disk-not-told', label: 'unknown', accept: ['module.not-found'], ...full, command: `mkdir $DISK/cache; ${FILL}GOCACHE=$DISK/cache go build main.go`, shows: 'cannot find package' },
  { name: 'temp', ...full, command: `${FILL}TMPDIR=$DISK GOTMPDIR=$DISK go build ./...`, shows: 'no space left on device' },
  { name: 'temp-compile', diskMib: 2, coldCache: true, command: 'GOTMPDIR=$DISK go build ./...', shows: 'no space left on device' },
  { name: 'module-cache', ...full, server: rates, command: `${FILL}GOMODCACHE=$DISK/mod go get example.com/rate`, shows: 'no space left on device' },
  { name: 'test-writes', ...full, files: { 'main_test.go': 'package main\n\nimport (\n\t"os"\n\t"testing"\n)\n\nfunc TestWrite(t *testing.T) {\n\tif err := os.WriteFile(os.Getenv("DISK")+"/a", make([]byte, 4<<20), 0o644); err != nil {\n\t\tt.Fatal(err)\n\t}\n}\n' }, command: 'go test ./...', shows: 'no space left on device' },
  { name: 'gcc-temp', ...full, cgo: true, coldCache: false, files: { 'main.go': CGO }, command: `${FILL}TMPDIR=$DISK GOTMPDIR=/tmp go build -a ./...`, shows: 'o space left on device' },
  { name: 'json', ...full, command: 'go build -json -o $DISK/shop .', shows: 'no space left on device' },
  { name: 'make', ...full, files: { Makefile: 'all: shop words\nshop:\n\tgo build -o $(DISK)/shop .\nwords:\n\t@echo ok\n' }, command: 'make -j2 -k', shows: 'no space left on device' },
  { name: 'git-clone', ...full, command: `git init -q . && git add . && git -c user.name=a -c user.email=a@example.com commit -qm a && ${FILL}git clone -q . $DISK/copy`, shows: 'o space left on device' }
].map((one) => ({ label: 'disk.full', ...one }))

const files = [
  { label: 'perm.denied', name: 'output', user: 61237, setup: 'mkdir out && chmod 555 out', command: 'go build -o out/shop .', shows: 'permission denied' },
  { label: 'perm.denied', name: 'module-cache', user: 61238, server: rates, setup: 'mkdir -p $TOP/mod && chmod 555 $TOP/mod', command: 'GOMODCACHE=$TOP/mod go get example.com/rate', shows: 'permission denied' },
  { label: 'perm.denied', name: 'source', user: 61239, setup: 'chmod 000 main.go', command: build, shows: 'permission denied' },
  { label: 'perm.denied', name: 'cache', user: 61240, setup: 'mkdir $TOP/cache && chmod 000 $TOP/cache', command: build, shows: 'permission denied' },
  { label: 'perm.denied', name: 'read-only', diskMib: 4, command: 'mount -o remount,ro $DISK; go build -o $DISK/shop .', shows: 'read-only file system' },
  { label: 'perm.denied', name: 'test-writes', user: 61241, files: { 'main_test.go': 'package main\n\nimport (\n\t"os"\n\t"testing"\n)\n\nfunc TestWrite(t *testing.T) {\n\tif err := os.WriteFile("/etc/shop.conf", nil, 0o644); err != nil {\n\t\tt.Fatal(err)\n\t}\n}\n' }, accept: ['test.failure'], command: 'go test ./...', shows: 'permission denied' },
  { label: 'perm.denied', name: 'go-mod-tidy', user: 61242, setup: 'chmod 444 go.mod && chmod 555 . && printf "\\n" >> go.mod', files: { 'go.mod': 'module example.com/shop\n\n\n\ngo 1.21\n' }, command: 'go mod tidy && go mod edit -go=1.22', shows: 'permission denied' },
  { label: 'command.not-found', name: 'shell', command: 'shoptool build', shows: 'command not found' },
  { label: 'command.not-found', name: 'go', env: { PATH: '/bin' }, command: 'go build ./...', shows: 'go: command not found' },
  { label: 'command.not-found', name: 'sh', command: 'sh -c "gotestsum ./..."', shows: 'gotestsum: not found' },
  { label: 'command.not-found', name: 'make', files: { Makefile: 'lint:\n\tgolangci-lint run\n' }, command: 'make lint', shows: '127' },
  { label: 'command.not-found', name: 'exec-wrapper', command: 'go test -exec=shopexec ./...', files: PASSING, shows: 'executable file not found' },
  { label: 'command.not-found', name: 'go-tool', command: 'go tool shoptool', accept: ['toolchain.version'], shows: 'no such tool' },
  { label: 'command.not-found', name: 'env', command: 'env shoptool', shows: 'No such file or directory' },
  { label: 'command.not-executable', name: 'shell', accept: ['perm.denied'], setup: 'printf "#!/bin/sh\\n" > build.sh', command: './build.sh', shows: 'Permission denied' },
  { label: 'command.not-executable', name: 'format', setup: 'printf "\\177ELF garbage" > tool && chmod +x tool', command: './tool', shows: 'cannot execute binary file' },
  { label: 'command.not-executable', name: 'go-exec', command: 'go test -exec=./wrap ./...', setup: 'printf "\\177ELF garbage" > wrap && chmod +x wrap', files: PASSING, shows: 'exec format error' },
  { label: 'command.not-executable', name: 'other-architecture', env: { GOARCH: 'arm64' }, command: 'go run .', shows: 'exec format error' },
  { label: 'command.not-executable', name: 'noexec-temp', diskMib: 30, command: 'mount -o remount,noexec $DISK; GOTMPDIR=$DISK go run .', accept: ['perm.denied'], shows: 'permission denied' },
  { label: 'command.not-executable', name: 'interpreter', setup: 'printf "#!/opt/nosuch/sh\\n" > build.sh; chmod +x build.sh', command: './build.sh', accept: ['command.not-found'], shows: 'required file not found' }
]

const slow = { 'main.go': 'package main\n\nimport "time"\n\nfunc main() {\n\ttime.Sleep(time.Hour)\n}\n' }
const after = (signal, what) => `(sleep 1; kill -${signal} $(cat pid)) & ${what}`
const stops = [
  { label: 'timeout', name: 'coreutils', files: slow, command: 'timeout 2 go run .' },
  { label: 'timeout', name: 'coreutils-verbose', files: slow, setup: 'go build -o shop .', command: 'timeout -v 1 ./shop', shows: 'sending signal TERM' },
  { label: 'timeout', name: 'coreutils-kill', files: slow, setup: 'go build -o shop .', command: 'timeout -v -s KILL 1 ./shop', shows: 'sending signal KILL' },
  { label: 'timeout', name: 'make', files: { ...slow, Makefile: 'run:\n\ttimeout -v 1 ./shop\n' }, setup: 'go build -o shop .', command: 'make run', shows: 'Error 124' },
  { label: 'timeout', name: 'kill-after', files: slow, setup: 'go build -o shop .', command: 'timeout -v -k 1 1 bash -c "trap : TERM; while :; do sleep 0.2; done"', shows: 'sending signal KILL' },
  { label: 'signal.term', name: 'shell', files: slow, setup: 'go build -o shop .', command: './shop & pid=$!; sleep 0.3; kill $pid; wait $pid', accept: ['unknown'] },
  { label: 'signal.term', name: 'test-wrapper', files: PASSING, command: 'go test -exec "bash -c \'kill -TERM \\$\\$\'" ./...', accept: ['unknown'], shows: 'signal: terminated' },
  { label: 'signal.term', name: 'make', files: { Makefile: 'run:\n\t@kill -TERM $$$$; sleep 1\n' }, command: 'make run', shows: 'Terminated' },
  { label: 'signal.int', name: 'make', files: { Makefile: 'run:\n\t@kill -INT $$$$; sleep 1\n' }, command: 'make run', accept: ['unknown'], shows: 'Interrupt' },
  { label: 'signal.crash', name: 'make', files: { Makefile: 'run:\n\t@ulimit -c 0; kill -SEGV $$$$; sleep 1\n' }, command: 'make run', shows: 'Segmentation fault' },
  { label: 'signal.crash', name: 'program', cgo: true, files: { 'main.go': 'package main\n\n// static void end(void) { __builtin_trap(); }\nimport "C"\n\nfunc main() {\n\tC.end()\n}\n' }, command: 'go run .', accept: ['test.panic', 'unknown'], shows: 'SIGILL' },
  { label: 'signal.kill', name: 'status-137', accept: ['oom.killed', 'unknown'], isMemory: null, command: 'exit 137' },
  { label: 'signal.kill', name: 'make-137', accept: ['oom.killed', 'unknown'], isMemory: null, files: { Makefile: 'run:\n\t@exit 137\n' }, command: 'make run', shows: 'Error 137' },
  { label: 'signal.kill', name: 'by-hand', files: slow, setup: 'go build -o shop .', accept: ['oom.killed', 'unknown'], isMemory: null, command: './shop & pid=$!; sleep 0.3; set -x; kill -9 $pid; wait $pid' }
]

export default [...memory, ...limits, ...disk, ...files, ...stops]
