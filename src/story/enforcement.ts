import { basename } from 'node:path/posix'
import { parseLimit } from '../kernel/limit.ts'
import { parseHierarchicalLimit } from '../kernel/memory-stat.ts'
import { formatBytes } from '../model/bytes.ts'
import type { CageEvidence } from '../model/evidence.ts'
import { chainReading, known } from '../model/reading.ts'
import type { Enforcement } from '../model/report.ts'
import type { Settings } from '../model/settings.ts'
import type { Survey } from '../model/survey.ts'
import type { Cage } from '../ports/cage.ts'
import type { Files } from '../ports/files.ts'

/** What is in force: the way, the limit that holds for the build, and where that comes from. */
export function describeEnforcement(
  cage: Pick<Cage, 'way' | 'capBytes'>,
  settings: Settings,
  survey: Survey,
  reasons: readonly string[]
): Enforcement {
  const { binding } = survey
  if (cage.capBytes !== null) {
    const limitSource = settings.memoryLimit.kind === 'auto' ? 'auto' : 'memory-limit'
    return { inForce: cage.way, reasons, limitBytes: cage.capBytes, limitSource }
  }
  const limitSource = binding === null ? 'unknown' : binding.source === 'host' ? 'host' : binding.file
  return { inForce: cage.way, reasons, limitBytes: binding?.bytes ?? null, limitSource }
}

/** The same once the build has ended, and a sentence where somebody changed the limit under it; else `null`. */
export function enforcementAtTheEnd(
  files: Files,
  before: Enforcement,
  cage: CageEvidence
): { readonly enforcement: Enforcement; readonly change: string | null } {
  const isOwn = before.limitSource === 'auto' || before.limitSource === 'memory-limit'
  const limitBytes = isOwn ? cage.capBytes : limitNow(files, before)
  if (limitBytes === before.limitBytes) return { enforcement: before, change: null }
  const change = `the limit was changed while the build ran: ${inWords(before.limitBytes)} at first, ${inWords(limitBytes)} at the end`
  return { enforcement: { ...before, limitBytes }, change }
}

/** A limit above us, read again in the file that told it; unchanged where that tells no more. */
function limitNow(files: Files, { limitBytes, limitSource }: Enforcement): number | null {
  if (!limitSource.startsWith('/')) return limitBytes
  const parse = basename(limitSource) === 'memory.stat' ? parseHierarchicalLimit : parseLimit
  const now = chainReading(files.readText(limitSource), parse)
  return now.kind === 'unlimited' ? null : (known(now) ?? limitBytes)
}

function inWords(bytes: number | null): string {
  return bytes === null ? 'none' : formatBytes(bytes)
}
