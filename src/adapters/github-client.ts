import { PullRequestFault } from '../ports/pull-requests.ts'

export type Client = ReturnType<typeof import('@actions/github')['getOctokit']>

export interface ClientOptions {
  readonly token: string
  readonly apiUrl: string
}

/** Loading it takes longer than most clean builds' whole report, hence only where there is something to say. */
export async function openClient({ token, apiUrl }: ClientOptions): Promise<Client> {
  const silent = (): void => {}
  try {
    const { getOctokit } = await import('@actions/github')
    return getOctokit(token, { baseUrl: apiUrl, log: { debug: silent, info: silent, warn: silent, error: silent } })
  } catch (fault) {
    throw new PullRequestFault(`loading the GitHub client: ${fault instanceof Error ? fault.message : fault}`, false)
  }
}
