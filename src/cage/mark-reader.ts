import type { ProcStat } from '../kernel/proc-stat.ts'
import type { Files } from '../ports/files.ts'

export interface TreePlace {
  readonly files: Files
  /** Stands before `/proc`. */
  readonly root: string
  /** Name of the variable that every process of the tree inherits; `null` where none was given. */
  readonly mark: string | null
}

interface Answer {
  readonly startTicks: number
  readonly isMarked: boolean
}

/**
 * Picks the processes whose environment, as it was when they began to execute, names the mark. Each is asked once: the
 * answer is inherited, and reading it from a process that is short of memory can take long.
 */
export function markReader(place: TreePlace): (all: readonly ProcStat[]) => readonly ProcStat[] {
  const { mark } = place
  if (mark === null) return () => []
  let answers = new Map<number, Answer>()
  return (all) => {
    const before = answers
    answers = new Map()
    return all.filter(({ pid, startTicks }) => {
      const known = before.get(pid)
      const isMarked = known?.startTicks === startTicks ? known.isMarked : readMark(place, pid, mark)
      if (isMarked !== null) answers.set(pid, { startTicks, isMarked })
      return isMarked === true
    })
  }
}

/** `null`: no answer yet. The text is empty while a process becomes another program, and always for kernel threads. */
function readMark({ files, root }: TreePlace, pid: number, mark: string): boolean | null {
  const text = files.readText(`${root}/proc/${pid}/environ`)
  if (text.kind !== 'value' || text.value === '') return null
  return text.value.startsWith(`${mark}=`) || text.value.includes(`\0${mark}=`)
}
