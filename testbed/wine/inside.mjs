// Runs on node.exe, inside wine or on Windows, and writes what happened as JSON: the launcher of jobs as it is, then the
// shipped command line with the real go.exe. Arguments: directory to work in, directory of dist, path of go.exe.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const [work, dist, go] = process.argv.slice(2)
const results = {}
const goHome = join(go, '..', '..')
const goEnvironment = {
  ...process.env,
  PATH: `${join(go, '..')};${process.env.PATH}`,
  GOROOT: goHome,
  GOCACHE: join(work, 'gocache'),
  GOFLAGS: '',
  GO111MODULE: 'off',
  GOTOOLCHAIN: 'local',
  GOPROXY: 'off',
  CGO_ENABLED: '0'
}
delete goEnvironment.Path

const launcher = join(work, 'launcher.exe')
const program = join(work, 'program.exe')

await scenario('versions', () => ({
  node: process.version,
  go: goRun(['version']).stdout.trim(),
  system: `${process.platform} ${process.arch}`
}))
await scenario('compile the launcher', () => {
  const started = performance.now()
  const sources = ['job.go', 'main.go', 'memory.go', 'state.go'].map((name) => join(dist, 'helper-windows', name))
  const { status, stderr } = goRun(['build', '-p', '1', '-o', launcher, ...sources])
  return { status, stderr, elapsedMs: Math.round(performance.now() - started) }
})
await scenario('compile the program', () => {
  const { status, stderr } = goRun(['build', '-o', program, join(work, 'program', 'main.go')])
  return { status, stderr }
})
await scenario('memory', () => JSON.parse(run([launcher, 'memory']).stdout))
await scenario('probe', () => JSON.parse(run([launcher, 'probe']).stdout))
await scenario('exit codes', () =>
  [0, 1, 2, 7, 255, 0xc0000005, 0xc0000017, 0xc000012d, 0xc000013a, 0xe0a55001, 0x40010004].map((code) => ({
    code,
    seen: inJob('codes', [program, 'exit', String(code)]).status
  }))
)
await scenario('a command that is not there', () => {
  const { status, stderr, state } = inJob('missing', ['no-such-program'])
  return { status, stderr, state: state.state }
})
await scenario('arguments', () => {
  const words = ['plain', 'with space', 'with "quotes"', 'back\\slash\\', 'trailing space \\', '', '%PATH%', 'ünïcode']
  const { stdout } = inJob('arguments', [program, 'say', ...words])
  return { words, seen: stdout.split('\n').slice(0, -1) }
})
await scenario('what the command leaves behind ends with it', async () => {
  const { status, stdout, state } = inJob('leave', [program, 'leave'])
  await sleep(200)
  return { status, isAlive: isAlive(Number(stdout)), state: state.state }
})
await scenario('the same without a job survives', async () => {
  const { stdout } = run([program, 'leave'], { stdio: ['ignore', openFor('left.txt'), 'ignore'] })
  const pid = Number(stdout ?? readFileSync(join(work, 'left.txt'), 'utf8'))
  await sleep(200)
  const alive = isAlive(pid)
  if (alive) process.kill(pid)
  return { isAlive: alive }
})
await scenario('an order ends the job with its code', async () => {
  const { child, directory } = start('order', [program, 'leave', '60000'])
  const pids = await grandchild(child, directory)
  writeFileSync(join(directory, 'kill'), '')
  const code = await ended(child)
  await sleep(200)
  return { code, left: pids.filter(isAlive), state: stateIn(directory) }
})
await scenario('samples tell who is in the job and what it holds', async () => {
  const { child, directory } = start('samples', [program, 'hold', '300', '3000'])
  await sleep(2000)
  const state = stateIn(directory)
  child.kill()
  await ended(child)
  return { state }
})
await scenario('the end of whoever started the launcher ends the job', async () => {
  const directory = fresh('orphan')
  const inner = `
    const { spawn } = require('node:child_process')
    spawn(${JSON.stringify(launcher)}, ['run', ${JSON.stringify(directory)}, '0', '--', ${JSON.stringify(program)}, 'leave', '60000'], { stdio: 'ignore' })
    setInterval(() => {}, 1000)`
  const guard = spawn(process.execPath, ['-e', inner], { stdio: 'ignore' })
  const pids = await grandchild(guard, directory)
  guard.kill('SIGKILL')
  await sleep(2000)
  return { seen: pids.length, left: pids.filter(isAlive) }
})
await scenario('inspect', () => {
  const { status, stdout, stderr } = guardRun(['inspect', '--json'])
  const { survey, enforcement, reasons, plan } = JSON.parse(stdout)
  const { host, limits, binding, go: found } = survey
  return { status, stderr, host, limits, binding, go: found, enforcement, reasons, planReasons: plan.reasons }
})
await scenario('a build that passes', () => {
  module('hello', 'package main\n\nfunc main() { println("hello") }\n')
  const told = guardBuild(['run', '--', 'go', 'build', '-o', 'hello.exe', '.'], 'hello')
  const made = join(work, 'hello', 'hello.exe')
  return { ...told, isMade: existsSync(made), said: existsSync(made) ? run([made]).stderr : '' }
})
await scenario('a build that fails', () => {
  module('wrong', 'package main\n\nfunc main() { undefinedName() }\n')
  return guardBuild(['run', '--', 'go', 'build', '.'], 'wrong')
})
await scenario('a script of cmd', () =>
  guardBuild(['run', '--shell', 'cmd', '--command', 'echo one\r\nexit /b 9'], 'hello')
)
await scenario('memory-limit is watched where it cannot be enforced', () =>
  guardBuild(['run', '--memory-limit', '200M', '--', program, 'hold', '600', '20000'], 'hello')
)
await scenario('enforcement: job-object is refused where the probe fails', () =>
  guardBuild(['run', '--enforcement', 'job-object', '--memory-limit', '2G', '--', program, 'exit', '0'], 'hello')
)
await scenario('a timeout', () => guardBuild(['run', '--timeout', '2s', '--', program, 'leave', '60000'], 'hello'))
await scenario('a guard that is killed takes its build along', async () => {
  const guard = spawn(process.execPath, [join(dist, 'cli.js'), 'run', '--', program, 'leave', '60000'], {
    cwd: work,
    env: goEnvironment,
    stdio: ['ignore', openFor('killed.txt'), 'ignore']
  })
  await until(() => /^\d+\s/.test(read('killed.txt')), 60_000)
  const pid = Number(read('killed.txt'))
  const before = isAlive(pid)
  guard.kill('SIGKILL')
  await sleep(2000)
  return { before, after: isAlive(pid) }
})
process.exit(0)

async function scenario(name, play) {
  try {
    results[name] = await play()
  } catch (fault) {
    results[name] = { fault: String(fault?.stack ?? fault) }
  }
  writeFileSync(join(work, 'results.json'), JSON.stringify(results, null, 1))
}

function run([file, ...args], options = {}) {
  return spawnSync(file, args, { cwd: work, encoding: 'utf8', timeout: 120_000, ...options })
}

function goRun(args) {
  return run([go, ...args], { env: goEnvironment })
}

function fresh(name) {
  const directory = join(work, name)
  rmSync(directory, { recursive: true, force: true })
  mkdirSync(directory, { recursive: true })
  return directory
}

function inJob(name, command) {
  const directory = fresh(name)
  const { status, stdout, stderr } = run([launcher, 'run', directory, '0', '--', ...command])
  return { status, stdout, stderr, state: stateIn(directory) }
}

function start(name, command) {
  const directory = fresh(name)
  const child = spawn(launcher, ['run', directory, '0', '--', ...command], { stdio: 'ignore' })
  return { child, directory }
}

function stateIn(directory) {
  return JSON.parse(readFileSync(join(directory, 'state.json'), 'utf8'))
}

/** The command and what it started, once both are there. */
async function grandchild(child, directory) {
  let pids = []
  await until(() => {
    try {
      pids = stateIn(directory).processes.map(({ pid }) => pid)
    } catch {
      // not yet, or half written
    }
    return pids.length >= 2 || child.exitCode !== null
  }, 20_000)
  return pids
}

async function until(isSo, patienceMs) {
  for (const deadline = Date.now() + patienceMs; !isSo() && Date.now() < deadline; ) await sleep(20)
}

function ended(child) {
  return child.exitCode === null ? new Promise((settle) => child.once('exit', settle)) : child.exitCode
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

function openFor(name) {
  writeFileSync(join(work, name), '')
  return openSync(join(work, name), 'w')
}

function read(name) {
  return readFileSync(join(work, name), 'utf8')
}

function module(name, text) {
  const directory = fresh(name)
  writeFileSync(join(directory, 'go.mod'), `module example.com/${name}\n\ngo 1.21\n`)
  writeFileSync(join(directory, 'main.go'), text)
}

function guardRun(args, options = {}) {
  const { GO111MODULE: _, ...env } = goEnvironment
  return run([process.execPath, join(dist, 'cli.js'), ...args], { env, ...options })
}

/** The shipped command line in a directory, with what of its report matters here. */
function guardBuild([verb, ...args], directory) {
  const file = join(work, 'report.json')
  rmSync(file, { force: true })
  const started = performance.now()
  const { status, stdout, stderr } = guardRun([verb, '--report-file', file, ...args], { cwd: join(work, directory) })
  const elapsedMs = Math.round(performance.now() - started)
  if (!existsSync(file)) return { status, stdout, stderr, elapsedMs, report: null }
  const { conclusion, enforcement, attempts, diagnoses, warnings } = JSON.parse(readFileSync(file, 'utf8'))
  const { outcome, memory } = attempts.at(-1)
  const peak = memory.peak?.processes.map(({ tool, package: name, bytes }) => ({ tool, name, bytes })) ?? []
  const cause = diagnoses[0]?.id ?? null
  return {
    status,
    stdout,
    stderr,
    elapsedMs,
    report: { conclusion, enforcement, outcome, peakBytes: memory.peakBytes, peak, cause, warnings }
  }
}
