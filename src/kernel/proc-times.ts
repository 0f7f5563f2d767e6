/** Processor time of one process so far, in clock ticks. */
export interface ProcTimes {
  readonly userTicks: number
  readonly systemTicks: number
}

/** Fields 14 and 15 of `/proc/PID/stat` (proc_pid_stat(5)), counted from the state, field 3, which follows the name. */
const USER_TIME = 11
const SYSTEM_TIME = 12

/** `957 (compile) R 951 950 950 0 -1 4194304 98 0 0 0 310 22 0 0 …`: 310 and 22; `null` for text that is not complete. */
export function parseProcTimes(text: string): ProcTimes | null {
  const fields = text
    .slice(text.lastIndexOf(')') + 1)
    .trim()
    .split(/\s+/)
  const [userTicks, systemTicks] = [Number(fields[USER_TIME] ?? '?'), Number(fields[SYSTEM_TIME] ?? '?')]
  return Number.isSafeInteger(userTicks) && Number.isSafeInteger(systemTicks) ? { userTicks, systemTicks } : null
}
