import type { Finding } from '../model/diagnosis.ts'
import { prose } from '../model/prose.ts'
import { countersReadable } from './attribute.ts'
import type { Case } from './case.ts'
import { diskRow } from './disk-row.ts'
import { counterInWords, machineBytes, peakInWords } from './figures.ts'
import { join, rowFor } from './rows.ts'

/** The short table of a failure that has nothing to do with memory or signals. */
export function examineBriefly(of: Case): readonly Finding[] {
  return [anyLimit(of), anySignal(of), diskRow(of.evidence.disksAfter)].filter((row) => row !== null)
}

function anyLimit(of: Case): Finding | null {
  const { evidence, attribution } = of
  if (!of.isLive) return null
  const row = rowFor('Out of memory, any limit')
  const limit = evidence.cage?.capBytes ?? machineBytes(evidence)
  const share = limit === null ? null : peakInWords(evidence, limit)
  if (!countersReadable(evidence)) return row(join([share, prose`no counter of kills could be read`]), 'not checked')
  if (attribution.outOfMemory !== 'false')
    return row(join([share, counterInWords('oom_kill', evidence.hostKills)]), 'not checked')
  return row(join([share, prose`no kill counted`]), 'ruled out')
}

function anySignal({ trace, isLive }: Case): Finding | null {
  if (!isLive) return null
  return trace === null ? rowFor('Signal, timeout, cancel')(prose`none`, 'ruled out') : null
}
