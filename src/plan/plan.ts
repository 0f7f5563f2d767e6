import type { Plan } from '../model/plan.ts'
import { isRepeatable } from './go-commands.ts'
import { type LadderInput, ladder } from './ladder.ts'

export interface PlanInput extends LadderInput {
  /** Plans of the attempts that died of memory, oldest first. */
  readonly previous: readonly Plan[]
  /** A tool of the last attempt did not fit with the tightest settings that there are. */
  readonly hasGivenUp?: boolean
}

/** What the next attempt runs with: after each death of memory one step further, the last step from then on. */
export function planAttempt(input: PlanInput): Plan {
  const steps = ladder(input)
  const step = steps[Math.min(input.previous.length, steps.length - 1)]
  if (step === undefined) throw new Error('a ladder without a step')
  return { attempt: input.previous.length + 1, ...step }
}

export interface NextAttempt {
  readonly isWorthwhile: boolean
  /** Completes a line such as "out of memory at 6.6 GiB; …". */
  readonly reason: string
}

/** Whether to try again after `previous`, the last of which has just died of memory. */
export function nextAttempt(input: PlanInput): NextAttempt {
  const { settings, previous } = input
  const attempt = previous.length + 1
  const refusal = refusalOf(input, attempt)
  if (refusal !== null) return { isWorthwhile: false, reason: `no attempt ${attempt}: ${refusal}` }
  const what = described(planAttempt(input), input)
  return { isWorthwhile: true, reason: `attempt ${attempt} of at most ${settings.maxAttempts} with ${what}` }
}

function refusalOf(input: PlanInput, attempt: number): string | null {
  const { settings } = input
  if (settings.onOutOfMemory === 'fail') return 'on-out-of-memory is fail'
  if (attempt > settings.maxAttempts) return `max-attempts is ${settings.maxAttempts}`
  if (settings.onOutOfMemory === 'auto') {
    if (settings.enforcement === 'off') return 'enforcement is off, and on-out-of-memory is not retry'
    if (!isRepeatable(settings.command)) {
      return 'the command does more than build, or cannot be read with certainty, and on-out-of-memory is not retry'
    }
  }
  if (input.hasGivenUp) return 'every setting was tried in this one'
  const last = input.previous.at(-1)
  if (attempt <= ladder(input).length || last === undefined) return null
  return `no tighter setting is left after ${described(last, input)}`
}

/** "-p=1 GOMEMLIMIT=5900MiB GOGC=25, swap open". */
function described(plan: Plan, { settings }: PlanInput): string {
  const words = [`-p=${plan.parallelism}`, ...(plan.isSteered ? ['steering'] : [])]
  for (const name of ['GOMEMLIMIT', 'GOGC']) {
    const text = plan.environment[name]
    if (text !== undefined) words.push(`${name}=${text}`)
  }
  const opensSwap = plan.cap?.swap === 'open' && settings.memoryLimit.kind !== 'auto'
  return words.join(' ') + (opensSwap ? ', swap open' : '')
}
