import { createScanner } from '../../src/diagnose/scanner.ts'
import type { LineListener } from '../../src/diagnose/stream-scanner.ts'
import { goCalls } from '../../src/plan/go-calls.ts'
import type { SilentSample } from '../../src/verify/definition.ts'
import type { GreenRun, TestCall } from '../../src/verify/green-run.ts'
import { OutputCounter, type OutputTally } from '../../src/verify/output-tally.ts'

/** What a sample tells, its output counted as it would be. */
export function greenRun({ command, prints, run }: SilentSample): GreenRun {
  const calls = goCalls({ kind: 'script', script: command, shell: '' }, '/work/app', 'linux') ?? []
  const tests = calls.filter(({ verb }) => verb === 'test')
  const testCalls = tests.map(({ flags }): TestCall => ({ run: flags['run'] ?? null, hasBenchmarks: 'bench' in flags }))
  return {
    output: tallyOf(prints),
    testCalls: testCalls.length === 0 ? null : testCalls,
    kills: 0,
    programs: [],
    pointers: [],
    ...run
  }
}

/** Counted in pieces of so many bytes. */
export function tallyOf(text: string, pieceBytes = 7): OutputTally {
  const counter = new OutputCounter()
  listenTo(text, (bytes, start, end) => counter.hear(bytes, start, end), pieceBytes)
  return counter.tally()
}

/** Has each line heard as the scanner hands it on. */
export function listenTo(text: string, hear: LineListener, pieceBytes = 65_536): void {
  const scanner = createScanner([], hear)
  const bytes = new TextEncoder().encode(text)
  for (let at = 0; at < bytes.length; at += pieceBytes) scanner.push(bytes.slice(at, at + pieceBytes))
  scanner.finish()
}
