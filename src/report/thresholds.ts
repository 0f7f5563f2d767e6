/** Shares of the limit, in percent, at which the log gets a line. */
const LEVELS = [75, 90, 95] as const
/** A level counts anew after memory fell this many points below it. */
const FALL = 10
/** Together with the lines at the start and the end a log has at most 30 of ours. */
const LINES_MAX = 24

/** Decides which samples deserve a line of log. */
export interface Thresholds {
  /** The highest level in percent that this sample has crossed since the last one; `null`: nothing to say. */
  crossed(bytes: number, limitBytes: number): number | null
}

/** Watches one limit; its lines run out, so that a build swinging around a level does not fill the log. */
export function createThresholds(linesMax: number = LINES_MAX): Thresholds {
  const passed = new Set<number>()
  let linesLeft = linesMax
  return {
    crossed(bytes, limitBytes) {
      const percent = limitBytes > 0 ? (100 * bytes) / limitBytes : 0
      for (const level of LEVELS) if (percent <= level - FALL) passed.delete(level)
      const fresh = LEVELS.filter((level) => percent >= level && !passed.has(level))
      for (const level of fresh) passed.add(level)
      const highest = fresh.at(-1)
      if (highest === undefined || linesLeft === 0) return null
      linesLeft -= 1
      return highest
    }
  }
}
