import { formatBytes, goMemoryLimit, MIB } from '../model/bytes.ts'
import { knowsMemoryLimit } from '../model/go-release.ts'
import type { Plan, PlanReason } from '../model/plan.ts'
import { code, prose } from '../model/prose.ts'
import { type Budget, type BudgetInput, budgetFor, isAmple } from './budget.ts'
import { effectiveGoflags, type ParallelismInput, parallelismFor } from './parallelism.ts'
import { type Steering, type SteeringInput, steeringFor, toolexecFlag } from './steering.ts'

const GO_SHARE = 0.9
const LAST_GC_PERCENT = 25

/**
 * Below this `auto` leaves GOMEMLIMIT alone: the go command itself holds 15 to 63 MiB, and collecting more often gives
 * nothing back any more. `go build -a` of a net/http program, Go 1.26.8, 2 CPUs, once each, CPU time and largest tool:
 * none 30 s, 290 MiB; 256 MiB 34 s, 263; 192 MiB 39 s, 217; 128 MiB 41 s, 192; 96 MiB 45 s, 188; 64 MiB 55 s, 181;
 * 48 MiB 56 s, 183.
 */
const LEAST_GO_LIMIT_BYTES = 64 * MIB

export interface LadderInput extends BudgetInput, ParallelismInput, SteeringInput {}

/** How much memory is traded for time. `swap` is `frugal` with the swap that an explicit cap closes. */
type Rung = 'nothing' | 'soft limit' | 'frugal' | 'swap'

type Step = Omit<Plan, 'attempt'>
type Tuning = Omit<Step, 'level'>

/**
 * Every plan that this build may be tried with, the fastest first, each different from the one before in what the build
 * gets: nothing set; steering, or where that cannot be had GOMEMLIMIT; GOMEMLIMIT with GOGC=25 and -p 1; and the host's
 * swap under an explicit cap. A tight build starts at the second. There is always at least one.
 */
export function ladder(input: LadderInput): readonly Step[] {
  const budget = budgetFor(input)
  const { actions } = parallelismFor(input, false)
  const isTight = budget.bytes !== null && !isAmple(budget.bytes, actions)
  const steps: Step[] = []
  for (const rung of rungsFor(input, budget, isTight)) {
    const step = stepAt(rung, input, budget)
    const level = isTight || rung !== 'nothing' ? 'tight' : budget.bytes === null ? 'unknown' : 'ample'
    if (!steps.some((earlier) => isSame(earlier, step))) steps.push({ ...step, level })
  }
  return steps
}

/** `enforcement: off` only observes: nothing is changed unless the build has died and `retry` was asked for. */
function rungsFor({ settings, survey, enforcement }: LadderInput, budget: Budget, isTight: boolean): readonly Rung[] {
  const startsTight = isTight && settings.enforcement !== 'off'
  const rungs: Rung[] = startsTight ? ['soft limit', 'frugal'] : ['nothing', 'soft limit', 'frugal']
  const { swapFreeBytes } = survey.host
  const hasSwap = swapFreeBytes.kind === 'value' && swapFreeBytes.value > 0
  if (enforcement === 'cgroup' && budget.cap?.swap === 'closed' && hasSwap) rungs.push('swap')
  return rungs
}

function stepAt(rung: Rung, input: LadderInput, budget: Budget): Tuning {
  const isFrugal = rung === 'frugal' || rung === 'swap'
  const parallelism = parallelismFor(input, isFrugal)
  const steering = rung === 'nothing' || budget.bytes === null ? NOT_STEERED : steeringFor(input)
  const heap = goLimit(rung, input, budget)
  const collector = gcPercent(isFrugal, input)
  const opensSwap = rung === 'swap' && budget.cap !== null
  const swap: PlanReason = { subject: 'swap', text: 'Swap is opened to the build, as the last resort.' }
  const environment: Record<string, string> = {}
  const flags = addedFlags(parallelism.set, steering)
  if (flags.length > 0) {
    const own = effectiveGoflags(input.survey, input.userEnvironment) ?? ''
    environment['GOFLAGS'] = [...(own === '' ? [] : [own]), ...flags].join(' ')
  }
  if (heap.bytes !== null) environment['GOMEMLIMIT'] = goMemoryLimit(heap.bytes)
  if (collector.percent !== null) environment['GOGC'] = String(collector.percent)
  return {
    cap: opensSwap && budget.cap !== null ? { ...budget.cap, swap: 'open' } : budget.cap,
    parallelism: parallelism.actions,
    setParallelism: parallelism.set,
    setGoMemoryLimitBytes: heap.bytes,
    setGcPercent: collector.percent,
    isSteered: steering.isOn,
    environment,
    reasons: [
      ...budget.reasons.filter(({ subject }) => !(opensSwap && subject === 'swap')),
      ...(opensSwap ? [swap] : []),
      parallelism.reason,
      heap.reason,
      ...collector.reasons,
      ...steeringReasons(steering)
    ]
  }
}

const NOT_STEERED: Steering = { isOn: false, reason: null }

function addedFlags(parallelism: number | null, steering: Steering): readonly string[] {
  const flags = parallelism === null ? [] : [`-p=${parallelism}`]
  const toolexec = steering.isOn && steering.helper.kind === 'built' ? toolexecFlag(steering.helper.path) : null
  return toolexec === null ? flags : [...flags, toolexec]
}

function steeringReasons(steering: Steering): readonly PlanReason[] {
  const text = steering.isOn
    ? 'Compile and link ask before they start, and are limited one by one where they need it.'
    : steering.reason
  return text === null ? [] : [{ subject: 'steering', text }]
}

function goLimit(rung: Rung, input: LadderInput, budget: Budget): { bytes: number | null; reason: PlanReason } {
  const asked = input.settings.goMemoryLimit
  const own = input.userEnvironment['GOMEMLIMIT'] ?? ''
  const say = (bytes: number | null, text: string) => ({ bytes, reason: { subject: 'go-memory-limit', text } as const })
  if (asked.kind === 'size') {
    const above = own === '' ? '' : prose`, above ${code(own)} in the environment`
    return say(asked.bytes, `GOMEMLIMIT=${goMemoryLimit(asked.bytes)}, as go-memory-limit says${above}.`)
  }
  if (asked.kind === 'off') return say(null, 'go-memory-limit is off, so GOMEMLIMIT is left alone.')
  if (own !== '') return say(null, prose`GOMEMLIMIT=${code(own)} of the environment stands.`)
  if (!knowsMemoryLimit(input.survey.go)) return say(null, 'Go before 1.19 does not know GOMEMLIMIT.')
  if (budget.bytes === null)
    return say(null, 'How much memory there is could not be read, so GOMEMLIMIT is left alone.')
  if (rung === 'nothing') return say(null, untouched(input, budget.bytes))
  if (rung === 'soft limit' && steeringFor(input).isOn) {
    return say(null, 'GOMEMLIMIT is set for single tools only, where they need it.')
  }
  const bytes = Math.floor(GO_SHARE * budget.bytes)
  if (bytes < LEAST_GO_LIMIT_BYTES) {
    const least = goMemoryLimit(LEAST_GO_LIMIT_BYTES)
    return say(null, `GOMEMLIMIT is left alone: below ${least} it costs time and saves no memory.`)
  }
  return say(
    bytes,
    `GOMEMLIMIT=${goMemoryLimit(bytes)}, 0.9 of the ${formatBytes(budget.bytes)} that the build can have.`
  )
}

function untouched(input: LadderInput, bytes: number): string {
  if (input.settings.enforcement === 'off') return 'enforcement is off, so GOMEMLIMIT is left alone.'
  const { actions } = parallelismFor(input, false)
  const users = actions === 1 ? '1 build action' : `${actions} build actions`
  return `memory is ample: ${formatBytes(bytes)} for ${users}, so GOMEMLIMIT is left alone.`
}

function gcPercent(
  isFrugal: boolean,
  { userEnvironment }: LadderInput
): { readonly percent: number | null; readonly reasons: readonly PlanReason[] } {
  const own = userEnvironment['GOGC'] ?? ''
  const say = (text: string): readonly PlanReason[] => [{ subject: 'gc-percent', text }]
  if (own !== '') return { percent: null, reasons: say(prose`GOGC=${code(own)} of the environment stands.`) }
  if (!isFrugal) return { percent: null, reasons: [] }
  return { percent: LAST_GC_PERCENT, reasons: say(`GOGC=${LAST_GC_PERCENT}, so that less garbage is kept.`) }
}

/** Whether the build would get the same from both. */
function isSame(a: Tuning, b: Tuning): boolean {
  const [one, other] = [a.environment, b.environment]
  if (a.isSteered !== b.isSteered || a.cap?.swap !== b.cap?.swap) return false
  return ['GOFLAGS', 'GOMEMLIMIT', 'GOGC'].every((name) => one[name] === other[name])
}
