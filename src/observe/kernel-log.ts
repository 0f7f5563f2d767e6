import { parseKmsg } from '../kernel/kmsg.ts'
import { parseOomRecords } from '../kernel/oom-records.ts'
import type { KernelLogEvidence } from '../model/evidence.ts'
import { type Reading, unreadable, value } from '../model/reading.ts'
import type { Files } from '../ports/files.ts'
import type { Processes } from '../ports/processes.ts'

export interface KernelLog {
  /**
   * The kills since this object was made, or since it was last asked, by anybody on the machine: a cage has the same
   * name in each attempt of a run, so that the record of one must not be told of the next.
   */
  kills(): Promise<Reading<KernelLogEvidence>>
}

/** Where the log is looked for, and by what means. */
export interface LogTools {
  readonly files: Files
  readonly processes: Processes
  /** Stands before `/proc` and `/dev`; empty on the real machine. */
  readonly root: string
  /** Whether `sudo -n` may be tried. */
  readonly maySudo: boolean
}

const DEADLINE_MS = 3000

/** The log's clock is not corrected as uptime is: it may be ahead or behind by some seconds, and drifts from day to day. */
const CLOCK_SLACK_US = 5_000_000
const CLOCK_DRIFT = 100e-6

/** Notes the time now; reads only when asked, since most builds are never killed. */
export function kernelLog(tools: LogTools): KernelLog {
  let sinceUs = startUs(tools)
  return {
    async kills() {
      const log = await readLog(tools)
      if (log.kind !== 'value') return log
      const from = sinceUs
      const recent = parseKmsg(log.value).filter(({ atUs }) => atUs === null || from === null || atUs > from)
      const newestUs = recent.reduce((newest, { atUs }) => Math.max(newest, atUs ?? 0), 0)
      if (newestUs > 0) sinceUs = newestUs
      const { kills, suppressed } = parseOomRecords(recent.map(({ text }) => text))
      const arePidsOurs = seesHostPids(tools)
      return value({ kills: kills.map((kill) => ({ ...kill, pid: arePidsOurs ? kill.pid : null })), suppressed })
    }
  }
}

/**
 * Whether the pids seen here are those of the initial namespace, which is what the kernel and daemons of the host write
 * down. There, and only there, 2 is the parent of the kernel's threads.
 */
export function seesHostPids({ files, root }: Pick<LogTools, 'files' | 'root'>): boolean {
  const name = files.readText(`${root}/proc/2/comm`)
  return name.kind === 'value' && name.value.trim() === 'kthreadd'
}

/** `/dev/kmsg` needs CAP_SYSLOG where `kernel.dmesg_restrict` is 1; then `sudo`, then the journal (groups adm, systemd-journal). */
async function readLog({ files, processes, root, maySudo }: LogTools): Promise<Reading<string>> {
  const kmsg = files.readText(`${root}/dev/kmsg`)
  if (kmsg.kind === 'value') return kmsg
  const refusals = [`/dev/kmsg: ${kmsg.kind === 'absent' ? 'absent' : kmsg.reason}`]
  const commands: readonly (readonly [string, ...string[]])[] = [
    ...(maySudo ? [['sudo', '-n', '--', 'dmesg'] as const] : []),
    ['journalctl', '--dmesg', '--boot', '--output=short-monotonic', '--no-pager', '--quiet', '--lines=2000']
  ]
  for (const [tool, ...args] of commands) {
    const done = await processes.run(tool, args, { deadlineMs: DEADLINE_MS })
    if (done.code === 0 && done.stdout.trim() !== '') return value(done.stdout)
    refusals.push(`${tool}: ${done.problem ?? (done.stderr.trim().split('\n')[0] || 'nothing to read')}`)
  }
  return unreadable(refusals.join('; '))
}

function startUs({ files, root }: LogTools): number | null {
  const text = files.readText(`${root}/proc/uptime`)
  const seconds = text.kind === 'value' ? Number.parseFloat(text.value) : Number.NaN
  return Number.isFinite(seconds) ? seconds * 1e6 * (1 - CLOCK_DRIFT) - CLOCK_SLACK_US : null
}
