import { isMemoryReason } from './memorystatus.ts'

/** What one `JetsamEvent-*.ips` tells. */
export interface JetsamReport {
  /** Milliseconds of the wall clock. */
  readonly atMs: number
  readonly killed: readonly JetsamVictim[]
}

interface JetsamVictim {
  readonly pid: number
  readonly name: string
  readonly reason: string
  readonly isForMemory: boolean
  /** Resident pages by their size; `null` where the report does not say. */
  readonly residentBytes: number | null
}

const JETSAM = '298'

/**
 * Two JSON documents: the first line is a header, the rest the report. Killed are the processes with a `reason`; the
 * largest one, which it names too, need not be. `null` for anything else, and for a report that is cut off.
 *
 *     {"bug_type":"298","timestamp":"2026-09-29 17:13:21.00 +0530","os_version":"macOS 26.6 (25G72)"}
 *     { "memoryStatus" : { "pageSize" : 16384 }, "processes" : [ { "pid" : 73341, "name" : "compile", "rpages" : 99, "reason" : "vm-pageshortage" } ] }
 */
export function parseJetsamReport(text: string): JetsamReport | null {
  const end = text.indexOf('\n')
  const header = objectIn(text.slice(0, Math.max(0, end)))
  const body = objectIn(text.slice(end + 1))
  const atMs = wallTime(header?.['timestamp'])
  if (header?.['bug_type'] !== JETSAM || body === null || atMs === null) return null
  const pageBytes = numberOf(asObject(body['memoryStatus'])?.['pageSize'])
  const processes = Array.isArray(body['processes']) ? body['processes'] : []
  return { atMs, killed: processes.flatMap((one: unknown) => victimOf(asObject(one), pageBytes) ?? []) }
}

function victimOf(process: Readonly<Record<string, unknown>> | null, pageBytes: number | null): JetsamVictim | null {
  const pid = numberOf(process?.['pid'])
  const reason = process?.['reason']
  if (process === null || pid === null || typeof reason !== 'string') return null
  const pages = numberOf(process['rpages'])
  const name = process['name']
  return {
    pid,
    name: typeof name === 'string' ? name.slice(0, 60) : '',
    reason: reason.slice(0, 40),
    isForMemory: isMemoryReason(reason),
    residentBytes: pages === null || pageBytes === null ? null : pages * pageBytes
  }
}

/** `2026-09-29 17:13:21.00 +0530`, and in the log `2026-09-02 16:05:01.123456-0400`; `null` for another form. */
export function wallTime(text: unknown): number | null {
  if (typeof text !== 'string') return null
  const [, day, time, zone = '', minutes = ''] =
    /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.\d{1,9})? ?([+-]\d\d):?(\d\d)$/.exec(text) ?? []
  const ms = Date.parse(`${day}T${time}${zone}:${minutes}`)
  return Number.isNaN(ms) ? null : ms
}

function objectIn(text: string): Readonly<Record<string, unknown>> | null {
  try {
    return asObject(JSON.parse(text))
  } catch {
    return null
  }
}

function asObject(raw: unknown): Readonly<Record<string, unknown>> | null {
  return isObject(raw) ? raw : null
}

function isObject(raw: unknown): raw is Readonly<Record<string, unknown>> {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw)
}

function numberOf(raw: unknown): number | null {
  return typeof raw === 'number' && Number.isFinite(raw) ? raw : null
}
