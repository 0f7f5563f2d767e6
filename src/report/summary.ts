import type { Report } from '../model/report.ts'
import { type Cuts, fitBudget } from './budget.ts'
import { cautionBlocks, cautionsOf, type DocumentationHome } from './cautions.ts'
import { textChart } from './chart.ts'
import { fence } from './escape.ts'
import { peakPercent } from './figures.ts'
import type { MappedLocation, RepositoryLink } from './links.ts'
import { proseMarkdown } from './prose-markdown.ts'
import { buildOutput, largestProcesses, memoryOverTime, planAndLimits } from './run-details.ts'
import {
  type Extent,
  evidence,
  evidenceList,
  fixes,
  heading,
  lead,
  locationList,
  otherCauses,
  small
} from './sections.ts'
import { standingProcesses } from './stall-details.ts'
import { steeringSection } from './steering.ts'
import { type Story, tellStory } from './story.ts'

/** What a summary needs besides the report. */
export interface SummaryContext {
  /** The last lines of output, oldest first; the runner masks them in the summary. */
  readonly outputTail: readonly string[]
  readonly link: RepositoryLink | null
  readonly locations: readonly MappedLocation[]
  /** Left out: pages of the documentation are named, not linked. */
  readonly documentation?: DocumentationHome
  /** UTF-8 bytes that the step's summary file may still take; over 1 MiB in all GitHub shows nothing. */
  readonly budgetBytes: number
}

const EXTENT: Extent = { rows: 8, fixes: 3, allow: (text) => text }

/** The job summary in Markdown. One line for a success that nothing had to be done for; empty if the budget has no room for the heading. */
export function renderSummary(report: Report, context: SummaryContext): string {
  const story = tellStory(report)
  const cautions = cautionBlocks(cautionsOf(report), context.documentation ?? null)
  return fitBudget((cuts) => [...blocks(report, story, context, cuts), ...cautions], context.budgetBytes)
}

function blocks(report: Report, story: Story, context: SummaryContext, cuts: Cuts): readonly string[] {
  if (report.conclusion === 'success') {
    return [`${story.headline.symbol} ${proseMarkdown(story.headline.sentence)}.`, steeringSection(report)]
  }
  if (report.conclusion === 'cancelled') return cancelled(report, story)
  return [heading(story, EXTENT), ...failureBlocks(report, story, context, cuts)]
}

/** All that stands below the heading of a build that failed or recovered. */
export function failureBlocks(report: Report, story: Story, context: SummaryContext, cuts: Cuts): readonly string[] {
  return story.form === 'short' ? short(story, context, cuts) : full(report, story, context, cuts)
}

function cancelled(report: Report, story: Story): readonly string[] {
  const last = report.attempts.at(-1)
  const peak = last === undefined ? null : peakPercent(report, last)
  return [heading(story, EXTENT), lead(story, EXTENT), small(peak === null ? 'Memory not sampled.' : `Peak ${peak}.`)]
}

function short(story: Story, context: SummaryContext, cuts: Cuts): readonly string[] {
  const note = story.memoryNote === null ? '' : small(story.memoryNote)
  const places = locationList(story, context.locations, context.link, 'with messages')
  if (places !== '') return [places, ...fixes(story, EXTENT), otherCauses(story, EXTENT), note]
  return [
    lead(story, EXTENT),
    ...fixes(story, EXTENT),
    evidenceList(story, EXTENT),
    otherCauses(story, EXTENT),
    note,
    buildOutput(context.outputTail, cuts.outputLines, 'closed')
  ]
}

function full(report: Report, story: Story, context: SummaryContext, cuts: Cuts): readonly string[] {
  const isRecognised = story.cause !== null
  const chart = isRecognised || report.outOfMemory !== 'false' ? textChart(report) : []
  const tail = report.attempts.length === 0 ? [] : context.outputTail
  const output = buildOutput(tail, cuts.outputLines, isRecognised ? 'closed' : 'open')
  return [
    [lead(story, EXTENT), isRecognised ? '' : (story.memoryNote ?? '')].filter((text) => text !== '').join(' '),
    ...fixes(story, EXTENT),
    ...evidence(story, EXTENT, cuts),
    otherCauses(story, EXTENT),
    chart.length === 0 ? '' : fence('text', chart),
    isRecognised ? '' : output,
    chart.length === 0 || !cuts.mermaid ? '' : memoryOverTime(report),
    planAndLimits(report),
    steeringSection(report),
    standingProcesses(report, cuts.processes),
    largestProcesses(report, cuts.processes),
    isRecognised && report.conclusion !== 'recovered' ? output : ''
  ]
}
