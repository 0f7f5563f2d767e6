import type { Evidence, LogLine } from '../model/evidence.ts'
import { type Attribution, memory, plain } from './attribution.ts'
import { group, linesOf } from './log-hits.ts'
import type { Pattern, PatternSet } from './pattern.ts'

/** What a status of Windows says of a process's end. */
interface WindowsStatus {
  /** As in ntstatus.h. */
  readonly name: string
  readonly says: 'memory' | 'crash' | 'environment' | 'interrupted' | 'shutdown' | 'guard'
}

/** Kept to those that end builds; the same codes are crashes or refusals whatever program they end. */
const STATUSES: ReadonlyMap<number, WindowsStatus> = new Map([
  [0xc0000017, { name: 'STATUS_NO_MEMORY', says: 'memory' }],
  [0xc000012d, { name: 'STATUS_COMMITMENT_LIMIT', says: 'memory' }],
  [0xc0000005, { name: 'STATUS_ACCESS_VIOLATION', says: 'crash' }],
  [0xc000001d, { name: 'STATUS_ILLEGAL_INSTRUCTION', says: 'crash' }],
  [0xc00000fd, { name: 'STATUS_STACK_OVERFLOW', says: 'crash' }],
  [0xc0000374, { name: 'STATUS_HEAP_CORRUPTION', says: 'crash' }],
  [0xc0000409, { name: 'STATUS_STACK_BUFFER_OVERRUN', says: 'crash' }],
  [0x80000003, { name: 'STATUS_BREAKPOINT', says: 'crash' }],
  [0xc0000135, { name: 'STATUS_DLL_NOT_FOUND', says: 'environment' }],
  [0xc0000142, { name: 'STATUS_DLL_INIT_FAILED', says: 'environment' }],
  [0xc000013a, { name: 'STATUS_CONTROL_C_EXIT', says: 'interrupted' }],
  [0x40010004, { name: 'DBG_TERMINATE_PROCESS', says: 'shutdown' }],
  [0xe0a55001, { name: 'ended by the guard', says: 'guard' }]
])

/** Of a code as Node (unsigned), PowerShell and .NET (signed) give it; `null` for any that says nothing by itself. */
export function windowsStatus(code: number): WindowsStatus | null {
  return STATUSES.get(code >>> 0) ?? null
}

/** `0xC000012D`, for people. */
export function statusInWords(code: number): string {
  return `0x${(code >>> 0).toString(16).toUpperCase().padStart(8, '0')}`
}

/** A tool that printed nothing itself, by the status that `go` prints for it. Belongs to `signal.kill`. */
export const WINDOWS_TOOL: Pattern = {
  // example.com/app: C:\go\pkg\tool\windows_amd64\compile.exe: exit status 0xc000012d
  name: 'windows-tool',
  anchor: '.exe: exit status ',
  regex: /[/\\](?<tool>compile|link|asm|cgo|vet|cover|pack)\.exe: exit status (?<status>0x[0-9a-f]{1,8}|\d{1,10})$/
}
const TOOLS: PatternSet = { id: 'signal.kill', patterns: [WINDOWS_TOOL] }

/**
 * Whom Windows names by status alone: the command's own, or that of a tool which `go` prints. Windows kills nobody for
 * memory, it refuses; and a process that is ended from outside has the status its killer chose, 1 for `taskkill /f`.
 */
export function byWindowsStatus(evidence: Evidence): Attribution | null {
  const { platform, exit } = evidence
  const own = platform === 'win32' && exit !== null && exit.code !== null ? [exit.code] : []
  const said = [...own, ...toolStatuses(evidence)].flatMap((code) => windowsStatus(code)?.says ?? [])
  const [says] = said
  if (said.includes('memory')) return memory('itself', 'certain')
  if (says === 'guard') return plain('guard', 'unknown', 'likely')
  if (says === 'interrupted' || says === 'shutdown') return plain('other', 'unknown', 'likely')
  if (says !== undefined) return plain('itself', 'unknown', 'certain')
  return terminatedTool(evidence) === null ? null : plain('unknown', 'unknown', 'possible')
}

function toolStatuses({ log }: Evidence): readonly number[] {
  return linesOf(log, TOOLS).flatMap((line) => {
    const status = group(line, 'status')
    return status === null ? [] : [Number(status)]
  })
}

/** A tool that finds a fault says so and ends with 2; one that ends with 1 in silence was ended. The line, or `null`. */
export function terminatedTool({ log }: Evidence): LogLine | null {
  return linesOf(log, TOOLS).find((line) => group(line, 'status') === '1') ?? null
}
