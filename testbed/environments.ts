// Every environment and every way of dying, on real beds: what is expected, what is seen. Ends with 1 on a difference.
//   node testbed/environments.ts [--write] [WORDS…]    WORDS choose cells: v2-root, ownCap, v2-root/ownCap
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { endAll } from './at-end.ts'
import { makeBedFolder } from './beds.ts'
import { DEATHS, type Death } from './deaths.ts'
import type { Facts } from './facts.ts'
import { withResults } from './page.ts'
import { cellName, problemsOf, type Result, runTable } from './run-table.ts'
import { ENVIRONMENTS, type Environment } from './table.ts'
import { projectRoot } from './workbench.ts'

const PAGE = join(projectRoot, 'docs/environments.md')

const words = process.argv.slice(2).filter((word) => word !== '--write')
const isWritten = process.argv.includes('--write')
const deaths = Object.keys(DEATHS).filter((name): name is Death => name in DEATHS)
const all = ENVIRONMENTS.flatMap((environment) => deaths.map((death) => [environment, death] as const))
const chosen = all.filter(
  ([environment, death]) => words.length === 0 || words.some((word) => isNamed(word, environment, death))
)

try {
  process.exitCode = await main()
} finally {
  await endAll()
}

async function main(): Promise<number> {
  if (chosen.length === 0) {
    console.error(`no such cell; there are ${ENVIRONMENTS.map(({ id }) => id).join(', ')} and ${deaths.join(', ')}`)
    return 2
  }
  const results = await runTable(chosen, await makeBedFolder(), (result) => console.log(lineOf(result)))
  const wrong = results.filter((result) => problemsOf(result).length > 0)
  const count = (kind: Result['state']['kind']): number => results.filter(({ state }) => state.kind === kind).length
  console.log(
    `\n${count('run') + count('broken')} run, ${wrong.length} not as expected, ` +
      `${count('not applicable')} not applicable, ${count('skipped')} skipped`
  )
  if (isWritten) write(results)
  return wrong.length === 0 ? 0 : 1
}

function isNamed(word: string, { id }: Environment, death: Death): boolean {
  return word === id || word === death || word === `${id}/${death}`
}

function lineOf(result: Result): string {
  const { state } = result
  const name = cellName(result)
  if (state.kind !== 'run') return `${name}\n  ${state.kind}: ${state.reason}`
  const lines =
    state.differences.length === 0
      ? [`as expected: ${inWords(state.seen)}`]
      : [`expected: ${inWords(state.expected)}`, `seen:     ${inWords(state.seen)}`, ...state.differences]
  const log = result.log === null ? [] : [...result.log.live.split('\n'), ...result.log.kernel.split('\n')]
  return [name, ...lines, ...log].join('\n  ')
}

function inWords(facts: Facts): string {
  const { exit, enforcement, endedBy, cause, confidence, outOfMemory, left } = facts
  return [
    `exit ${exit}`,
    `enforcement ${enforcement || '–'}`,
    `endedBy ${endedBy || '–'}`,
    `cause ${cause || '–'} ${confidence}`.trim(),
    `memory ${outOfMemory || '–'}`,
    `left ${left || 'nothing'}`
  ].join(', ')
}

/** Only a whole table replaces a whole table. */
function write(results: readonly Result[]): void {
  const missing = results.filter(({ state }) => state.kind === 'skipped').length + all.length - results.length
  if (missing > 0) {
    console.log(`docs/environments.md is left as it is: ${missing} cells were not run`)
    return
  }
  const inOrder = all.flatMap(([environment, death]) =>
    results.filter((result) => result.environment === environment && result.death === death)
  )
  writeFileSync(PAGE, withResults(readFileSync(PAGE, 'utf8'), inOrder))
  console.log('docs/environments.md is written')
}
