import type { Report } from '../model/report.ts'
import { isProblem, type Jobs, jobState, moodOf, type RunPosition } from './comment-state.ts'
import type { MappedLocation } from './links.ts'
import { type Story, tellStory } from './story.ts'

/** A job whose report is at hand, under the name of its entry in the comment. */
export interface ToldJob {
  readonly name: string
  readonly report: Report
  readonly locations: readonly MappedLocation[]
}

/** The entries of jobs whose reports are at hand. */
export function entriesOf(told: readonly ToldJob[], run: RunPosition): Jobs {
  return Object.fromEntries(told.map(({ name, report }) => [name, jobState(report, run)]))
}

/** Jobs with one problem in common, of which the first is told and the others are named. */
export interface ProblemGroup {
  readonly first: ToldJob
  readonly story: Story
  readonly others: readonly ToldJob[]
}

/** Jobs with a problem, in their order; those that fail in the same way in the same places stand together. */
export function problemGroups(told: readonly ToldJob[]): readonly ProblemGroup[] {
  const groups = new Map<string, { first: ToldJob; story: Story; others: ToldJob[] }>()
  for (const job of told) {
    if (!isProblem(moodOf(job.report))) continue
    const story = tellStory(job.report)
    const key = likeness(job, story)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { first: job, story, others: [] })
    else group.others.push(job)
  }
  return [...groups.values()]
}

const PLACES_COMPARED = 20
const PATH_MAX = 200

/** Only failures that are told by their places can be alike: the others have numbers of their own. */
function likeness({ name }: ToldJob, { form, cause, locations }: Story): string {
  if (form !== 'short' || cause === null || locations.length === 0) return `job ${name}`
  const places = locations.slice(0, PLACES_COMPARED)
  const shown = places.map(({ file, line, column }) => [file.slice(0, PATH_MAX), line, column])
  return `places ${JSON.stringify([cause.id.slice(0, PATH_MAX), locations.length, shown])}`
}
