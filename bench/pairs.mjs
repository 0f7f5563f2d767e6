// Paired measurements: A B, B A, A B, … in one run, so that a machine that drifts drifts under both.
import { spawn } from 'node:child_process'

/** Wall seconds of one run; throws if it does not end with 0. */
export function timed(argv, options = {}) {
  return new Promise((resolve, reject) => {
    const start = process.hrtime.bigint()
    const [file, ...args] = argv
    const child = spawn(file, args, { stdio: 'ignore', ...options })
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      const seconds = Number(process.hrtime.bigint() - start) / 1e9
      if (code === 0) resolve(seconds)
      else reject(new Error(`${argv.join(' ')} ended with ${code ?? signal}`))
    })
  })
}

/** Ratios b/a of so many pairs, the order of each pair swapped from one to the next. `before` runs untimed each time. */
export async function pairs(count, a, b, before = async () => {}) {
  const measured = []
  for (let i = 0; i < count; i++) {
    const run = async (argv) => {
      await before()
      return timed(argv)
    }
    const [first, second] = i % 2 === 0 ? [a, b] : [b, a]
    const x = await run(first)
    const y = await run(second)
    const [secondsA, secondsB] = i % 2 === 0 ? [x, y] : [y, x]
    measured.push({ secondsA, secondsB, ratio: secondsB / secondsA })
    console.error(
      `pair ${i + 1}/${count}: ${secondsA.toFixed(3)} s, ${secondsB.toFixed(3)} s, ratio ${(secondsB / secondsA).toFixed(4)}`
    )
  }
  return measured
}

export function median(numbers) {
  const sorted = numbers.toSorted((x, y) => x - y)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** The geometric mean of the ratios with its 95 % interval. */
export function interval(ratios) {
  const { mean, low, high } = spread(ratios.map(Math.log))
  return { mean: Math.exp(mean), low: Math.exp(low), high: Math.exp(high) }
}

/** The mean with its 95 % interval, from Student's t. */
export function spread(numbers) {
  const mean = numbers.reduce((sum, x) => sum + x, 0) / numbers.length
  const variance = numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (numbers.length - 1)
  const half = studentT(numbers.length - 1) * Math.sqrt(variance / numbers.length)
  return { mean, low: mean - half, high: mean + half }
}

/** Two-sided 95 % quantile of Student's t (Cornish-Fisher expansion, within 0.5 % from 4 degrees of freedom on). */
function studentT(degrees) {
  const z = 1.959964
  const g = [
    (z ** 3 + z) / 4,
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384
  ]
  return z + g[0] / degrees + g[1] / degrees ** 2 + g[2] / degrees ** 3
}
