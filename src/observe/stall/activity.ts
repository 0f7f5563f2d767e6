import { parseMovedBytes } from '../../kernel/proc-io.ts'
import { parseProcStat } from '../../kernel/proc-stat.ts'
import type { Files } from '../../ports/files.ts'

/** What the processes of the build have used up so far, by pid and start time. */
export type Activity = ReadonlyMap<string, Usage>

export interface Usage {
  /** Its first thread runs, or waits for its turn: on a busy machine, or under a CPU quota, that can take long. */
  readonly isRunnable: boolean
  readonly userTicks: number
  readonly systemTicks: number
  /** `null`: not ours to read (another user's process). */
  readonly movedBytes: number | null
}

/** Two small files for each process. `null` where none of them can be read: then nothing can be said about progress. */
export function readActivity(files: Files, root: string, pids: readonly number[]): Activity | null {
  const activity = new Map<string, Usage>()
  for (const pid of pids) {
    const text = files.readText(`${root}/proc/${pid}/stat`)
    const stat = text.kind === 'value' ? parseProcStat(text.value) : null
    if (stat === null) continue
    const io = files.readText(`${root}/proc/${pid}/io`)
    activity.set(`${pid} ${stat.startTicks}`, {
      isRunnable: stat.state === 'R',
      userTicks: stat.userTicks,
      systemTicks: stat.systemTicks,
      movedBytes: io.kind === 'value' ? parseMovedBytes(io.value) : null
    })
  }
  return activity.size === 0 ? null : activity
}
