import { commandLine } from '../model/settings.ts'
import { goCommand } from './go-commands.ts'
import { effectiveGoflags, type ParallelismInput } from './parallelism.ts'
import { readCommand } from './script.ts'

/** The helper that stands before the compiler and the linker. */
export type HelperState =
  /** It has not been needed yet, and can be tried. */
  | { readonly kind: 'unbuilt' }
  | { readonly kind: 'built'; readonly path: string }
  /** `reason` completes "steering steps aside: …". */
  | { readonly kind: 'unavailable'; readonly reason: string }

export interface SteeringInput extends ParallelismInput {
  readonly enforcement: 'cgroup' | 'watch' | 'none'
  readonly helper: HelperState
}

export type Steering =
  | { readonly isOn: true; readonly helper: Exclude<HelperState, { kind: 'unavailable' }> }
  /** `reason`: why not, a sentence; `null` where nobody would expect it. */
  | { readonly isOn: false; readonly reason: string | null }

/** The helper is written for this release and what came after it. */
const LEAST_GO_MINOR = 21

/** Whether single tools can be held back and limited, through `-toolexec` in GOFLAGS. */
export function steeringFor(input: SteeringInput): Steering {
  const { settings, helper, survey, enforcement } = input
  if (settings.steering === 'off') return { isOn: false, reason: 'steering is off.' }
  if (settings.enforcement === 'off' || enforcement === 'none') return { isOn: false, reason: null }
  if (survey.go.kind === 'absent') return { isOn: false, reason: null }
  const aside = (why: string): Steering => ({ isOn: false, reason: `Steering steps aside: ${why}.` })
  if (helper.kind === 'unavailable') return aside(helper.reason)
  if (survey.go.kind === 'unreadable') return aside('Go could not be asked')
  const { minor } = survey.go.value
  if (minor !== null && minor < LEAST_GO_MINOR) return aside(`it needs Go 1.${LEAST_GO_MINOR} or newer`)
  const goflags = effectiveGoflags(survey, input.userEnvironment) ?? ''
  if (/(?:^|[\s'"])--?toolexec\b/.test(goflags)) return aside('GOFLAGS has a -toolexec of its own')
  if (hasToolexec(input)) return aside('the command has a -toolexec of its own')
  if (helper.kind === 'built' && toolexecFlag(helper.path) === null) return aside('its path has quotes in it')
  return { isOn: true, helper }
}

function hasToolexec({ settings: { command } }: SteeringInput): boolean {
  const commands = readCommand(command)
  if (commands === null) return /\s--?toolexec\b/.test(commandLine(command))
  return commands.some(
    (words) => goCommand(words)?.args.some((word) => /^--?toolexec(?:=|$)/.test(word ?? '')) ?? false
  )
}

/**
 * As GOFLAGS takes it, `null` where it cannot: the go command splits GOFLAGS at blanks outside quotes, and the value of
 * `-toolexec` once more, so that a path with blanks needs both kinds of quotes (cmd/internal/quoted).
 */
export function toolexecFlag(path: string): string | null {
  if (/['"]/.test(path)) return null
  return /\s/.test(path) ? `"-toolexec='${path}'"` : `-toolexec=${path}`
}
