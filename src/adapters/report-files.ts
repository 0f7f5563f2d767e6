import * as fs from 'node:fs'
import { basename, join } from 'node:path'
import type { Found, ReportFiles } from '../ports/report-files.ts'

const MOST_LEVELS = 10

type Kind = Found['kind']

/** Walks with `lstat` and opens with `O_NOFOLLOW`, so that no link leads out of the directory. */
export const nodeReportFiles: ReportFiles = {
  find(path, mostEntries) {
    const kind = kindOf(path)
    if (kind !== 'directory') return { kind, files: kind === 'file' ? [basename(path)] : [], others: [], isCut: false }
    const walk: Walk = { root: path, left: mostEntries, files: [], others: [] }
    walkInto(walk, '', 0)
    return { kind, files: walk.files, others: walk.others, isCut: walk.left < 0 }
  },
  read(path, mostBytes) {
    try {
      return readRegular(path, mostBytes)
    } catch (fault) {
      return { problem: `cannot be read (${errnoOf(fault)})` }
    }
  }
}

interface Walk {
  readonly root: string
  left: number
  readonly files: string[]
  readonly others: { place: string; what: 'link' | 'other' }[]
}

function walkInto(walk: Walk, directory: string, level: number): void {
  for (const name of namesIn(join(walk.root, directory))) {
    walk.left -= 1
    if (walk.left < 0) return
    const place = directory === '' ? name : `${directory}/${name}`
    const kind = kindOf(join(walk.root, place))
    if (kind === 'file') walk.files.push(place)
    else if (kind === 'directory' && level < MOST_LEVELS) walkInto(walk, place, level + 1)
    else if (kind !== 'absent') walk.others.push({ place, what: kind === 'link' ? 'link' : 'other' })
  }
}

/** What may not be read holds no reports. */
function namesIn(directory: string): readonly string[] {
  try {
    return fs.readdirSync(directory).sort()
  } catch {
    return []
  }
}

function kindOf(path: string): Kind {
  const stats = statsOf(path)
  if (stats === null) return 'absent'
  if (stats.isSymbolicLink()) return 'link'
  if (stats.isDirectory()) return 'directory'
  return stats.isFile() ? 'file' : 'other'
}

function statsOf(path: string): fs.Stats | null {
  try {
    return fs.lstatSync(path)
  } catch {
    return null
  }
}

function readRegular(path: string, mostBytes: number): { readonly text: string } | { readonly problem: string } {
  const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW } = fs.constants
  const descriptor = fs.openSync(path, O_RDONLY | (O_NONBLOCK ?? 0) | (O_NOFOLLOW ?? 0))
  try {
    const stats = fs.fstatSync(descriptor)
    if (!stats.isFile()) return { problem: 'is no regular file' }
    if (stats.size > mostBytes) return { problem: `has ${stats.size} bytes; at most ${mostBytes} are read` }
    const bytes = Buffer.alloc(stats.size)
    const count = fs.readSync(descriptor, bytes, 0, stats.size, 0)
    return { text: bytes.toString('utf8', 0, count) }
  } finally {
    fs.closeSync(descriptor)
  }
}

function errnoOf(fault: unknown): string {
  return typeof fault === 'object' && fault !== null && 'code' in fault ? String(fault.code) : String(fault)
}
