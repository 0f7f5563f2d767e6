import { logReader, type StoredEnd, type StoredLog } from '../diagnose/explain.ts'
import type { Verdict } from '../model/diagnosis.ts'
import { type ZipEntry, zipEntries } from './zip.ts'

/** Why one step failed, by the name that its log has in the archive. */
export interface StepVerdict {
  readonly step: string
  readonly verdict: Verdict
}

/** What an archive may hold in all: more than any run keeps, little enough that a hostile one ends soon. */
const MOST_LOG_BYTES = 1024 ** 3

/**
 * The steps that failed, of an archive as GitHub hands it out for a run: `build/3_Run go build.txt` for each step, and
 * `0_build.txt` with all steps of a job once more, which counts where no step of that job is found to have failed. A step
 * failed where the runner marked an error in its log; the exit status that the runner names comes before that of `end`.
 * An archive with a single log is about that one. Throws where the archive cannot be read.
 */
export async function failedSteps(
  archive: Buffer,
  end: StoredEnd,
  mostBytes = MOST_LOG_BYTES
): Promise<readonly StepVerdict[]> {
  const entries = zipEntries(archive).filter(({ name }) => /\.(?:txt|log)$/i.test(name))
  const budget = { bytes: mostBytes }
  const failed: StepVerdict[] = []
  for (const entry of entries.toSorted((a, b) => IN_ORDER_OF_STEPS.compare(a.name, b.name))) {
    const log = await readLog(entry, budget)
    if (!log.hasRunnerError && entries.length > 1) continue
    failed.push({
      step: entry.name,
      verdict: log.verdict({ ...end, exitCode: log.runnerExitCode ?? end.exitCode })
    })
  }
  const jobs = new Set(failed.map(({ step }) => step.slice(0, Math.max(0, step.lastIndexOf('/')))))
  return failed.filter(({ step }) => !jobs.has(jobOf(step) ?? '/'))
}

const IN_ORDER_OF_STEPS = new Intl.Collator('en', { numeric: true })

async function readLog(entry: ZipEntry, budget: { bytes: number }): Promise<StoredLog> {
  const reader = logReader()
  for await (const piece of entry.read()) {
    budget.bytes -= piece.length
    if (budget.bytes < 0) throw new Error('the archive holds more logs than are read (1 GiB)')
    reader.push(piece)
  }
  return reader.finish()
}

/** `0_build.txt` is the whole job of which the folder `build` holds the steps; `null` for any other log. */
function jobOf(name: string): string | null {
  return /^-?\d+_([^/]+)\.txt$/.exec(name)?.[1] ?? null
}
