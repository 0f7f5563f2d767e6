import { availableOf, isCritical, parseSysctl, parseVmStat } from '../kernel/macos-memory.ts'
import { type PsRow, parsePs } from '../kernel/ps.ts'
import { wholeNumber } from '../kernel/tool-text.ts'
import { MIB } from '../model/bytes.ts'
import { ABSENT, known } from '../model/reading.ts'
import type { Cage, Look, Standing } from '../ports/cage.ts'
import type { CageTools } from './cgroup-directory.ts'

type Tools = Omit<CageTools, 'control'>

/** One look at a Mac: its processes, its pages, its memory pressure. Constant, and it changes nothing. */
const LOOK = [
  '-c',
  '/bin/ps -axww -o pid=,ppid=,pgid=,rss=,args=; echo =; /usr/bin/vm_stat; echo =; /usr/sbin/sysctl kern.memorystatus_vm_pressure_level'
] as const

const LOOK_DEADLINE_MS = 5000
const KILL_WAIT_MS = 5000
/** A look starts four processes. */
const PAUSE_MS = 250
const PAUSE_NEAR_MS = 50

/** What one look showed. */
interface Seen {
  readonly rows: readonly PsRow[]
  readonly availableBytes: number | null
  readonly level: number | null
}

/**
 * macOS has no cap for a tree of processes, so the guard looks with `ps` and acts itself. It sees resident memory, which
 * leaves out what was compressed or swapped: a lower bound. It acts at the limit that was asked for, and else only when
 * the system is about to kill, since a Mac that pages still builds.
 */
export function openPsTree(
  tools: Tools,
  use: { readonly way: 'watch' | 'none'; readonly capBytes: number | null }
): Cage {
  const { clock, processes } = tools
  let groupId: number | null = null
  let members = new Map<number, string>()
  let seen: Seen | null = null
  let isOpen = true
  const refresh = async (): Promise<void> => {
    const { stdout, problem } = await processes.run('/bin/sh', LOOK, { deadlineMs: LOOK_DEADLINE_MS })
    seen = problem === null ? parseLook(stdout) : null
    if (seen === null || groupId === null) return
    members = membersOf(seen.rows, groupId, members)
  }
  const inside = (): readonly PsRow[] => (seen?.rows ?? []).filter((row) => members.has(row.pid))
  const standing = (treeBytes: number): Standing => examine(use, treeBytes, seen)
  const keepLooking = async (): Promise<void> => {
    if (!isOpen) return
    await refresh()
    const isNear = standing(sumOf(inside())).share >= 0.7
    clock.after(isNear ? PAUSE_NEAR_MS : PAUSE_MS, () => void keepLooking())
  }
  const kill = async (): Promise<void> => {
    const group = groupId
    if (group === null) return
    for (const deadlineMs = clock.nowMs() + KILL_WAIT_MS; clock.nowMs() <= deadlineMs; await clock.sleep(10)) {
      processes.signal(-group, 'SIGKILL')
      await refresh()
      if (seen === null || members.size === 0) return
      for (const pid of members.keys()) processes.signal(pid, 'SIGKILL')
    }
  }
  const none = { before: ABSENT, after: ABSENT }
  return {
    way: use.way,
    capBytes: use.capBytes,
    directory: null,
    async join(pid) {
      groupId = pid
      void keepLooking()
    },
    pids: () => inside().map((row) => row.pid),
    charged: () => null,
    look: () => (seen === null ? null : lookOf(inside(), seen.availableBytes)),
    examine: standing,
    evidence: () => ({
      way: use.way,
      cgroupPath: null,
      capBytes: use.capBytes,
      ownLimitHits: none,
      kills: none,
      kernelPeakBytes: ABSENT
    }),
    kill,
    async close() {
      isOpen = false
      await kill()
      const left = seen === null ? [] : inside()
      return left.length === 0
        ? []
        : [
            `${left.length} processes of the build could not be ended: ${left
              .slice(0, 8)
              .map((row) => row.pid)
              .join(', ')}`
          ]
    }
  }
}

function parseLook(text: string): Seen | null {
  const [ps = '', vmStat = '', sysctl = ''] = text.split(/^=$/m)
  const rows = parsePs(ps)
  if (rows.length === 0) return null
  const level = wholeNumber(known(parseSysctl(sysctl, 'kern.memorystatus_vm_pressure_level')) ?? '')
  const pages = parseVmStat(vmStat.trimStart())
  return { rows, level, availableBytes: known(availableOf(pages, { level, percent: null, totalBytes: null })) }
}

/**
 * The group, the children of members, and who was a member before and still is the same program: a child whose parent
 * ended belongs to pid 1, and a number may be given to somebody else.
 */
function membersOf(rows: readonly PsRow[], groupId: number, before: ReadonlyMap<number, string>): Map<number, string> {
  const members = new Map<number, string>()
  for (const row of rows) {
    if (row.groupId === groupId || before.get(row.pid) === row.args) members.set(row.pid, row.args)
  }
  for (let grown = true; grown; ) {
    grown = false
    for (const row of rows) {
      if (members.has(row.pid) || !members.has(row.parentPid)) continue
      members.set(row.pid, row.args)
      grown = true
    }
  }
  return members
}

function lookOf(rows: readonly PsRow[], availableBytes: number | null): Look {
  return {
    treeBytes: sumOf(rows),
    availableBytes,
    processes: rows.map(({ pid, residentBytes, args }) => ({ pid, bytes: residentBytes, argv: args.split(' ') }))
  }
}

function sumOf(rows: readonly PsRow[]): number {
  return rows.reduce((sum, row) => sum + row.residentBytes, 0)
}

function examine(
  { way, capBytes }: { way: 'watch' | 'none'; capBytes: number | null },
  treeBytes: number,
  seen: Seen | null
): Standing {
  if (way === 'none') return { share: 0, breach: null }
  if (capBytes !== null && treeBytes > capBytes) {
    return { share: 1, breach: { level: 'memory-limit', limitBytes: capBytes } }
  }
  const free = seen?.availableBytes ?? null
  if (isCritical(seen?.level ?? null) && free !== null && free < 64 * MIB) {
    return { share: 1, breach: { level: 'memory pressure', limitBytes: treeBytes + free } }
  }
  return { share: capBytes === null ? 0 : treeBytes / capBytes, breach: null }
}
