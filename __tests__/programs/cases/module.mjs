import { moduleProxy } from '../recorder/server.mjs'

const RATE = { 'go.mod': 'module example.com/rate\n\ngo 1.21\n', 'rate.go': 'package rate\n\nconst Of = 2\n' }
const NEEDS_NEW_GO = { ...RATE, 'go.mod': 'module example.com/rate\n\ngo 1.99\n' }
const HEAVY = { 'go.mod': 'module example.com/rate/table\n\ngo 1.21\n', 'table.go': 'package table\n' }
const INSIDE = { ...RATE, 'table/table.go': 'package table\n' }
const served = { answer: moduleProxy({ 'example.com/rate@v1.0.0': RATE, 'example.com/rate@v1.1.0': RATE }) }

const goMod = (...lines) => `module example.com/shop\n\ngo 1.21\n\n${lines.join('\n')}\n`
const asks = (path) => `package main\n\nimport _ "${path}"\n\nfunc main() {}\n`
const requires = (version = 'v1.0.0') => ({ 'go.mod': goMod(`require example.com/rate ${version}`), 'main.go': asks('example.com/rate') })
const SUM = `example.com/rate v1.0.0 h1:${'A'.repeat(43)}=\nexample.com/rate v1.0.0/go.mod h1:${'B'.repeat(43)}=\n`
const build = 'go build ./...'

const git = (server) => ({
  GOPROXY: 'direct',
  GIT_TERMINAL_PROMPT: '0',
  GIT_CONFIG_COUNT: '1',
  GIT_CONFIG_KEY_0: 'url.$SERVER/.insteadOf',
  GIT_CONFIG_VALUE_0: 'https://github.com/',
  ...server
})
const throughGit = 'export GIT_CONFIG_KEY_0=url.$SERVER/.insteadOf; go get github.com/acme/rate@v1.0.0'
const gitServer = (answer) => ({ answer: () => answer, shownAs: 'https://github.com' })

const modules = [
  { label: 'module.not-found', name: 'proxy-404', command: 'go mod download', server: served, files: requires('v1.9.9'), shows: '404' },
  { label: 'module.not-found', name: 'get-unknown', command: 'go get example.com/nowhere', server: served, shows: 'example.com/nowhere' },
  { label: 'module.not-found', name: 'get-version', command: 'go get example.com/rate@v7', server: served, shows: 'no matching versions' },
  { label: 'module.not-found', name: 'proxy-410', command: 'go mod download', server: { answer: () => ({ status: 410, body: 'gone' }) }, files: requires(), shows: '410 Gone' },
  { label: 'module.not-found', name: 'no-required-module', files: { 'main.go': asks('example.com/rate') }, shows: 'no required module provides package' },
  { label: 'module.not-found', name: 'not-in-std', files: { 'main.go': asks('shop/price') }, shows: 'is not in std' },
  { label: 'module.not-found', name: 'missing-local-package', files: { 'main.go': asks('example.com/shop/price') }, shows: 'example.com/shop/price' },
  { label: 'module.not-found', name: 'install-latest', command: 'go install example.com/nowhere/cmd/tool@latest', server: served, shows: 'example.com/nowhere' },
  { label: 'module.not-found', name: 'tidy', command: 'go mod tidy', server: served, files: { 'main.go': asks('example.com/missing') }, shows: 'example.com/missing' },
  { label: 'module.not-found', name: 'module-without-package', command: 'go get example.com/rate/euro', server: served, shows: 'does not contain package' },
  { label: 'module.not-found', name: 'git-404', accept: ['module.auth'], command: throughGit, env: git(), server: gitServer(404), shows: 'not found' },
  { label: 'module.auth', name: 'git-401', command: throughGit, env: git(), server: gitServer({ status: 401, headers: { 'www-authenticate': 'Basic realm="git"' } }), shows: 'could not read Username' },
  { label: 'module.auth', name: 'git-403', command: throughGit, env: git(), server: gitServer(403), shows: '403' },
  { label: 'module.auth', name: 'proxy-403', command: 'go mod download', server: { answer: () => ({ status: 403, body: 'forbidden' }) }, files: requires(), shows: '403 Forbidden' },
  { label: 'module.auth', name: 'proxy-401', server: { answer: () => ({ status: 401, body: 'who are you' }) }, command: 'go mod download', files: requires(), shows: '401 Unauthorized' },
  { label: 'module.missing-sum', name: 'build', server: served, files: requires(), shows: 'missing go.sum entry' },
  { label: 'module.missing-sum', name: 'test', command: 'go test ./...', server: served, files: requires(), shows: 'missing go.sum entry' },
  { label: 'module.missing-sum', name: 'vet', command: 'go vet ./...', server: served, files: requires(), shows: 'missing go.sum entry' },
  { label: 'module.checksum', name: 'go-sum', server: served, files: { ...requires(), 'go.sum': SUM }, shows: 'checksum mismatch' },
  { label: 'module.checksum', name: 'download', command: 'go mod download', server: served, files: { ...requires(), 'go.sum': SUM }, shows: 'SECURITY ERROR' },
  { label: 'cache.corrupt', name: 'verify', accept: ['module.checksum'], command: 'go mod verify', setup: 'go mod tidy; echo >> $GOPATH/pkg/mod/example.com/rate@v1.0.0/rate.go', server: served, files: requires(), shows: 'dir has been modified' },
  { label: 'module.no-go-mod', name: 'build', files: { 'go.mod': null }, shows: 'does not contain main module' },
  { label: 'module.no-go-mod', name: 'list', command: 'go list -m all', files: { 'go.mod': null }, shows: 'go.mod file not found' },
  { label: 'module.no-go-mod', name: 'tidy', command: 'go mod tidy', files: { 'go.mod': null }, shows: 'go.mod file not found' },
  { label: 'module.no-go-mod', name: 'outside', command: 'mkdir ../other && go build ../other', files: { '../other.go': 'package other\n' }, accept: ['unknown', 'module.not-found'], shows: 'other' },
  { label: 'module.no-go-mod', name: 'get', command: 'go get example.com/rate', files: { 'go.mod': null }, shows: 'go.mod file not found' },
  { label: 'module.parse', name: 'unknown-directive', files: { 'go.mod': 'module example.com/shop\n\nrequired example.com/rate v1.0.0\n' }, shows: 'errors parsing' },
  { label: 'module.parse', name: 'bad-version', files: { 'go.mod': goMod('require example.com/rate one') }, accept: ['module.not-found'], shows: 'errors parsing' },
  { label: 'module.parse', name: 'conflict-marks', files: { 'go.mod': '<<<<<<< HEAD\nmodule example.com/shop\n=======\nmodule example.com/store\n>>>>>>> main\n' }, shows: 'errors parsing' },
  { label: 'module.inconsistent-vendor', name: 'build', files: { ...requires(), 'vendor/modules.txt': '' }, shows: 'inconsistent vendoring' },
  { label: 'module.inconsistent-vendor', name: 'version', files: { ...requires('v1.1.0'), 'vendor/modules.txt': '# example.com/rate v1.0.0\n## explicit; go 1.21\nexample.com/rate\n', 'vendor/example.com/rate/rate.go': 'package rate\n' }, shows: 'inconsistent vendoring' },
  { label: 'module.updates-needed', name: 'readonly', files: { 'go.mod': goMod('require example.com/rate v1.0.0', 'require example.com/tax v1.0.0', 'replace example.com/tax => ./tax', 'replace example.com/rate => ./rate'), 'tax/go.mod': 'module example.com/tax\n\ngo 1.21\n\nrequire example.com/rate v1.1.0\n', 'tax/tax.go': 'package tax\n\nimport _ "example.com/rate"\n', 'rate/go.mod': RATE['go.mod'], 'rate/rate.go': 'package rate\n', 'main.go': asks('example.com/tax') }, shows: 'updates to go.mod needed' },
  { label: 'module.replace-local', name: 'build', files: { 'go.mod': goMod('require example.com/rate v0.0.0', 'replace example.com/rate => ../rate'), 'main.go': asks('example.com/rate') }, shows: 'replacement directory' },
  { label: 'module.replace-local', name: 'no-go-mod', setup: 'mkdir rate', files: { 'go.mod': goMod('require example.com/rate v0.0.0', 'replace example.com/rate => ./rate'), 'main.go': asks('example.com/rate') }, shows: 'go.mod: no such file' },
  { label: 'module.replace-local', name: 'tidy', command: 'go mod tidy', files: { 'go.mod': goMod('require example.com/rate v0.0.0', 'replace example.com/rate => ../rate'), 'main.go': asks('example.com/rate') }, shows: 'replacement directory' },
  { label: 'module.ambiguous', name: 'tidy', command: 'go mod tidy', server: { answer: moduleProxy({ 'example.com/rate@v1.0.0': INSIDE, 'example.com/rate/table@v1.0.0': HEAVY }) }, files: { 'go.mod': goMod('require example.com/rate v1.0.0', 'require example.com/rate/table v1.0.0'), 'main.go': asks('example.com/rate/table') }, shows: 'ambiguous import' },
  { label: 'toolchain.version', name: 'go-line', files: { 'go.mod': 'module example.com/shop\n\ngo 1.99\n' }, shows: 'requires go >= 1.99' },
  { label: 'toolchain.version', name: 'toolchain-line', command: 'GOTOOLCHAIN=go1.98.1 go build ./...', server: served, shows: 'go1.98.1' },
  { label: 'toolchain.version', name: 'dependency', server: { answer: moduleProxy({ 'example.com/rate@v1.0.0': NEEDS_NEW_GO }) }, command: 'go get example.com/rate@v1.0.0', shows: 'requires go' },
  { label: 'toolchain.version', name: 'not-available', env: { GOTOOLCHAIN: 'auto' }, server: served, files: { 'go.mod': 'module example.com/shop\n\ngo 1.98.1\n' }, shows: 'toolchain not available' },
  { label: 'workspace', name: 'missing-module', files: { 'go.work': 'go 1.21\n\nuse (\n\t.\n\t./rate\n)\n' }, shows: 'go.work' },
  { label: 'workspace', name: 'not-used', command: 'go build ./...', files: { 'go.work': 'go 1.21\n\nuse ./other\n', 'other/go.mod': 'module example.com/other\n\ngo 1.21\n' }, shows: 'go.work' },
  { label: 'workspace', name: 'go-version', files: { 'go.work': 'go 1.20\n\nuse .\n' }, accept: ['toolchain.version'], shows: 'go.work' },
  { label: 'workspace', name: 'parse', files: { 'go.work': 'go 1.21\n\nuses .\n' }, accept: ['module.parse'], shows: 'go.work' },
  { label: 'cache.corrupt', name: 'zip', server: { answer: (url) => (url.endsWith('.zip') ? { status: 200, body: '<html>killed 137</html>' } : served.answer(url)) }, command: 'go mod download', files: requires(), shows: 'not a valid zip file' },
  { label: 'cache.corrupt', name: 'truncated-zip', server: { answer: (url) => (url.endsWith('.zip') ? { status: 200, body: served.answer(url).body.subarray(0, 90) } : served.answer(url)) }, command: 'go mod tidy', files: requires(), shows: 'zip' },
  { label: 'vcs.stamping', name: 'dubious-ownership', setup: 'git init -q && chown -R 61234 .git .', files: {}, shows: 'error obtaining VCS status' },
  { label: 'vcs.stamping', name: 'broken-repository', setup: 'mkdir .git', shows: 'error obtaining VCS status' }
]

const network = [
  { label: 'network.unreachable', name: 'http-500', server: { answer: () => 500 }, shows: '500 Internal Server Error' },
  { label: 'network.unreachable', name: 'http-502-download', command: 'go mod download', server: { answer: () => 502 }, shows: '502' },
  { label: 'network.unreachable', name: 'http-429', command: 'go mod tidy', server: { answer: () => 429 }, accept: ['module.auth'], shows: '429' },
  { label: 'network.unreachable', name: 'reset', server: { answer: () => 'reset' }, shows: 'EOF' },
  { label: 'network.unreachable', name: 'refused', env: { GOPROXY: 'http://127.0.0.1:1' }, shows: 'connection refused' },
  { label: 'network.unreachable', name: 'http-proxy-refused', env: { GOPROXY: 'http://modules.example.com', HTTP_PROXY: 'http://127.0.0.1:1' }, shows: 'proxyconnect' },
  { label: 'network.unreachable', name: 'git-refused', files: {}, command: 'export GIT_CONFIG_KEY_0=url.http://127.0.0.1:1/.insteadOf; go get github.com/acme/rate@v1.0.0', env: git(), shows: 'connect' },
  { label: 'network.unreachable', name: 'git-500', files: {}, command: throughGit, env: git(), server: gitServer(500), shows: '500' },
  { label: 'network.dns', name: 'proxy-host', env: { GOPROXY: 'http://modules.example.invalid' }, shows: 'lookup modules.example.invalid' },
  { label: 'network.dns', name: 'git-host', files: {}, command: 'export GIT_CONFIG_KEY_0=url.http://git.example.invalid/.insteadOf; go get github.com/acme/rate@v1.0.0', env: git(), shows: 'Could not resolve host' },
  { label: 'network.tls', name: 'unknown-authority', server: { answer: () => 200, tls: { name: '127.0.0.1' } }, shows: 'x509: certificate signed by unknown authority' },
  { label: 'network.tls', name: 'other-name', command: 'SSL_CERT_FILE=$TOP/cert.pem go mod download', server: { answer: () => 200, tls: { name: 'shop.example.com' } }, shows: 'x509: ' },
  { label: 'network.tls', name: 'plain-http', command: 'GOPROXY=${SERVER/http:/https:} go mod download', server: { answer: () => 200 }, accept: ['network.unreachable'], shows: 'HTTPS client' },
  { label: 'network.sumdb', name: 'lookup-500', command: 'go mod tidy', env: { GOSUMDB: ['sum', 'golang', 'org'].join('.') }, server: { answer: (url) => (url.endsWith('/supported') ? 200 : url.startsWith('/sumdb') ? 500 : served.answer(url)) }, shows: 'verifying' },
  { label: 'network.sumdb', name: 'lookup-404', command: 'go get example.com/rate@v1.0.0', env: { GOSUMDB: ['sum', 'golang', 'org'].join('.') }, server: { answer: (url) => (url.endsWith('/supported') ? 200 : url.startsWith('/sumdb') ? 404 : served.answer(url)) }, shows: 'verifying' },
  { label: 'timeout', name: 'proxy-never-answers', command: 'timeout 2 go mod download', server: { answer: () => 'never' } }
].map((one) => ({ files: requires(), command: 'go mod download', ...one }))

export default [...modules, ...network].map((one) => ({ command: build, ...one }))
