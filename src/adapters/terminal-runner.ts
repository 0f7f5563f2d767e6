import type { Runner } from '../ports/runner.ts'
import { inertLines } from './inert-line.ts'
import { lineBreak } from './node-output.ts'

/**
 * A terminal, or any other caller that is not the Actions runner: lines go to standard error, since standard output is
 * the build's. Annotations, outputs and the summary have no place there.
 */
export function terminalRunner({ isDebug }: { readonly isDebug: boolean }): Runner {
  return {
    line: printLines,
    debug(text) {
      if (isDebug) printLines(text())
    },
    annotate() {},
    appendSummary: () => 'there is no job summary outside GitHub Actions',
    summaryRoomBytes: () => 0,
    removeMatcher() {},
    addMatcher() {},
    setOutput() {},
    withoutCommands: (print) => print()
  }
}

/** The command line is used in `run:` steps too, where the runner reads standard error as well. */
function printLines(text: string): void {
  for (const line of inertLines(text)) process.stderr.write(`${lineBreak('stderr')}${line}\n`)
}
