import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BedName, type BedRun, bedUnavailable, runInBed } from './beds.ts'
import { DEATHS, type Death, type Order } from './deaths.ts'
import { differences, type Facts, factsOfAftermath, factsOfReport } from './facts.ts'
import { readReport } from './read-report.ts'
import type { Environment } from './table.ts'

/** One cell, after its run. */
export interface Result {
  readonly environment: Environment
  readonly death: Death
  readonly state:
    | { readonly kind: 'not applicable' | 'skipped'; readonly reason: string }
    | { readonly kind: 'run'; readonly expected: Facts; readonly seen: Facts; readonly differences: readonly string[] }
    /** There is nothing to compare. */
    | { readonly kind: 'broken'; readonly reason: string }
  /** What survived where everything died. */
  readonly log: { readonly live: string; readonly kernel: string } | null
}

interface Planned {
  readonly environment: Environment
  readonly death: Death
  readonly bed: BedName
  readonly order: Order
  readonly isFatal: boolean
}

/** Runs these cells, all of one bed in one boot, but for those that end the bed; tells each result as soon as it is there. */
export async function runTable(
  cells: readonly (readonly [Environment, Death])[],
  folder: string,
  tell: (result: Result) => void
): Promise<readonly Result[]> {
  const results: Result[] = []
  const add = (result: Result): void => {
    results.push(result)
    tell(result)
  }
  for (const [environment, death] of cells) {
    const cell = environment.cells[death]
    if ('notApplicable' in cell)
      add({ environment, death, state: { kind: 'not applicable', reason: cell.notApplicable }, log: null })
  }
  for (const group of boots(cells)) {
    const [first] = group
    if (first === undefined) continue
    const reason = bedUnavailable(first.bed)
    if (reason !== null) {
      for (const { environment, death } of group)
        add({ environment, death, state: { kind: 'skipped', reason }, log: null })
      continue
    }
    const name = first.isFatal ? first.order.name : first.bed
    const run = await runInBed(
      first.bed,
      group.map(({ order }) => order),
      folder,
      name
    )
    for (const planned of group) add(resultOf(planned, run, folder))
  }
  return results
}

/** The cells of a bed together; each of those that end it alone. */
function boots(cells: readonly (readonly [Environment, Death])[]): readonly (readonly Planned[])[] {
  const planned = cells.flatMap(([environment, death]) => plan(environment, death))
  const alone = planned.filter(({ isFatal }) => isFatal)
  const together = planned.filter(({ isFatal }) => !isFatal)
  const beds = [...new Set(together.map(({ bed }) => bed))]
  return [...beds.map((bed) => together.filter((one) => one.bed === bed)), ...alone.map((one) => [one])]
}

function plan(environment: Environment, death: Death): readonly Planned[] {
  const { id, settings, isBare, above } = environment
  const cell = environment.cells[death]
  if ('notApplicable' in cell) return []
  const order = { name: `${id}-${death}`, death, settings, isBare, above }
  return [{ environment, death, bed: cell.bed ?? environment.bed, order, isFatal: cell.survives !== undefined }]
}

function resultOf({ environment, death, order }: Planned, run: BedRun, folder: string): Result {
  const cell = environment.cells[death]
  const result = (state: Result['state'], log: Result['log'] = null): Result => ({ environment, death, state, log })
  const broken = (reason: string): Result =>
    result({ kind: 'broken', reason: `${reason}\n${partOf(run.stderr, order.name)}` })
  if ('notApplicable' in cell) return broken(cell.notApplicable)
  const { expected, survives } = cell
  const file = join(folder, `${order.name}.json`)
  if (survives !== undefined) {
    const missing = survives.filter((line) => !line.test(run.stderr)).map((line) => `log: nothing like ${line}`)
    const more = existsSync(file) ? [...missing, 'a report was written'] : missing
    return result(compared(expected, { ...expected, exit: String(run.code) }, more), survivors(run))
  }
  const told = run.told.get(order.name)
  if (told === undefined) return broken(`the bed ended with ${run.code} before it told of this`)
  if (told.fault !== null) return broken(told.fault)
  if (told.aftermath !== null) return result(compared(expected, factsOfAftermath(told)))
  try {
    return result(compared(expected, factsOfReport(readReport(file), told)))
  } catch (fault) {
    return broken(`exit ${told.exitCode}, and no report: ${fault instanceof Error ? fault.message : String(fault)}`)
  }
}

/** What was printed in the bed from the name of the order on; the end of it, and of all where the name is missing. */
function partOf(output: string, name: string): string {
  const [, part = output] = output.split(`\n${name}\n`)
  return (part.split(/\n\S+-\w+\n/)[0] ?? '').slice(-2000)
}

function compared(expected: Facts, seen: Facts, more: readonly string[] = []): Result['state'] {
  return { kind: 'run', expected, seen, differences: [...differences(expected, seen), ...more] }
}

/** The lines of the guard, and what the kernel wrote down of the kill. */
function survivors({ stderr, logs }: BedRun): Result['log'] {
  const kmsg = logs === null ? '' : readFileSync(join(logs, 'kmsg'), 'utf8')
  const about = /oom-kill:|memory\.oom\.group|Memory cgroup out of memory/
  const lines = (text: string, wanted: RegExp): string =>
    text
      .split('\n')
      .filter((line) => wanted.test(line))
      .join('\n')
  return { live: lines(stderr, /^guard: /), kernel: lines(kmsg, about) }
}

/** `name of environment, way of dying`. */
export function cellName({ environment, death }: Pick<Result, 'environment' | 'death'>): string {
  return `${environment.title}, ${DEATHS[death]}`
}

/** What is not as it has to be, each a line; a cell that is not applicable or was skipped has none. */
export function problemsOf(result: Result): readonly string[] {
  const { state } = result
  if (state.kind === 'broken') return [`${cellName(result)}: ${state.reason}`]
  return state.kind === 'run' ? state.differences.map((one) => `${cellName(result)}: ${one}`) : []
}
