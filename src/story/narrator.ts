import type { Plan } from '../model/plan.ts'
import { known } from '../model/reading.ts'
import type { Attempt, Enforcement, Report } from '../model/report.ts'
import type { SteeringStep } from '../model/steering.ts'
import type { Survey } from '../model/survey.ts'
import type { Sample } from '../model/timeline.ts'
import type { Runner } from '../ports/runner.ts'
import { attemptEndLine, conclusionLine, logLine, machineLine, memoryLine, startLines } from '../report/log-lines.ts'
import { steeringLine } from '../report/steering.ts'
import { createThresholds } from '../report/thresholds.ts'

/** Tells the log what happens, in few lines, each at once, so that it survives the loss of the runner. */
export interface Narrator {
  started(survey: Survey, plan: Plan, enforcement: Enforcement): void
  sampled(sample: Sample, survey: Survey, enforcement: Enforcement): void
  steered(step: SteeringStep): void
  /** The attempt died of memory; `next` says what is done about it. */
  died(attempt: Attempt, next: string): void
  ended(report: Report): void
  warned(text: string): void
  /** Lines of the log about a caution. */
  cautioned(lines: (elapsedMs: number) => readonly string[]): void
}

/** Of steering; the report has them all. */
const MOST_STEPS = 20

export function narrator(runner: Runner, elapsedMs: () => number): Narrator {
  const thresholds = createThresholds()
  let steps = 0
  const debug = (text: string): void => runner.debug(() => logLine(elapsedMs(), text))
  return {
    started(survey, plan, enforcement) {
      // A later attempt was announced by the line that told of the end of the one before.
      if (plan.attempt === 1)
        for (const line of startLines(elapsedMs(), { survey, enforcement, plan })) runner.line(line)
      for (const reason of enforcement.reasons) debug(`enforcement: ${reason}`)
      for (const { subject, text } of plan.reasons) debug(`${subject}: ${text}`)
    },
    sampled(sample, survey, enforcement) {
      runner.debug(() => logLine(elapsedMs(), `sample: ${JSON.stringify(sample)}`))
      const totalBytes = known(survey.host.totalBytes)
      if (isOfMachine(enforcement) && totalBytes !== null && sample.availableBytes !== null) {
        const crossed = thresholds.crossed(totalBytes - sample.availableBytes, totalBytes)
        if (crossed !== null) runner.line(machineLine(elapsedMs(), sample, totalBytes))
      } else if (enforcement.limitBytes !== null) {
        const crossed = thresholds.crossed(sample.treeBytes, enforcement.limitBytes)
        if (crossed !== null) runner.line(memoryLine(elapsedMs(), sample, enforcement.limitBytes))
      }
    },
    steered(step) {
      const text = logLine(elapsedMs(), `steering: ${step.text}`)
      if (step.kind === 'limited' || ++steps > MOST_STEPS) runner.debug(() => text)
      else runner.line(text)
    },
    died: (attempt, next) => runner.line(attemptEndLine(elapsedMs(), attempt, next)),
    ended(report) {
      runner.line(conclusionLine(report))
      const steering = steeringLine(report)
      if (steering !== null) runner.line(steering)
    },
    warned: (text) => runner.line(logLine(elapsedMs(), text)),
    cautioned(lines) {
      for (const line of lines(elapsedMs())) runner.line(line)
    }
  }
}

/** No limit but the machine's own: then what others use counts as much as what the build does. */
function isOfMachine(enforcement: Enforcement): boolean {
  return enforcement.limitSource === 'host'
}
