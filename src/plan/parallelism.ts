import type { PlanReason } from '../model/plan.ts'
import type { Settings } from '../model/settings.ts'
import type { Survey } from '../model/survey.ts'
import { explicitParallelism } from './go-commands.ts'

/** Build actions at once, and who says so. */
export interface Parallelism {
  readonly actions: number
  /** What we set; `null`: left alone. */
  readonly set: number | null
  readonly reason: PlanReason
}

export interface ParallelismInput {
  readonly survey: Survey
  readonly settings: Settings
  readonly userEnvironment: Readonly<Record<string, string>>
  readonly runsTests: boolean
}

/**
 * The Go tool takes `-p` from its command line, before that from GOFLAGS, else GOMAXPROCS. An input stands above the
 * user's GOFLAGS, the user's GOFLAGS above `auto`; nothing stands above the command line.
 */
export function parallelismFor(input: ParallelismInput, wantsOne: boolean): Parallelism {
  const { settings, survey, userEnvironment } = input
  const onCommandLine = explicitParallelism(settings.command)
  const inGoflags = parallelismIn(effectiveGoflags(survey, userEnvironment) ?? '')
  const byDefault = defaultParallelism(survey, userEnvironment)
  const asked = settings.parallelism.kind === 'count' ? settings.parallelism.count : null

  if (onCommandLine !== null) {
    const instead = asked === null || asked === onCommandLine ? '' : `; parallelism ${asked} cannot change it`
    return left(onCommandLine, `-p ${onCommandLine} on the command line stands${instead}.`)
  }
  if (asked !== null) {
    const above = inGoflags === null || inGoflags === asked ? '' : `, above -p=${inGoflags} in GOFLAGS`
    const text = `-p=${asked}, as parallelism says${above}.`
    return inGoflags === asked ? left(asked, text) : { actions: asked, set: asked, reason: reason(text) }
  }
  if (settings.parallelism.kind === 'off') {
    return left(inGoflags ?? byDefault, 'parallelism is off, so -p is left to Go.')
  }
  if (inGoflags !== null) return left(inGoflags, `-p=${inGoflags} in GOFLAGS stands.`)
  return wantsOne ? oneAction(input, byDefault) : left(byDefault, `-p is left at ${byDefault}, Go's own default.`)
}

function oneAction({ runsTests, survey, userEnvironment }: ParallelismInput, byDefault: number): Parallelism {
  if (byDefault === 1) return left(1, '-p is 1 already.')
  if (runsTests) return left(byDefault, 'The command runs tests, which -p would hold back too, so -p is left alone.')
  if (effectiveGoflags(survey, userEnvironment) === null) {
    return left(byDefault, 'GOFLAGS could not be read, and setting it would hide what it holds, so -p is left alone.')
  }
  return { actions: 1, set: 1, reason: reason(`-p=1 in place of ${byDefault}, so that one tool has all the memory.`) }
}

/**
 * GOFLAGS as the Go tool sees it: of the environment, else of `go env -w`, which setting the variable would hide.
 * `null`: the environment has none and Go could not be asked.
 */
export function effectiveGoflags(survey: Survey, userEnvironment: Readonly<Record<string, string>>): string | null {
  const own = userEnvironment['GOFLAGS'] ?? ''
  if (own !== '') return own
  return survey.go.kind === 'value' ? (survey.go.value.env['GOFLAGS'] ?? '') : null
}

/** The last `-p=N` counts, as for any flag given twice. */
function parallelismIn(goflags: string): number | null {
  const found = [...goflags.matchAll(/(?:^|[\s'"])--?p=(\d+)/g)].at(-1)
  const number = Number(found?.[1] ?? 0)
  return number > 0 ? number : null
}

/** GOMAXPROCS of the environment counts for the Go tool itself, hence for its `-p`. */
function defaultParallelism(survey: Survey, userEnvironment: Readonly<Record<string, string>>): number {
  const own = Number(/^\d+$/.exec(userEnvironment['GOMAXPROCS'] ?? '')?.[0] ?? 0)
  return own > 0 ? own : survey.cpus
}

function left(actions: number, text: string): Parallelism {
  return { actions, set: null, reason: reason(text) }
}

function reason(text: string): PlanReason {
  return { subject: 'parallelism', text }
}
