import type { Evidence } from '../model/evidence.ts'
import type { Plan } from '../model/plan.ts'
import { known, mapReading, type Reading } from '../model/reading.ts'
import { budgetFor } from '../plan/budget.ts'
import type { Cage } from '../ports/cage.ts'
import type { Levers } from '../steer/rungs.ts'
import { openWarden, type Warded, type Warden } from '../steer/warden.ts'
import { gaugesOf } from './gauges.ts'
import type { Run } from './run.ts'

/**
 * The plan of an attempt in this cage, with the gate open if it steers. Whatever is missing for that, the plan is made
 * again without.
 */
export async function steeredPlan(
  run: Run,
  cage: Cage,
  planned: () => Plan
): Promise<{ readonly plan: Plan; readonly warden: Warden | null }> {
  const plan = planned()
  if (!plan.isSteered) return { plan, warden: null }
  const capBytes = budgetBytes(run, cage)
  if (!(await hasHelper(run))) return { plan: planned(), warden: null }
  try {
    return { warden: await openGate(run, cage, plan, capBytes), plan: planned() }
  } catch (fault) {
    run.helper.giveUp(`its gate cannot be opened: ${fault instanceof Error ? fault.message : String(fault)}`)
    return { plan: planned(), warden: null }
  }
}

async function hasHelper({ helper, survey, command }: Run): Promise<boolean> {
  const go = known(survey.go)
  if (go === null) return false
  const { binding } = survey
  const roomBytes = binding === null ? null : Math.max(0, binding.bytes - binding.usedByOthersBytes)
  return (await helper.build({ go, environment: command.environment, roomBytes })).kind === 'built'
}

function budgetBytes({ survey, settings }: Run, cage: Cage): number {
  const enforcement = cage.way === 'watch' ? 'watch' : 'cgroup'
  return budgetFor({ survey, settings, enforcement }).bytes ?? cage.capBytes ?? 0
}

function openGate(run: Run, cage: Cage, plan: Plan, capBytes: number): Promise<Warden> {
  const { ports, place, settings, survey } = run
  if (ports.toolGates === null) throw new Error('there is none')
  const hasFreeSwap = (known(survey.host.swapFreeBytes) ?? 0) > 0
  const isKernelCap = cage.directory !== null
  const levers: Levers = {
    memoryLimit: settings.goMemoryLimit.kind === 'auto' && (run.command.environment['GOMEMLIMIT'] ?? '') === '',
    gcPercent: (run.command.environment['GOGC'] ?? '') === '',
    swap: isKernelCap && hasFreeSwap && plan.cap?.swap === 'closed' && cage.openSwap !== undefined
  }
  return openWarden(
    {
      clock: ports.clock,
      files: ports.files,
      gates: ports.toolGates,
      gauges: gaugesOf(cage, ports.files, place.root),
      kill: (pid) => ports.processes.signal(pid, 'SIGKILL'),
      openSwap: async () => cage.openSwap?.(),
      said: (step) => run.narrator.steered(step)
    },
    {
      capBytes,
      levers,
      parallelism: plan.parallelism,
      cage: { isKernels: isKernelCap, hasOpenSwap: hasFreeSwap && plan.cap?.swap === 'open' },
      directory: run.helper.directory(),
      isCapOfUser: settings.memoryLimit.kind === 'size'
    }
  )
}

export function steeringFaults(warded: Warded | null): readonly string[] {
  return warded?.fault == null ? [] : [`steering ended early: ${warded.fault}; from then on every tool ran as it was`]
}

/** The evidence without the kills that were answered with another run of the tool: they ended nothing. */
export function withoutReplayed(evidence: Evidence, warded: Warded | null): Evidence {
  const { cage, hostKills, kernelLog, levels } = evidence
  if (warded === null || warded.killsAnswered === 0) return evidence
  const { killsAnswered, replayedPids } = warded
  const later = (before: Reading<number>, by: number): Reading<number> => mapReading(before, (count) => count + by)
  const isAllAnswered =
    cage !== null && known(cage.kills.after) === (known(cage.kills.before) ?? Number.NaN) + killsAnswered
  return {
    ...evidence,
    cage: cage && {
      ...cage,
      kills: { ...cage.kills, before: later(cage.kills.before, killsAnswered) },
      ownLimitHits: isAllAnswered ? { ...cage.ownLimitHits, before: cage.ownLimitHits.after } : cage.ownLimitHits
    },
    hostKills: { ...hostKills, before: later(hostKills.before, killsAnswered) },
    levels: levels.map((level) => ({
      ...level,
      kills: { ...level.kills, before: later(level.kills.before, killsAnswered) },
      ownHits: isAllAnswered && level.isCage ? { ...level.ownHits, before: level.ownHits.after } : level.ownHits
    })),
    kernelLog: mapReading(kernelLog, (log) => ({
      ...log,
      kills: log.kills.filter(({ pid }) => pid === null || !replayedPids.includes(pid))
    }))
  }
}
