/** Comments of the pull request that this run belongs to. Each call may fail; the caller says so and goes on. */
export interface PullRequests {
  /** The comments in order of creation, ours and others'. */
  listComments(): Promise<readonly PullRequestComment[]>
  createComment(body: string): Promise<PullRequestComment>
  /** `null`: it is not there any more. */
  updateComment(id: number, body: string): Promise<PullRequestComment | null>
  /** Also if it is not there any more. */
  removeComment(id: number): Promise<void>
}

export interface PullRequestComment {
  readonly id: number
  readonly body: string
  readonly url: string
  /** Whether the author is the identity of our token. */
  readonly isOurs: boolean
}

/** The pull requests of this repository. */
export interface Repository {
  pullRequest(number: number): PullRequests
  /** Numbers of those that are open and whose head is this very commit. */
  openWith(head: Head): Promise<readonly number[]>
}

/** What a run was started for, as GitHub tells it. */
export interface Head {
  /** `owner/name`; of a fork another one than ours. */
  readonly repository: string
  readonly branch: string
  readonly sha: string
}

/**
 * A fault of the API in our words; `isPermission` for a token that may not (fork, Dependabot), `isGone` where what was
 * asked for is not found, which GitHub also says of what a token may not see.
 */
export class PullRequestFault extends Error {
  readonly isPermission: boolean
  readonly isGone: boolean
  constructor(message: string, isPermission: boolean, isGone = false) {
    super(message)
    this.name = 'PullRequestFault'
    this.isPermission = isPermission
    this.isGone = isGone
  }
}
