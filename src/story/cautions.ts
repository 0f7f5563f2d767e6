import type { Caution, Preflight } from '../model/caution.ts'
import { rise } from '../model/evidence.ts'
import type { Report } from '../model/report.ts'
import { cautionAnnotations, cautionLines, cautionsOf, type DocumentationHome } from '../report/cautions.ts'
import type { Attempted } from './attempted.ts'
import { mapLocations } from './locations.ts'
import type { Run } from './run.ts'

/** Begins to look at the set-up, beside the build that has just started. */
export function beginPreflight(run: Run): void {
  run.preflight.begin((finding) => tell(run, finding))
}

/**
 * Under `preflight: error` what was found, each a sentence that says why nothing is run; empty otherwise. What could not
 * be looked at in time is no reason.
 */
export async function refusedByPreflight(run: Run): Promise<readonly string[]> {
  if (run.settings.preflight !== 'error') return []
  beginPreflight(run)
  const { findings } = await run.preflight.outcome()
  if (findings.length > 0) annotate(run, findings, 'error')
  return findings.map(({ id, title }) => `preflight: ${title} (${id})`)
}

/** What there is to say beside the result. Never rejects. */
export async function readCautions(
  run: Run,
  attempts: readonly [Attempted, ...Attempted[]]
): Promise<{ readonly preflight?: Preflight; readonly verification?: readonly Caution[] }> {
  const last = attempts.at(-1) ?? attempts[0]
  const isGreen = last.attempt.outcome.exitCode === 0 && last.stop === null
  const preflight = run.settings.preflight === 'off' ? {} : { preflight: await run.preflight.outcome() }
  if (!isGreen || run.settings.verifyOutput === 'off') return preflight
  const verification = await run.verification.verdict(last.kills === null ? null : rise(last.kills))
  for (const finding of verification) tell(run, finding)
  return { ...preflight, verification }
}

/** Warnings on their lines; whatever the result is. */
export function annotateCautions(run: Run, report: Report): void {
  annotate(run, cautionsOf(report), 'warning')
}

/**
 * Where the documentation of this version is: the repository that the step names in `uses`, which the runner tells
 * (docs.github.com, default environment variables); `null` where it is used from a path.
 */
export function documentationHome({ place }: Pick<Run, 'place'>): DocumentationHome {
  const { GITHUB_ACTION_REPOSITORY: repository = '', GITHUB_ACTION_REF: ref = '' } = place.environment
  if (place.github === null || !/^[\w-]+\/[\w.-]+$/.test(repository) || !/^[\w][\w./-]*$/.test(ref)) return null
  return `${place.github.serverUrl}/${repository}/blob/${ref}/`
}

function tell(run: Run, finding: Caution): void {
  run.narrator.cautioned((elapsedMs) => cautionLines(elapsedMs, finding, documentationHome(run)))
}

function annotate(run: Run, cautions: readonly Caution[], level: 'error' | 'warning'): void {
  if (run.settings.annotations === 'never') return
  const annotations = cautionAnnotations(cautions, level, ({ place }) => {
    if (place === null) return null
    const [mapped] = mapLocations(run, [{ ...place, column: null, message: '' }])
    return mapped?.repositoryPath ?? null
  })
  for (const annotation of annotations) run.ports.runner.annotate(annotation)
}
