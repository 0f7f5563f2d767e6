import { MIB } from '../../../src/model/bytes.ts'
import { ABSENT, unreadable, value } from '../../../src/model/reading.ts'
import type { Peer, StallSnapshot, ThreadWait, WaitingProcess } from '../../../src/model/stall.ts'

// Recorded on Linux 6.18 with go1.26, v1 cgroups, where nothing else is said; paths and addresses are other ones.

export function wait(where: string | null, change: Partial<ThreadWait> = {}): ThreadWait {
  return { state: 'S', where, threads: 1, stack: [], ...change }
}

export function waiting(pid: number, tool: string, change: Partial<WaitingProcess> = {}): WaitingProcess {
  return {
    pid,
    parentPid: 4200,
    tool,
    package: null,
    state: 'S',
    ageMs: 604_000,
    cpuMs: 10,
    residentBytes: 13 * MIB,
    waits: [wait('do_wait')],
    peers: [],
    tracerPid: null,
    input: null,
    isGo: tool === 'go',
    ...change
  }
}

const GO_THREADS = [wait('do_epoll_wait'), wait('futex_do_wait', { threads: 3 })]

export function peer(change: Partial<Peer> = {}): Peer {
  return {
    protocol: 'tcp',
    address: '10.1.0.7:443',
    state: 'ESTABLISHED',
    unreadBytes: 0,
    unsentBytes: 0,
    receivedAgoMs: ABSENT,
    server: { role: 'module proxy', host: 'goproxy.example.com:443' },
    ...change
  }
}

export function snapshot(processes: readonly WaitingProcess[], change: Partial<StallSnapshot> = {}): StallSnapshot {
  return {
    atMs: 603_000,
    quietMs: 600_000,
    isStill: true,
    processes,
    omittedProcesses: 0,
    locks: [],
    frozen: [],
    memory: {
      fullStallPercent: value(0),
      of: 'machine',
      refaultsPerSecond: 0,
      majorFaultsPerSecond: 0,
      usedBytes: 2 * MIB,
      limitBytes: 19_400 * MIB
    },
    disks: [],
    unread: [],
    ...change
  }
}

/** `go build` with a module proxy that takes the request and never answers. */
export const SILENT_PROXY = snapshot([waiting(4250, 'go', { waits: GO_THREADS, peers: [peer()] })])

/** `go` fetches with Git: three processes, of which the last one has the connection. */
export const SILENT_GIT = snapshot([
  waiting(4250, 'go', { waits: GO_THREADS }),
  waiting(4260, 'git', { parentPid: 4250, waits: [wait('do_wait')] }),
  waiting(4261, 'git', { parentPid: 4260, waits: [wait('anon_pipe_read')] }),
  waiting(4262, 'git-remote-https', {
    parentPid: 4261,
    waits: [wait('do_poll.constprop.0')],
    peers: [peer({ server: { role: 'Git server', host: 'git.example.com:443' } })]
  })
])

/** `go mod tidy` behind `flock CACHE/lock sleep 100`. */
export const LOCKED_CACHE = snapshot(
  [waiting(4250, 'go', { waits: [wait('locks_lock_inode_wait'), wait('futex_do_wait', { threads: 3 })] })],
  {
    locks: [
      {
        waiterPid: 4250,
        kind: 'FLOCK',
        path: '/home/runner/go/pkg/mod/cache/lock',
        holder: { pid: 3999, command: 'flock /home/runner/go/pkg/mod/cache/lock sleep 100', isOfBuild: false }
      }
    ]
  }
)

export const STOPPED = snapshot([
  waiting(4249, 'sh', { waits: [wait('sigsuspend.isra.0')] }),
  waiting(4250, 'compile', {
    parentPid: 4249,
    package: 'example.com/app/api',
    state: 'T',
    waits: [wait('do_signal_stop', { state: 'T' })]
  })
])

const SLEEPS = wait('hrtimer_nanosleep', { state: 'D', stack: ['hrtimer_nanosleep', 'common_nsleep'] })

/** The freezer of v1 shows what it holds as uninterruptible. */
export const FROZEN_V1 = snapshot(
  [waiting(4249, 'sh'), waiting(4250, 'sleep', { parentPid: 4249, state: 'D', waits: [SLEEPS] })],
  {
    frozen: [{ version: 'v1', directory: '/sys/fs/cgroup/freezer/job', pids: [4250], holdsOnlyBuild: true }]
  }
)

/** `echo x >mnt/f` on a file system held with `fsfreeze -f`. */
export const HELD_FILE_SYSTEM = snapshot(
  [
    waiting(4250, 'sh', {
      state: 'D',
      waits: [wait('percpu_rwsem_wait', { state: 'D', stack: ['percpu_rwsem_wait', 'mnt_want_write', 'path_openat'] })]
    })
  ],
  { unread: ['free space was not asked for: a process waits in uninterruptible sleep'] }
)

/** Made up: pressure of the cage's own cgroup (v2), as its documentation has it. */
export const THRASHING = snapshot(
  [waiting(4250, 'compile', { state: 'D', waits: [wait('folio_wait_bit_common', { state: 'D' })] })],
  {
    memory: {
      fullStallPercent: value(93.4),
      of: 'build',
      refaultsPerSecond: 12_400,
      majorFaultsPerSecond: 2100,
      usedBytes: 250 * MIB,
      limitBytes: 250 * MIB
    }
  }
)

export const AT_PROMPT = snapshot([
  waiting(4249, 'sh'),
  waiting(4250, 'cat', {
    parentPid: 4249,
    waits: [wait('anon_pipe_read')],
    input: { from: 'standard input' }
  })
])

export const ASLEEP = snapshot([
  waiting(4249, 'sh'),
  waiting(4250, 'sleep', { parentPid: 4249, waits: [wait('hrtimer_nanosleep')] })
])

/** Nothing of other users, no `ss`, no pressure information. */
export const HARDLY_READABLE = snapshot([waiting(4250, 'go', { waits: [wait(null)] })], {
  memory: {
    fullStallPercent: unreadable('EACCES'),
    of: 'machine',
    refaultsPerSecond: null,
    majorFaultsPerSecond: null,
    usedBytes: null,
    limitBytes: null
  },
  unread: ["open files of other users' processes (1)"]
})
