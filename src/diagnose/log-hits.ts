import type { LogFindings, LogHit, LogLine } from '../model/evidence.ts'
import type { PatternSet } from './pattern.ts'

/** The hits of one pattern, or `null`. */
export function hitOf(log: LogFindings, id: string, pattern: string): LogHit | null {
  return log.hits.get(`${id}/${pattern}`) ?? null
}

/** Whether any of the named patterns of one set was hit. */
export function wasHit(log: LogFindings, id: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => hitOf(log, id, pattern) !== null)
}

/** Whether any pattern of a set was hit. */
export function wasAnyHit(log: LogFindings, id: string): boolean {
  return [...log.hits.keys()].some((key) => key.startsWith(`${id}/`))
}

/** All kept lines of the named patterns of one set (all of them unless named), in the order of the log. */
export function linesOf(log: LogFindings, set: PatternSet, names?: readonly string[]): readonly LogLine[] {
  const chosen = names ?? set.patterns.map((pattern) => pattern.name)
  return chosen.flatMap((name) => hitOf(log, set.id, name)?.first ?? []).toSorted((a, b) => a.lineNumber - b.lineNumber)
}

/** The earliest of {@link linesOf}. */
export function firstLineOf(log: LogFindings, set: PatternSet, names?: readonly string[]): LogLine | null {
  return linesOf(log, set, names)[0] ?? null
}

/** The earliest that no test printed: what a test says is no evidence about the build. */
export function firstLineOutsideTests(log: LogFindings, set: PatternSet, names?: readonly string[]): LogLine | null {
  return linesOf(log, set, names).find((line) => line.isOfTest !== true) ?? null
}

/** A named group of a line, or `null` where it is absent or empty. */
export function group(line: LogLine | null, name: string): string | null {
  const text = line?.groups[name]
  return text === undefined || text === '' ? null : text
}
