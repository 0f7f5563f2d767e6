import type { Cap } from '../model/plan.ts'
import type { Reading } from '../model/reading.ts'
import type { EnforcementChoice } from '../model/settings.ts'
import type { Survey } from '../model/survey.ts'
import type { Cage } from '../ports/cage.ts'
import type { CageTools } from './cgroup-directory.ts'
import { type JobTools, jobLimitBytes, openJob, probeJob } from './job-object.ts'
import { openPsTree } from './ps-tree.ts'
import { openNone } from './watch.ts'

/** What Windows and macOS need of the machine. */
export interface ElsewhereTools extends Omit<CageTools, 'control'> {
  readonly runId: string
  /** Of Job Objects, compiled, or why there is none. */
  readonly launcher: Reading<Pick<JobTools, 'launcher' | 'directory'>>
}

interface ElsewhereOrder {
  readonly choice: EnforcementChoice
  readonly survey: Survey
  readonly capFor: (reach: 'cgroup' | 'watch') => Cap | null
  readonly refused: readonly { readonly label: string; readonly reason: string }[]
}

interface Opened {
  readonly cage: Cage
  readonly reach: 'cgroup' | 'watch' | 'none'
  /** By which it is told should the build not get into it. */
  readonly label: string | null
  readonly reasons: readonly string[]
}

type Answer = Opened | { readonly refusal: string }

/** The best that a system without cgroups has; a refusal where the explicit choice cannot be had. */
export async function openElsewhere(tools: ElsewhereTools, order: ElsewhereOrder): Promise<Answer> {
  const { platform } = order.survey
  if (platform === 'win32') return openOnWindows(tools, order)
  if (platform === 'darwin') return openOnMac(tools, order)
  return withoutAny(tools, order, `memory of a process tree is not read on ${platform}`)
}

const JOB = 'job-object'
const IS_OFF = 'enforcement is off'

async function openOnWindows(tools: ElsewhereTools, order: ElsewhereOrder): Promise<Answer> {
  const { launcher } = tools
  const [refused] = order.refused
  if (refused !== undefined) return withoutAny(tools, order, `${refused.label}: ${refused.reason}`)
  if (launcher.kind !== 'value') {
    const why = launcher.kind === 'absent' ? 'it was not compiled' : launcher.reason
    return withoutAny(tools, order, `the launcher of Job Objects is not there: ${why}`)
  }
  const job = { ...tools, ...launcher.value }
  if (order.choice === 'off')
    return { cage: openJob(job, { kind: 'look' }), reach: 'none', label: JOB, reasons: [IS_OFF] }
  const reasons: string[] = []
  if (order.choice !== 'watch') {
    const cage = await withLimit(job, order, reasons)
    if (cage !== null) return { cage, reach: 'cgroup', label: JOB, reasons }
    if (order.choice !== 'auto') return { refusal: reasons.join('; ') }
  }
  const use = { kind: 'watch', capBytes: order.capFor('watch')?.bytes ?? null } as const
  reasons.push('a Job Object without a limit holds the build')
  return { cage: openJob(job, use), reach: 'watch', label: JOB, reasons }
}

/** A limit counts as enforced only once it has refused something. */
async function withLimit(job: JobTools, order: ElsewhereOrder, reasons: string[]): Promise<Cage | null> {
  const cap = order.capFor('cgroup')
  if (cap === null) {
    reasons.push('no cap is set, so the job gets no limit')
    return null
  }
  const { isEnforced, reason } = await probeJob(job)
  reasons.push(`job-object: ${isEnforced ? 'enforced' : 'not enforced here'}, ${reason}`)
  return isEnforced ? openJob(job, { kind: 'limit', bytes: jobLimitBytes(cap, order.survey) }) : null
}

function openOnMac(tools: ElsewhereTools, { choice, capFor }: ElsewhereOrder): Opened {
  if (choice === 'off') {
    return { cage: openPsTree(tools, { way: 'none', capBytes: null }), reach: 'none', label: null, reasons: [IS_OFF] }
  }
  const capBytes = capFor('watch')?.bytes ?? null
  const reason = 'macOS caps no process tree; the guard looks with ps, whose resident sizes are a lower bound'
  return { cage: openPsTree(tools, { way: 'watch', capBytes }), reach: 'watch', label: null, reasons: [reason] }
}

function withoutAny(tools: ElsewhereTools, { choice, survey }: ElsewhereOrder, reason: string): Answer {
  if (choice !== 'auto' && choice !== 'off') return { refusal: reason }
  const reasons = [choice === 'off' ? IS_OFF : reason]
  return { cage: openNone(tools, survey), reach: 'none', label: null, reasons }
}
