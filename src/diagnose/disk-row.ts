import { formatBytes, MIB } from '../model/bytes.ts'
import type { Finding } from '../model/diagnosis.ts'
import { code, figure, prose } from '../model/prose.ts'
import type { Disk } from '../model/survey.ts'

/** Below this a build that writes anything fails. */
const FULL_BYTES = 4 * MIB

const HYPOTHESIS = 'Disk full'

/** The file system among those of the build with nothing left, or `null`. */
export function fullDisk(disks: readonly Disk[]): Disk | null {
  return disks.find((disk) => hasNoBytes(disk) || hasNoInodes(disk)) ?? null
}

export function hasNoBytes({ freeBytes }: Disk): boolean {
  return freeBytes.kind === 'value' && freeBytes.value < FULL_BYTES
}

function hasNoInodes({ freeInodes }: Disk): boolean {
  return freeInodes.kind === 'value' && freeInodes.value === 0
}

/** "9.8 GiB free for GOCACHE and TMPDIR"; `null` where nobody looked (a stored log). */
export function diskRow(disks: readonly Disk[]): Finding | null {
  if (disks.length === 0) return null
  const full = fullDisk(disks)
  if (full !== null) return { hypothesis: HYPOTHESIS, measured: fullInWords(full), verdict: 'likely' }
  const known = disks.flatMap(({ role, freeBytes }) =>
    freeBytes.kind === 'value' ? [{ role, bytes: freeBytes.value }] : []
  )
  if (known.length === 0)
    return { hypothesis: HYPOTHESIS, measured: prose`free space not readable`, verdict: 'not checked' }
  const least = Math.min(...known.map(({ bytes }) => bytes))
  const roles = [...new Set(known.map(({ role }) => role))].join(', ').replace(/, ([^,]*)$/, ' and $1')
  return {
    hypothesis: HYPOTHESIS,
    measured: prose`${figure(formatBytes(least))} free for ${figure(roles)}`,
    verdict: 'ruled out'
  }
}

function fullInWords(disk: Disk): string {
  const place = prose`${figure(disk.role)} (${code(disk.path)})`
  if (!hasNoBytes(disk)) return `no inode free for ${place}`
  return disk.freeBytes.kind === 'value' ? `${formatBytes(disk.freeBytes.value)} free for ${place}` : place
}
