import type { Confidence } from '../../model/diagnosis.ts'
import { code, figure, type Prose, prose } from '../../model/prose.ts'
import type { StallSnapshot, ThreadWait, WaitingProcess } from '../../model/stall.ts'

export type StallId =
  | 'stall.frozen'
  | 'stall.stopped'
  | 'stall.lock'
  | 'stall.thrash'
  | 'stall.io'
  | 'stall.network'
  | 'stall.unknown'

/** One thing that would keep a build from going on, as it was seen in a snapshot. */
export interface StallFinding {
  readonly id: StallId
  readonly confidence: Confidence
  /** A clause that can stand after a colon: who waits for what. */
  readonly reason: Prose
}

/** Looks for one kind of reason; `null`: it was not seen. */
export type Decider = (of: StallSnapshot) => StallFinding | null

/** "`compile` on `example.com/app/api` (process 4250)" */
export function processName({ tool, package: path, pid }: WaitingProcess): Prose {
  const on = path === null ? '' : prose` on ${code(path)}`
  return `${prose`${code(tool)}`}${on}${prose` (process ${figure(pid)})`}`
}

/** Any of its threads waits there. */
export function waitsIn(process: WaitingProcess, where: RegExp): ThreadWait | null {
  return process.waits.find((wait) => wait.where !== null && where.test(wait.where)) ?? null
}

const PIPE_READ = /^(?:anon_pipe_read|pipe_read|pipe_wait\w*|unix_stream_\w+)$/

/**
 * Those that nobody of the build waits behind: a parent waits for its child, so the child is the one to ask. A child
 * that only waits for its parent's next order (a cache program) is none.
 */
export function lastInLine({ processes }: StallSnapshot): readonly WaitingProcess[] {
  const isHelper = (one: WaitingProcess): boolean =>
    one.input === null && one.peers.length === 0 && waitsIn(one, PIPE_READ) !== null && hasParent(one, processes)
  const working = processes.filter((one) => !isHelper(one))
  const last = working.filter(({ pid }) => !working.some(({ parentPid }) => parentPid === pid))
  return last.length > 0 ? last : processes
}

function hasParent({ parentPid }: WaitingProcess, processes: readonly WaitingProcess[]): boolean {
  return processes.some(({ pid }) => pid === parentPid)
}
