import type { Verdict } from '../model/diagnosis.ts'
import type { Evidence, LogFindings } from '../model/evidence.ts'
import { ABSENT } from '../model/reading.ts'
import { CATALOGUE } from './catalogue.ts'
import { toUtf8 } from './decoding.ts'
import { firstLineOf, wasHit } from './log-hits.ts'
import type { PatternSet } from './pattern.ts'
import { diagnose } from './rank.ts'
import { createScanner } from './scanner.ts'

/** What is known beside a stored log; `null`: not known. */
export interface StoredEnd {
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  readonly platform: NodeJS.Platform
}

/** What was read of a stored log. */
export interface StoredLog {
  /** Whether the runner of GitHub marked an error in it. */
  readonly hasRunnerError: boolean
  /** The status that the runner names; `null` where it names none. */
  readonly runnerExitCode: number | null
  verdict(end: StoredEnd): Verdict
}

/** Reads one stored log of any length in pieces, in bounded memory. */
export interface LogReader {
  push(piece: Uint8Array): void
  /** Called once, last. */
  finish(): StoredLog
}

/** What the runner itself says at the end of a step (actions/runner, ScriptHandler.cs): of no weight as evidence. */
const STEP: PatternSet = {
  id: 'step',
  patterns: [
    // 2026-01-02T03:04:05.1234567Z ##[error]text: the mark is taken off before expressions run, so the literal decides.
    { name: 'error', anchor: '##[error]', regex: /^/, keep: 1 },
    {
      // ##[error]Process completed with exit code 1.
      name: 'exit',
      anchor: '##[error]Process completed with exit code ',
      regex: /^Process completed with exit code (?<code>-?\d{1,10})\.$/,
      keep: 1
    }
  ]
}

const SEARCHED: readonly PatternSet[] = [...CATALOGUE, STEP]

export function logReader(): LogReader {
  const scanner = createScanner(SEARCHED)
  const decoding = toUtf8((piece) => scanner.push(piece))
  return {
    push: (piece) => decoding.push(piece),
    finish() {
      decoding.finish()
      const log = scanner.finish()
      const code = firstLineOf(log, STEP, ['exit'])?.groups['code']
      return {
        hasRunnerError: wasHit(log, STEP.id, ['error']),
        runnerExitCode: code === undefined ? null : Number(code),
        verdict: (end) => diagnose(evidenceOf(log, end))
      }
    }
  }
}

/** Diagnoses a stored log: the same engine, with words and status as the only evidence. */
export function explainLog(log: Uint8Array, end: StoredEnd): Verdict {
  const reader = logReader()
  reader.push(log)
  return reader.finish().verdict(end)
}

function evidenceOf(log: LogFindings, { exitCode, signal, platform }: StoredEnd): Evidence {
  const nobodyLooked = { before: ABSENT, after: ABSENT }
  return {
    exit: signal !== null ? { code: null, signal } : exitCode === null ? null : { code: exitCode, signal: null },
    durationMs: null,
    stop: null,
    cage: null,
    hostKills: nobodyLooked,
    levels: [],
    kernelLog: ABSENT,
    reportedKills: ABSENT,
    timeline: null,
    stall: null,
    survey: null,
    plan: null,
    disksAfter: [],
    log,
    platform
  }
}
