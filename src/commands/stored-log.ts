import { logReader, type StoredEnd } from '../diagnose/explain.ts'
import type { Verdict } from '../model/diagnosis.ts'
import { failedSteps } from './log-archive.ts'
import { isZip } from './zip.ts'

/** The answer to one log, or to one failed step of an archive. */
export interface Answer {
  /** Name of the step's log in the archive. */
  readonly step?: string
  readonly verdict: Verdict
}

/** Archives are held as a whole, since their directory is at the end; larger ones are refused. */
const MOST_ARCHIVE_BYTES = 512 * 1024 ** 2
const MAGIC_BYTES = 4

/**
 * Explains a log as its pieces come, in bounded memory, or an archive of logs. An archive in which no step failed has one
 * answer with nothing in it. Throws where the pieces or the archive cannot be read.
 */
export async function answersTo(pieces: AsyncIterable<Uint8Array>, end: StoredEnd): Promise<readonly Answer[]> {
  const reader = logReader()
  const held: Uint8Array[] = []
  let bytes = 0
  let isArchive: boolean | null = null
  for await (const piece of pieces) {
    bytes += piece.length
    if (isArchive === false) reader.push(piece)
    else held.push(piece)
    if (isArchive === null && bytes >= MAGIC_BYTES) {
      isArchive = isZip(Buffer.concat(held))
      if (!isArchive) for (const one of held.splice(0)) reader.push(one)
    }
    if (isArchive === true && bytes > MOST_ARCHIVE_BYTES) throw new Error('the archive is larger than 512 MiB')
  }
  if (isArchive !== true) {
    for (const one of held) reader.push(one)
    return [{ verdict: reader.finish().verdict(end) }]
  }
  const steps = await failedSteps(Buffer.concat(held), end)
  return steps.length === 0 ? [{ verdict: NOTHING_FAILED }] : steps
}

const NOTHING_FAILED: Verdict = { diagnoses: [], findings: [], endedBy: 'unknown', outOfMemory: 'unknown' }
