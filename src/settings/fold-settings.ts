import type { FoldSettings } from '../model/fold.ts'
import { INPUTS, type Input } from './inputs.ts'
import { type ReadInput, refusal } from './settings.ts'

const DIRECTORY = 'go-build-guard-reports'

/** Every input of the `report/` step, in the order of its `action.yml`. */
const FOLD_INPUTS = {
  reports: {
    name: 'reports',
    default: DIRECTORY,
    whenEmpty: [DIRECTORY],
    parse: linesOf,
    allowed: 'directories, files or patterns with * and **, one per line',
    description:
      'Where the reports are: a directory (every .json file below it), a file, or a pattern with * and **; several on ' +
      'lines of their own. Links are not followed.'
  } satisfies Input<readonly string[]>,
  needs: {
    name: 'needs',
    default: '',
    whenEmpty: {},
    parse: resultsOf,
    allowed: 'what toJSON(needs) gives',
    description:
      'Give toJSON(needs) as an expression here. Then a job that failed and left no report is named, and the comment ' +
      'does not say that the build passes.'
  } satisfies Input<Readonly<Record<string, string>>>,
  summary: { ...INPUTS.summary, description: 'Job summary of all jobs: auto, always, on-failure, or never.' },
  comment: INPUTS.comment,
  githubToken: { ...INPUTS.githubToken, description: 'Token for the pull-request comment; the summary works without.' }
} as const

/** The same as a list. */
export const ALL_FOLD_INPUTS: readonly Input<unknown>[] = Object.values(FOLD_INPUTS)

export type ParsedFoldSettings = { readonly settings: FoldSettings } | { readonly problems: readonly string[] }

/** Reads and checks every input, and names all that are wrong at once. */
export function parseFoldSettings(read: ReadInput): ParsedFoldSettings {
  const problems: string[] = []
  const take = <T>(input: Input<T>): T => {
    const given = read(input.name).trim()
    const parsed = given === '' ? input.whenEmpty : input.parse(given)
    if (parsed !== null) return parsed
    problems.push(refusal(input, given))
    return input.whenEmpty
  }
  const settings: FoldSettings = {
    reports: take<readonly string[]>(FOLD_INPUTS.reports),
    needs: take<Readonly<Record<string, string>>>(FOLD_INPUTS.needs),
    summary: take(FOLD_INPUTS.summary),
    comment: take(FOLD_INPUTS.comment)
  }
  return problems.length === 0 ? { settings } : { problems }
}

function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

/** `{"build": {"result": "failure", "outputs": {}}}` */
function resultsOf(text: string): Readonly<Record<string, string>> | null {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return null
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return null
  const results = Object.entries(parsed).map(([id, job]) => [id, resultOf(job)] as const)
  return results.some(([, result]) => result === null)
    ? null
    : Object.fromEntries(results.map(([id, result]) => [id, result ?? '']))
}

function resultOf(job: unknown): string | null {
  if (typeof job !== 'object' || job === null || !('result' in job)) return null
  return typeof job.result === 'string' ? job.result : null
}
