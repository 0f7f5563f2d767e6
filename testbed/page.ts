import { DEATHS } from './deaths.ts'
import type { Facts } from './facts.ts'
import type { Result } from './run-table.ts'

const BEGIN = '<!-- begin of what `npm run environments -- --write` writes -->'
const END = '<!-- end of what `npm run environments -- --write` writes -->'

const HEADINGS = ['Way of dying', 'Exit', 'Enforcement', 'Ended by', 'Cause', 'Confidence', 'Memory', 'Left behind']

/** The text with its generated part made anew; throws where the marks are missing. */
export function withResults(page: string, results: readonly Result[]): string {
  const [start, end] = [page.indexOf(BEGIN), page.indexOf(END)]
  if (start < 0 || end < start) throw new Error('the page has lost its marks')
  return `${page.slice(0, start)}${BEGIN}\n\n${tables(results)}\n${survivors(results)}${page.slice(end)}`
}

/** One table for each environment, in the order of the results. */
export function tables(results: readonly Result[]): string {
  const environments = new Set(results.map(({ environment }) => environment))
  return [...environments]
    .map((environment) => {
      const rows = results.filter((result) => result.environment === environment)
      return `### ${environment.title}\n\n${table(rows)}\n`
    })
    .join('\n')
}

function table(rows: readonly Result[]): string {
  const lines = rows.map(({ death, state }) => [DEATHS[death], ...cellsOf(state)])
  return [HEADINGS, HEADINGS.map(() => ':--'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function cellsOf(state: Result['state']): readonly string[] {
  if (state.kind !== 'run') return [`${state.kind}: ${state.reason.replaceAll(/\s*\n\s*/g, ' ')}`, ...Array(6).fill('')]
  const { expected, seen } = state
  const show = (name: keyof Facts, isCode: boolean, none = '–'): string => {
    const text = (value: string): string => (value === '' ? none : isCode ? `\`${value}\`` : value)
    return expected[name] === seen[name]
      ? text(seen[name])
      : `expected ${text(expected[name])}, seen ${text(seen[name])}`
  }
  return [
    show('exit', false),
    show('enforcement', true),
    show('endedBy', true),
    show('cause', true),
    show('confidence', false),
    show('outOfMemory', false),
    show('left', false, 'nothing')
  ]
}

/** What could be read where everything died. */
function survivors(results: readonly Result[]): string {
  const block = (text: string): string => `\n\`\`\`text\n${text}\n\`\`\`\n`
  return results
    .flatMap(({ environment, death, log }) =>
      log === null
        ? []
        : [
            `### ${environment.title}, ${DEATHS[death]}: what survived\n\n` +
              `Nothing could write a report. In the job's log stood:\n${block(log.live)}\n` +
              `What the kernel wrote, which nobody in the container can read:\n${block(log.kernel)}\n`
          ]
    )
    .join('')
}
