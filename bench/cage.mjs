// What the cage costs: the same guard with `--enforcement off` and with `auto`, in interleaved pairs.
//   node bench/cage.mjs [STARTS] [BUILDS]
// STARTS runs of `true` tell what making and removing it takes; BUILDS of `go build -a` of a net/http program, with ample
// memory, what it takes while a build runs.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { interval, median, pairs, spread } from './pairs.mjs'

const [starts, builds] = [Number(process.argv[2] ?? 40), Number(process.argv[3] ?? 20)]
/** Above this ratio, at the upper end of the interval, the cage costs more than was meant. */
const BAR = 1.01
const cli = resolve(import.meta.dirname, '../dist/cli.js')
const directory = mkdtempSync(join(tmpdir(), 'bench-cage-'))
const reportOf = (enforcement) => join(directory, `${enforcement}.json`)

const guard = (enforcement, command) => {
  const flags = [`--enforcement=${enforcement}`, `--report-file=${reportOf(enforcement)}`]
  return [process.execPath, cli, 'run', ...flags, '--', ...command]
}

/** Seconds without and with a cage, and what `auto` came to. */
async function compare(count, command) {
  const measured = await pairs(count, guard('off', command), guard('auto', command))
  const { inForce } = JSON.parse(readFileSync(reportOf('auto'), 'utf8')).enforcement
  return { measured, inForce }
}

try {
  const { measured, inForce } = await compare(starts, ['true'])
  const cost = spread(measured.map(({ secondsA, secondsB }) => 1000 * (secondsB - secondsA)))
  const plain = 1000 * median(measured.map(({ secondsA }) => secondsA))
  console.log(
    `start and stop, ${inForce}: ${cost.mean.toFixed(1)} ms, 95 % interval ${cost.low.toFixed(1)} to ` +
      `${cost.high.toFixed(1)} ms (${starts} pairs, without a cage ${plain.toFixed(0)} ms)`
  )

  writeFileSync(join(directory, 'go.mod'), 'module example.com/ample\n\ngo 1.21\n')
  writeFileSync(
    join(directory, 'main.go'),
    'package main\n\nimport "net/http"\n\nfunc main() { _ = http.ListenAndServe("", nil) }\n'
  )
  const build = await compare(builds, ['go', '-C', directory, 'build', '-a', '-o', join(directory, 'out'), '.'])
  const { mean, low, high } = interval(build.measured.map(({ ratio }) => ratio))
  console.log(
    `ample build, ${build.inForce}/off: ${mean.toFixed(4)}, 95 % interval ${low.toFixed(4)} to ${high.toFixed(4)} ` +
      `(${builds} pairs, without a cage ${median(build.measured.map(({ secondsA }) => secondsA)).toFixed(2)} s); ` +
      `${high <= BAR ? 'within' : 'not shown to be within'} ${BAR}`
  )
} finally {
  rmSync(directory, { recursive: true, force: true })
}
