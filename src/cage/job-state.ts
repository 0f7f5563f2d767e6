import type { TreeProcess } from '../ports/cage.ts'

/** What the launcher last wrote down of its job (`helper-windows/state.go`). */
export interface JobState {
  readonly state: 'running' | 'refused' | 'ended'
  /** Why it was refused; else empty. */
  readonly reason: string
  /** How often a process wanted to commit beyond the limit of the job, as far as the system told. */
  readonly limitHits: number | null
  /** `PeakJobMemoryUsed`; `null` where it reads 0, which no job that ever ran anything can have used. */
  readonly peakBytes: number | null
  readonly availableBytes: number | null
  readonly commitLimitBytes: number | null
  readonly commitAvailableBytes: number | null
  readonly processes: readonly TreeProcess[]
}

/**
 * One line that is written over and over, so it may be caught half written: then its two numbers differ, or it is no
 * JSON at all, and the answer is `null`.
 *
 *     {"sequence":7,"state":"running","reason":"","limitHits":0,"peakBytes":0,…,"processes":[{"pid":300,"bytes":328216576,"command":"go build"}],"end":7}
 */
export function parseJobState(text: string): JobState | null {
  const raw = parsed(text)
  if (raw === null || raw['sequence'] !== raw['end'] || typeof raw['end'] !== 'number') return null
  const state = (['running', 'refused', 'ended'] as const).find((one) => one === raw['state'])
  if (state === undefined) return null
  return {
    state,
    reason: typeof raw['reason'] === 'string' ? raw['reason'] : '',
    limitHits: count(raw['limitHits']),
    peakBytes: count(raw['peakBytes']) || null,
    availableBytes: count(raw['availableBytes']),
    commitLimitBytes: count(raw['commitLimitBytes']),
    commitAvailableBytes: count(raw['commitAvailableBytes']),
    processes: Array.isArray(raw['processes']) ? raw['processes'].flatMap(processOf) : []
  }
}

/** The launcher's answer to `probe`: `{"isEnforced":true,"reason":"…"}`; `null` if it is none. */
export function parseProbe(text: string): { readonly isEnforced: boolean; readonly reason: string } | null {
  const raw = parsed(text)
  if (raw === null || typeof raw['isEnforced'] !== 'boolean' || typeof raw['reason'] !== 'string') return null
  return { isEnforced: raw['isEnforced'], reason: raw['reason'] }
}

function processOf(raw: unknown): readonly TreeProcess[] {
  if (!isRecord(raw)) return []
  const pid = count(raw['pid'])
  const bytes = count(raw['bytes'])
  if (pid === null || bytes === null) return []
  return [{ pid, bytes, argv: wordsOf(typeof raw['command'] === 'string' ? raw['command'] : '') }]
}

/** `"C:\Program Files\Go\bin\go.exe" build ./...`: enough of the quoting to find the program and its flags. */
function wordsOf(commandLine: string): readonly string[] {
  return [...commandLine.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word)
}

function count(raw: unknown): number | null {
  return typeof raw === 'number' && Number.isSafeInteger(raw) && raw >= 0 ? raw : null
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    const raw: unknown = JSON.parse(text)
    return isRecord(raw) ? raw : null
  } catch {
    return null
  }
}

function isRecord(raw: unknown): raw is Record<string, unknown> {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw)
}
