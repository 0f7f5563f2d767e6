// Wordings differ by release.
import { moduleProxy } from '../recorder/server.mjs'

const BAD = { 'main.go': 'package main\n\nimport "os"\n\nfunc main() {\n\tx := 1\n\topenShop()\n}\n' }
const rows = Array.from({ length: 12000 }, (_, i) => `\t"k${i}": {${i}, "v${i}", []int{${i}, ${i + 1}}},`).join('\n')
const BIG = { 'main.go': `package main\n\ntype row struct {\n\ta int\n\tb string\n\tc []int\n}\n\n${[1, 2, 3].map((n) => `var T${n} = map[string]row{\n${rows}\n}\n`).join('\n')}\nfunc main() {}\n` }
const asks = (path) => ({ 'main.go': `package main\n\nimport _ "${path}"\n\nfunc main() {}\n` })
const RATE = { 'go.mod': 'module example.com/rate\n\ngo 1.20\n', 'rate.go': 'package rate\n' }
const needsRate = { ...asks('example.com/rate'), 'go.mod': 'module example.com/shop\n\ngo 1.20\n\nrequire example.com/rate v1.0.0\n' }
const tests = (body, imports = '"testing"') => ({ 'main_test.go': `package main\n\nimport (\n\t${imports}\n)\n\nfunc TestShop(t *testing.T) {\n\t${body}\n}\n` })
const OLD = { 'go.mod': 'module example.com/shop\n\ngo 1.20\n' }

const of = (go, cases) => cases.map((one) => ({ command: 'go build ./...', ...one, go, name: `go${go.replace(/\.\d+$/, '').replace('.', '')}-${one.name}`, files: { ...OLD, ...one.files } }))

const common = [
  { label: 'compile.error', name: 'build', files: BAD, shows: 'undefined: openShop' },
  { label: 'oom.killed', name: 'compile', accept: ['oom.cgroup'], memoryMib: 70, files: BIG, command: 'go build -p 1 .', shows: 'signal: killed' },
  { label: 'module.missing-sum', name: 'build', server: { answer: moduleProxy({ 'example.com/rate@v1.0.0': RATE }) }, files: needsRate, shows: 'missing go.sum entry' },
  { label: 'test.timeout', name: 'sleep', command: 'go test -timeout 1s ./...', files: tests('time.Sleep(time.Hour)', '"testing"\n\t"time"'), shows: 'test timed out after 1s' },
  { label: 'disk.full', name: 'output', diskMib: 1, command: 'go build -o $DISK/shop .', shows: 'no space left on device' }
]

export default [
  ...of('1.20.14', [
    ...common,
    { label: 'toolchain.version', name: 'new-std-package', files: asks('slices'), shows: 'is not in GOROOT' },
    { label: 'toolchain.version', name: 'toolchain-line', files: { 'go.mod': 'module example.com/shop\n\ngo 1.21\n\ntoolchain go1.21.3\n' }, shows: 'unknown directive: toolchain' },
    { label: 'toolchain.version', name: 'go-version', files: { 'go.mod': 'module example.com/shop\n\ngo 1.21.0\n' }, shows: 'invalid go version' },
    { label: 'module.not-found', name: 'not-in-goroot', files: asks('shop/price'), shows: 'is not in GOROOT' },
    { label: 'module.inconsistent-vendor', name: 'build', files: { ...needsRate, 'vendor/modules.txt': '' }, shows: 'inconsistent vendoring' }
  ]),
  ...of('1.21.13', [...common, { label: 'toolchain.version', name: 'new-std-package', files: asks('iter'), shows: 'is not in std' }, { label: 'toolchain.version', name: 'go-line', files: { 'go.mod': 'module example.com/shop\n\ngo 1.24\n' }, shows: 'requires go >= 1.24' }]),
  ...of('1.23.12', [...common, { label: 'test.panic', name: 'json', command: 'go test -json ./...', files: tests('panic("shelf broke")'), shows: 'shelf broke' }]),
  ...of('1.24.13', [...common, { label: 'compile.error', name: 'test-json', command: 'go test -json ./...', files: tests('open(t)'), shows: '"Action":"build-fail"' }, { label: 'workspace', name: 'missing-module', files: { 'go.work': 'go 1.21\n\nuse ./rate\n' }, shows: 'go.work' }])
]
