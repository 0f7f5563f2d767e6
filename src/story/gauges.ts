import { numberUnder, parseKeyedLines } from '../kernel/keyed-lines.ts'
import { parseMemoryStat, unreclaimableBytes } from '../kernel/memory-stat.ts'
import { parseProcStatus } from '../kernel/proc-status.ts'
import { parseProcTimes } from '../kernel/proc-times.ts'
import { known } from '../model/reading.ts'
import type { Cage } from '../ports/cage.ts'
import type { Files } from '../ports/files.ts'
import type { Gauges, Look } from '../steer/look.ts'

/** USER_HZ, what `/proc` counts in: 100 on every architecture that Go has (asm/param.h). */
const MS_PER_TICK = 10

/** What steering reads of a cage and the processes in it. */
export function gaugesOf(cage: Cage, files: Files, root: string): Gauges {
  const look = (): Look => {
    const processes = cage.pids().flatMap((pid) => {
      const text = files.readText(`${root}/proc/${pid}/status`)
      if (text.kind !== 'value') return []
      const { anonBytes, shmemBytes } = parseProcStatus(text.value)
      return [{ pid, anonBytes: (known(anonBytes) ?? 0) + (known(shmemBytes) ?? 0) }]
    })
    const summedBytes = processes.reduce((sum, { anonBytes }) => sum + anonBytes, 0)
    return { processes, hardBytes: hardBytes(cage, files) ?? summedBytes }
  }
  return {
    look,
    kills: () => known(cage.evidence().kills.after),
    toil(pid) {
      const text = files.readText(`${root}/proc/${pid}/stat`)
      const times = text.kind === 'value' ? parseProcTimes(text.value) : null
      const refaults = refaultsIn(cage, files)
      if (times === null || refaults === null) return null
      return { refaults, userMs: times.userTicks * MS_PER_TICK, systemMs: times.systemTicks * MS_PER_TICK }
    }
  }
}

/** v1 does not tell its kernel memory: that is what usage has besides page cache and anonymous memory. */
function hardBytes({ directory, charged }: Cage, files: Files): number | null {
  const text = directory === null ? null : files.readText(`${directory}/memory.stat`)
  if (text === null || text.kind !== 'value') return charged()?.treeBytes ?? null
  const stat = parseMemoryStat(text.value)
  if (stat.kernelBytes.kind === 'value') return known(unreclaimableBytes(stat))
  const usage = files.readText(`${directory}/memory.usage_in_bytes`)
  const fileBytes = known(stat.fileBytes)
  const usedBytes = usage.kind === 'value' && fileBytes !== null ? Number(usage.value) - fileBytes : Number.NaN
  return Math.max(usedBytes || 0, known(unreclaimableBytes(stat)) ?? 0)
}

/** Pages of files that were read again soon after they had been dropped (`workingset_refault_file`, Linux 5.9). */
function refaultsIn({ directory }: Cage, files: Files): number | null {
  const text = directory === null ? null : files.readText(`${directory}/memory.stat`)
  if (text === null || text.kind !== 'value') return null
  const pairs = parseKeyedLines(text.value)
  return (
    known(numberUnder(pairs, 'total_workingset_refault_file')) ?? known(numberUnder(pairs, 'workingset_refault_file'))
  )
}
