import type {
  AwaitedInput,
  FrozenCgroup,
  KnownServer,
  LockHolder,
  LockWait,
  MemoryMotion,
  Peer,
  StallSnapshot,
  ThreadWait,
  WaitingProcess
} from '../model/stall.ts'
import type { Disk } from '../model/survey.ts'
import { amount, flag, list, nullable, number, object, oneOf, text } from './check.ts'
import { namesOnly } from './names-only.ts'
import { disk, reading } from './survey-shape.ts'

const SOME = 1000

const server = object<KnownServer>({
  role: oneOf('module proxy', 'checksum database', 'Git server', 'HTTP proxy', 'name server', 'server'),
  host: text
})

const peer = object<Peer>({
  protocol: oneOf('tcp', 'udp'),
  address: text,
  state: text,
  unreadBytes: amount,
  unsentBytes: amount,
  receivedAgoMs: reading(amount),
  server: nullable(server)
})

const process = object<WaitingProcess>({
  pid: amount,
  parentPid: amount,
  tool: text,
  package: nullable(text),
  state: text,
  ageMs: nullable(amount),
  cpuMs: amount,
  residentBytes: amount,
  waits: list(
    object<ThreadWait>({ state: text, where: nullable(text), threads: amount, stack: list(text, SOME) }),
    SOME
  ),
  peers: list(peer, SOME),
  tracerPid: nullable(amount),
  input: nullable(object<AwaitedInput>({ from: oneOf('terminal', 'standard input', 'named pipe') })),
  isGo: flag
})

const lock = object<LockWait>({
  waiterPid: amount,
  kind: text,
  path: nullable(text),
  holder: nullable(object<LockHolder>({ pid: amount, command: text, isOfBuild: flag }))
})

/** The shape of a snapshot in `report.json`, field by field as in the model. */
export const stallShape = object<StallSnapshot>({
  atMs: amount,
  quietMs: amount,
  isStill: flag,
  processes: list(process, SOME),
  omittedProcesses: amount,
  locks: list(lock, SOME),
  frozen: list(
    object<FrozenCgroup>({
      version: oneOf('v1', 'v2'),
      directory: text,
      pids: list(amount, SOME),
      holdsOnlyBuild: flag
    }),
    SOME
  ),
  memory: object<MemoryMotion>({
    fullStallPercent: reading(number),
    of: oneOf('build', 'machine'),
    refaultsPerSecond: nullable(amount),
    majorFaultsPerSecond: nullable(amount),
    usedBytes: nullable(amount),
    limitBytes: nullable(amount)
  }),
  disks: list<Disk>(disk, SOME),
  unread: list(text, SOME)
})

/** A command line of somebody else's may hold anything; the report travels. */
export function shareableStall(stall: StallSnapshot): StallSnapshot {
  const locks = stall.locks.map(({ holder, ...wait }) => {
    return { ...wait, holder: holder === null ? null : { ...holder, command: wordsToShare(holder.command) } }
  })
  return { ...stall, locks }
}

function wordsToShare(command: string): string {
  const words = command.split(' ').map((word) => namesOnly(`\`${word.replaceAll('`', "'")}\``))
  return words.map((word) => word.replaceAll('`', '')).join(' ')
}
