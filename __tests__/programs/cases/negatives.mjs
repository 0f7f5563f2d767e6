const WORDS = {
  'kernel': 'Out of memory: Killed process 4242 (compile) total-vm:1448644kB, anon-rss:244992kB',
  'kernel-memcg': 'Memory cgroup out of memory: Killed process 957 (compile) total-vm:1448644kB',
  'constraint': 'oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),oom_memcg=/a,task=compile,pid=957,uid=0',
  'runtime': 'fatal error: runtime: out of memory',
  'tool-killed': 'compile: signal: killed',
  'link-killed': '/usr/local/go/pkg/tool/linux_amd64/link: signal: killed',
  'status-137': 'Process completed with exit code 137.',
  'fork': 'fork/exec /usr/bin/gcc: cannot allocate memory',
  'oomkilled': '"OOMKilled": true, "ExitCode": 137',
  'pod': 'Reason: OOMKilled, Exit Code: 137, Limits: memory: 512Mi',
  'oomd': 'systemd-oomd[611]: Killed /user.slice due to memory pressure',
  'earlyoom': 'earlyoom: sending SIGKILL to process 99 uid 0 "go": badness 900',
  'gcc': 'gcc: fatal error: Killed signal terminated program cc1plus',
  'windows': 'The paging file is too small for this operation to complete.'
}
const UNDECIDABLE = {
  fork: { accept: ['oom.fork'], isMemory: null },
  windows: { accept: ['oom.windows-commit'], isMemory: null }
}
const quote = (text) => JSON.stringify(text)
const testOf = (body, imports = []) => ({
  'main_test.go': `package main\n\nimport (\n\t"testing"\n${imports.map((path) => `\t"${path}"\n`).join('')})\n\nfunc TestReport(t *testing.T) {\n${body}\n}\n`
})
const programOf = (body, imports) => ({ 'main.go': `package main\n\nimport (\n${imports.map((path) => `\t"${path}"\n`).join('')})\n\nfunc main() {\n${body}\n}\n` })

const each = (make) => Object.entries(WORDS).map(([name, words]) => make(name, words))

const failing = each((name, words) => ({
  label: 'test.failure',
  name: `words-${name}`,
  command: 'go test ./...',
  files: testOf(`\tgot := "none"\n\tif want := ${quote(words)}; got != want {\n\t\tt.Errorf("got %q, want %q", got, want)\n\t}`),
  shows: '--- FAIL'
}))
const passing = each((name, words) => ({
  label: 'none',
  name: `words-${name}`,
  command: 'go test -v ./...',
  files: testOf(`\tt.Log(${quote(words)})`),
  shows: '--- PASS'
}))
const passedBefore = each((name, words) => ({
  label: 'compile.error',
  name: `after-words-${name}`,
  command: 'go test -v ./a; go build ./b',
  files: {
    'a/a_test.go': `package a\n\nimport "testing"\n\nfunc TestReport(t *testing.T) {\n\tt.Log(${quote(words)})\n}\n`,
    'b/b.go': 'package b\n\nvar n int = "x"\n'
  },
  shows: ['--- PASS', 'cannot use']
}))
const logged = each((name, words) => ({
  label: 'test.failure',
  name: `logged-${name}`,
  // ENOMEM and 1455 can have come from the system: then a refused resource inside the test is the cause.
  ...(UNDECIDABLE[name] ?? {}),
  command: 'go test -v ./...',
  files: testOf(`\tlog.Print(${quote(words)})\n\tt.Error("exit code of the fake runner was not reported")`, ['log']),
  shows: '--- FAIL'
}))

const others = [
  { label: 'compile.error', name: 'with-optimizer-notes', command: 'go build -gcflags=-m ./...', files: { 'main.go': 'package main\n\nfunc outOfMemory() *int {\n\tn := 137\n\treturn &n\n}\n\nfunc main() {\n\tprintln(*outOfMemory())\n\tkilled()\n}\n' }, shows: 'undefined: killed' },
  { label: 'none', name: 'optimizer-notes', command: 'go build -gcflags=-m ./...', files: { 'main.go': 'package main\n\nfunc outOfMemory() *int {\n\tkilled := 137\n\treturn &killed\n}\n\nfunc main() {\n\tprintln(*outOfMemory())\n}\n' }, shows: 'moved to heap: killed' },
  { label: 'none', name: 'gc-trace', command: 'GODEBUG=gctrace=1 go vet ./... 2>&1 | tail -5', files: { 'main.go': 'package main\n\nfunc main() {\n\tprintln("vetted with a trace")\n}\n' }, shows: 'MB goal' },
  { label: 'compile.error', name: 'with-gc-trace', command: 'GODEBUG=gctrace=1 go build ./...', files: { 'main.go': 'package main\n\nfunc main() {\n\tkilled()\n}\n' }, shows: ['undefined: killed', 'MB goal'] },
  { label: 'none', name: 'benchmark', command: 'go test -bench . -benchmem -benchtime 10x ./...', files: { 'main_test.go': 'package main\n\nimport "testing"\n\nvar kept []byte\n\nfunc BenchmarkOutOfMemory(b *testing.B) {\n\tfor i := 0; i < b.N; i++ {\n\t\tkept = make([]byte, 1<<20)\n\t}\n}\n' }, shows: 'B/op' },
  { label: 'test.failure', name: 'benchmark', command: 'go test -bench . -benchmem -benchtime 10x ./...', files: { 'main_test.go': 'package main\n\nimport "testing"\n\nfunc BenchmarkOutOfMemory(b *testing.B) {\n\tb.Fatal("memory budget exceeded: 4096 B/op, limit 137 B/op")\n}\n' }, accept: ['test.exit'], shows: 'FAIL' },
  { label: 'compile.error', name: 'memory-table', command: 'free -m; go build ./...', files: { 'main.go': 'package main\n\nfunc main() {\n\tkilled()\n}\n' }, shows: 'undefined: killed' },
  { label: 'test.failure', name: 'docker-inspect-false', command: `echo '"State": { "Status": "exited", "OOMKilled": false, "ExitCode": 137 }'; go test ./...`, files: testOf('\tt.Error("container did not answer")'), shows: 'OOMKilled' },
  { label: 'test.failure', name: 'memory-events-zero', command: `printf 'low 0\\nhigh 0\\nmax 0\\noom 0\\noom_kill 0\\n'; go test ./...`, files: testOf('\tt.Error("oom_kill 1 expected")'), shows: 'oom_kill 0' },
  { label: 'none', name: 'child-killed-by-test', command: 'go test -v ./...', files: testOf('\tc := exec.Command("sleep", "9")\n\tc.Start()\n\tc.Process.Kill()\n\tt.Log(c.Wait())', ['os/exec']), shows: 'signal: killed' },
  { label: 'test.failure', name: 'child-killed-by-test', command: 'go test ./...', files: testOf('\tctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)\n\tdefer cancel()\n\tif err := exec.CommandContext(ctx, "sleep", "9").Run(); err != nil {\n\t\tt.Fatalf("sleep: %v (%v)", err, ctx.Err())\n\t}', ['context', 'os/exec', 'time']), accept: ['timeout'], shows: 'signal: killed' },
  { label: 'test.failure', name: 'staged-out-of-memory', command: 'go test -v ./...', files: testOf('\terr := errors.New("allocate page: cannot allocate memory")\n\tif err.Error() != "out of memory" {\n\t\tt.Fatalf("got %v, want out of memory", err)\n\t}', ['errors']), shows: 'cannot allocate memory' },
  { label: 'unknown', name: 'program-log-137', accept: ['none', 'signal.kill'], command: 'go run .', files: programOf('\tlog.Print("worker 3 was killed: out of memory")\n\tos.Exit(4)', ['log', 'os']), shows: 'exit status 4' },
  { label: 'unknown', name: 'program-exits-137', accept: ['none', 'signal.kill'], command: 'go run .', files: programOf('\tos.Exit(137)', ['os']), shows: 'exit status 137' },
  { label: 'unknown', name: 'log-fatal-memory', accept: ['none', 'test.exit'], command: 'go run .', files: programOf('\tlog.Fatal("cache: memory limit of 64 MB reached, shop closed")', ['log']), shows: 'exit status 1' },
  { label: 'none', name: 'killed-in-subshell', command: 'bash -c "sleep 9 & kill -9 \\$!; wait \\$!"; go build ./... && echo built after Killed', shows: 'built' },
  { label: 'timeout', name: 'killed-by-timeout', command: 'timeout -v -s KILL 1 go test ./...', files: testOf('\ttime.Sleep(time.Minute)', ['time']), shows: 'sending signal KILL' },
  { label: 'none', name: 'package-named-oom', command: 'go test -v ./...', files: { 'oom/killed.go': 'package oom\n', 'oom/killed_test.go': 'package oom\n\nimport "testing"\n\nfunc TestOOMKilled(t *testing.T) {}\n' }, shows: 'TestOOMKilled' },
  { label: 'test.failure', name: 'test-named-oom', command: 'go test ./...', files: { 'oom/killed_test.go': 'package oom\n\nimport "testing"\n\nfunc TestOutOfMemoryKilled(t *testing.T) {\n\tt.Error("counter is 0")\n}\n' }, shows: 'TestOutOfMemoryKilled' },
  { label: 'test.panic', name: 'words-memory', command: 'go test ./...', files: testOf('\tpanic("shop: out of memory slots, worker killed")'), shows: 'panic: shop' },
  { label: 'test.panic', name: 'invalid-address', command: 'go test ./...', files: testOf('\tvar p *[1 << 20]byte\n\tt.Log(p[7])'), shows: 'invalid memory address' },
  { label: 'test.panic', name: 'huge-slice', command: 'go test ./...', files: testOf('\tn := 1 << 60\n\tt.Log(len(make([]int64, n)))'), shows: 'makeslice' },
  { label: 'vet.failure', name: 'words-memory', command: 'go vet ./...', files: programOf('\tfmt.Printf("out of memory: killed %d\\n", "137")', ['fmt']), shows: 'has arg' },
  { label: 'compile.error', name: 'string-of-kernel', command: 'go build ./...', files: { 'main.go': 'package main\n\nfunc main() {\n\tvar n int = "Out of memory: Killed process 4242 (compile)"\n}\n' }, shows: 'Killed process' },
  { label: 'module.not-found', name: 'package-named-memory', command: 'go build ./...', files: { 'main.go': 'package main\n\nimport _ "example.com/oomkilled/memory"\n\nfunc main() {}\n' }, shows: 'no required module provides package' },
  { label: 'compile.error', name: 'script-echoes-oom', command: 'set -x; limit=512M oom_score=500; echo "memory limit $limit, oom score $oom_score"; go build ./...', files: { 'main.go': 'package main\n\nfunc main() {\n\tkilled()\n}\n' }, shows: 'undefined: killed' },
  { label: 'none', name: 'time-of-process', command: 'bash -c "ulimit -a" | grep -i memory; go build -x . 2>&1 | tail -3', shows: 'max memory size' },
  { label: 'test.failure', name: 'json-words', command: 'go test -json ./...', files: testOf(`\tt.Log(${quote(WORDS.kernel)})\n\tt.Log(${quote(WORDS['tool-killed'])})\n\tt.Error("no bread")`), shows: 'Killed process' },
  { label: 'none', name: 'json-words', command: 'go test -json ./...', files: testOf(`\tt.Log(${quote(WORDS.kernel)})\n\tprintln(${quote(WORDS.runtime)})`), shows: 'Killed process' },
  { label: 'generate.failure', name: 'words-memory', command: 'go generate ./...', files: { 'main.go': 'package main\n\n//go:generate sh -c "echo table: out of memory pages; exit 9"\n\nfunc main() {}\n' }, shows: 'running "sh"' }
]

export default [...failing, ...passing, ...passedBefore, ...logged, ...others].map((one) => ({ isMemory: false, ...one }))
