import { formatDuration } from '../../model/duration.ts'
import { figure, prose } from '../../model/prose.ts'
import type { StallSnapshot } from '../../model/stall.ts'
import { advice, type Definition } from '../definition.ts'
import { memoryRemedies } from '../memory-remedies.ts'
import { causeOfStall, stallRows } from '../stall/cause.ts'
import type { StallId } from '../stall/finding.ts'
import { stallRemedies } from '../stall/remedies.ts'

interface Words {
  readonly id: StallId
  readonly title: string
  readonly meaning: string
  readonly links: readonly string[]
}

const WHEN =
  'The guard calls a build stalled when for `stall-timeout` it printed nothing, used no CPU time, and none of its processes read or wrote anything; a compile that is silent but works, and a download that is slow but moves, are not. It then looks once at what every process waits for.'

const PROC = 'https://man7.org/linux/man-pages/man5/proc.5.html'

/** Only a live run can know it: no words of a log, one look at the processes. */
function stallDefinition({ id, title, meaning, links }: Words): Definition {
  return {
    id,
    title,
    meaning: `${meaning} ${WHEN}`,
    patterns: [],
    judge: ({ evidence: { stop, stall } }) => {
      if (stop?.kind !== 'stall' || idOf(stall) !== id) return null
      const why = stall === null ? 'what it waited for could not be read' : causeOfStall(stall).reason
      return {
        basis: 'guard',
        confidence: stall === null ? 'possible' : causeOfStall(stall).confidence,
        summary: `${prose`The build made no progress for ${figure(formatDuration(stop.quietMs))}, and the guard ended it`}: ${why}.`,
        evidence: stall === null ? [] : stallRows(stall),
        endedBy: 'guard'
      }
    },
    rulesOut: ['outsideSignal', 'disk'],
    remedies: (_match, of) => {
      const { stall } = of.evidence
      if (stall === null) return [advice(prose`run it again with debug logging, and look at what it prints last.`)]
      return id === 'stall.thrash' ? memoryRemedies(of, stall.memory.limitBytes) : stallRemedies(stall)
    },
    catches: [],
    ignores: [
      { log: 'panic: test timed out after 10m0s\nrunning tests:\n\tTestA (10m0s)\n', exitCode: 2 },
      { log: 'go: example.com/x@v1.0.0: Get "https://<goproxy>/": dial tcp: i/o timeout\n', exitCode: 1 }
    ],
    links: [...links, PROC]
  }
}

function idOf(stall: StallSnapshot | null): StallId {
  return stall === null ? 'stall.unknown' : causeOfStall(stall).id
}

export const stallNetwork = stallDefinition({
  id: 'stall.network',
  title: 'Stood still waiting for the network',
  meaning:
    'A process of the build waits for an answer over the network that does not come: a module proxy, a checksum database, a Git server, a name server. `go` itself sets no limit to such a wait. The address is that of the connection; a name stands beside it only where the settings of the build name one server that has this address.',
  links: ['https://go.dev/ref/mod#module-proxy', 'https://go.dev/ref/mod#checksum-database']
})

export const stallLock = stallDefinition({
  id: 'stall.lock',
  title: 'Stood still waiting for a file lock',
  meaning:
    'A process of the build waits for a lock on a file that another process holds. `go` locks the module cache and the files of each download in it, so a second `go` on the same cache that hangs, or was left behind, holds up the first. Locks of other containers on a shared volume cannot be seen from inside one.',
  links: ['https://man7.org/linux/man-pages/man5/proc_locks.5.html', 'https://go.dev/ref/mod#module-cache']
})

export const stallStopped = stallDefinition({
  id: 'stall.stopped',
  title: 'Stood still because a process was stopped',
  meaning:
    'A process of the build was stopped with a signal (SIGSTOP, SIGTSTP), or by a debugger, and waits to be continued. A background job that reads from its terminal is stopped too.',
  links: ['https://man7.org/linux/man-pages/man7/signal.7.html']
})

export const stallFrozen = stallDefinition({
  id: 'stall.frozen',
  title: 'Stood still in a frozen cgroup',
  meaning:
    'The cgroup of the build, or one above it, is frozen: the kernel lets none of its processes run until somebody thaws it. `docker pause`, `systemctl freeze` and checkpoints do that.',
  links: [
    'https://docs.kernel.org/admin-guide/cgroup-v2.html',
    'https://docs.kernel.org/admin-guide/cgroup-v1/freezer-subsystem.html'
  ]
})

export const stallIo = stallDefinition({
  id: 'stall.io',
  title: 'Stood still waiting for a disk or file system',
  meaning:
    'A process of the build is in uninterruptible sleep inside the kernel, at two looks in a row: a disk, a network file system or a FUSE server does not answer. Such a process ends only when the answer comes, whatever signal it gets. Free space is not asked for then, since that could hang too.',
  links: ['https://docs.kernel.org/filesystems/proc.html']
})

export const stallThrash = stallDefinition({
  id: 'stall.thrash',
  title: 'Stood still for want of memory',
  meaning:
    'The build is not killed for memory, but the kernel spends nearly all of its time on finding some: pages are dropped and read again at once, or every allocation is slowed down by `memory.high`. CPU time of the kernel and pages that are read again do not count as progress then.',
  links: ['https://docs.kernel.org/accounting/psi.html', 'https://docs.kernel.org/admin-guide/cgroup-v2.html']
})

export const stallUnknown = stallDefinition({
  id: 'stall.unknown',
  title: 'Stood still',
  meaning:
    'Nothing of the build moves, and none of the reasons that have a name of their own was seen: no connection, no lock, no stopped or frozen process, no disk, no shortage of memory. A tool that waits for standard input or for a terminal, a `sleep`, or a deadlock inside a program looks like this; the summary says which process waits, and in what.',
  links: ['https://pkg.go.dev/runtime#hdr-Environment_Variables']
})
