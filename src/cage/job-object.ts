import { MIB } from '../model/bytes.ts'
import type { EnforcementInForce } from '../model/evidence.ts'
import type { Cap } from '../model/plan.ts'
import { ABSENT, known, type Reading, unreadable, value } from '../model/reading.ts'
import type { Survey } from '../model/survey.ts'
import type { Cage, Standing } from '../ports/cage.ts'
import type { CageTools } from './cgroup-directory.ts'
import { type JobState, parseJobState, parseProbe } from './job-state.ts'

/** What a Windows job needs: the launcher, compiled, and a directory in which the two tell each other things. */
export interface JobTools extends Omit<CageTools, 'control'> {
  readonly launcher: string
  /** With backslashes; made here. */
  readonly directory: string
}

/** How the job is used: with a limit of the kernel, with the guard's eye on it, or only to look at and end as a whole. */
export type JobUse =
  | { readonly kind: 'limit'; readonly bytes: number }
  | { readonly kind: 'watch'; readonly capBytes: number | null }
  | { readonly kind: 'look' }

const PROBE_DEADLINE_MS = 10_000
const JOIN_WAIT_MS = 10_000
const KILL_WAIT_MS = 5000
const PAUSE_MS = 5

/** Whether a job's limit is enforced on this machine, by trying (`probe` of the launcher); the reason why, or why not. */
export async function probeJob(tools: JobTools): Promise<{ readonly isEnforced: boolean; readonly reason: string }> {
  const { code, stdout, problem } = await tools.processes.run(tools.launcher, ['probe'], {
    deadlineMs: PROBE_DEADLINE_MS
  })
  const said = code === 0 ? parseProbe(stdout) : null
  return said ?? { isEnforced: false, reason: `the probe gave no answer (${problem ?? `exit code ${code}`})` }
}

/**
 * What a job may commit for this cap. A job counts committed memory, wherever it lies; a cap that leaves swap open
 * leaves what Windows would promise beyond RAM.
 */
export function jobLimitBytes(cap: Cap, survey: Survey): number {
  return cap.bytes + (cap.swap === 'open' ? (known(survey.host.swapFreeBytes) ?? 0) : 0)
}

/**
 * A Job Object, which the launcher makes, fills with the command before that executes, and closes when it ends, when it
 * is told to, or when we are gone. It writes down what it sees; nothing here asks Windows anything.
 */
export function openJob(tools: JobTools, use: JobUse): Cage {
  const { files, clock, processes } = tools
  const capBytes = capOf(use)
  let pid: number | null = null
  let last: JobState | null = null
  const read = (): JobState | null => {
    const text = files.readText(`${tools.directory}\\state.json`)
    last = (text.kind === 'value' ? parseJobState(text.value) : null) ?? last
    return last
  }
  const isOver = (): boolean => pid === null || (read() !== null && last?.state !== 'running')
  const until = async (isSo: () => boolean, waitMs: number): Promise<boolean> => {
    for (const deadlineMs = clock.nowMs() + waitMs; !isSo(); await clock.sleep(PAUSE_MS)) {
      if (clock.nowMs() > deadlineMs) return false
    }
    return true
  }
  const kill = async (): Promise<void> => {
    if (pid === null || isOver()) return
    try {
      files.writeText(`${tools.directory}\\kill`, '')
      if (await until(isOver, KILL_WAIT_MS)) return
    } catch {
      // The order could not be left.
    }
    // Without its launcher the job has no handle left, and Windows ends what is in it.
    processes.signal(pid, 'SIGKILL')
  }
  files.remove(tools.directory)
  files.writeText(`${tools.directory}\\limit`, String(capBytes ?? 'none'))
  return {
    way: wayOf(use),
    capBytes,
    directory: null,
    launcher: [tools.launcher, 'run', tools.directory, String(use.kind === 'limit' ? use.bytes : 0), '--'],
    async join(launcherPid) {
      pid = launcherPid
      if (!(await until(() => read() !== null, JOIN_WAIT_MS))) throw new Error('the launcher says nothing')
      if (last?.state === 'refused') throw new Error(last.reason)
    },
    pids: () => (read()?.processes ?? []).map((process) => process.pid),
    charged: () => null,
    look() {
      const state = read()
      if (state === null || state.state !== 'running') return null
      return { treeBytes: sumOf(state), availableBytes: state.availableBytes, processes: state.processes }
    },
    examine: (treeBytes) => examine(use, treeBytes, last),
    evidence: () => ({
      way: wayOf(use),
      cgroupPath: null,
      capBytes,
      ownLimitHits:
        use.kind === 'limit' ? { before: value(0), after: hitsOf(read()) } : { before: ABSENT, after: ABSENT },
      kills: { before: ABSENT, after: ABSENT },
      kernelPeakBytes: peakOf(read())
    }),
    kill,
    async close() {
      await kill()
      return isOver() ? [] : ['the job of the build could not be ended']
    }
  }
}

function wayOf(use: JobUse): EnforcementInForce {
  return ({ limit: 'job-object', watch: 'watch', look: 'none' } as const)[use.kind]
}

function capOf(use: JobUse): number | null {
  if (use.kind === 'limit') return use.bytes
  return use.kind === 'watch' ? use.capBytes : null
}

/** Private committed memory of the processes; what they share is nobody's. */
function sumOf({ processes }: JobState): number {
  return processes.reduce((sum, process) => sum + process.bytes, 0)
}

function hitsOf(state: JobState | null): Reading<number> {
  return state?.limitHits == null ? unreadable('the launcher did not tell') : value(state.limitHits)
}

function peakOf(state: JobState | null): Reading<number> {
  return state?.peakBytes == null ? unreadable('PeakJobMemoryUsed reads 0') : value(state.peakBytes)
}

/** The kernel keeps to a limit by itself; without one the guard acts before the cap, and before Windows refuses memory. */
function examine(use: JobUse, treeBytes: number, state: JobState | null): Standing {
  if (use.kind === 'limit') return { share: treeBytes / use.bytes, breach: null }
  if (use.kind === 'look') return { share: 0, breach: null }
  const { capBytes } = use
  if (capBytes !== null && treeBytes > capBytes) {
    return { share: 1, breach: { level: 'memory-limit', limitBytes: capBytes } }
  }
  const ofCap = capBytes === null ? 0 : treeBytes / capBytes
  const limitBytes = state?.commitLimitBytes ?? null
  const freeBytes = state?.commitAvailableBytes ?? null
  if (limitBytes === null || freeBytes === null) return { share: ofCap, breach: null }
  const marginBytes = Math.max(64 * MIB, 0.03 * limitBytes)
  if (freeBytes < marginBytes) return { share: 1, breach: { level: 'commit limit', limitBytes } }
  return { share: Math.max(ofCap, (limitBytes - freeBytes) / (limitBytes - marginBytes)), breach: null }
}
