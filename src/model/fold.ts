import type { Settings } from './settings.ts'

/** What the `report/` step was asked for, checked and complete. */
export interface FoldSettings {
  /** Directories, files and patterns, as the user wrote them. */
  readonly reports: readonly string[]
  /** What GitHub says of the jobs that this one waited for: result by id. */
  readonly needs: Readonly<Record<string, string>>
  readonly summary: Settings['summary']
  readonly comment: Settings['comment']
}

/** The run that started this one (`workflow_run`), as GitHub's event tells it. */
export interface TriggeringRun {
  readonly runId: number
  readonly runNumber: number
  readonly attempt: number
  readonly workflowKey: string
  /** `pull_request`, `push` … */
  readonly event: string
  /** `success`, `failure`, `cancelled`, `timed_out` … */
  readonly conclusion: string
  readonly headSha: string
  readonly headBranch: string
  /** `owner/name`; `null` where the fork was deleted. */
  readonly headRepository: string | null
}

/** Every output of the `report/` step with what its `action.yml` says of it. */
export const FOLD_OUTPUTS = {
  conclusion: 'Of all jobs: failure, recovered, cancelled or success; empty where no report was found.',
  jobs: 'Number of reports that were read.',
  failed: 'Number of jobs among them that failed.',
  'out-of-memory': 'true, false or unknown: whether memory ended an attempt in any of them.',
  'not-read': 'Number of files that were found and are not reports, or are too large.',
  'comment-url': 'Address of the pull-request comment; empty where none was written.'
} as const satisfies Readonly<Record<string, string>>

export type FoldOutputName = keyof typeof FOLD_OUTPUTS
