import { parseJetsamReport, wallTime } from '../kernel/jetsam-report.ts'
import { parseMemorystatus } from '../kernel/memorystatus.ts'
import { formatBytes } from '../model/bytes.ts'
import type { ReportedKill } from '../model/evidence.ts'
import { type Reading, unreadable, value } from '../model/reading.ts'
import type { LogTools } from './kernel-log.ts'

/** Searching the unified log of ten busy minutes takes seconds. */
const DEADLINE_MS = 20_000
const MINUTE_MS = 60_000
const MOST_WORDS = 400

const PREDICATE = 'process == "kernel" AND eventMessage CONTAINS "memorystatus: killing"'
const REPORTS = '/Library/Logs/DiagnosticReports'
/** The newest few: a Mac short of memory writes one after the other. */
const MOST_REPORTS = 8

/** The span of the attempt by the wall clock. */
export interface Span {
  readonly startMs: number
  readonly endMs: number
}

/**
 * What the kernel of macOS says it killed, by its log and by the reports of jetsam. Two sources, since running out of
 * swap leaves no report, and the log may be closed to this user. Readable once either could be read.
 */
export async function readMacKills(tools: LogTools, span: Span): Promise<Reading<readonly ReportedKill[]>> {
  const log = await readLog(tools, span)
  const reports = readReports(tools, span)
  if (log.kind === 'value') return value([...log.value, ...reports])
  return reports.length > 0 ? value(reports) : log
}

async function readLog({ processes, maySudo }: LogTools, span: Span): Promise<Reading<readonly ReportedKill[]>> {
  const minutes = Math.ceil(Math.max(0, span.endMs - span.startMs) / MINUTE_MS) + 1
  const query = ['show', '--last', `${minutes}m`, '--style', 'ndjson', '--predicate', PREDICATE]
  const commands: readonly (readonly [string, ...string[]])[] = [
    ...(maySudo ? [['sudo', '-n', '--', '/usr/bin/log', ...query] as const] : []),
    ['/usr/bin/log', ...query]
  ]
  const refusals: string[] = []
  for (const [tool, ...args] of commands) {
    const done = await processes.run(tool, args, { deadlineMs: DEADLINE_MS })
    // It may end with 0 and say on either stream that it could not open the store.
    const denied = /Could not open local log store.{0,80}/.exec(`${done.stderr}\n${done.stdout}`)?.[0]
    if (done.code === 0 && denied === undefined) return value(killsInLog(done.stdout, span.startMs))
    refusals.push(`${tool}: ${denied ?? done.problem ?? (done.stderr.trim().split('\n')[0] || `status ${done.code}`)}`)
  }
  return unreadable(refusals.join('; '))
}

/** One object a line, after a line of prose: `{"eventMessage":"memorystatus: killing …","timestamp":"2026-09-02 16:05:01.123456-0400"}` */
function killsInLog(text: string, startMs: number): readonly ReportedKill[] {
  return text.split('\n').flatMap((line) => {
    const { eventMessage, timestamp } = eventOf(line)
    const kill = typeof eventMessage === 'string' ? parseMemorystatus(eventMessage) : null
    const atMs = wallTime(timestamp)
    if (kill === null || typeof eventMessage !== 'string' || (atMs !== null && atMs < startMs - 1000)) return []
    return [report(kill, eventMessage)]
  })
}

function eventOf(line: string): { readonly eventMessage: unknown; readonly timestamp: unknown } {
  const none = { eventMessage: null, timestamp: null }
  try {
    const raw: unknown = JSON.parse(line)
    return typeof raw === 'object' && raw !== null ? { ...none, ...raw } : none
  } catch {
    return none
  }
}

/** Names carry their time, `JetsamEvent-2026-09-29-171321.ips`, so that the newest sort last. */
function readReports({ files, root }: LogTools, span: Span): readonly ReportedKill[] {
  const names = files.list(`${root}${REPORTS}`)
  if (names.kind !== 'value') return []
  const newest = names.value
    .filter((name) => /^JetsamEvent-.{1,100}\.ips$/.test(name))
    .sort()
    .slice(-MOST_REPORTS)
  return newest.flatMap((name) => {
    const text = files.readText(`${root}${REPORTS}/${name}`)
    const found = text.kind === 'value' ? parseJetsamReport(text.value) : null
    if (found === null || found.atMs < span.startMs - 1000) return []
    return found.killed.map((kill) => {
      const held = kill.residentBytes === null ? '' : `, ${formatBytes(kill.residentBytes)} resident`
      return report(kill, `${name}: ${kill.name} [${kill.pid}] ${kill.reason}${held}`)
    })
  })
}

function report(
  { pid, name, isForMemory }: { readonly pid: number; readonly name: string; readonly isForMemory: boolean },
  words: string
): ReportedKill {
  return { by: 'jetsam', victim: { pid, name }, signal: 'SIGKILL', isForMemory, words: words.slice(0, MOST_WORDS) }
}
