import type { TriggeringRun } from '../model/fold.ts'
import type { Reading } from '../model/reading.ts'

/**
 * The run that this one follows (`on: workflow_run`), from the payload that GitHub wrote; `null` for every other event.
 * Of its fields none is the artifact's: a run of a fork decides what is in its artifacts, not what is here.
 */
export function readTriggeringRun(
  environment: Readonly<Record<string, string | undefined>>,
  readText: (path: string) => Reading<string>
): TriggeringRun | null {
  if (environment['GITHUB_ACTIONS'] !== 'true' || environment['GITHUB_EVENT_NAME'] !== 'workflow_run') return null
  const payload = readText(environment['GITHUB_EVENT_PATH'] ?? '')
  const run = payload.kind === 'value' ? member(parsed(payload.value), 'workflow_run') : undefined
  const [runId, runNumber, attempt] = ['id', 'run_number', 'run_attempt'].map((name) => count(member(run, name)))
  const headSha = text(member(run, 'head_sha'))
  if (runId == null || runNumber == null || attempt == null || !/^[0-9a-f]{7,64}$/.test(headSha)) return null
  const repository = text(member(member(run, 'head_repository'), 'full_name'))
  return {
    runId,
    runNumber,
    attempt,
    workflowKey: fileName(text(member(run, 'path'))),
    event: text(member(run, 'event')),
    conclusion: text(member(run, 'conclusion')),
    headSha,
    headBranch: text(member(run, 'head_branch')),
    headRepository: /^[\w.-]+\/[\w.-]+$/.test(repository) ? repository : null
  }
}

/** `.github/workflows/ci.yml`, perhaps with `@refs/heads/main` behind it, is `ci.yml`. */
function fileName(path: string): string {
  const name = /([^/@]+)(?:@.*)?$/.exec(path.replace(/@.*$/, ''))?.[1] ?? ''
  const slug = name.replaceAll(/[^\w.]+/g, '-').replaceAll(/^-|-$/g, '')
  return slug === '' ? 'workflow' : slug
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

function member(of: unknown, name: string): unknown {
  return typeof of === 'object' && of !== null && Object.hasOwn(of, name) ? Reflect.get(of, name) : undefined
}

function text(of: unknown): string {
  return typeof of === 'string' ? of : ''
}

function count(of: unknown): number | null {
  return typeof of === 'number' && Number.isSafeInteger(of) && of >= 0 ? of : null
}
