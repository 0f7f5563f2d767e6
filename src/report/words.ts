import type { Finding } from '../model/diagnosis.ts'
import type { EnforcementInForce } from '../model/evidence.ts'
import type { PlanReason } from '../model/plan.ts'

/** The fixed words of every report. Numbers come in formatted; `…Code` is Prose that holds somebody's name already. */
export const WORDS = {
  heading: {
    failed: 'Go build failed',
    recovered: 'Go build recovered',
    passed: 'Go build passed',
    passesAgain: 'Go build passes again',
    cancelled: 'Go build cancelled',
    killed: 'Go build killed by',
    notStarted: 'Go build not started',
    guardDied: 'the guard died before the build ended'
  },
  clause: {
    atCap: (cap: string) => `out of memory at its ${cap} cap`,
    aboveUs: (limit: string) => `out of memory at a limit above the build (${limit})`,
    aboveUsUnknown: 'out of memory at a limit above the build',
    machine: (total: string) => `the machine ran out of memory (${total})`,
    machineUnknown: 'the machine ran out of memory',
    watch: (limit: string) => `out of memory, ended by the guard before its ${limit} limit`,
    timeout: (after: string) => `timeout, ended by the guard after ${after} (exit 124)`,
    compileErrors: (count: number) => (count === 1 ? '1 compile error' : `${count} compile errors`),
    notMemory: 'not by memory',
    available: (size: string) => `${size} was available`,
    couldNotRun: 'the guard could not run it (exit 125)',
    exit: (code: number) => `exit ${code}`,
    notRecognised: 'cause not recognised',
    noLongerMemory: 'memory is no longer the problem'
  },
  /** What befell a failed attempt whose successor passed. */
  befell: {
    atCap: (cap: string) => `ran out of memory at its ${cap} cap`,
    aboveUs: 'ran out of memory at a limit above the build',
    machine: (total: string) => `ran out of memory on the machine (${total})`,
    machineUnknown: 'ran out of memory on the machine',
    watch: (limit: string) => `was ended by the guard before its ${limit} limit`,
    memory: 'ran out of memory',
    outOfMemory: 'out of memory',
    failed: (code: number) => `failed (exit ${code})`
  },
  /** Statuses that a shell gives itself (POSIX, Shell Command Language, 2.8.2). */
  shellStatus: {
    126: 'Exit 126 is the status of a shell for a command that it found and could not execute.',
    127: 'Exit 127 is the status of a shell for a command that it did not find.'
  },
  fix: 'Fix:',
  confidence: 'Confidence:',
  alsoPossible: 'Also possible:',
  table: { hypothesis: 'Hypothesis', measured: 'Measured', verdict: 'Verdict' },
  section: {
    memoryOverTime: 'Memory over time',
    planAndLimits: 'Plan and limits',
    steering: 'Steering',
    processes: 'Largest processes',
    standing: 'Processes while nothing moved',
    output: 'Build output'
  },
  notRecognised: {
    nothing: 'No known cause of failure was recognised',
    lead: 'No known cause matched what the build printed and how it ended.',
    fix: 'read the first error in the build output. If this cause should have been recognised, the report file shows what was seen.'
  },
  memory: {
    notInvolved: (peak: string) => `Memory was not involved: peak ${peak}.`,
    notInvolvedUnsampled: 'Memory was not involved (not sampled).',
    unknown: 'Whether memory was involved is not known: the counters that would tell could not be read.',
    notSampled: 'memory not sampled',
    reachedCap: (cap: string) => `reached its cap of ${cap}`,
    betweenSamples: 'The bars are samples; when the kernel acted, the build had reached the cap.'
  },
  inSummary: 'text in the job summary',
  annotated: 'The errors are annotated in the files.',
  mood: {
    memory: 'out of memory',
    killed: 'killed',
    failed: 'failed',
    recovered: 'recovered',
    cancelled: 'cancelled',
    passed: 'passed'
  },
  moodSymbol: { memory: '❌', killed: '❌', failed: '❌', recovered: '⚠️', cancelled: '⚠️', passed: '✅' },
  /** What befell some jobs of a workflow, after "3 of 40 jobs". */
  jobsThat: {
    memory: 'ran out of memory',
    killed: 'killed',
    failed: 'failed',
    recovered: 'recovered',
    cancelled: 'cancelled',
    passed: 'passed'
  },
  jobs: {
    alike: 'The same in',
    inSummary: 'its job summary says more.',
    moreInSummaries: (count: number) => `${count} more with a problem: their job summaries say more.`,
    ofFork: (repository: string) =>
      `From the reports of a run of ${repository}, which its author could have written. Advice is left out here; the summaries of that run have it.`
  },
  fold: {
    nothing: 'No report was found.',
    all: (count: number) => `All ${count} jobs`,
    notTold: 'a job failed without a report',
    missing: (count: number) =>
      count === 1 ? 'A job failed and left no report:' : `${count} jobs failed and left no report:`,
    missingWhy: 'The runner may have been lost, or the step with the build was not reached.',
    refused: (count: number) => (count === 1 ? '1 file was not read:' : `${count} files were not read:`)
  }
} as const

/** The order of rows in the evidence table. */
export const VERDICT_ORDER: readonly Finding['verdict'][] = [
  'cause',
  'likely',
  'contributed',
  'ruled out',
  'not checked'
]

/** What enforces the limit, after "6.6 GiB". */
export const ENFORCEMENT_WORDS: Readonly<Record<EnforcementInForce, string>> = {
  'cgroup-v2': "hard cap on the build's own cgroup (v2)",
  'cgroup-v1': "hard cap on the build's own cgroup (v1)",
  systemd: "hard cap on the build's own scope of systemd",
  'job-object': 'hard cap on the committed memory of a Windows Job Object',
  watch: 'watched: the guard ends the build before it is reached; no kernel cap',
  none: 'no cap in force'
}

export const PLATFORM_WORDS: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  linux: 'Linux',
  darwin: 'macOS',
  win32: 'Windows'
}

export const SUBJECT_WORDS: Readonly<Record<PlanReason['subject'], string>> = {
  cap: 'Cap',
  reserve: 'Reserve',
  swap: 'Swap',
  parallelism: 'Parallelism',
  'go-memory-limit': 'Heap limit',
  'gc-percent': 'Collector pace',
  steering: 'Steering'
}

/** The same for a line of log. */
export const ENFORCEMENT_IN_SHORT: Readonly<Record<EnforcementInForce, string>> = {
  'cgroup-v2': 'own cgroup (v2)',
  'cgroup-v1': 'own cgroup (v1)',
  systemd: 'own scope of systemd',
  'job-object': 'Job Object',
  watch: 'watched, no kernel cap',
  none: 'no cap in force'
}
