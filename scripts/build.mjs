// src -> lib (tsc) -> dist (ncc). `--check` builds beside and compares with the committed dist, byte for byte.
import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, relative, sep } from 'node:path'

const root = join(import.meta.dirname, '..')
const require = createRequire(import.meta.url)

// folder of dist: door of src
const bundles = { main: 'action', post: 'post', report: 'fold', cli: 'cli' }
const shim = `#!/usr/bin/env node\nimport './cli/index.js'\n`
// Go programs that are compiled where they run, with the user's own Go.
const programs = ['helper', 'helper-windows']
const packageType = `${JSON.stringify({ type: 'module' }, null, 2)}\n`

const scratch = mkdtempSync(join(tmpdir(), 'go-build-guard-'))
try {
  if (process.argv.includes('--check')) check()
  else replaceDist()
} finally {
  rmSync(scratch, { recursive: true, force: true })
}

// A build that fails leaves the last good dist where it is.
function replaceDist() {
  const fresh = join(scratch, 'dist')
  build(fresh)
  rmSync(join(root, 'dist'), { recursive: true, force: true })
  cpSync(fresh, join(root, 'dist'), { recursive: true })
}

function build(dist) {
  rmSync(join(root, 'lib'), { recursive: true, force: true })
  mkdirSync(dist, { recursive: true })

  node(binOf(require.resolve('typescript/package.json'), 'tsc'), '-p', 'tsconfig.build.json')
  for (const [folder, door] of Object.entries(bundles)) bundle(door, join(dist, folder))
  for (const program of programs) shipProgram(program, dist)
  writeFileSync(join(dist, 'package.json'), packageType)
  writeFileSync(join(dist, 'cli.js'), shim)
  chmodSync(join(dist, 'cli.js'), 0o755)

  expectNothingOfThisMachine(dist)
}

function shipProgram(program, dist) {
  const isShipped = (path) => !path.endsWith('_test.go')
  cpSync(join(root, program), join(dist, program), { recursive: true, filter: isShipped })
}

function bundle(door, folder) {
  const stats = join(scratch, `${door}.json`)
  node(
    binOf(require.resolve('@vercel/ncc/package.json'), 'ncc'),
    ...['build', join('lib', `${door}.js`), '--out', folder, '--stats-out', stats, '--no-cache', '--quiet']
  )
  writeFileSync(join(folder, 'package.json'), packageType)
  writeFileSync(join(folder, 'licenses.txt'), licensesOf(JSON.parse(readFileSync(stats, 'utf8')).modules))
}

// ncc's own --license keeps only the packages of the last chunk where there are several.
function licensesOf(modules) {
  const folders = new Set()
  const visit = ({ name, modules: inner = [] }) => {
    const folder = /^\.\/(.*node_modules\/(?:@[^/]+\/)?[^/ ]+)/.exec(name)?.[1]
    if (folder) folders.add(folder)
    inner.forEach(visit)
  }
  modules.forEach(visit)
  const texts = [...folders].map((folder) => licenseOf(join(root, folder)))
  return [...new Set(texts)].sort().join('\n')
}

function licenseOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)(\.|$)/i.test(entry))
  const text = file ? readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim() : 'no license file'
  return `${name} ${version}\n${license}\n${text}\n`
}

function check() {
  const fresh = join(scratch, 'dist')
  build(fresh)
  const built = contents(fresh)
  const committed = contents(join(root, 'dist'))
  const names = [...new Set([...built.keys(), ...committed.keys()])].sort()
  const complaints = names.flatMap((name) => complaint(name, built.get(name), committed.get(name)))
  if (complaints.length === 0) return console.log(`dist is what src builds (${names.length} files)`)

  console.error(`dist is not what src builds; run npm run build and commit:\n  ${complaints.join('\n  ')}`)
  process.exitCode = 1
}

function complaint(name, built, committed) {
  if (!committed) return [`missing    dist/${name}`]
  if (!built) return [`left over  dist/${name}`]
  return built.equals(committed) ? [] : [`differs    dist/${name}`]
}

function contents(folder) {
  const found = new Map()
  for (const entry of entriesOf(folder)) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    found.set(relative(folder, path).split(sep).join('/'), readFileSync(path))
  }
  return found
}

function entriesOf(folder) {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
  } catch (error) {
    if (error.code === 'ENOENT') return []
    throw error
  }
}

function expectNothingOfThisMachine(dist) {
  for (const [name, bytes] of contents(dist)) {
    if (bytes.includes(root) || bytes.includes(scratch)) throw new Error(`dist/${name} names a path of this machine`)
    if (name.endsWith('.map')) throw new Error(`dist/${name} is a source map`)
  }
}

function binOf(manifest, command) {
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8'))
  return join(dirname(manifest), typeof bin === 'string' ? bin : bin[command])
}

function node(script, ...args) {
  execFileSync(process.execPath, [script, ...args], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
}
