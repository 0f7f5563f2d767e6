import type { LogFindings } from '../model/evidence.ts'
import { Gathered } from './gathered.ts'
import { LineExaminer } from './line-examiner.ts'
import type { PatternSet } from './pattern.ts'
import { searchOf } from './search.ts'
import { StreamScanner } from './stream-scanner.ts'

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

/** Starts a scan of one attempt's output. */
export function createScanner(catalogue: readonly PatternSet[]): OutputScanner {
  const search = searchOf(catalogue)
  const gathered = new Gathered()
  const streams: StreamScanner[] = []
  const stream = (): OutputStream => {
    const one = new StreamScanner(search.automaton, new LineExaminer(search, gathered))
    streams.push(one)
    return one
  }
  const main = stream()
  return {
    push: (chunk) => main.push(chunk),
    stream,
    finish() {
      for (const one of streams) one.finish()
      return gathered.findings()
    }
  }
}
