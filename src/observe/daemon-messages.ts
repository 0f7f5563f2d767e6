import type { ReportedKill } from '../model/evidence.ts'

/** One entry of the journal, as far as it is needed. */
export interface JournalEntry {
  /** The unit that the journal itself found the writer in: no program can choose it. */
  readonly unit: string
  readonly message: string
}

const MOST_ENTRIES = 2000
/** The words that are kept of a message: a path and its reason. */
const MOST_WORDS = 400

/**
 * `journalctl --output=json`: one object a line. A message that is not UTF-8 comes as an array of bytes, one that is too
 * long as `null`; such entries, and lines that are no object, are skipped.
 */
export function parseJournalEntries(text: string): readonly JournalEntry[] {
  return text
    .split('\n')
    .slice(-MOST_ENTRIES)
    .flatMap((line) => entryOf(line) ?? [])
}

function entryOf(line: string): JournalEntry | null {
  let raw: unknown
  try {
    raw = JSON.parse(line)
  } catch {
    return null
  }
  if (typeof raw !== 'object' || raw === null) return null
  const { _SYSTEMD_UNIT: unit, MESSAGE: message } = { _SYSTEMD_UNIT: null, MESSAGE: null, ...raw }
  return typeof unit === 'string' && typeof message === 'string' ? { unit, message } : null
}

/** The units of the daemons that kill for memory. */
export const DAEMON_UNITS = [
  'systemd-oomd.service',
  'earlyoom.service',
  'nohang.service',
  'nohang-desktop.service'
] as const

/**
 * Up to systemd 256 "Killed PATH due to …", later "Marked PATH for killing due to …" (src/oom/oomd-manager.c). The line
 * "Considered 21 cgroups for killing, top candidates were:" is no kill.
 */
const OOMD =
  /^(?:Killed (?<killed>\/.{0,2000}?)|Marked (?<marked>\/.{0,2000}?) for killing) due to memory (?:used|pressure)\b/
/** `sending SIGTERM to process 343907 uid 1000 "compile": oom_score 961, VmRSS 5574 MiB, cmdline "…"` (kill.c; signal 0 is a self-test). */
const EARLYOOM = /^sending (SIGTERM|SIGKILL) to process (\d{1,10}) uid \d+ "(.{0,60}?)": /
/** earlyoom again, a while after its SIGTERM: `escalating to SIGKILL after 6.004 seconds` is about the process named last. */
const ESCALATION = /^escalating to SIGKILL after /
/** nohang names the victim first: `  PID: 4321, Name: compile, badness: 700`, or `New victim is cached victim 4321 (compile)`. */
const NOHANG_VICTIM =
  /^\s*PID: {1,10}(\d{1,10}), [Nn]ame: (.{0,60}?), (?:badness|state): |^New victim is cached victim (\d{1,10}) \((.{0,60})\)/
/** and then says what it does: `  Sending SIGTERM to the victim`. */
const NOHANG_ACT = /^\s*Sending (SIGTERM|SIGKILL) to the victim/

type Process = Extract<ReportedKill['victim'], { readonly pid: number }>

/** The kills that daemons wrote down, oldest first. What somebody else wrote in their words does not count. */
export function daemonKills(entries: readonly JournalEntry[]): readonly ReportedKill[] {
  let named: Process | null = null
  return entries.flatMap(({ unit, message }): readonly ReportedKill[] => {
    const words = message.trim().slice(0, MOST_WORDS)
    if (unit === 'systemd-oomd.service') return oomdKill(message, words)
    if (unit === 'earlyoom.service') {
      const [, signal, pid, name = ''] = EARLYOOM.exec(message) ?? []
      if (pid !== undefined) named = { pid: Number(pid), name }
      const sent = ESCALATION.test(message) ? 'SIGKILL' : signal
      return killOf('earlyoom', named, sent, words)
    }
    if (unit !== 'nohang.service' && unit !== 'nohang-desktop.service') return []
    const [, pid, name, cachedPid, cachedName] = NOHANG_VICTIM.exec(message) ?? []
    const victim = pid ?? cachedPid
    if (victim !== undefined) named = { pid: Number(victim), name: name ?? cachedName ?? '' }
    return killOf('nohang', named, NOHANG_ACT.exec(message)?.[1], words)
  })
}

function oomdKill(message: string, words: string): readonly ReportedKill[] {
  const { killed, marked } = OOMD.exec(message)?.groups ?? {}
  const cgroup = killed ?? marked
  return cgroup === undefined
    ? []
    : [{ by: 'systemd-oomd', victim: { cgroup }, signal: 'SIGKILL', isForMemory: true, words }]
}

function killOf(
  by: ReportedKill['by'],
  victim: Process | null,
  signal: string | undefined,
  words: string
): readonly ReportedKill[] {
  if (victim === null || (signal !== 'SIGTERM' && signal !== 'SIGKILL')) return []
  return [{ by, victim, signal, isForMemory: true, words }]
}
