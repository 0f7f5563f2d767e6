// Runs the guard many times and kills it, its build, a helper or nobody at a random moment; whatever is killed, nothing
// may stay behind and the verdict has to be true.
//   node testbed/chaos.ts [--seed N] [--runs N] [--only RUN]
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { endAll } from './at-end.ts'
import { makeHog } from './beds.ts'
import { type Seen, type Strike, strike, strikeOf } from './chaos-run.ts'
import { wrongs } from './chaos-truth.ts'
import { temporaryFolder } from './workbench.ts'

const { values } = parseArgs({
  options: { seed: { type: 'string' }, runs: { type: 'string', default: '200' }, only: { type: 'string' } }
})
const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed)
const runs =
  values.only === undefined ? Array.from({ length: Number(values.runs) }, (_, i) => i + 1) : [Number(values.only)]

try {
  process.exitCode = (await chaos()) === 0 ? 0 : 1
} finally {
  await endAll()
}

async function chaos(): Promise<number> {
  const hog = await makeHog(join(temporaryFolder('hog'), 'hog'))
  let failures = 0
  let struck = 0
  for (const run of runs) {
    const order = strikeOf(seed, run)
    const seen = await strike(order, hog)
    if (seen.struck !== null) struck += 1
    const faults = wrongs(order, seen)
    if (values.only !== undefined || faults.length > 0) console.log(inWords(run, order, seen))
    if (faults.length === 0) continue
    failures += 1
    for (const fault of faults) console.log(`  WRONG: ${fault}`)
    console.log(`  again: npm run chaos -- --seed ${seed} --only ${run}`)
  }
  console.log(`seed ${seed}: ${runs.length} runs, ${struck} of them struck, ${failures} wrong`)
  return failures
}

function inWords(run: number, { door, enforcement, program, victim, momentMs }: Strike, seen: Seen): string {
  const { struck, exit, isDone, verdict, aftermath } = seen
  const told = verdict === null ? 'no verdict' : `${verdict.conclusion} ${verdict.cause} memory ${verdict.outOfMemory}`
  return [
    `run ${run}: ${door}, enforcement ${enforcement}, ${program}; ${victim} at ${momentMs} ms (${struck ?? 'not there'})`,
    `  exit ${exit}, build ${isDone ? 'finished' : 'not finished'}, ${told}${aftermath === null ? '' : `, ${JSON.stringify(aftermath)}`}`
  ].join('\n')
}
