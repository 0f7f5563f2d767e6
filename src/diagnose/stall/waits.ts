import { formatBytes } from '../../model/bytes.ts'
import { formatDuration } from '../../model/duration.ts'
import { code, figure, type Prose, prose } from '../../model/prose.ts'
import type { LockWait, Peer, StallSnapshot, WaitingProcess } from '../../model/stall.ts'
import { type Decider, lastInLine, processName, type StallFinding, waitsIn } from './finding.ts'

const LOCK_WAIT = /^(?:locks_lock_inode_wait|flock_lock_inode_wait|posix_lock_inode_wait|fcntl_setlk\w*|__break_lease)$/

/** Somebody outside the build has the lock, or somebody who cannot be seen. */
export const foreignLock: Decider = (of) => {
  const wait = of.locks.find(({ holder }) => holder === null || !holder.isOfBuild)
  if (wait !== undefined) {
    return { id: 'stall.lock', confidence: wait.holder === null ? 'likely' : 'certain', reason: lockInWords(wait, of) }
  }
  const blind = of.locks.length > 0 ? undefined : of.processes.find((one) => waitsIn(one, LOCK_WAIT) !== null)
  if (blind === undefined) return null
  return {
    id: 'stall.lock',
    confidence: 'likely',
    reason: `${processName(blind)} waits for a file lock, and who holds it cannot be seen from here`
  }
}

/** The build has the lock itself; only where its holder waits for nothing else. */
export const ownLock: Decider = (of) => {
  const [wait] = of.locks
  return wait === undefined ? null : { id: 'stall.lock', confidence: 'likely', reason: lockInWords(wait, of) }
}

/** `$GOMODCACHE/cache/lock`, and one for each version below `cache/download`. */
const MODULE_CACHE = /\/cache\/(?:lock$|download\/.+\.lock$)/

export function lockInWords({ waiterPid, path, kind, holder }: LockWait, { processes }: StallSnapshot): Prose {
  const waiter = processes.find(({ pid }) => pid === waiterPid)
  const who = waiter === undefined ? `process ${waiterPid}` : processName(waiter)
  const what =
    path === null
      ? prose`a file lock (${figure(kind)})`
      : prose`the ${figure(MODULE_CACHE.test(path) ? 'module cache lock' : 'lock')} ${code(path)}`
  if (holder === null) return `${who} waits for ${what}, whose holder cannot be seen from here`
  const whose = holder.isOfBuild ? ', of the same build' : ''
  return `${who} waits for ${what}${prose`, held by process ${figure(holder.pid)} (`}${commandInWords(holder.command)}${prose`)${figure(whose)}`}`
}

const MOST_WORDS = 8

/** Word by word, so that a place that shows names only leaves out no more than it has to. */
function commandInWords(command: string): Prose {
  const words = command.split(' ')
  const shown = words.slice(0, MOST_WORDS).map((word) => prose`${code(word)}`)
  return [...shown, ...(words.length > MOST_WORDS ? ['…'] : [])].join(' ')
}

/** A parent sleeps like this while its child replaces itself: that is no disk. */
const NO_DISK = /vfork|^kernel_clone$|^_?do_fork$|^__refrigerator$|^do_freezer_trap$/
/** File systems whose answers come from somewhere else, and which may be waited for with interruptions allowed. */
const REMOTE_DISK =
  /^(?:request_wait_answer|fuse_\w+|rpc_wait_bit_killable|nfs\d?_\w+|p9_client_rpc|cifs_\w+|ceph_\w+)$/

export const uninterruptible: Decider = ({ processes }) => {
  for (const one of processes) {
    const wait =
      waitsIn(one, REMOTE_DISK) ??
      (one.state === 'D'
        ? one.waits.find(({ state, where }) => state === 'D' && !NO_DISK.test(where ?? ''))
        : undefined)
    if (wait === undefined || wait === null) continue
    const where = wait.where ?? wait.stack[0] ?? null
    const inside = where === null ? '' : prose` in ${code(where)}`
    const sleep = one.state === 'D' ? 'is in uninterruptible sleep (state D)' : 'waits'
    return {
      id: 'stall.io',
      confidence: 'likely',
      reason: `${processName(one)} ${sleep}${inside}: a disk or file system does not answer`
    }
  }
  return null
}

/** Of the processes that nobody else waits behind. */
export const network: Decider = (of) => onConnection(lastInLine(of), of, null)

/** Of the others: a connection that is kept open without being waited for looks the same. */
export const idleConnection: Decider = (of) =>
  lastInLine(of).every((one) => waitsIn(one, /nanosleep/) !== null) ? null : onConnection(of.processes, of, 'possible')

function onConnection(
  processes: readonly WaitingProcess[],
  { quietMs }: StallSnapshot,
  atMost: 'possible' | null
): StallFinding | null {
  const waiting = processes
    .flatMap((process) => process.peers.map((peer) => ({ process, peer })))
    .toSorted((a, b) => rankOf(a.peer) - rankOf(b.peer))
  const [first] = waiting
  if (first === undefined) return null
  const { process, peer } = first
  const heard = peer.receivedAgoMs
  const isSilent = heard.kind === 'absent' || (heard.kind === 'value' && heard.value >= 0.9 * quietMs)
  const isCertain = peer.state === 'SYN_SENT' || (peer.state === 'ESTABLISHED' && isSilent && peer.unreadBytes === 0)
  return {
    id: 'stall.network',
    confidence: atMost ?? (isCertain ? 'certain' : 'likely'),
    reason: `${processName(process)} waits for ${peerInWords(peer)}`
  }
}

/** Who does not even answer the call comes first, then who is known by name, then name servers. */
function rankOf({ state, server, protocol }: Peer): number {
  if (state === 'SYN_SENT') return 0
  if (protocol === 'tcp') return server === null ? 2 : 1
  return 3
}

/** "`127.0.0.1:45587` (module proxy `proxy.example.com:443`), connected, nothing received" */
export function peerInWords(peer: Peer): Prose {
  const { address, server } = peer
  const name =
    server === null
      ? ''
      : server.host === address
        ? `, the ${server.role}`
        : prose`, the ${figure(server.role)} ${code(server.host)}`
  return `${prose`${code(address)}`}${name} (${connectionInWords(peer)})`
}

function connectionInWords({ state, protocol, receivedAgoMs, unreadBytes, unsentBytes }: Peer): Prose {
  if (state === 'SYN_SENT') return 'no answer to the attempt to connect'
  const parts = [protocol === 'udp' ? 'UDP' : state === 'ESTABLISHED' ? 'connected' : state]
  if (receivedAgoMs.kind === 'absent') parts.push('nothing received')
  if (receivedAgoMs.kind === 'value') parts.push(`nothing received for ${formatDuration(receivedAgoMs.value)}`)
  if (unreadBytes > 0) parts.push(`${formatBytes(unreadBytes)} received and not read`)
  if (unsentBytes > 0) parts.push(`${formatBytes(unsentBytes)} sent and not acknowledged`)
  return prose`${figure(parts.join(', '))}`
}

/** Nobody will type anything. */
export const input: Decider = ({ processes }) => {
  const one = processes.find((candidate) => candidate.input !== null)
  if (one === undefined || one.input === null) return null
  const what = {
    terminal: 'input from the terminal, and nobody types there',
    'standard input': 'standard input, on which nothing comes',
    'named pipe': 'somebody to open the other end of a named pipe'
  }[one.input.from]
  return { id: 'stall.unknown', confidence: 'likely', reason: `${processName(one)} waits for ${what}` }
}

const IN_WORDS: readonly (readonly [RegExp, string])[] = [
  [/^(?:futex|do_futex)/, 'waits for another of its threads'],
  [
    /^(?:ep_poll|do_epoll|do_sys_poll|do_poll|poll_schedule|do_select)/,
    'waits for something to happen on its open files'
  ],
  [/^(?:do_wait|kernel_wait|waitid)/, 'waits for a child process'],
  [/nanosleep/, 'sleeps on purpose'],
  [/^(?:anon_)?pipe_write|^pipe_wait_writable/, 'waits for its output to be read'],
  [/^(?:anon_)?pipe_read|^pipe_wait/, 'waits for data from a pipe'],
  [/^unix_stream|^unix_wait|^__skb_wait/, 'waits for an answer on a local socket'],
  [/^(?:sigsuspend|do_sigtimedwait|pause)/, 'waits for a signal']
]

/** None of the reasons that have a name: what those that nobody waits behind do, as far as the kernel says. */
export const somethingElse: Decider = (of) => {
  const [one, ...others] = lastInLine(of)
  if (one === undefined) {
    return { id: 'stall.unknown', confidence: 'possible', reason: 'no process of the build could be looked at' }
  }
  const more = others.length === 0 ? '' : `, and ${others.length} other processes wait too`
  return { id: 'stall.unknown', confidence: 'possible', reason: `${processName(one)} ${waitInWords(one)}${more}` }
}

export function waitInWords({ state, waits: [wait] }: WaitingProcess): Prose {
  if (state === 'R') return 'runs'
  if (wait === undefined || wait.where === null)
    return prose`waits (state ${figure(state)}), and the kernel does not say for what`
  const where = wait.where
  const words = IN_WORDS.find(([expression]) => expression.test(where))?.[1]
  return words === undefined ? prose`waits in ${code(where)}` : prose`${figure(words)} (${code(where)})`
}
