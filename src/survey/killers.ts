import { chainReading, type Reading, unreadable, value } from '../model/reading.ts'
import type { Killers } from '../model/survey.ts'
import type { Files } from '../ports/files.ts'

/** Daemons start early and have small pids; on a machine with more processes the rest is not looked at. */
const MOST_PROCESSES = 1024

/** Who may kill the build besides its own cap. Daemons are looked for by name in `/proc`, without asking systemd. */
export function readKillers(files: Files, root: string): Killers {
  const names = processNames(files, root)
  return {
    oomScoreAdj: chainReading(files.readText(`${root}/proc/self/oom_score_adj`), scoreOf),
    systemdOomd: runs(names, 'systemd-oomd'),
    earlyoom: runs(names, 'earlyoom')
  }
}

function scoreOf(text: string): Reading<number> {
  return /^-?\d{1,4}$/.test(text.trim()) ? value(Number(text)) : unreadable('not a number')
}

interface ProcessNames {
  readonly names: ReadonlySet<string>
  readonly isComplete: boolean
}

function processNames(files: Files, root: string): Reading<ProcessNames> {
  const entries = files.list(`${root}/proc`)
  if (entries.kind !== 'value') return entries
  const pids = entries.value.filter((name) => /^\d+$/.test(name)).sort((a, b) => Number(a) - Number(b))
  const names = new Set(pids.slice(0, MOST_PROCESSES).map((pid) => nameOf(files, root, pid)))
  return value({ names, isComplete: pids.length <= MOST_PROCESSES })
}

function nameOf(files: Files, root: string, pid: string): string {
  const comm = files.readText(`${root}/proc/${pid}/comm`)
  return comm.kind === 'value' ? comm.value.trimEnd() : ''
}

/** The kernel's `kthreadd` is seen only where all processes of the machine are: not in a container, not with hidepid. */
function runs(reading: Reading<ProcessNames>, daemon: string): Reading<boolean> {
  return chainReading(reading, ({ names, isComplete }): Reading<boolean> => {
    if (names.has(daemon)) return value(true)
    if (!names.has('kthreadd')) return unreadable('the processes of the host are not visible from here')
    return isComplete ? value(false) : unreadable(`only the first ${MOST_PROCESSES} processes were looked at`)
  })
}
