import { type ProcStat, parseProcStat } from '../kernel/proc-stat.ts'
import { markReader, type TreePlace } from './mark-reader.ts'

/** The processes below one root, where no cgroup keeps them together. */
export interface ProcessTree {
  follow(rootPid: number): void
  pids(): readonly number[]
}

/** Pid and start time, which together name one process for good. */
type Members = ReadonlyMap<number, number>

/**
 * Reads `/proc`: children of members are members, and so is whatever shares the root's session or carries the mark. Who
 * once belonged stays, since a process whose parent died is adopted by pid 1; a reused pid is told by its start time.
 */
export function processTree(place: TreePlace): ProcessTree {
  const marked = markReader(place)
  let root: { readonly pid: number; readonly startTicks: number | null } | null = null
  let members: Members = new Map()
  return {
    follow(pid) {
      const text = place.files.readText(`${place.root}/proc/${pid}/stat`)
      root = { pid, startTicks: text.kind === 'value' ? (parseProcStat(text.value)?.startTicks ?? null) : null }
      members = new Map()
    },
    pids() {
      const all = readAll(place)
      // Unreadable for a moment: what was known is still the best answer.
      if (all === null) return [...members.keys()]
      const sessionId = root === null ? null : sessionOf(all, root)
      const oldest = root?.startTicks ?? 0
      const young = all.filter((stat) => stat.startTicks >= oldest)
      const known = young.filter(
        (stat) => members.get(stat.pid) === stat.startTicks || (sessionId !== null && stat.sessionId === sessionId)
      )
      members = withChildren(young, [...known, ...marked(young)])
      return [...members.keys()]
    }
  }
}

/** The root's session, unless its number went to somebody else: then the process with that pid is another one. */
function sessionOf(
  all: readonly ProcStat[],
  root: { readonly pid: number; readonly startTicks: number | null }
): number | null {
  const leader = all.find((stat) => stat.pid === root.pid)
  return leader === undefined || root.startTicks === null || leader.startTicks === root.startTicks ? root.pid : null
}

function readAll({ files, root }: TreePlace): readonly ProcStat[] | null {
  const names = files.list(`${root}/proc`)
  if (names.kind !== 'value') return null
  return names.value
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const text = files.readText(`${root}/proc/${name}/stat`)
      const stat = text.kind === 'value' ? parseProcStat(text.value) : null
      // A zombie holds no memory and cannot be killed; where pid 1 does not reap, it stays for ever.
      return stat === null || stat.state === 'Z' ? [] : [stat]
    })
}

function withChildren(all: readonly ProcStat[], first: readonly ProcStat[]): Members {
  const members = new Map(first.map((stat) => [stat.pid, stat.startTicks]))
  // Parents may have higher pids than their children once pids have wrapped round.
  for (let grown = true; grown; ) {
    grown = false
    for (const stat of all) {
      if (members.has(stat.pid) || !members.has(stat.parentPid)) continue
      members.set(stat.pid, stat.startTicks)
      grown = true
    }
  }
  return members
}
