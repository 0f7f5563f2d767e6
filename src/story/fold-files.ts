import { resolve } from 'node:path'
import { MIB } from '../model/bytes.ts'
import type { ReportFiles } from '../ports/report-files.ts'
import type { FoundReport, Refusal } from '../report/fold.ts'
import { decodeReport } from '../report/json.ts'

/** As many as a matrix of GitHub has jobs. */
const MOST_FILES = 256
const MOST_ENTRIES = 20_000
const MOST_FILE_BYTES = 8 * MIB
const MOST_BYTES = 64 * MIB

export interface FoundReports {
  readonly found: readonly FoundReport[]
  readonly refused: readonly Refusal[]
}

/**
 * The reports that the patterns name. Whoever ran the build could have written these files: links are not followed,
 * sizes and numbers are limited, and what is no report is refused with a reason, alone.
 */
export function readReports(files: ReportFiles, patterns: readonly string[], directory: string): FoundReports {
  const refused: Refusal[] = []
  const places = patterns.flatMap((pattern) => placesOf(files, pattern, directory, refused))
  const unique = places.filter(({ path }, i) => places.findIndex((other) => other.path === path) === i)
  const found: FoundReport[] = []
  let leftBytes = MOST_BYTES
  for (const { place, path } of unique.slice(0, MOST_FILES)) {
    const read = files.read(path, Math.min(MOST_FILE_BYTES, leftBytes))
    if ('problem' in read) {
      refused.push({ place, reason: read.problem })
      continue
    }
    leftBytes -= Buffer.byteLength(read.text)
    const decoded = decodeReport(read.text)
    if (decoded.kind === 'report') found.push({ place, report: decoded.report })
    else refused.push({ place, reason: decoded.reason })
  }
  for (const { place } of unique.slice(MOST_FILES)) refused.push({ place, reason: `more than ${MOST_FILES} files` })
  return { found, refused }
}

interface Place {
  readonly place: string
  readonly path: string
}

function placesOf(files: ReportFiles, pattern: string, directory: string, refused: Refusal[]): readonly Place[] {
  const { base, isWanted } = readPattern(pattern)
  const path = resolve(directory, base)
  const { kind, files: names, others, isCut } = files.find(path, MOST_ENTRIES)
  if (kind === 'absent') refused.push({ place: pattern, reason: 'is not there' })
  else if (kind !== 'file' && kind !== 'directory') refused.push({ place: pattern, reason: notRead(kind) })
  if (kind === 'file') return [{ place: pattern, path }]
  if (isCut) refused.push({ place: pattern, reason: `has more than ${MOST_ENTRIES} entries; the first are looked at` })
  for (const { place, what } of others) if (isWanted(place)) refused.push({ place, reason: notRead(what) })
  return names.filter(isWanted).map((place) => ({ place, path: `${path}/${place}` }))
}

function notRead(kind: 'link' | 'other'): string {
  return kind === 'link' ? 'is a symbolic link, which is not followed' : 'is no regular file, or too far down'
}

/** The directory before the first name with a wildcard, and which names below it are meant. */
function readPattern(pattern: string): { readonly base: string; readonly isWanted: (place: string) => boolean } {
  const names = pattern.replaceAll('\\', '/').split('/')
  const first = names.findIndex((name) => /[*?]/.test(name))
  if (first === -1) return { base: pattern, isWanted: (place) => place.endsWith('.json') }
  const rule = expressionOf(names.slice(first))
  return { base: names.slice(0, first).join('/') || (first > 0 ? '/' : '.'), isWanted: (place) => rule.test(place) }
}

/** `**` is any number of directories, `*` and `?` stay within a name. */
function expressionOf(names: readonly string[]): RegExp {
  const parts = names.map((name, i) => {
    const isLast = i === names.length - 1
    if (name === '**') return isLast ? '.*' : '(?:.*/)?'
    const escaped = name
      .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '[^/]*')
      .replaceAll('?', '[^/]')
    return isLast ? escaped : `${escaped}/`
  })
  return new RegExp(`^${parts.join('')}$`)
}
