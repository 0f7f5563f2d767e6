import { formatBytes } from '../model/bytes.ts'
import { type BeforeState, type CommentState, compareJobs } from './comment-state.ts'
import { codeSpan, htmlCode } from './escape.ts'
import { type RepositoryLink, runUrl } from './links.ts'
import { small } from './sections.ts'
import { WORDS } from './words.ts'

/** "Now: ⚠️ recovered, 4.1 GiB, `9c1e07b` · before: ✅ passed, 5.8 GiB, `3f2a91c` · job summary" */
export function footer(state: CommentState, link: RepositoryLink | null, withHistory: boolean): string {
  const [worst] = Object.values(state.jobs).toSorted(compareJobs)
  const now = moment({
    state: state.state,
    cause: worst?.cause ?? '',
    peakBytes: worst?.peakBytes ?? null,
    sha: state.sha
  })
  const before = withHistory ? state.before.map(moment) : []
  const url = runUrl(link, state.runId)
  return small(
    [
      `Now: ${now}`,
      ...(before.length === 0 ? [] : [`before: ${before.join('; ')}`]),
      ...(url === null ? [] : [`<a href="${url}">job summary</a>`])
    ].join(' · ')
  )
}

function moment({ state, cause, peakBytes, sha }: BeforeState): string {
  const words = state === 'failed' && cause !== '' ? `${WORDS.mood.failed} (${codeSpan(cause)})` : WORDS.mood[state]
  const parts = [`${WORDS.moodSymbol[state]} ${words}`]
  if (peakBytes !== null && state !== 'failed') parts.push(formatBytes(peakBytes))
  if (sha !== '') parts.push(htmlCode(sha))
  return parts.join(', ')
}
