import { formatBytes } from '../model/bytes.ts'
import { formatClock, formatDuration } from '../model/duration.ts'
import type { Report } from '../model/report.ts'
import type { SteeredPackage, Steering, SteeringStep } from '../model/steering.ts'
import { cellPipes, codeSpan } from './escape.ts'
import { logLine } from './log-lines.ts'
import { details, table } from './markdown.ts'
import { proseCell, proseMarkdown } from './prose-markdown.ts'
import { WORDS } from './words.ts'

const STEPS_MAX = 12
const PACKAGES_MAX = 5
const NAME_MAX = 120

/** What steering did in the last attempt that it had anything to do in; `null` where it never had. */
function steeringDone({ attempts }: Report): Steering | null {
  const all = attempts.flatMap(({ steering }) => (steering === undefined ? [] : [steering]))
  return all.findLast((one) => one.steps.length > 0 || one.heldBack > 0) ?? null
}

/** The line of log after the end; `null` where nothing was done. */
export function steeringLine(report: Report): string | null {
  const steering = steeringDone(report)
  if (steering === null) return null
  const advice = steering.advice === null ? '' : ` ${steering.advice}`
  return logLine(report.durationMs, `steering: ${whatWasDone(steering)}.${advice}`)
}

/** "2 run again after a kill, 3 limited, 12 held back for 14 s in all, of 186 compile and link runs" */
function whatWasDone({ steps, replayed, heldBack, heldBackMs, toolRuns }: Steering): string {
  const count = (kind: SteeringStep['kind']): number => steps.filter((step) => step.kind === kind).length
  const [limited, links] = [count('limited'), count('read archives')]
  const parts = [
    ...(replayed === 0 ? [] : [`${replayed} run again after a kill`]),
    ...(limited === 0 ? [] : [`${limited} limited`]),
    ...(links === 0 ? [] : [`archives of ${links === 1 ? '1 link' : `${links} links`} read from outside the cage`]),
    ...(heldBack === 0 ? [] : [`${heldBack} held back for ${formatDuration(heldBackMs)} in all`])
  ]
  return `${parts.length === 0 ? 'watched only' : parts.join(', ')}, of ${toolRuns} compile and link runs`
}

/** The collapsed section of a summary; empty where nothing was done. */
export function steeringSection(report: Report): string {
  const steering = steeringDone(report)
  if (steering === null) return ''
  const advice = steering.advice === null ? '' : ` ${proseMarkdown(steering.advice)}`
  const blocks = [`${capital(whatWasDone(steering))}.${advice}`, stepTable(steering), packageTable(steering.packages)]
  return details(
    WORDS.section.steering,
    blocks.filter((block) => block !== '')
  )
}

function stepTable({ steps }: Steering): string {
  if (steps.length === 0) return ''
  const columns = [
    { title: 'Time', align: 'right' },
    { title: 'Step', align: 'left' }
  ] as const
  const shown = steps.slice(0, STEPS_MAX).map(({ atMs, text }) => [formatClock(atMs), proseCell(text)])
  const more = steps.length - shown.length
  return table(columns, more > 0 ? [...shown, ['', `and ${more} more`]] : shown)
}

function packageTable(packages: readonly SteeredPackage[]): string {
  if (packages.length === 0) return ''
  const columns = [
    { title: 'Process', align: 'left' },
    { title: 'Peak resident', align: 'right' },
    { title: 'CPU time', align: 'right' },
    { title: 'Last run with', align: 'left' }
  ] as const
  return table(columns, packages.slice(0, PACKAGES_MAX).map(packageRow))
}

function packageRow({ tool, package: name, peakBytes, cpuMs, runs, settings }: SteeredPackage): readonly string[] {
  const again = runs > 1 ? `, run ${runs} times` : ''
  const process = cellPipes(codeSpan(name === '' ? tool : `${tool} ${name}`, NAME_MAX))
  return [
    `${process}${again}`,
    formatBytes(peakBytes),
    formatDuration(cpuMs),
    settings === '' ? 'nothing set' : cellPipes(codeSpan(settings, NAME_MAX))
  ]
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
