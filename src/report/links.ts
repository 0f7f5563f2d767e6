import type { SourceLocation } from '../model/diagnosis.ts'

/** Where this run belongs to; links go nowhere else. */
export interface RepositoryLink {
  /** `https://github.com` */
  readonly serverUrl: string
  /** `owner/name` */
  readonly repository: string
  /** The commit that was built. */
  readonly sha: string
}

/** A place in the sources, with the path in the repository if the file was found there. */
export interface MappedLocation {
  readonly location: SourceLocation
  readonly repositoryPath: string | null
}

/** The file at the built commit; `null` where no safe address can be made of what is known. */
export function fileUrl(link: RepositoryLink | null, path: string | null, line: number): string | null {
  const home = repositoryUrl(link)
  if (home === null || link === null || path === null || !/^[0-9a-f]{7,64}$/.test(link.sha)) return null
  const segments = path.split('/')
  if (/[\\\0]/.test(path) || segments.some((segment) => segment === '' || segment === '.' || segment === '..'))
    return null
  const anchor = Number.isSafeInteger(line) && line > 0 ? `#L${line}` : ''
  return `${home}/blob/${link.sha}/${segments.map(percentEncode).join('/')}${anchor}`
}

/** The page of a workflow run with its job summaries. */
export function runUrl(link: RepositoryLink | null, runId: number): string | null {
  const home = repositoryUrl(link)
  return home === null || !Number.isSafeInteger(runId) || runId <= 0 ? null : `${home}/actions/runs/${runId}`
}

/** Seven digits of a commit, as GitHub shows it. */
export function shortSha(sha: string): string | null {
  return /^[0-9a-f]{7,64}$/.test(sha) ? sha.slice(0, 7) : null
}

function repositoryUrl(link: RepositoryLink | null): string | null {
  if (link === null) return null
  const isServer = /^https?:\/\/[\w-]+(?:\.[\w-]+)*(?::\d+)?$/.test(link.serverUrl)
  const isRepository = /^[\w-][\w.-]*\/(?!\.{1,2}$)[\w.-]+$/.test(link.repository)
  return isServer && isRepository ? `${link.serverUrl}/${link.repository}` : null
}

// encodeURIComponent leaves ! ' ( ) * alone, and throws at half a surrogate pair.
function percentEncode(segment: string): string {
  const wellFormed = segment.replaceAll(/\p{Cs}/gu, '\uFFFD')
  return encodeURIComponent(wellFormed).replaceAll(
    /[!'()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`
  )
}
