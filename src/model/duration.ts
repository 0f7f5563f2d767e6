const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/** Milliseconds of a duration such as `90s`, `30m`, `1h30m`, `1.5h`; `null` if it is none or not above zero. */
export function parseDuration(text: string): number | null {
  const trimmed = text.trim()
  if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/.test(trimmed)) return null
  let totalMs = 0
  for (const [, amount, unit] of trimmed.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)) {
    totalMs += Number(amount) * (UNITS[unit ?? ''] ?? 0)
  }
  return totalMs > 0 && Number.isFinite(totalMs) ? Math.round(totalMs) : null
}

/** A duration as inputs take it: `500ms`, `90s` as `1m30s`, `30m`, `1h30m`. */
export function durationInput(ms: number): string {
  if (ms < 1000) return `${Math.max(1, Math.round(ms))}ms`
  const seconds = wholeSeconds(ms)
  const parts = { h: Math.floor(seconds / 3600), m: Math.floor(seconds / 60) % 60, s: seconds % 60 }
  return Object.entries(parts).reduce((text, [unit, count]) => (count === 0 ? text : `${text}${count}${unit}`), '')
}

/** One rounding for every form, so that a moment is the same in a sentence, in a chart and in the log. */
function wholeSeconds(ms: number): number {
  return Math.max(0, Math.round(ms / 1000))
}

/** A duration in running text: "640 ms", "12 s", "1 min 34 s", "2 h 5 min". */
export function formatDuration(ms: number): string {
  if (Math.round(ms) < 1000) return `${Math.round(ms)} ms`
  const seconds = wholeSeconds(ms)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`
  const hours = Math.floor(minutes / 60)
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`
}

/** A moment or duration in logs and code: "0:07", "1:34", "1:02:03". */
export function formatClock(ms: number): string {
  const seconds = wholeSeconds(ms)
  const two = (n: number): string => String(n).padStart(2, '0')
  const minutes = Math.floor(seconds / 60)
  return minutes < 60
    ? `${minutes}:${two(seconds % 60)}`
    : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`
}
