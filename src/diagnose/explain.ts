import type { Verdict } from '../model/diagnosis.ts'
import type { Evidence, LogFindings } from '../model/evidence.ts'
import { ABSENT } from '../model/reading.ts'
import { CATALOGUE } from './catalogue.ts'
import { diagnose } from './rank.ts'
import { createScanner } from './scanner.ts'

/** What is known beside a stored log; `null`: not known. */
export interface StoredEnd {
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  readonly platform: NodeJS.Platform
}

/** Diagnoses a stored log: the same engine, with words and status as the only evidence. */
export function explainLog(log: Uint8Array, end: StoredEnd): Verdict {
  const scanner = createScanner(CATALOGUE)
  scanner.push(asUtf8(log))
  return diagnose(evidenceOf(scanner.finish(), end))
}

function evidenceOf(log: LogFindings, { exitCode, signal, platform }: StoredEnd): Evidence {
  const nobodyLooked = { before: ABSENT, after: ABSENT }
  return {
    exit: signal !== null ? { code: null, signal } : exitCode === null ? null : { code: exitCode, signal: null },
    durationMs: null,
    stop: null,
    cage: null,
    hostKills: nobodyLooked,
    kernelLog: ABSENT,
    timeline: null,
    survey: null,
    plan: null,
    disksAfter: [],
    log,
    platform
  }
}

/** Windows PowerShell redirects in UTF-16 with a byte order mark. */
function asUtf8(log: Uint8Array): Uint8Array {
  const encoding =
    log[0] === 0xff && log[1] === 0xfe ? 'utf-16le' : log[0] === 0xfe && log[1] === 0xff ? 'utf-16be' : null
  return encoding === null ? log : new TextEncoder().encode(new TextDecoder(encoding).decode(log))
}
