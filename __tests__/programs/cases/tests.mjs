const suite = (body, imports = ['testing']) => ({
  'main_test.go': `package main\n\nimport (\n${imports.map((path) => `\t"${path}"`).join('\n')}\n)\n\n${body}\n`
})
const testOf = (body, imports = []) => suite(`func TestShop(t *testing.T) {\n${body}\n}`, ['testing', ...imports])
const command = 'go test ./...'
const RACE = testOf('\tn := 0\n\tdone := make(chan bool)\n\tgo func() { n++; done <- true }()\n\tn++\n\t<-done\n\tt.Log(n)')
const KILL_SELF = '\tsyscall.Kill(syscall.Getpid(), syscall.SIG)'
const dies = (signal) => testOf(KILL_SELF.replace('SIG)', `SIG${signal})`) + '\n\tselect {}', ['syscall'])
const asks = { 'main.go': 'package main\n\nimport "os"\n\nfunc main() {\n\tprintln("shop closed")\n\tos.Exit(3)\n}\n' }
const PANIC = { 'main.go': 'package main\n\nfunc main() {\n\tvar shelf map[string]int\n\tshelf["a"] = 1\n}\n' }

export default [
  { label: 'test.failure', name: 'assertion', files: testOf('\tt.Errorf("got %d, want %d", 1, 2)'), shows: '--- FAIL' },
  { label: 'test.failure', name: 'json', command: 'go test -json ./...', files: testOf('\tt.Fatal("no bread")'), shows: '"Action":"fail"' },
  { label: 'test.failure', name: 'verbose-parallel', command: 'go test -v ./...', files: suite('func TestA(t *testing.T) {\n\tt.Parallel()\n\tt.Run("sub", func(t *testing.T) { t.Error("no milk") })\n}\n\nfunc TestB(t *testing.T) {\n\tt.Parallel()\n}'), shows: '--- FAIL' },
  { label: 'test.failure', name: 'example', files: suite('func Example() {\n\tprintln()\n\t// Output: open\n}', []), shows: '--- FAIL', accept: ['vet.failure'] },
  { label: 'test.failure', name: 'make', command: 'make test', files: { ...testOf('\tt.Error("no bread")'), Makefile: 'test:\n\tgo test ./...\n' }, shows: 'make: ***' },
  { label: 'test.panic', name: 'nil-map', files: testOf('\tvar m map[string]int\n\tm["a"] = 1'), shows: 'panic: assignment to entry in nil map' },
  { label: 'test.panic', name: 'nil-pointer', files: testOf('\tvar p *int\n\tt.Log(*p)'), shows: 'SIGSEGV' },
  { label: 'test.panic', name: 'deadlock', files: suite('func TestMain(m *testing.M) {\n\tselect {}\n}'), shows: 'all goroutines are asleep' },
  { label: 'test.panic', name: 'stack-overflow', files: testOf('\tvar f func(int) int\n\tf = func(n int) int { return f(n+1) + 1 }\n\tt.Log(f(0))'), shows: 'exceeds 1000000000-byte limit' },
  { label: 'test.panic', name: 'concurrent-map', files: testOf('\tm := map[int]int{}\n\tgo func() { for { m[1]++ } }()\n\tgo func() { for { m[1]++ } }()\n\ttime.Sleep(5 * time.Second)', ['time']), shows: 'concurrent map' },
  { label: 'test.panic', name: 'json', command: 'go test -json ./...', files: testOf('\tpanic("shelf broke")'), shows: 'shelf broke' },
  { label: 'test.panic', name: 'makeslice', files: testOf('\tn := -1\n\tt.Log(make([]byte, n))'), shows: 'makeslice: len out of range' },
  { label: 'test.race', name: 'counter', command: 'go test -race ./...', cgo: true, files: RACE, shows: 'WARNING: DATA RACE' },
  { label: 'test.race', name: 'json', command: 'go test -race -json ./...', cgo: true, files: RACE, shows: 'DATA RACE' },
  { label: 'test.timeout', name: 'sleep', command: 'go test -timeout 1s ./...', files: testOf('\ttime.Sleep(time.Hour)', ['time']), shows: 'panic: test timed out after 1s' },
  { label: 'test.timeout', name: 'json', command: 'go test -json -timeout 1s ./...', files: testOf('\ttime.Sleep(time.Hour)', ['time']), shows: 'test timed out after 1s' },
  { label: 'test.timeout', name: 'kernel-words', command: 'go test -v -timeout 1s ./...', files: testOf('\tt.Log("Out of memory: Killed process 42 (shop)")\n\ttime.Sleep(time.Hour)', ['time']), shows: 'test timed out after 1s' },
  { label: 'test.exit', name: 'status-3', files: testOf('\tos.Exit(3)', ['os']), shows: 'exit status 3' },
  { label: 'test.exit', name: 'main-status', files: suite('func TestMain(m *testing.M) {\n\tprintln("database not there")\n\tos.Exit(1)\n}', ['testing', 'os']), shows: 'FAIL' },
  { label: 'test.exit', name: 'status-0-inside', files: testOf('\tos.Exit(0)', ['os']), accept: ['test.panic', 'test.failure'], shows: 'unexpected call to os.Exit(0)' },
  { label: 'test.exit', name: 'status-137', files: testOf('\tos.Exit(137)', ['os']), accept: ['signal.kill'], isMemory: false, shows: 'exit status 137' },
  { label: 'test.exit', name: 'status-143-verbose', command: 'go test -v ./...', files: testOf('\tos.Exit(143)', ['os']), accept: ['signal.term'], shows: 'FAIL' },
  { label: 'test.timeout', name: 'quit', accept: ['signal.crash', 'test.panic'], files: dies('QUIT'), shows: 'SIGQUIT' },
  { label: 'test.failure', name: 'fuzz', command: 'go test -fuzz FuzzSum -fuzztime 5s .', files: suite('func FuzzSum(f *testing.F) {\n\tf.Add(1)\n\tf.Fuzz(func(t *testing.T, n int) {\n\t\tif n != 1 {\n\t\t\tt.Fatal("no match")\n\t\t}\n\t})\n}'), shows: '--- FAIL' },
  { label: 'signal.term', name: 'test-binary', files: dies('TERM'), shows: 'signal: terminated' },
  { label: 'signal.int', name: 'test-binary', files: dies('INT'), shows: 'signal: interrupt' },
  { label: 'signal.crash', name: 'abort-in-c', command: 'go run .', cgo: true, files: { 'main.go': 'package main\n\n/*\n#include <signal.h>\n#include <stdlib.h>\nstatic void end(void) { signal(SIGABRT, SIG_DFL); abort(); }\n*/\nimport "C"\n\nfunc main() {\n\tC.end()\n}\n' }, shows: 'abort' },
  { label: 'signal.crash', name: 'segmentation-in-c', command: 'go test ./...', cgo: true, files: { 'shop/shop.go': 'package shop\n\n/*\n#include <signal.h>\nstatic void end(void) { signal(SIGSEGV, SIG_DFL); raise(SIGSEGV); }\n*/\nimport "C"\n\nfunc End() { C.end() }\n', 'shop/shop_test.go': 'package shop\n\nimport "testing"\n\nfunc TestEnd(t *testing.T) { End() }\n' }, shows: 'signal: segmentation fault' },
  { label: 'signal.crash', name: 'illegal-shell', command: 'bash -c "kill -ILL \\$\\$"', accept: ['unknown'] },
  { label: 'oom.killed', name: 'test-binary', accept: ['signal.kill'], files: dies('KILL'), shows: 'signal: killed' },
  { label: 'oom.killed', name: 'test-binary-json', accept: ['signal.kill'], command: 'go test -json ./...', files: dies('KILL'), shows: 'signal: killed' },
  { label: 'unknown', name: 'program-status', accept: ['none', 'test.exit'], command: 'go run .', files: asks, shows: 'exit status 3' },
  { label: 'unknown', name: 'program-panic', accept: ['test.panic', 'none'], command: 'go run .', files: PANIC, shows: 'panic: assignment' }
].map((one) => ({ command, ...one }))
