import type { LogFindings } from '../model/evidence.ts'
import { Gathered } from './gathered.ts'
import { LineExaminer } from './line-examiner.ts'
import type { PatternSet } from './pattern.ts'
import { searchOf } from './search.ts'
import { type LineListener, StreamScanner } from './stream-scanner.ts'

/** One stream of output: chunks as they come, cut anywhere. */
interface OutputStream {
  push(chunk: Uint8Array): void
}

/** Reads output once for every diagnosis at a time, in bounded memory. */
export interface OutputScanner extends OutputStream {
  /** A further stream with its own unfinished line: standard error beside standard output. */
  stream(): OutputStream
  /** Ends all streams. Called once, last. */
  finish(): LogFindings
}

/**
 * Starts a scan of one attempt's output. The search is prepared with the first byte: most good builds print nothing, and
 * those that print something are running by then. `hear` is told of each line of all streams.
 */
export function createScanner(catalogue: readonly PatternSet[], hear: LineListener = () => {}): OutputScanner {
  const gathered = new Gathered()
  const started: StreamScanner[] = []
  const start = (): StreamScanner => {
    const search = searchOf(catalogue)
    const scanner = new StreamScanner(search.automaton, new LineExaminer(search, gathered, hear))
    started.push(scanner)
    return scanner
  }
  const stream = (): OutputStream => {
    let scanner: StreamScanner | null = null
    return {
      push(chunk) {
        scanner ??= start()
        scanner.push(chunk)
      }
    }
  }
  const main = stream()
  return {
    push: (chunk) => main.push(chunk),
    stream,
    finish() {
      for (const scanner of started) scanner.finish()
      return gathered.findings()
    }
  }
}
