export const KIB = 1024
export const MIB = 1024 * KIB
export const GIB = 1024 * MIB

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  B: 1,
  K: KIB,
  M: MIB,
  G: GIB,
  T: 1024 * GIB,
  KIB,
  MIB,
  GIB,
  TIB: 1024 * GIB,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12
}

/**
 * Bytes of a size as users write it: `K M G T` and `KiB MiB GiB TiB` are binary, `KB MB GB TB` decimal, a bare number
 * is bytes; letters of either case, one fraction allowed. `null` if it is no size.
 */
export function parseSize(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)\s*([A-Za-z]*)$/.exec(text.trim())
  const unit = UNITS[match?.[2]?.toUpperCase() ?? '?']
  if (match === null || unit === undefined) return null
  const bytes = Math.round(Number(match[1]) * unit)
  return Number.isSafeInteger(bytes) ? bytes : null
}

/** A size for people: GiB with one decimal from 1 GiB on, whole MiB below. */
export function formatBytes(bytes: number): string {
  return bytes >= GIB ? `${(bytes / GIB).toFixed(1)} GiB` : `${wholeMib(bytes)} MiB`
}

/** At least 1 of what is there at all: zero means nothing. */
function wholeMib(bytes: number): number {
  return bytes > 0 ? Math.max(1, Math.round(bytes / MIB)) : 0
}

/** "6.0 of 6.6 GiB", the unit once where one decimal of it can tell both; else "28 MiB of 22.3 GiB". */
export function formatShare(partBytes: number, wholeBytes: number): string {
  if (wholeBytes >= GIB && partBytes < 0.1 * GIB) return `${formatBytes(partBytes)} of ${formatBytes(wholeBytes)}`
  if (wholeBytes >= GIB) return `${(partBytes / GIB).toFixed(1)} of ${formatBytes(wholeBytes)}`
  return `${wholeMib(partBytes)} of ${formatBytes(wholeBytes)}`
}

/** Whole percent, "91 %". */
export function formatPercent(part: number, whole: number): string {
  return whole > 0 ? `${Math.round((100 * part) / whole)} %` : '0 %'
}

/** A size as the Go runtime reads it in `GOMEMLIMIT`: whole MiB. */
export function goMemoryLimit(bytes: number): string {
  return `${Math.floor(bytes / MIB)}MiB`
}
