import type { Evidence, OomRecord } from '../model/evidence.ts'
import { code, type Prose, prose } from '../model/prose.ts'
import { sampledProcess } from './kernel-records.ts'
import { killedLine } from './killed-words.ts'
import { group } from './log-hits.ts'

/** The process that a kill hit, as far as it is known. */
export interface Victim {
  readonly tool: string
  readonly package: string | null
  /** Anonymous memory by the kernel log, else as last sampled. */
  readonly bytes: number | null
  /** `sample`: only the largest process of the last look, which is the likely one. */
  readonly knownBy: 'kernel-log' | 'log' | 'sample'
}

/** Who died: by the kernel's record, else by the tool's own words, else the largest process at the last look. */
export function victimOf(evidence: Evidence, record: OomRecord | null): Victim | null {
  return victimInRecord(evidence, record) ?? victimInLog(evidence) ?? largestAtTheEnd(evidence)
}

function victimInRecord({ timeline }: Evidence, record: OomRecord | null): Victim | null {
  if (record === null) return null
  const sampled = sampledProcess(timeline, record.pid)
  return {
    tool: sampled?.tool ?? record.task,
    package: sampled?.package ?? null,
    bytes: record.anonBytes ?? sampled?.bytes ?? null,
    knownBy: 'kernel-log'
  }
}

function victimInLog(evidence: Evidence): Victim | null {
  const line = killedLine(evidence.log)
  const tool = group(line, 'tool')
  if (tool === null) return null
  const ofPackage = group(line, 'package')
  const sampled = evidence.timeline?.last?.processes.find(
    (process) => process.tool === tool && (ofPackage === null || process.package === ofPackage)
  )
  return { tool, package: ofPackage ?? sampled?.package ?? null, bytes: sampled?.bytes ?? null, knownBy: 'log' }
}

function largestAtTheEnd({ timeline }: Evidence): Victim | null {
  const largest = timeline?.last?.processes[0]
  return largest === undefined ? null : { ...largest, knownBy: 'sample' }
}

/** "`compile` on `example.com/app/api`" */
export function nameOf({ tool, package: ofPackage }: Pick<Victim, 'tool' | 'package'>): Prose {
  return ofPackage === null ? prose`${code(tool)}` : prose`${code(tool)} on ${code(ofPackage)}`
}
