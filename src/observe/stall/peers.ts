import { type InetSocket, parseInetSockets } from '../../kernel/proc-net.ts'
import { parseSocketAges, type SocketAge } from '../../kernel/socket-ages.ts'
import { ABSENT, type Reading, unreadable, value } from '../../model/reading.ts'
import type { Peer } from '../../model/stall.ts'
import type { Files } from '../../ports/files.ts'
import type { Processes } from '../../ports/processes.ts'
import type { OpenFiles } from './open-files.ts'
import { type NamedServer, portOf, serverAtAddress } from './servers.ts'

const TABLES = ['tcp', 'tcp6', 'udp', 'udp6'] as const
const MOST_PEERS = 8
const DEADLINE_MS = 1000

/** The connections of the build's processes to others; what talks to itself inside the build is left out. */
export interface Connections {
  of(pid: number): readonly Connection[]
}

export interface Connection {
  readonly protocol: Peer['protocol']
  readonly socket: InetSocket
}

/** `socket:[1265224]` of the descriptors, looked up in the tables of the process's own network namespace. */
export function readConnections(files: Files, root: string, pids: readonly number[], open: OpenFiles): Connections {
  const byNamespace = new Map<string, ReadonlyMap<string, Connection>>()
  const tableOf = (pid: number): ReadonlyMap<string, Connection> => {
    const link = files.readLink(`${root}/proc/${pid}/ns/net`)
    const namespace = link.kind === 'value' ? link.value : ''
    const table = byNamespace.get(namespace) ?? readTables(files, `${root}/proc/${pid}/net`)
    byNamespace.set(namespace, table)
    return table
  }
  const found = new Map(pids.map((pid) => [pid, ofProcess(open.of(pid), () => tableOf(pid))]))
  const locals = new Set([...found.values()].flat().map(({ socket }) => socket.local))
  return {
    of: (pid) =>
      (found.get(pid) ?? [])
        .filter(({ socket }) => isConnection(socket) && !locals.has(socket.remote))
        .slice(0, MOST_PEERS)
  }
}

function readTables(files: Files, directory: string): ReadonlyMap<string, Connection> {
  const table = new Map<string, Connection>()
  for (const name of TABLES) {
    const text = files.readText(`${directory}/${name}`)
    const protocol = name.startsWith('tcp') ? 'tcp' : 'udp'
    for (const socket of text.kind === 'value' ? parseInetSockets(text.value) : []) {
      table.set(socket.inode, { protocol, socket })
    }
  }
  return table
}

function ofProcess(
  links: ReadonlyMap<number, string>,
  table: () => ReadonlyMap<string, Connection>
): readonly Connection[] {
  return [...links.values()].flatMap((target) => {
    const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1]
    return inode === undefined ? [] : (table().get(inode) ?? [])
  })
}

function isConnection({ state, remote }: InetSocket): boolean {
  return !['LISTEN', 'CLOSE', 'TIME_WAIT'].includes(state) && portOf(remote) !== '0'
}

/** What `ss` (iproute2) tells of TCP sockets, by inode; `null` where it is not there or does not answer. */
export async function readSocketAges(processes: Processes): Promise<ReadonlyMap<string, SocketAge> | null> {
  const { code, stdout } = await processes.run('ss', ['-tinHe'], { deadlineMs: DEADLINE_MS })
  return code === 0 ? parseSocketAges(stdout) : null
}

function receivedAgo(age: SocketAge | undefined): Reading<number> {
  if (age === undefined) return unreadable('ss of iproute2 does not tell')
  return age.receivedBytes === 0 ? ABSENT : value(age.receivedAgoMs)
}

export function peerOf(
  { protocol, socket }: Connection,
  ages: ReadonlyMap<string, SocketAge> | null,
  servers: readonly NamedServer[]
): Peer {
  const age = ages?.get(socket.inode)
  return {
    protocol,
    address: socket.remote,
    state: socket.state,
    unreadBytes: socket.receiveQueueBytes,
    unsentBytes: protocol === 'tcp' ? socket.sendQueueBytes : 0,
    receivedAgoMs: receivedAgo(age),
    server:
      serverAtAddress(servers, socket.remote) ??
      (portOf(socket.remote) === '53' ? { role: 'name server', host: socket.remote } : null)
  }
}
