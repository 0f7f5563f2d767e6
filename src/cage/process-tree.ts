import { parseProcStat } from '../kernel/proc-stat.ts'
import type { Files } from '../ports/files.ts'

/** The processes below one root, where no cgroup keeps them together. */
export interface ProcessTree {
  follow(rootPid: number): void
  pids(): readonly number[]
}

interface Known {
  readonly pid: number
  readonly startTicks: number
}

/**
 * Reads `/proc`: children of members are members, and so is whatever shares the root's session. Who once belonged stays,
 * since a process whose parent died is adopted by pid 1; a reused pid is told by its start time.
 */
export function processTree(files: Files, root: string): ProcessTree {
  let rootPid: number | null = null
  let members = new Map<number, Known>()
  return {
    follow(pid) {
      rootPid = pid
      members = new Map()
    },
    pids() {
      if (rootPid === null) return []
      members = grow(files, root, rootPid, members)
      return [...members.keys()]
    }
  }
}

function grow(files: Files, root: string, rootPid: number, before: Map<number, Known>): Map<number, Known> {
  const names = files.list(`${root}/proc`)
  if (names.kind !== 'value') return before
  const all = names.value
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const text = files.readText(`${root}/proc/${name}/stat`)
      const stat = text.kind === 'value' ? parseProcStat(text.value) : null
      // A zombie holds no memory and cannot be killed.
      return stat === null || stat.state === 'Z' ? [] : [stat]
    })
  const members = new Map<number, Known>()
  const add = (pid: number, startTicks: number): void => void members.set(pid, { pid, startTicks })
  for (const stat of all) {
    const known = before.get(stat.pid)?.startTicks === stat.startTicks
    if (known || stat.pid === rootPid || stat.sessionId === rootPid) add(stat.pid, stat.startTicks)
  }
  // Parents may have higher pids than their children once pids have wrapped round.
  for (let grown = true; grown; ) {
    grown = false
    for (const stat of all) {
      if (members.has(stat.pid) || !members.has(stat.parentPid)) continue
      add(stat.pid, stat.startTicks)
      grown = true
    }
  }
  return members
}
