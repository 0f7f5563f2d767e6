import type { FoldOutputName, FoldSettings, TriggeringRun } from '../model/fold.ts'
import type { GitHubContext } from '../model/github.ts'
import type { Clock } from '../ports/clock.ts'
import type { PullRequests, Repository } from '../ports/pull-requests.ts'
import type { ReportFiles } from '../ports/report-files.ts'
import type { Runner } from '../ports/runner.ts'
import { isProblem, moodOf, type RunPosition } from '../report/comment-state.ts'
import { inertLogLine, oneLine } from '../report/escape.ts'
import { type Fold, fold } from '../report/fold.ts'
import { renderFoldSummary } from '../report/fold-summary.ts'
import { titleOf } from '../report/fold-text.ts'
import { runUrl } from '../report/links.ts'
import { whyNoComment } from './comment.ts'
import { keepComment } from './comment-upkeep.ts'
import { readReports } from './fold-files.ts'

const REFUSED_LINES = 10

/** Everything that the `report/` step touches. */
export interface FoldWorld {
  readonly files: ReportFiles
  readonly runner: Runner
  readonly clock: Clock
  readonly directory: string
  /** 12 hexadecimal digits, random. */
  readonly seed: string
  /** `null` outside GitHub Actions. */
  readonly github: GitHubContext | null
  /** The run that this one follows, whose reports these are; `null`: they are of this run. */
  readonly trigger: TriggeringRun | null
  /** `null` without a token. */
  readonly repository: Repository | null
}

/** Folds the reports of many jobs into one summary, one comment and the outputs; a fault in one leaves the others. */
export async function foldReports(world: FoldWorld, settings: FoldSettings): Promise<void> {
  const { runner, trigger, github } = world
  const run = positionOf(world)
  const { found, refused } = readReports(world.files, settings.reports, world.directory)
  const fork = forkOf(trigger, github)
  const folded = fold({ found, refused, needs: trigger === null ? settings.needs : {}, run, isOfFork: fork !== null })
  say(runner, titleOf(folded))
  for (const { place, reason } of refused.slice(0, REFUSED_LINES)) say(runner, `not read: ${oneLine(place)}: ${reason}`)
  if (refused.length > REFUSED_LINES) say(runner, `not read: ${refused.length - REFUSED_LINES} more`)
  for (const id of folded.missing) say(runner, `job ${oneLine(id)} failed and left no report`)
  try {
    summarise(world, settings, folded, run)
  } catch (fault) {
    say(runner, `no job summary: ${fault instanceof Error ? fault.message : String(fault)}`)
  }
  const url = await comment(world, settings, folded, run)
  const outputs = outputsOf(folded, url)
  for (const [name, text] of Object.entries(outputs)) runner.setOutput(name, text)
}

function say(runner: Runner, text: string): void {
  runner.line(inertLogLine(`guard: ${text}`))
}

function positionOf({ github, trigger }: FoldWorld): RunPosition {
  if (trigger !== null) return { ...trigger, sha: trigger.headSha }
  if (github === null) return { runId: 0, runNumber: 0, attempt: 1, sha: '' }
  const { runId, runNumber, runAttempt: attempt, headSha: sha } = github
  return { runId, runNumber, attempt, sha }
}

/** Where the triggering run built code of another repository; an unknown one is another one. */
function forkOf(trigger: TriggeringRun | null, github: GitHubContext | null): string | null {
  if (trigger === null) return null
  const { headRepository } = trigger
  if (headRepository === null) return 'a fork that was deleted'
  return headRepository.toLowerCase() === github?.repository.toLowerCase() ? null : headRepository
}

function summarise(
  { github, trigger, runner }: FoldWorld,
  settings: FoldSettings,
  folded: Fold,
  run: RunPosition
): void {
  const isWanted = settings.summary !== 'on-failure' || folded.conclusion !== 'success'
  if (github === null || settings.summary === 'never' || !isWanted) return
  const url = trigger === null ? null : runUrl(github, run.runId)
  const budgetBytes = runner.summaryRoomBytes()
  const markdown = renderFoldSummary(folded, { runUrl: url, fork: forkOf(trigger, github), budgetBytes })
  const refusal = runner.appendSummary(markdown)
  if (refusal !== null) say(runner, `no job summary: ${refusal}`)
}

async function comment(
  world: FoldWorld,
  settings: FoldSettings,
  folded: Fold,
  run: RunPosition
): Promise<string | null> {
  const { github, trigger, runner, clock, seed } = world
  if (github === null || settings.comment === 'never' || folded.told.length === 0) return null
  if (isCancelled(settings, trigger)) return null
  const isTold = folded.told.some(({ report }) => isProblem(moodOf(report)))
  const isRunFailed = trigger !== null && trigger.conclusion !== 'success' && !isTold
  try {
    const pullRequests = await pullRequestOf(world)
    if (pullRequests === null) return null
    return await keepComment({
      pullRequests,
      clock,
      key: trigger?.workflowKey ?? github.workflowKey,
      mode: settings.comment,
      run,
      told: folded.told,
      isWhole: true,
      isSomeMissing: folded.missing.length > 0 || isRunFailed,
      link: { serverUrl: github.serverUrl, repository: github.repository, sha: run.sha },
      fork: forkOf(trigger, github),
      seed,
      debug: (text) => runner.debug(() => text)
    })
  } catch (fault) {
    say(runner, whyNoComment(fault))
    return null
  }
}

/** Cancelled by somebody; a matrix that cancels itself after a failure has failed. */
function isCancelled({ needs }: FoldSettings, trigger: TriggeringRun | null): boolean {
  if (trigger !== null) return trigger.conclusion === 'cancelled'
  const results = Object.values(needs)
  return results.includes('cancelled') && !results.includes('failure')
}

/** That of the event; after another run the one open pull request whose head is the commit that was built there. */
async function pullRequestOf({ github, trigger, repository, runner }: FoldWorld): Promise<PullRequests | null> {
  if (repository === null || github === null) return null
  if (trigger === null) {
    return github.pullRequestNumber === null ? null : repository.pullRequest(github.pullRequestNumber)
  }
  if (!trigger.event.startsWith('pull_request') || trigger.headRepository === null) return null
  const { headRepository, headBranch: branch, headSha: sha } = trigger
  const numbers = await repository.openWith({ repository: headRepository, branch, sha })
  const [number] = numbers
  if (number !== undefined && numbers.length === 1) return repository.pullRequest(number)
  const count = numbers.length === 0 ? 'no open pull request has' : `${numbers.length} open pull requests have`
  say(runner, `no comment: ${count} the head ${sha.slice(0, 7)}`)
  return null
}

function outputsOf({ told, jobs, conclusion, refused }: Fold, url: string | null): Record<FoldOutputName, string> {
  const answers = told.map(({ report }) => report.outOfMemory)
  return {
    conclusion: told.length === 0 ? '' : conclusion,
    jobs: String(told.length),
    failed: String(Object.values(jobs).filter((job) => job.conclusion === 'failure').length),
    'out-of-memory': (['true', 'unknown'] as const).find((answer) => answers.includes(answer)) ?? 'false',
    'not-read': String(refused.length),
    'comment-url': url ?? ''
  }
}
