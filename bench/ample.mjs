// What the guard costs where memory is ample: plain `go build -a` of a net/http program against the same through the
// guard, in interleaved pairs.   node bench/ample.mjs [PAIRS]
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { interval, median, pairs } from './pairs.mjs'

const count = Number(process.argv[2] ?? 12)
const cli = resolve(import.meta.dirname, '../dist/cli.js')
const directory = mkdtempSync(join(tmpdir(), 'bench-ample-'))
try {
  writeFileSync(join(directory, 'go.mod'), 'module example.com/ample\n\ngo 1.21\n')
  writeFileSync(
    join(directory, 'main.go'),
    'package main\n\nimport "net/http"\n\nfunc main() { _ = http.ListenAndServe("", nil) }\n'
  )
  const build = ['go', '-C', directory, 'build', '-a', '-o', join(directory, 'out'), '.']
  const measured = await pairs(count, build, [process.execPath, cli, 'run', '--', ...build])
  const { mean, low, high } = interval(measured.map((pair) => pair.ratio))
  console.log(`pairs ${count}; plain median ${median(measured.map((pair) => pair.secondsA)).toFixed(2)} s`)
  console.log(`guard/plain ${mean.toFixed(4)}, 95 % interval ${low.toFixed(4)} to ${high.toFixed(4)}`)
} finally {
  rmSync(directory, { recursive: true, force: true })
}
