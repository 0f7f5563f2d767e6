import type { Evidence, LogFindings } from '../model/evidence.ts'
import { showsTests } from './context.ts'
import { killedLine } from './killed-words.ts'
import { wasAnyHit, wasHit } from './log-hits.ts'

/** Where a signal showed itself: as the kernel told it, as a shell's status 128+n, or only in words of the log. */
export interface KillTrace {
  readonly signal: NodeJS.Signals
  readonly how: 'signal' | 'status' | 'words'
}

/** `128 + n` of signals whose numbers are the same on Linux and macOS (POSIX). */
const SIGNALS: Readonly<Record<number, NodeJS.Signals>> = {
  129: 'SIGHUP',
  130: 'SIGINT',
  131: 'SIGQUIT',
  132: 'SIGILL',
  133: 'SIGTRAP',
  134: 'SIGABRT',
  136: 'SIGFPE',
  137: 'SIGKILL',
  139: 'SIGSEGV',
  141: 'SIGPIPE',
  142: 'SIGALRM',
  143: 'SIGTERM'
}

/** SIGBUS is 7 on Linux and 10 on macOS. */
const BUS_STATUS: Readonly<Record<string, number>> = { linux: 135, darwin: 138 }

/** The signal that ended the command or one of its processes, the surest trace first; `null`: none was seen. */
export function killTrace({ exit, log, platform }: Evidence): KillTrace | null {
  if (exit !== null && exit.signal !== null) return { signal: exit.signal, how: 'signal' }
  const byStatus = exit === null ? undefined : signalOfStatus(exit.code, platform)
  if (byStatus !== undefined) return { signal: byStatus, how: 'status' }
  const byWords = signalInWords(log)
  return byWords === null ? null : { signal: byWords, how: 'words' }
}

/** Tests stop processes of their own all the time, so that words of theirs are no trace. */
function signalInWords(log: LogFindings): NodeJS.Signals | null {
  if (killedLine(log) !== null || wasHit(log, 'oom.cc', ['killed'])) return 'SIGKILL'
  if (showsTests(log)) return null
  if (wasAnyHit(log, 'signal.term')) return 'SIGTERM'
  return wasAnyHit(log, 'signal.int') ? 'SIGINT' : null
}

function signalOfStatus(code: number, platform: NodeJS.Platform): NodeJS.Signals | undefined {
  if (platform === 'win32') return undefined
  return code === BUS_STATUS[platform] ? 'SIGBUS' : SIGNALS[code]
}

const FATAL: ReadonlySet<NodeJS.Signals> = new Set([
  'SIGILL',
  'SIGTRAP',
  'SIGABRT',
  'SIGBUS',
  'SIGFPE',
  'SIGSEGV',
  'SIGSYS',
  'SIGPIPE'
])

/** Whether a process brings this signal upon itself. */
export function isFatalSignal(signal: NodeJS.Signals): boolean {
  return FATAL.has(signal)
}
