// Proves or disproves on this machine what the README promises for its kind, with the shipped command line, and prints
// one JSON block of evidence. Exit status 1 if a promise was disproved. Needs Node and Go; takes about a minute.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { arch, availableParallelism, release, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const cli = join(import.meta.dirname, '..', 'dist', 'cli.js')
const work = mkdtempSync(join(tmpdir(), 'selftest-'))
const CAP = '300M'
const CAP_BYTES = 300 * 2 ** 20

// Holds 16 MiB more every 40 ms up to 1.2 GB, and says so if it ever gets there.
const HOG = `const held = []; const more = () => { held.push(Buffer.alloc(16 << 20, 1));
  if (held.length < 75) setTimeout(more, 40); else console.log('survived') }; more()`

/** What the README promises: `null` is no promise, so whatever happens is only told. */
const PROMISED = {
  linux: { hardCap: true, watch: true },
  win32: { hardCap: null, watch: true },
  darwin: { hardCap: false, watch: true }
}[process.platform] ?? { hardCap: null, watch: null }

const checks = [
  ['inspect: memory of the machine and the limit that binds', inspect],
  ['exit codes are the command’s own', exitCodes],
  ['output passes byte for byte', output],
  ['hard cap: a program that wants more than its cap does not get it', hardCap],
  ['watch: the guard ends a program that passes its limit', watch],
  ['a green build stays green', greenBuild],
  ['a compile error is named', compileError],
  ['a timeout ends the whole tree', timeout],
  ['the end of the guard ends the build', guardKilled],
  ...(process.platform === 'win32' ? [['commit limit without the launcher: typeperf or CIM', withoutLauncher]] : [])
]

const results = []
for (const [promise, check] of checks) results.push(await examine(promise, check))
rmSync(work, { recursive: true, force: true, maxRetries: 5 })
console.log(JSON.stringify({ machine: machine(), results }, null, 2))
process.exitCode = results.some(({ verdict }) => verdict === 'disproved') ? 1 : 0

async function examine(promise, check) {
  console.error(`selftest: ${promise}`)
  try {
    const { isKept, ...evidence } = await check()
    const verdict = isKept === null ? 'not promised' : isKept ? 'proved' : 'disproved'
    return { promise, verdict, evidence }
  } catch (fault) {
    return { promise, verdict: 'disproved', evidence: { fault: String(fault?.stack ?? fault) } }
  }
}

function machine() {
  const version = (tool, args) => {
    const { stdout, error } = spawnSync(tool, args, { encoding: 'utf8' })
    return error ? String(error.code) : stdout.trim()
  }
  return {
    platform: process.platform,
    arch: arch(),
    release: release(),
    image: process.env.ImageOS ? `${process.env.ImageOS} ${process.env.ImageVersion ?? ''}`.trim() : null,
    cpus: availableParallelism(),
    totalBytes: totalmem(),
    node: process.version,
    go: version('go', ['version'])
  }
}

function inspect() {
  const { survey, enforcement, reasons, plan } = JSON.parse(guard(['inspect', '--json']).stdout)
  const { host, limits, binding, cgroup } = survey
  const isKept = binding !== null && host.totalBytes.kind === 'value' && host.availableBytes.kind === 'value'
  const planned = plan.reasons.map(({ text }) => text)
  return { isKept, host, limits, binding, cgroup: cgroup.version, enforcement, reasons, planned }
}

function exitCodes() {
  const codes = process.platform === 'win32' ? [0, 1, 7, 255, 0xc000012d] : [0, 1, 7, 255]
  const seen = codes.map((code) => run([], node(`process.exitCode = ${code} | 0`)).status)
  const missing = run([], ['go-build-guard-no-such-program']).status
  return { isKept: JSON.stringify(seen) === JSON.stringify(codes) && missing === 127, codes, seen, missing }
}

function output() {
  const script = `const chunk = Buffer.alloc(1 << 16, 0).map((_, i) => i * 7 % 256);
    for (let i = 0; i < 64; i++) require('node:fs').writeSync(1, chunk)`
  const direct = execFileSync(process.execPath, ['-e', script], { maxBuffer: 1 << 26 })
  const guarded = run([], node(script), { encoding: 'buffer', maxBuffer: 1 << 26 }).stdout
  const digest = (bytes) => createHash('sha256').update(bytes).digest('hex')
  return { isKept: digest(direct) === digest(guarded), bytes: guarded.length, sha256: digest(guarded) }
}

function hardCap() {
  const { status, stdout, report } = reported(['--memory-limit', CAP, '--on-out-of-memory', 'fail'], node(HOG))
  const way = report.enforcement.inForce
  const isHard = way !== 'watch' && way !== 'none'
  const isHeld = isHard && !stdout.includes('survived') && report.outOfMemory === 'true'
  const isKept = PROMISED.hardCap === true ? isHeld : isHard ? isHeld : PROMISED.hardCap === false ? true : null
  return { isKept, status, ...facts(report) }
}

function watch() {
  const options = ['--enforcement', 'watch', '--memory-limit', CAP, '--on-out-of-memory', 'fail']
  const { status, stdout, report } = reported(options, node(HOG))
  const peak = report.attempts[0].memory.peakBytes
  const isEnded = report.diagnoses[0]?.id === 'oom.watch' && !stdout.includes('survived')
  return { isKept: isEnded && peak > 0.7 * CAP_BYTES, status, ...facts(report) }
}

function greenBuild() {
  const directory = module('hello', 'package main\n\nfunc main() { println("hello") }\n')
  const { status, report } = reported([], ['go', 'build', '-o', 'hello.out', '.'], { cwd: directory })
  return { isKept: status === 0 && existsSync(join(directory, 'hello.out')), status, ...facts(report) }
}

function compileError() {
  const directory = module('wrong', 'package main\n\nfunc main() { undefinedName() }\n')
  const { status, report } = reported([], ['go', 'build', '.'], { cwd: directory })
  const { file, line } = report.diagnoses[0]?.locations[0] ?? {}
  const isKept = status === 1 && report.diagnoses[0]?.id === 'compile.error' && line === 3
  return { isKept, status, file, line, ...facts(report) }
}

async function timeout() {
  const file = join(work, 'left.txt')
  const { status } = run(['--timeout', '3s'], node(leaver(file)))
  await sleep(500)
  const pid = Number(readFileSync(file, 'utf8'))
  return { isKept: status === 124 && !isAlive(pid), status, isAlive: isAlive(pid) }
}

async function guardKilled() {
  const file = join(work, 'orphan.txt')
  const started = spawn(process.execPath, [cli, 'run', '--', ...node(leaver(file))], { stdio: 'ignore' })
  for (let i = 0; i < 600 && !existsSync(file); i++) await sleep(50)
  const pid = Number(readFileSync(file, 'utf8'))
  const before = isAlive(pid)
  started.kill('SIGKILL')
  for (let i = 0; i < 100 && isAlive(pid); i++) await sleep(50)
  const after = isAlive(pid)
  if (after) process.kill(pid, 'SIGKILL')
  return { isKept: before && !after, before, after }
}

/** Without Go there is no launcher, and the tools of Windows are asked. */
function withoutLauncher() {
  const name = Object.keys(process.env).find((one) => one.toUpperCase() === 'PATH') ?? 'PATH'
  const directories = (process.env[name] ?? '').split(';').filter((one) => !existsSync(join(one, 'go.exe')))
  const env = { ...process.env, [name]: directories.join(';') }
  const { survey, reasons } = JSON.parse(guard(['inspect', '--json'], { env }).stdout)
  const [commit] = survey.limits
  return { isKept: commit.limit.kind === 'value', commit, reasons }
}

/** Starts a process that outlives it and writes down its pid, then waits. */
function leaver(file) {
  return `const { spawn } = require('node:child_process');
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], { stdio: 'ignore' });
    const fs = require('node:fs'); fs.writeFileSync(${JSON.stringify(`${file}.new`)}, String(child.pid));
    fs.renameSync(${JSON.stringify(`${file}.new`)}, ${JSON.stringify(file)}); setTimeout(() => {}, 60000)`
}

function node(script) {
  return [process.execPath, '-e', script]
}

function guard(args, options = {}) {
  return spawnSync(process.execPath, [cli, ...args], { cwd: work, encoding: 'utf8', timeout: 180_000, ...options })
}

function run(flags, command, options = {}) {
  return guard(['run', ...flags, '--', ...command], options)
}

function reported(flags, command, options = {}) {
  const file = join(work, 'report.json')
  rmSync(file, { force: true })
  const ended = run(['--report-file', file, ...flags], command, options)
  if (!existsSync(file)) throw new Error(`no report; status ${ended.status}: ${ended.stderr}`)
  return { ...ended, report: JSON.parse(readFileSync(file, 'utf8')) }
}

function facts({ conclusion, enforcement, attempts, diagnoses, outOfMemory, warnings }) {
  const { outcome, memory } = attempts.at(-1)
  const { peakBytes, kernelPeakBytes, peak } = memory
  const processes = peak?.processes.map(({ tool, bytes }) => `${tool} ${bytes}`) ?? []
  const cause = diagnoses[0]?.id ?? null
  return { conclusion, cause, outOfMemory, enforcement, outcome, peakBytes, kernelPeakBytes, processes, warnings }
}

function module(name, text) {
  const directory = join(work, name)
  mkdirSync(directory, { recursive: true })
  writeFileSync(join(directory, 'go.mod'), `module example.com/${name}\n\ngo 1.21\n`)
  writeFileSync(join(directory, 'main.go'), text)
  return directory
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return !isZombie(pid)
  } catch {
    return false
  }
}

/** Where pid 1 does not reap, what has ended stays listed. */
function isZombie(pid) {
  const stat = `/proc/${pid}/stat`
  return existsSync(stat) && /\) Z /.test(readFileSync(stat, 'utf8'))
}
