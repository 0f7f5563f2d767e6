import type { Reading } from './reading.ts'
import type { Disk } from './survey.ts'

/** What a build that stood still was seen to wait for: one look, bounded however many processes there are. */
export interface StallSnapshot {
  /** Since the start of the attempt. */
  readonly atMs: number
  /** How long there had been no output, no CPU time and no input or output of any process. */
  readonly quietMs: number
  /** Whether that is long enough to say that the build stood still; else it was at work when it was looked at. */
  readonly isStill: boolean
  /** Parents before their children. */
  readonly processes: readonly WaitingProcess[]
  readonly omittedProcesses: number
  readonly locks: readonly LockWait[]
  readonly frozen: readonly FrozenCgroup[]
  readonly memory: MemoryMotion
  /** Empty where asking was not safe: a file system that hangs would hang whoever asks. */
  readonly disks: readonly Disk[]
  /** What could not be read, each a short sentence. */
  readonly unread: readonly string[]
}

export interface WaitingProcess {
  readonly pid: number
  readonly parentPid: number
  readonly tool: string
  readonly package: string | null
  /** `S`, `D`, `T`, … of `/proc/PID/stat`; `D` only where two looks found it so. */
  readonly state: string
  readonly ageMs: number | null
  /** User and system time so far. */
  readonly cpuMs: number
  readonly residentBytes: number
  /** What its threads wait in, the most telling first. */
  readonly waits: readonly ThreadWait[]
  readonly peers: readonly Peer[]
  /** The debugger that stopped it. */
  readonly tracerPid: number | null
  readonly input: AwaitedInput | null
  /** A Go program, which answers SIGQUIT with the stacks of its goroutines. */
  readonly isGo: boolean
}

export interface ThreadWait {
  readonly state: string
  /** Where in the kernel (`/proc/PID/task/TID/wchan`); `null` where it does not say. */
  readonly where: string | null
  readonly threads: number
  /** Innermost function first; empty unless the wait cannot be interrupted and the kernel lets us read it (CAP_SYS_ADMIN). */
  readonly stack: readonly string[]
}

/** The other end of a connection. */
export interface Peer {
  readonly protocol: 'tcp' | 'udp'
  /** `10.0.0.7:443`, `[::1]:443`. */
  readonly address: string
  /** As the kernel calls it: `ESTABLISHED`, `SYN_SENT`, … */
  readonly state: string
  /** Arrived, and not read by the program. */
  readonly unreadBytes: number
  /** Sent, and not acknowledged by the peer. */
  readonly unsentBytes: number
  /** Since the last byte came; absent: none ever came. */
  readonly receivedAgoMs: Reading<number>
  /** Who that is known to be; `null` where the address alone is known. */
  readonly server: KnownServer | null
}

/** A server that the build was told to talk to. */
export interface KnownServer {
  readonly role: 'module proxy' | 'checksum database' | 'Git server' | 'HTTP proxy' | 'name server' | 'server'
  /** `<goproxy>:443`, `127.0.0.1:3000`. */
  readonly host: string
}

/** Standard input or a terminal that a process reads from. */
export interface AwaitedInput {
  readonly from: 'terminal' | 'standard input' | 'named pipe'
}

export interface LockWait {
  readonly waiterPid: number
  /** `FLOCK`, `POSIX`, `OFDLCK`, … */
  readonly kind: string
  /** `null` where only device and inode are known. */
  readonly path: string | null
  readonly holder: LockHolder | null
}

export interface LockHolder {
  readonly pid: number
  /** Its command line, or its name where that could not be read; bounded. Untrusted. */
  readonly command: string
  readonly isOfBuild: boolean
}

export interface FrozenCgroup {
  readonly version: 'v1' | 'v2'
  /** The cgroup that was frozen: that of the processes, or one above it. */
  readonly directory: string
  readonly pids: readonly number[]
  /** Whether nothing else lives in it. */
  readonly holdsOnlyBuild: boolean
}

/** Whether the time goes into finding memory. */
export interface MemoryMotion {
  /** Share of the last 10 s in which nothing could run for want of memory, in percent (`full avg10`). */
  readonly fullStallPercent: Reading<number>
  /** Whose figures these are. */
  readonly of: 'build' | 'machine'
  /** Pages read again that had just been dropped; `null`: not known. */
  readonly refaultsPerSecond: number | null
  readonly majorFaultsPerSecond: number | null
  readonly usedBytes: number | null
  readonly limitBytes: number | null
}
