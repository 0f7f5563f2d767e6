import { ABSENT, type Reading, unreadable, value } from '../model/reading.ts'
import { kibibytesUnder } from './kibibyte-lines.ts'

/** Name and memory of one process. Memory is absent for a kernel thread or a process that has ended and was not waited for. */
export interface ProcStatus {
  /** At most 15 bytes, chosen by the process, line breaks and backslashes escaped; empty where it does not say. */
  readonly name: string
  readonly anonBytes: Reading<number>
  readonly shmemBytes: Reading<number>
  /** Highest resident memory so far, file pages included. */
  readonly peakResidentBytes: Reading<number>
  /** Real user id. */
  readonly userId: Reading<number>
}

/**
 * `/proc/PID/status` (proc_pid_status(5)); `RssAnon` and `RssShmem` since Linux 4.5:
 *
 *     Name:	compile
 *     Uid:	1001	1001	1001	1001
 *     VmHWM:	    1776 kB
 *     RssAnon:	     112 kB
 *     RssShmem:	       0 kB
 */
export function parseProcStatus(text: string): ProcStatus {
  return {
    name: /^Name:\t(.*)$/m.exec(text)?.[1] ?? '',
    anonBytes: kibibytesUnder(text, 'RssAnon'),
    shmemBytes: kibibytesUnder(text, 'RssShmem'),
    peakResidentBytes: kibibytesUnder(text, 'VmHWM'),
    userId: userId(text)
  }
}

function userId(text: string): Reading<number> {
  const found = /^Uid:(.*)$/m.exec(text)?.[1]
  if (found === undefined) return ABSENT
  const id = /^\s*(\d+)/.exec(found)?.[1]
  return id === undefined ? unreadable('not a user id') : value(Number(id))
}
