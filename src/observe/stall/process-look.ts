import { type ProcStat, parseProcStat, TICK_MS } from '../../kernel/proc-stat.ts'
import type { AwaitedInput, ThreadWait, WaitingProcess } from '../../model/stall.ts'
import type { Files } from '../../ports/files.ts'
import { toolWork } from '../tool-work.ts'
import type { OpenFiles } from './open-files.ts'
import { type ServerSettings, serverSettings } from './servers.ts'

const MOST_THREADS = 32
const STACK_FRAMES = 8
const COMMAND_MAX = 200

/** Who a process is and what it waits in; what needs the other processes is added by the snapshot. */
export type Look = Omit<WaitingProcess, 'peers' | 'input'> & {
  readonly argv: readonly string[]
  /** Variables of its environment that name servers. */
  readonly settings: ServerSettings
  readonly reads: InputRead | null
}

/** A thread that waits in a read of standard input or of a terminal. */
interface InputRead {
  readonly from: AwaitedInput['from']
  /** What is open as standard input: `pipe:[4711]`, `/dev/pts/3`. */
  readonly target: string | null
}

/** Go programs by name: `go` itself, its tools, and test binaries. */
const GO_PROGRAM =
  /^(?:go(?:\d[\w.]*)?|gofmt|compile|link|asm|cgo|vet|cover|buildid|pack|staticcheck|golangci-lint|.+\.test)$/

export function readStat(files: Files, root: string, pid: number): ProcStat | null {
  const text = files.readText(`${root}/proc/${pid}/stat`)
  return text.kind === 'value' ? parseProcStat(text.value) : null
}

/**
 * Reads one process. The arguments and the environment stand in the process's own memory, and reading them can hang
 * together with a process that waits for a disk: of those only the name is read.
 */
export function lookAt(files: Files, root: string, stat: ProcStat, uptimeMs: number | null, open: OpenFiles): Look {
  const { pid, state, comm } = stat
  const read = (file: string): string => {
    const text = files.readText(`${root}/proc/${pid}/${file}`)
    return text.kind === 'value' ? text.value : ''
  }
  const isSafe = state !== 'D'
  const argv = isSafe ? read('cmdline').split('\0').filter(Boolean) : []
  const environment = isSafe ? read('environ').split('\0') : []
  const { tool, package: ofPackage } = toolWork(argv, environment, comm)
  const status = read('status')
  const tracerPid = Number(/^TracerPid:\t(\d+)$/m.exec(status)?.[1] ?? 0)
  return {
    pid,
    parentPid: stat.parentPid,
    tool,
    package: ofPackage,
    state,
    ageMs: uptimeMs === null ? null : Math.max(0, Math.round(uptimeMs - stat.startTicks * TICK_MS)),
    cpuMs: (stat.userTicks + stat.systemTicks) * TICK_MS,
    residentBytes: 1024 * Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0),
    waits: threadWaits(files, root, pid),
    tracerPid: tracerPid === 0 ? null : tracerPid,
    isGo: GO_PROGRAM.test(tool),
    argv,
    settings: serverSettings(environment),
    reads: inputRead(files, root, pid, open)
  }
}

/** A command line for people, with what looks like a password left out. */
export function commandOf(files: Files, root: string, pid: number): string | null {
  const stat = readStat(files, root, pid)
  if (stat === null) return null
  if (stat.state === 'D') return stat.comm
  const text = files.readText(`${root}/proc/${pid}/cmdline`)
  const words = text.kind === 'value' ? text.value.split('\0').filter(Boolean).map(withoutSecret) : []
  const line = words.length === 0 ? stat.comm : words.join(' ').replaceAll(/\s+/g, ' ')
  return line.length > COMMAND_MAX ? `${line.slice(0, COMMAND_MAX)}…` : line
}

/** `https://user:password@host`, `--token=…`, `PASSWORD=…`. */
function withoutSecret(word: string): string {
  return word
    .replaceAll(/(\b[a-z][a-z0-9+.-]*:\/\/)[^/@\s]*@/gi, '$1***@')
    .replace(/^(.*(?:token|password|passwd|secret|authorization|api-?key)[^=:]*[=:]).+$/is, '$1***')
}

function threadIds(files: Files, root: string, pid: number): readonly string[] {
  const ids = files.list(`${root}/proc/${pid}/task`)
  return ids.kind === 'value' ? ids.value.slice(0, MOST_THREADS) : []
}

/** What most threads of a Go or Node program do most of the time; threads that wait for threads say least. */
const HOUSEKEEPING = /^(?:ep_poll|do_epoll|hrtimer_nanosleep|do_nanosleep|do_sys_poll|poll_schedule)/
const FOR_THREADS = /^(?:futex|do_futex)/

function threadWaits(files: Files, root: string, pid: number): readonly ThreadWait[] {
  const waits = new Map<string, ThreadWait>()
  for (const id of threadIds(files, root, pid)) {
    const directory = `${root}/proc/${pid}/task/${id}`
    const text = files.readText(`${directory}/stat`)
    const stat = text.kind === 'value' ? parseProcStat(text.value) : null
    if (stat === null) continue
    const where = whereOf(files, directory)
    const key = `${stat.state} ${where}`
    const same = waits.get(key)
    const stack = same?.stack ?? (stat.state === 'D' ? stackOf(files, directory) : [])
    waits.set(key, { state: stat.state, where, threads: (same?.threads ?? 0) + 1, stack })
  }
  return [...waits.values()].toSorted((a, b) => rankOf(a) - rankOf(b))
}

function rankOf({ state, where }: ThreadWait): number {
  if (state !== 'S') return 0
  if (where === null || FOR_THREADS.test(where)) return 3
  return HOUSEKEEPING.test(where) ? 2 : 1
}

/** Empty, or `0`, where the thread runs, or the kernel does not say; `do_poll.constprop.0` is a compiler's copy. */
function whereOf(files: Files, directory: string): string | null {
  const text = files.readText(`${directory}/wchan`)
  const name = text.kind === 'value' ? text.value.trim() : ''
  return name === '' || name === '0' ? null : name.replace(/\.(?:isra|constprop|part|cold)\b.*$/, '')
}

/** `[<0>] futex_do_wait+0x46/0x90` */
function stackOf(files: Files, directory: string): readonly string[] {
  const text = files.readText(`${directory}/stack`)
  if (text.kind !== 'value') return []
  const names = [...text.value.matchAll(/^\[<[^>]*>\] ([\w.]+)/gm)].map(([, name]) => name ?? '')
  return names.slice(0, STACK_FRAMES)
}

/** Where a read of a pipe, a local socket or a terminal sleeps; the names changed between releases. */
const PIPE_READ = /^(?:anon_pipe_read|pipe_read|pipe_wait|pipe_wait_readable|fifo_pipe_read|unix_stream_\w+)$/
const TERMINAL_READ = /^(?:n_tty_read|tty_read|wait_woken)$/
const PIPE_OPEN = /^(?:wait_for_partner|fifo_open)$/

/**
 * `/proc/PID/task/TID/syscall`: the number of the call and its arguments, of which a read has the descriptor first:
 *
 *     0 0x0 0x7f7ecf336000 0x20000 0x7f7ecf3c8b60 0xffffffff 0x0 0x7ffffb22aab8 0x7f7ecf4b12ad
 */
function inputRead(files: Files, root: string, pid: number, open: OpenFiles): InputRead | null {
  for (const id of threadIds(files, root, pid)) {
    const directory = `${root}/proc/${pid}/task/${id}`
    const where = whereOf(files, directory)
    if (where === null) continue
    if (PIPE_OPEN.test(where)) return { from: 'named pipe', target: null }
    const isPipe = PIPE_READ.test(where)
    if (!isPipe && !TERMINAL_READ.test(where)) continue
    const call = files.readText(`${directory}/syscall`)
    const descriptor =
      call.kind === 'value' ? Number.parseInt(/^\d+ 0x([0-9a-f]+) /.exec(call.value)?.[1] ?? '', 16) : 0
    const target = open.target(pid, descriptor)
    if (!isPipe && target !== null && /^\/dev\/(?:tty|pts\/|console)/.test(target)) return { from: 'terminal', target }
    if (descriptor === 0) return { from: 'standard input', target }
  }
  return null
}
