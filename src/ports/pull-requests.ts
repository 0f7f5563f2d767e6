/** Comments of the pull request that this run belongs to. Each call may fail; the caller says so and goes on. */
export interface PullRequests {
  /** The comments in order of creation, ours and others'. */
  listComments(): Promise<readonly PullRequestComment[]>
  createComment(body: string): Promise<PullRequestComment>
  updateComment(id: number, body: string): Promise<PullRequestComment>
}

export interface PullRequestComment {
  readonly id: number
  readonly body: string
  readonly url: string
  /** Whether the author is the identity of our token. */
  readonly isOurs: boolean
}

/** A fault of the API in our words; `isPermission` for a token that may not (fork, Dependabot). */
export class PullRequestFault extends Error {
  readonly isPermission: boolean
  constructor(message: string, isPermission: boolean) {
    super(message)
    this.name = 'PullRequestFault'
    this.isPermission = isPermission
  }
}
