import { parseKmsg } from '../kernel/kmsg.ts'
import { parseOomRecords } from '../kernel/oom-records.ts'
import type { OomRecord } from '../model/evidence.ts'
import { type Reading, unreadable, value } from '../model/reading.ts'
import type { Files } from '../ports/files.ts'
import type { Processes } from '../ports/processes.ts'

export interface KernelLog {
  /** The kills since this object was made, by anybody on the machine. */
  kills(): Promise<Reading<readonly OomRecord[]>>
}

/** The kernel's log clock may be ahead of, or behind, the uptime by this much after days. */
const CLOCK_SLACK_US = 5_000_000
const DEADLINE_MS = 3000

/** Notes the time now; reads only when asked, since most builds are never killed. */
export function kernelLog(files: Files, processes: Processes, root: string, maySudo: boolean): KernelLog {
  const startUs = uptimeUs(files, root)
  return {
    async kills() {
      const log = await readLog(files, processes, root, maySudo)
      if (log.kind !== 'value') return log
      const recent = parseKmsg(log.value).filter(
        (record) => record.atUs === null || startUs === null || record.atUs >= startUs - CLOCK_SLACK_US
      )
      return value(parseOomRecords(recent.map((record) => record.text)))
    }
  }
}

/** `/dev/kmsg` needs CAP_SYSLOG where `kernel.dmesg_restrict` is 1; then `sudo`, then the journal (groups adm, systemd-journal). */
async function readLog(files: Files, processes: Processes, root: string, maySudo: boolean): Promise<Reading<string>> {
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

function uptimeUs(files: Files, root: string): number | null {
  const text = files.readText(`${root}/proc/uptime`)
  const seconds = text.kind === 'value' ? Number.parseFloat(text.value) : Number.NaN
  return Number.isFinite(seconds) ? seconds * 1e6 : null
}
