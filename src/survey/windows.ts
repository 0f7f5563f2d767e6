import {
  type Commit,
  parseLauncherMemory,
  parseOperatingSystem,
  parseTypeperf,
  type WindowsMemory
} from '../kernel/windows-memory.ts'
import { ABSENT, type LimitReading, mapReading, type Reading, unreadable, value } from '../model/reading.ts'
import type { BindingLimit, HostMemory, LimitFinding } from '../model/survey.ts'
import type { Processes, ToolResult } from '../ports/processes.ts'
import type { Limits } from './limits.ts'

export interface WindowsWorld {
  readonly processes: Processes
  readonly nodeMemory: { readonly totalBytes: number; readonly freeBytes: number }
  /** The compiled launcher, or why there is none. */
  readonly launcher: Reading<string>
}

interface Answer {
  readonly memory: WindowsMemory
  /** Who told the commit limit. */
  readonly source: string
}

/** Inbox, one line of values; its talk and the names of counters are translated, so only the order is relied on. */
const TYPEPERF = [String.raw`\Memory\Commit Limit`, String.raw`\Memory\Committed Bytes`, '-sc', '1'] as const
const CIM_PROPERTIES = 'TotalVisibleMemorySize,FreePhysicalMemory,TotalVirtualMemorySize,FreeVirtualMemory'
const POWERSHELL = [
  '-NoProfile',
  '-NonInteractive',
  '-Command',
  `Get-CimInstance Win32_OperatingSystem -Property ${CIM_PROPERTIES} | Select-Object ${CIM_PROPERTIES} | ConvertTo-Json -Compress`
] as const

/** RAM, page files and what Windows may still promise, by the launcher, else typeperf, else CIM, else what Node tells. */
export async function readWindowsMemory(world: WindowsWorld): Promise<{ host: HostMemory } & Limits> {
  const refusals: string[] = []
  for (const ask of [askLauncher, askTypeperf, askCim]) {
    const answer = await ask(world)
    if (answer.kind === 'value') return withCommit(answer.value)
    refusals.push(answer.kind === 'absent' ? 'no launcher' : answer.reason)
  }
  return withoutCommit(world, refusals.join('; '))
}

async function askLauncher({ processes, launcher }: WindowsWorld): Promise<Reading<Answer>> {
  if (launcher.kind !== 'value') return launcher
  const result = await processes.run(launcher.value, ['memory'], { deadlineMs: 5000 })
  const memory = answerOf(result, 'launcher', parseLauncherMemory)
  return mapReading(memory, (of) => ({ memory: of, source: 'GlobalMemoryStatusEx' }))
}

async function askTypeperf({ processes, nodeMemory }: WindowsWorld): Promise<Reading<Answer>> {
  const result = await processes.run('typeperf', TYPEPERF, { deadlineMs: 8000 })
  const commit = answerOf(result, 'typeperf', parseTypeperf)
  const memoryOf = (of: Commit): WindowsMemory => ({
    commit: of,
    totalBytes: nodeMemory.totalBytes,
    availableBytes: nodeMemory.freeBytes
  })
  return mapReading(commit, (of) => ({ memory: memoryOf(of), source: 'typeperf' }))
}

/** The first command of a PowerShell took 8 to 25 s on hosted machines. */
async function askCim({ processes }: WindowsWorld): Promise<Reading<Answer>> {
  const result = await processes.run('powershell', POWERSHELL, { deadlineMs: 30_000 })
  const memory = answerOf(result, 'powershell', parseOperatingSystem)
  return mapReading(memory, (of) => ({ memory: of, source: 'Win32_OperatingSystem' }))
}

/** No output is no answer, whatever the exit code: the PowerShell of wine ends so. */
function answerOf<T>(result: ToolResult, tool: string, parse: (text: string) => Reading<T>): Reading<T> {
  if (result.problem !== null) return unreadable(`${tool}: ${result.problem}`)
  if (result.stdout.trim() === '') return unreadable(`${tool}: no output, exit code ${result.code}`)
  const answer = parse(result.stdout)
  return answer.kind === 'unreadable' ? unreadable(`${tool}: ${answer.reason}`) : answer
}

/**
 * The build can have min(RAM, commit limit − commit charge). That is RAM alone where the page files take all that others
 * hold; else the commit limit binds.
 */
function withCommit({ memory, source }: Answer): { host: HostMemory } & Limits {
  const { commit, totalBytes, availableBytes } = memory
  const chargedBytes = Math.max(0, commit.limitBytes - commit.availableBytes)
  const ram: LimitFinding = { source: 'host', file: 'RAM', limit: value(totalBytes) }
  const promised: LimitFinding = { source: 'commit', file: `commit limit (${source})`, limit: value(commit.limitBytes) }
  const binding: BindingLimit =
    commit.availableBytes < totalBytes
      ? { source: 'commit', file: promised.file, bytes: commit.limitBytes, usedByOthersBytes: chargedBytes }
      : { source: 'host', file: ram.file, bytes: totalBytes, usedByOthersBytes: 0 }
  return {
    host: {
      totalBytes: value(totalBytes),
      availableBytes: value(availableBytes),
      swapTotalBytes: value(Math.max(0, commit.limitBytes - totalBytes)),
      swapFreeBytes: value(Math.max(0, commit.availableBytes - totalBytes))
    },
    limits: [promised, ram],
    binding
  }
}

function withoutCommit({ nodeMemory }: WindowsWorld, reason: string): { host: HostMemory } & Limits {
  const { totalBytes, freeBytes } = nodeMemory
  const unknown: LimitReading = unreadable(reason)
  return {
    host: {
      totalBytes: value(totalBytes),
      availableBytes: value(freeBytes),
      swapTotalBytes: ABSENT,
      swapFreeBytes: ABSENT
    },
    limits: [
      { source: 'commit', file: 'commit limit', limit: unknown },
      { source: 'host', file: 'os.totalmem()', limit: value(totalBytes) }
    ],
    binding: {
      source: 'host',
      file: 'os.totalmem()',
      bytes: totalBytes,
      usedByOthersBytes: Math.max(0, totalBytes - freeBytes)
    }
  }
}
