// Says which tests were skipped (the reason is in the title) and ends the output with one line of sums over all
// projects. The line is written when the process ends, since Jest's own summary comes after the reporters.
import { writeSync } from 'node:fs'

const GRACE_MS = 30_000

export default class TallyReporter {
  constructor(config) {
    this.config = config
  }

  onRunComplete(_contexts, results) {
    const watching = this.config.watch || this.config.watchAll
    const chosen = Boolean(this.config.testNamePattern)
    const skipped = chosen ? [] : skippedTitles(results)
    const lines = [...skipped.map((title) => `skipped: ${title}`), tally(results)]
    const print = () => write(`${lines.join('\n')}\n`)

    if (watching) return print()
    process.once('exit', print)
    setTimeout(() => {
      process.stderr.write(`Something a test left open kept the run alive for ${GRACE_MS / 1000} s after its end.\n`)
      process.exit(1)
    }, GRACE_MS).unref()
  }
}

function skippedTitles(results) {
  return results.testResults
    .flatMap((file) => file.testResults)
    .filter((test) => test.status === 'pending' || test.status === 'todo' || test.status === 'disabled')
    .map((test) => test.fullName)
}

// A file that could not be run counts as one failed test.
function tally(results) {
  const failed = results.numFailedTests + results.numRuntimeErrorTestSuites + (results.runExecError ? 1 : 0)
  const skipped = results.numPendingTests + results.numTodoTests
  return `${results.numPassedTests} passed, ${failed} failed, ${skipped} skipped`
}

// Straight to the descriptor: when a run breaks off, Jest silences process.stdout before it exits.
function write(text) {
  for (let rest = Buffer.from(text); rest.length > 0; ) {
    try {
      rest = rest.subarray(writeSync(1, rest))
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error
    }
  }
}
