/** The first part of `/proc/PID/stat` (proc_pid_stat(5)). */
export interface ProcStat {
  readonly pid: number
  /** At most 15 bytes, chosen by the process: may hold spaces, parentheses, line breaks. */
  readonly comm: string
  /** `R`, `S`, `D`, `T`, `Z`, … */
  readonly state: string
  readonly parentPid: number
  readonly groupId: number
  readonly sessionId: number
  /** Time on a CPU of all threads, in clock ticks: {@link TICK_MS} each. Children that have ended are not in it. */
  readonly userTicks: number
  readonly systemTicks: number
  /** Clock ticks after boot; with the pid it names one process for good. */
  readonly startTicks: number
}

/** `USER_HZ` is 100 on every architecture that Go and Node run on. */
export const TICK_MS = 10

const USER_TIME = 11
const SYSTEM_TIME = 12

/** Place of `starttime`, field 22, among the fields that follow the name. */
const START_TIME = 19

/**
 * One process, or `null` for text that is not complete:
 *
 *     957 (we ird) (x) S 951 950 950 0 -1 4194304 98 0 0 0 0 0 0 0 20 0 1 0 69153 3133440 390 …
 *
 * The name ends at the *last* closing parenthesis, since it may contain some itself.
 */
export function parseProcStat(text: string): ProcStat | null {
  const open = text.indexOf('(')
  const close = text.lastIndexOf(')')
  if (open < 0 || close < open) return null
  const fields = text
    .slice(close + 1)
    .trim()
    .split(/\s+/)
  const [state, ...numbers] = fields
  const pid = count(text.slice(0, open))
  const parentPid = count(numbers[0])
  const groupId = count(numbers[1])
  const sessionId = count(numbers[2])
  const userTicks = count(fields[USER_TIME])
  const systemTicks = count(fields[SYSTEM_TIME])
  const startTicks = count(fields[START_TIME])
  if (state === undefined || !/^[A-Za-z]$/.test(state)) return null
  if (pid === null || parentPid === null || groupId === null || sessionId === null) return null
  if (userTicks === null || systemTicks === null || startTicks === null) return null
  const comm = text.slice(open + 1, close)
  return { pid, comm, state, parentPid, groupId, sessionId, userTicks, systemTicks, startTicks }
}

function count(text: string | undefined): number | null {
  return text !== undefined && /^\s*\d+\s*$/.test(text) ? Number(text) : null
}
