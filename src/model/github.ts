/** Where on GitHub this run is, from the variables of the runner and the payload of the event. */
export interface GitHubContext {
  /** `owner/name`. */
  readonly repository: string
  /** `https://github.com`, or that of an own server; no slash at the end. */
  readonly serverUrl: string
  /** Base of the REST API, `https://api.github.com`; no slash at the end. */
  readonly apiUrl: string
  /** The commit that was checked out; for a pull request usually a merge commit of GitHub's own. */
  readonly sha: string
  readonly runId: number
  readonly runNumber: number
  /** 1, and one more with each "Re-run". */
  readonly runAttempt: number
  /** File name of the workflow, else a slug of its name: letters, digits, `.`, `_` and single `-` only. */
  readonly workflowKey: string
  /** The page of this run and attempt: it shows the job and its summary. */
  readonly jobUrl: string
  /** Only where the event carries a pull request. */
  readonly pullRequestNumber: number | null
  /** The last commit of the pull request; else the same as `sha`. */
  readonly headSha: string
  /** Whether the pull request comes from another repository: its token may only read. */
  readonly isFork: boolean
}
