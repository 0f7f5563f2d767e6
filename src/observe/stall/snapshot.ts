import type { ProcStat } from '../../kernel/proc-stat.ts'
import { TICK_MS } from '../../kernel/proc-stat.ts'
import type { SocketAge } from '../../kernel/socket-ages.ts'
import type { StallSnapshot, WaitingProcess } from '../../model/stall.ts'
import type { Disk } from '../../model/survey.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Processes } from '../../ports/processes.ts'
import { readFrozen } from './freezers.ts'
import { readLockWaits } from './locks.ts'
import { type MemoryPlace, memoryMotion, readFaults } from './memory.ts'
import { type OpenFiles, openFiles } from './open-files.ts'
import { type Connections, peerOf, readConnections, readSocketAges } from './peers.ts'
import { type Look, lookAt, readStat } from './process-look.ts'
import { type NamedServer, portOf, resolved, type ServerSettings, serversIn, serversOf } from './servers.ts'

export interface SnapshotTools extends MemoryPlace {
  readonly clock: Clock
  readonly processes: Processes
  readonly pids: () => readonly number[]
  readonly settings: ServerSettings
  /** Free space; asked only where no process waits for a file system. */
  readonly disks: () => readonly Disk[]
}

/** What is known before the look. */
export type Moment = Pick<StallSnapshot, 'atMs' | 'quietMs' | 'isStill'>

const MOST_PROCESSES = 64
/** Between two looks: what waits for a disk in both waits for long. */
const BETWEEN_MS = 300

/**
 * One look at a build that stands still, safe on a machine that is sick: links and kernel counters only, nothing that
 * touches a file system or the memory of a process that waits for one, and a deadline for everything that asks others.
 */
export async function takeSnapshot(tools: SnapshotTools, moment: Moment): Promise<StallSnapshot> {
  const { files, root, clock, processes } = tools
  const faults = readFaults(tools)
  const fromMs = clock.nowMs()
  const first = statsOf(tools)
  const ages = readSocketAges(processes)
  await clock.sleep(BETWEEN_MS)
  const stats = statsOf(tools)
  const open = openFiles(files, root)
  const shown = stats.slice(0, MOST_PROCESSES)
  const pids = shown.map(({ pid }) => pid)
  const uptimeMs = readUptimeMs(tools)
  const looks = shown.map((stat) => steadyIn(first, lookAt(files, root, stat, uptimeMs, open)))
  const connections = readConnections(files, root, pids, open)
  const memory = memoryMotion(tools, faults, clock.nowMs() - fromMs)
  const frozen = readFrozen(files, root, pids)
  const isHeld = new Set(frozen.flatMap((one) => one.pids))
  const mayAsk = looks.every(({ state, pid }) => state !== 'D' || isHeld.has(pid))
  const known = await knownServers(tools, looks, connections, mayAsk)
  return {
    ...moment,
    processes: await withPeers(looks, connections, known, ages, open),
    omittedProcesses: stats.length - shown.length,
    locks: readLockWaits(files, root, new Set(pids), open),
    frozen,
    memory,
    disks: mayAsk ? tools.disks() : [],
    unread: [
      ...(mayAsk ? [] : ['free space was not asked for: a process waits in uninterruptible sleep']),
      ...((await ages) === null ? ['when sockets last received something: ss (iproute2) is not there'] : []),
      ...(open.unreadable.size === 0 ? [] : [`open files of other users' processes (${open.unreadable.size})`])
    ]
  }
}

function statsOf({ files, root, pids }: SnapshotTools): readonly ProcStat[] {
  const stats = pids().flatMap((pid) => readStat(files, root, pid) ?? [])
  return parentsFirst(stats.filter(({ state }) => state !== 'Z'))
}

function parentsFirst(stats: readonly ProcStat[]): readonly ProcStat[] {
  const here = new Set(stats.map(({ pid }) => pid))
  const below = (parent: ProcStat): readonly ProcStat[] => [
    parent,
    ...stats.filter(({ parentPid, pid }) => parentPid === parent.pid && pid !== parent.pid).flatMap(below)
  ]
  return stats.filter(({ parentPid }) => !here.has(parentPid)).flatMap(below)
}

/** A process that worked in one of two looks is at work; what it waited in at the other says little. */
function steadyIn(first: readonly ProcStat[], look: Look): Look {
  const before = first.find(({ pid }) => pid === look.pid)
  if (before === undefined) return { ...look, state: look.state === 'D' ? 'S' : look.state }
  const hasWorked = look.cpuMs > (before.userTicks + before.systemTicks) * TICK_MS
  if (look.state === 'D' && before.state !== 'D') return { ...look, state: 'S' }
  return hasWorked && look.state === 'S' ? { ...look, state: 'R' } : look
}

function readUptimeMs({ files, root }: MemoryPlace): number | null {
  const text = files.readText(`${root}/proc/uptime`)
  const seconds = text.kind === 'value' ? Number.parseFloat(text.value) : Number.NaN
  return Number.isFinite(seconds) ? seconds * 1000 : null
}

/** What settings name comes before what arguments do, since the settings say what the server is for. */
async function knownServers(
  { processes, settings }: SnapshotTools,
  looks: readonly Look[],
  connections: Connections,
  mayAsk: boolean
): Promise<readonly NamedServer[]> {
  const named = [
    ...looks.flatMap((look) => serversOf({ ...settings, ...look.settings })),
    ...looks.flatMap(({ argv, tool }) => serversIn(argv, tool))
  ]
  const distinct = named.filter((one, i) => named.findIndex(({ host }) => host === one.host) === i)
  const ports = new Set(looks.flatMap(({ pid }) => connections.of(pid).map(({ socket }) => portOf(socket.remote))))
  return mayAsk ? resolved(processes, distinct, ports) : distinct
}

async function withPeers(
  looks: readonly Look[],
  connections: Connections,
  servers: readonly NamedServer[],
  ages: Promise<ReadonlyMap<string, SocketAge> | null>,
  open: OpenFiles
): Promise<readonly WaitingProcess[]> {
  const known = await ages
  return looks.map(({ argv: _argv, settings: _settings, reads, ...look }) => ({
    ...look,
    peers: connections.of(look.pid).map((one) => peerOf(one, known, servers)),
    input: reads === null || isFedByBuild(look.pid, reads.target, looks, open) ? null : { from: reads.from }
  }))
}

/** The writing end of its pipe is open in another process of the build: then that one is to be asked what it waits for. */
function isFedByBuild(pid: number, target: string | null, looks: readonly Look[], open: OpenFiles): boolean {
  if (target === null || !target.startsWith('pipe:')) return false
  return looks.some(
    (other) =>
      other.pid !== pid &&
      [...open.of(other.pid)].some(
        ([descriptor, link]) => link === target && isWriting(open.info(other.pid, descriptor, 'flags'))
      )
  )
}

/** Octal, as given to open(2): the last digit is 1 for writing and 2 for both. */
function isWriting(flags: string | null): boolean {
  return /[1256]$/.test(flags ?? '')
}
