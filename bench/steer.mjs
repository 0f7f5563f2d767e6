// How a build survives on little memory: steering against what one can set by hand, all in the same cage. Without a
// command a net/http program is built with all it imports; a command of your own has to build everything each time.
//   node bench/steer.mjs survival [LO HI] [-- COMMAND…]   the smallest cap in MiB that each way survives, by bisection
//   node bench/steer.mjs tight CAP [PAIRS] [-- COMMAND…]  wall time at that cap, steering and GOMEMLIMIT in pairs
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { interval, median, pairs } from './pairs.mjs'

const cli = resolve(import.meta.dirname, '../dist/cli.js')
const end = process.argv.indexOf('--')
const [mode, ...numbers] = process.argv.slice(2, end === -1 ? undefined : end)
const directory = mkdtempSync(join(tmpdir(), 'bench-steer-'))

/** What each way adds to the guard, which otherwise only makes the cage. */
const WAYS = {
  plain: () => [],
  '-p 1': () => ['--parallelism=1'],
  'GOMEMLIMIT=0.9*cap': (cap) => [`--go-memory-limit=${Math.floor(0.9 * cap)}M`],
  'GOGC=25 -p 1': () => ['--parallelism=1'],
  steering: () => ['--go-memory-limit=auto', '--steering=auto']
}
const STATIC = ['--steering=off', '--go-memory-limit=off', '--on-out-of-memory=fail', '--comment=never']

try {
  const build = end === -1 ? netProgram() : process.argv.slice(end + 1)
  if (mode === 'survival') await survival(build, Number(numbers[0] ?? 150), Number(numbers[1] ?? 400))
  else if (mode === 'tight' && Number(numbers[0]) > 0) await tight(build, Number(numbers[0]), Number(numbers[1] ?? 5))
  else throw new Error('usage: node bench/steer.mjs survival [LO HI] | tight CAP [PAIRS] [-- COMMAND…]')
} finally {
  rmSync(directory, { recursive: true, force: true })
}

function netProgram() {
  writeFileSync(join(directory, 'go.mod'), 'module example.com/net\n\ngo 1.21\n')
  writeFileSync(
    join(directory, 'main.go'),
    'package main\n\nimport "net/http"\n\nfunc main() { _ = http.ListenAndServe("", nil) }\n'
  )
  return ['go', '-C', directory, 'build', '-a', '-o', join(directory, 'out'), '.']
}

function guarded(way, cap, build) {
  return [process.execPath, cli, 'run', ...STATIC, `--memory-limit=${cap}M`, ...WAYS[way](cap), '--', ...build]
}

async function survival(build, lowest, highest) {
  const smallest = {}
  for (const way of Object.keys(WAYS)) {
    if (!(await run(way, highest, build)).isAlive) {
      console.log(`${way.padEnd(20)}  dies at ${highest} MiB`)
      continue
    }
    let [dies, lives] = [lowest, highest]
    while (lives - dies > 0.05 * lives) {
      const cap = Math.round((dies + lives) / 2)
      const { isAlive, seconds } = await run(way, cap, build)
      console.error(`${way} at ${cap} MiB: ${isAlive ? 'lives' : 'dies'} after ${seconds.toFixed(1)} s`)
      if (isAlive) lives = cap
      else dies = cap
    }
    smallest[way] = lives
    const share = smallest.plain === undefined ? 1 : lives / smallest.plain
    console.log(`${way.padEnd(20)} ${String(lives).padStart(5)} MiB  ${share.toFixed(2)} of plain  (${dies} dies)`)
  }
}

function run(way, cap, build) {
  const [file, ...args] = guarded(way, cap, build)
  const start = process.hrtime.bigint()
  return new Promise((settle, reject) => {
    const child = spawn(file, args, { stdio: 'ignore', env: environmentOf(way) })
    child.once('error', reject)
    child.once('exit', (code) =>
      settle({ isAlive: code === 0, seconds: Number(process.hrtime.bigint() - start) / 1e9 })
    )
  })
}

function environmentOf(way) {
  return way === 'GOGC=25 -p 1' ? { ...process.env, GOGC: '25' } : process.env
}

async function tight(build, cap, count) {
  const [byHand, steered] = ['GOMEMLIMIT=0.9*cap', 'steering'].map((way) => guarded(way, cap, build))
  const measured = await pairs(count, byHand, steered)
  const { mean, low, high } = interval(measured.map((pair) => pair.ratio))
  const seconds = median(measured.map((pair) => pair.secondsA))
  console.log(`cap ${cap} MiB, pairs ${count}; GOMEMLIMIT=0.9*cap median ${seconds.toFixed(2)} s`)
  console.log(`steering/GOMEMLIMIT ${mean.toFixed(4)}, 95 % interval ${low.toFixed(4)} to ${high.toFixed(4)}`)
}
