// What preflight and verification cost: the same warm build without and with them, in pairs, of a small module and of one
// with 2000 files.
//   node bench/preflight.mjs [PAIRS]
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { median, pairs, timed } from './pairs.mjs'

const count = Number(process.argv[2] ?? 15)
const cli = resolve(import.meta.dirname, '../dist/cli.js')
const home = mkdtempSync(join(tmpdir(), 'bench-preflight-'))

/** A program in the root, and packages of five files each beside it. */
function moduleOf(name, packages) {
  const folder = join(home, name)
  const write = (path, text) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  write('go.mod', 'module example.com/bench\n\ngo 1.21\n')
  write('main.go', 'package main\n\nfunc main() {}\n')
  for (let i = 0; i < packages; i++) {
    for (let j = 0; j < 5; j++) {
      const body = Array.from({ length: 40 }, (_, k) => `func F${j}x${k}(a int) int { return a * ${k} }`)
      write(`p${i}/f${j}.go`, `package p${i}\n\nimport (\n\t_ "fmt"\n\t_ "strings"\n)\n\n${body.join('\n')}\n`)
    }
  }
  return folder
}

try {
  for (const [name, packages] of [
    ['small', 0],
    ['large', 400]
  ]) {
    const folder = moduleOf(name, packages)
    process.chdir(folder)
    const command = ['--', 'go', 'build', '-o', 'app', '.']
    const without = [process.execPath, cli, 'run', '--preflight', 'off', '--verify-output', 'off', ...command]
    const preflight = [process.execPath, cli, 'run', '--verify-output', 'off', ...command]
    const both = [process.execPath, cli, 'run', ...command]
    await timed(both)
    for (const [what, argv] of [
      ['preflight', preflight],
      ['preflight and verification', both]
    ]) {
      const measured = await pairs(count, without, argv)
      const difference = measured.map(({ secondsA, secondsB }) => 1000 * (secondsB - secondsA))
      const [low, high] = [0.25, 0.75].map((share) => difference.toSorted((a, b) => a - b)[Math.floor(share * count)])
      console.log(
        `${name}: without ${(1000 * median(measured.map(({ secondsA }) => secondsA))).toFixed(0)} ms; ${what}: ` +
          `${median(difference).toFixed(0)} ms more (quartiles ${low.toFixed(0)} and ${high.toFixed(0)}, ${count} pairs)`
      )
    }
  }
} finally {
  process.chdir('/')
  rmSync(home, { recursive: true, force: true })
}
