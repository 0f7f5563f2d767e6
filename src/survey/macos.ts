import {
  availableOf,
  parseFreePercentage,
  parseSwapUsage,
  parseSysctl,
  parseVmStat,
  type SwapUsage
} from '../kernel/macos-memory.ts'
import { wholeNumber } from '../kernel/tool-text.ts'
import { chainReading, known, type Reading, unreadable, value } from '../model/reading.ts'
import type { HostMemory } from '../model/survey.ts'
import type { Processes } from '../ports/processes.ts'

export interface MacWorld {
  readonly processes: Processes
  readonly nodeMemory: { readonly totalBytes: number }
}

const DEADLINE_MS = 3000
const NAMES = ['hw.memsize', 'vm.swapusage', 'kern.memorystatus_vm_pressure_level'] as const

/** Memory and swap of a Mac, by tools that every Mac has and that need no rights; none of them changes anything. */
export async function readMacMemory({ processes, nodeMemory }: MacWorld): Promise<HostMemory> {
  const [sysctl, vmStat, pressure] = await Promise.all([
    ask(processes, '/usr/sbin/sysctl', NAMES),
    ask(processes, '/usr/bin/vm_stat', []),
    // Only -Q: other options of this tool apply pressure.
    ask(processes, '/usr/bin/memory_pressure', ['-Q'])
  ])
  const named = (name: string): Reading<string> => chainReading(sysctl, (text) => parseSysctl(text, name))
  const totalBytes = wholeNumber(known(named('hw.memsize')) ?? '') || nodeMemory.totalBytes
  const swap = chainReading(named('vm.swapusage'), parseSwapUsage)
  return {
    totalBytes: value(totalBytes),
    availableBytes: availableOf(chainReading(vmStat, parseVmStat), {
      level: wholeNumber(known(named('kern.memorystatus_vm_pressure_level')) ?? ''),
      percent: known(chainReading(pressure, parseFreePercentage)),
      totalBytes
    }),
    ...swapOf(swap)
  }
}

/** None yet is not none: macOS makes swap files as it needs them, as long as the disk has room. */
function swapOf(swap: Reading<SwapUsage>): Pick<HostMemory, 'swapTotalBytes' | 'swapFreeBytes'> {
  if (swap.kind !== 'value') return { swapTotalBytes: swap, swapFreeBytes: swap }
  if (swap.value.totalBytes > 0) {
    return { swapTotalBytes: value(swap.value.totalBytes), swapFreeBytes: value(swap.value.freeBytes) }
  }
  const later = unreadable('macOS makes swap files as it needs them, and has made none yet')
  return { swapTotalBytes: later, swapFreeBytes: later }
}

/** What it printed counts, whatever its exit code: sysctl fails for one unknown name among others that it knows. */
async function ask(processes: Processes, tool: string, args: readonly string[]): Promise<Reading<string>> {
  const { stdout, problem, code } = await processes.run(tool, args, { deadlineMs: DEADLINE_MS })
  if (problem !== null) return unreadable(`${tool}: ${problem}`)
  return stdout.trim() === '' ? unreadable(`${tool}: no output, exit code ${code}`) : value(stdout)
}
