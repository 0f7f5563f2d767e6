import { execFile, execFileSync, spawn } from 'node:child_process'
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { confine } from './confine.mjs'
import { normalise } from './normalise.mjs'
import { serve } from './server.mjs'

const LIMIT_MS = 120_000
const GO_MOD = 'module example.com/shop\n\ngo 1.21\n'
const MAIN = 'package main\n\nfunc main() {\n\tprintln("open")\n}\n'
const compiled = join(tmpdir(), 'go-build-guard-record-cache')

/**
 * A case: `name`, `label` (expected id, `none` or `unknown`), `accept` (further fair answers), `shows` (words without
 * which the failure was not provoked), `files` (over a minimal module; `null` leaves one out), `setup` and `command`
 * (bash, in the module), `env`, `go` (another release), `server` (see server.mjs), `coldCache`, and what confine.mjs
 * takes. `command` finds $SERVER, $DISK and $TOP (the folder above the module).
 */
export async function runCase(one) {
  const top = mkdtempSync(join(tmpdir(), 'go-build-guard-record-'))
  const server = one.server === undefined ? null : await serve(one.server, top)
  const goRoot = goRootOf(one.go)
  const place = { top, module: join(top, 'work', 'shop'), goRoot, server }
  try {
    writeModule(place.module, one.files ?? {})
    const env = environmentOf(one, place)
    if (one.setup !== undefined) await prepare(one.setup, place.module, env)
    const ended = await runCommand(one, place, env)
    return { ...ended, log: normalise(ended.log, place), go: releaseOf(goRoot) }
  } finally {
    server?.close()
    execFileSync('chmod', ['-R', 'u+w', top])
    rmSync(top, { recursive: true, force: true })
  }
}

/** Other releases come from the module proxy before a case runs, never while one is recorded. */
function goRootOf(release) {
  const env = { ...process.env, GOTOOLCHAIN: release === undefined ? 'local' : `go${release}` }
  return execFileSync('go', ['env', 'GOROOT'], { env, encoding: 'utf8', cwd: tmpdir() }).trim()
}

function releaseOf(goRoot) {
  return /^go(\S+)/.exec(readFileSync(join(goRoot, 'VERSION'), 'utf8'))?.[1] ?? null
}

function writeModule(folder, files) {
  mkdirSync(folder, { recursive: true })
  for (const [path, text] of Object.entries({ 'go.mod': GO_MOD, 'main.go': MAIN, ...files })) {
    if (text === null) continue
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
}

function environmentOf(one, { top, goRoot, server }) {
  return {
    PATH: `${join(goRoot, 'bin')}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
    HOME: join(top, 'home'),
    LANG: 'C.UTF-8',
    GOENV: 'off',
    GOROOT: '',
    GOPATH: join(top, 'home', 'go'),
    GOCACHE: one.coldCache || one.user !== undefined ? join(top, 'cache') : compiled,
    GOFLAGS: '-modcacherw',
    GOPROXY: server === null ? 'off' : server.url,
    GOSUMDB: 'off',
    GOTOOLCHAIN: 'local',
    GOTELEMETRY: 'off',
    CGO_ENABLED: one.cgo ? '1' : '0',
    SERVER: server?.url ?? '',
    DISK: join(top, 'disk'),
    TOP: top,
    ...one.env
  }
}

/** Waited for without blocking: the case's own server answers meanwhile. */
function prepare(setup, cwd, env) {
  return promisify(execFile)('/bin/bash', ['-ec', setup], { cwd, env })
}

async function runCommand(one, { top, module }, env) {
  const confined = confine(one, top)
  const out = openSync(join(top, 'output'), 'w')
  try {
    const child = spawn('/bin/bash', ['-c', `${confined.prologue}${one.command}`], {
      cwd: module,
      env,
      detached: true,
      stdio: ['ignore', out, out]
    })
    const limit = setTimeout(() => process.kill(-child.pid, 'SIGKILL'), LIMIT_MS)
    const [code, signal] = await new Promise((resolve) => child.on('exit', (...ended) => resolve(ended)))
    clearTimeout(limit)
    const exitCode = signal === null ? code : 128 + { SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }[signal]
    return { exitCode, log: readFileSync(join(top, 'output'), 'utf8') }
  } finally {
    closeSync(out)
    await confined.release()
  }
}
