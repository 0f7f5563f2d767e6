import { formatBytes } from '../model/bytes.ts'
import { formatClock, formatDuration } from '../model/duration.ts'
import type { Report } from '../model/report.ts'
import type { Peer, WaitingProcess } from '../model/stall.ts'
import { cellPipes, codeSpan } from './escape.ts'
import { explainedAttempt } from './figures.ts'
import { details, table } from './markdown.ts'
import { WORDS } from './words.ts'

const CELL_MAX = 120
const MOST_PEERS = 2

/** What each process was doing at the last look while nothing moved; empty where there was none. */
export function standingProcesses(report: Report, count: number): string {
  const stall = (explainedAttempt(report) ?? report.attempts.at(-1))?.stall
  if (stall === undefined || !stall.isStill || stall.processes.length === 0) return ''
  const rows = stall.processes.slice(0, count).map((one) => [processCell(one), waitCell(one)])
  const more = stall.processes.length + stall.omittedProcesses - rows.length
  const columns = ['Process', 'Waits in'].map((title) => ({ title, align: 'left' as const }))
  return details(`${WORDS.section.standing} (${formatClock(stall.atMs)})`, [
    table(columns, rows),
    ...(more > 0 ? [`And ${more} more.`] : [])
  ])
}

function processCell({ pid, tool, package: path, cpuMs, residentBytes }: WaitingProcess): string {
  const on = path === null ? '' : ` ${cell(path)}`
  return `${pid} ${cell(tool)}${on}, CPU ${formatDuration(cpuMs)}, ${formatBytes(residentBytes)}`
}

function waitCell({ state, waits: [wait], peers }: WaitingProcess): string {
  const where = wait?.where ?? null
  const waiting = where === null ? `state ${state}` : `${cell(where)} (state ${state})`
  return [waiting, ...peers.slice(0, MOST_PEERS).map(peerCell)].join('; ')
}

function peerCell({ address, state }: Peer): string {
  return `${cell(address)} ${state}`
}

function cell(text: string): string {
  return cellPipes(codeSpan(text, CELL_MAX))
}
