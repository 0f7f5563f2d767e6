import { formatBytes, GIB, MIB } from '../model/bytes.ts'
import type { Cap, PlanReason } from '../model/plan.ts'
import { code, figure, prose } from '../model/prose.ts'
import type { Settings } from '../model/settings.ts'
import type { BindingLimit, Survey } from '../model/survey.ts'

const LEAST_RESERVE_BYTES = 192 * MIB
const RESERVE_SHARE = 0.03
const LEAST_AUTO_CAP_BYTES = 256 * MIB
const AMPLE_BYTES_PER_ACTION = 2 * GIB

/** What of the machine the build may have. */
export interface Budget {
  readonly cap: Cap | null
  /** The cap, or where there is none (or a higher one) what the binding limit leaves; `null`: nothing could be read. */
  readonly bytes: number | null
  readonly reasons: readonly PlanReason[]
}

export interface BudgetInput {
  readonly survey: Survey
  readonly settings: Settings
  /** The best enforcement that can be had. */
  readonly enforcement: 'cgroup' | 'watch' | 'none'
}

/** L, used, reserve and cap: L is the smallest hard limit on the visible path, host memory included. */
export function budgetFor(input: BudgetInput): Budget {
  const { memoryLimit } = input.settings
  const { binding } = input.survey
  const rest = binding === null ? null : restOf(binding, input.settings.memoryReserve)
  const bytes = rest === null ? null : Math.max(0, rest.bytes)
  if (memoryLimit.kind === 'off') return { cap: null, bytes, reasons: [cap('memory-limit is off, so no cap is set.')] }
  if (memoryLimit.kind === 'size') return explicitBudget(input, memoryLimit.bytes, bytes)
  if (binding === null || rest === null) {
    return { cap: null, bytes, reasons: [cap('No memory limit could be read, so no cap is set.')] }
  }
  if (memoryLimit.kind === 'auto') return autoBudget(input, binding, rest)
  return explicitBudget(input, Math.floor((binding.bytes * memoryLimit.percent) / 100), bytes)
}

/** Whether every build action can have 2 GiB: then no setting is worth its price. */
export function isAmple(bytes: number, actions: number): boolean {
  return bytes >= AMPLE_BYTES_PER_ACTION * actions
}

interface Rest {
  readonly reserveBytes: number
  /** L − used − reserve; negative where others hold more than that. */
  readonly bytes: number
}

function restOf(binding: BindingLimit, reserve: Settings['memoryReserve']): Rest {
  const share = reserve.kind === 'percent' ? reserve.percent / 100 : RESERVE_SHARE
  const shareBytes = Math.ceil(binding.bytes * share)
  const autoBytes = Math.max(LEAST_RESERVE_BYTES, shareBytes)
  const reserveBytes = reserve.kind === 'size' ? reserve.bytes : reserve.kind === 'percent' ? shareBytes : autoBytes
  return { reserveBytes, bytes: binding.bytes - binding.usedByOthersBytes - reserveBytes }
}

function autoBudget(input: BudgetInput, binding: BindingLimit, rest: Rest): Budget {
  const sum = prose`limit ${figure(formatBytes(binding.bytes))} of ${code(binding.file)}, less ${figure(formatBytes(binding.usedByOthersBytes))} used by others and ${figure(formatBytes(rest.reserveBytes))} kept back`
  const bytes = Math.max(0, rest.bytes)
  if (input.enforcement !== 'cgroup') {
    const why =
      input.enforcement === 'watch' ? 'the build is ended before a limit is hit' : 'no way to enforce one was found'
    return { cap: null, bytes, reasons: [cap(`No cap: ${why}; the build can have ${formatBytes(bytes)} (${sum}).`)] }
  }
  if (rest.bytes < LEAST_AUTO_CAP_BYTES) {
    const least = formatBytes(LEAST_AUTO_CAP_BYTES)
    return { cap: null, bytes, reasons: [cap(`No cap: ${formatBytes(bytes)} would be left, below ${least} (${sum}).`)] }
  }
  return {
    cap: { bytes, swap: 'open' },
    bytes,
    reasons: [cap(`Cap ${formatBytes(bytes)}: ${sum}.`), swap(input.survey, openSwap(input.survey))]
  }
}

function explicitBudget(input: BudgetInput, bytes: number, restBytes: number | null): Budget {
  const asked = `memory-limit ${formatBytes(bytes)}`
  if (input.enforcement === 'none') {
    const why = input.settings.enforcement === 'off' ? 'enforcement is off' : 'no way was found'
    return { cap: null, bytes: restBytes, reasons: [cap(`${asked} is requested, not enforced: ${why}.`)] }
  }
  const reasons = [cap(`Cap ${formatBytes(bytes)}, as memory-limit says.`)]
  const { binding } = input.survey
  const room = binding === null ? bytes : Math.max(0, binding.bytes - binding.usedByOthersBytes)
  if (binding !== null && bytes > room) {
    const first = prose`${figure(formatBytes(binding.bytes))} of ${code(binding.file)}`
    reasons.push(cap(`${asked} is above the ${formatBytes(room)} that are left: the limit ${first} will be hit first.`))
  }
  if (input.enforcement === 'cgroup') {
    reasons.push(swap(input.survey, 'Swap is closed to the build, since memory-limit is given.'))
  }
  return { cap: { bytes, swap: 'closed' }, bytes: Math.min(bytes, room), reasons }
}

/** So that no build which passes without a cap fails because of the cap that was chosen for it. */
function openSwap(survey: Survey): string {
  const free = survey.host.swapFreeBytes
  if (free.kind !== 'value') return 'Swap stays open to the build; how much is free is not known.'
  if (free.value === 0) return 'This machine has no free swap.'
  return `The ${formatBytes(free.value)} of free swap stay open to the build.`
}

/** Where there is none, nothing is open or closed. */
function swap({ platform, host: { swapTotalBytes: total } }: Survey, text: string): PlanReason {
  const isWithout = total.kind === 'value' && total.value === 0
  if (platform === 'win32')
    return { subject: 'swap', text: 'A job counts what is committed, in RAM or in a page file.' }
  return { subject: 'swap', text: isWithout ? 'This machine has no swap.' : text }
}

function cap(text: string): PlanReason {
  return { subject: 'cap', text }
}
