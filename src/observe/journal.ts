import type { Sample } from '../model/timeline.ts'
import type { Files } from '../ports/files.ts'

/**
 * What the guard leaves on disk as it goes, so that `post` can tell the tale if the guard dies: JSON lines, appended.
 * The build runs as the same user and could write here: whoever reads it must not act on it, only show it.
 */
export type Entry =
  | { readonly kind: 'start'; readonly command: string; readonly startedAt: string }
  | {
      readonly kind: 'attempt'
      readonly attempt: number
      readonly enforcement: string
      readonly limitBytes: number | null
      readonly limitSource: string
      readonly parallelism: number
    }
  | { readonly kind: 'sample'; readonly sample: Sample }
  /** The build stood still: what the log says of it. */
  | { readonly kind: 'stall'; readonly atMs: number; readonly lines: readonly string[] }
  | { readonly kind: 'end'; readonly conclusion: string }

const MOST_STALL_LINES = 20
const MOST_BYTES = 4 * 1024 * 1024

export interface Journal {
  /** Never throws; once the file is full, or cannot be written, only the end is still tried. */
  add(entry: Entry): void
}

export function openJournal(files: Files, path: string): Journal {
  let bytes = 0
  let isBroken = false
  return {
    add(entry) {
      const line = `${JSON.stringify(entry)}\n`
      if (entry.kind !== 'end' && (isBroken || bytes + line.length > MOST_BYTES)) return
      try {
        if (bytes === 0) files.writeText(path, line)
        else files.appendText(path, line)
        bytes += line.length
      } catch {
        isBroken = true
      }
    }
  }
}

/** What a dead guard left: the entries that read as such, everything else skipped. */
export function readJournal(text: string): readonly Entry[] {
  return text
    .slice(0, MOST_BYTES)
    .split('\n')
    .flatMap((line) => {
      const entry = parseEntry(line)
      return entry === null ? [] : [entry]
    })
}

function parseEntry(line: string): Entry | null {
  let raw: unknown
  try {
    raw = JSON.parse(line)
  } catch {
    return null
  }
  if (!isRecord(raw)) return null
  switch (raw['kind']) {
    case 'start':
      return { kind: 'start', command: textOf(raw['command']), startedAt: textOf(raw['startedAt']) }
    case 'attempt':
      return {
        kind: 'attempt',
        attempt: numberOf(raw['attempt']) ?? 1,
        enforcement: textOf(raw['enforcement']),
        limitBytes: numberOf(raw['limitBytes']),
        limitSource: textOf(raw['limitSource']),
        parallelism: numberOf(raw['parallelism']) ?? 1
      }
    case 'sample': {
      const sample = sampleOf(raw['sample'])
      return sample === null ? null : { kind: 'sample', sample }
    }
    case 'stall': {
      const lines = Array.isArray(raw['lines']) ? raw['lines'].slice(0, MOST_STALL_LINES).map(textOf) : []
      return { kind: 'stall', atMs: numberOf(raw['atMs']) ?? 0, lines }
    }
    case 'end':
      return { kind: 'end', conclusion: textOf(raw['conclusion']) }
    default:
      return null
  }
}

function sampleOf(raw: unknown): Sample | null {
  if (!isRecord(raw)) return null
  const atMs = numberOf(raw['atMs'])
  const treeBytes = numberOf(raw['treeBytes'])
  if (atMs === null || treeBytes === null) return null
  const processes = Array.isArray(raw['processes']) ? raw['processes'].filter(isRecord) : []
  return {
    atMs,
    treeBytes,
    cacheBytes: numberOf(raw['cacheBytes']),
    availableBytes: numberOf(raw['availableBytes']),
    processes: processes.slice(0, 8).map((one) => ({
      pid: numberOf(one['pid']) ?? 0,
      tool: textOf(one['tool']),
      package: typeof one['package'] === 'string' ? textOf(one['package']) : null,
      bytes: numberOf(one['bytes']) ?? 0
    }))
  }
}

function isRecord(raw: unknown): raw is Record<string, unknown> {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw)
}

function textOf(raw: unknown): string {
  return typeof raw === 'string' ? raw.slice(0, 4096) : ''
}

function numberOf(raw: unknown): number | null {
  return typeof raw === 'number' && Number.isFinite(raw) && raw >= 0 ? raw : null
}
