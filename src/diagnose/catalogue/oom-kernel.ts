import { formatBytes } from '../../model/bytes.ts'
import type { Confidence, Finding } from '../../model/diagnosis.ts'
import type { LogLine } from '../../model/evidence.ts'
import { code, endOfPath, figure, type Prose, prose } from '../../model/prose.ts'
import type { Case } from '../case.ts'
import { isLoggedByTest, showsTests } from '../context.ts'
import { advice, type Definition, type Match, quoted } from '../definition.ts'
import { endInWords } from '../end-words.ts'
import { machineBytes } from '../figures.ts'
import { HYPOTHESES } from '../hypotheses.ts'
import { linesOf, wasHit } from '../log-hits.ts'
import { memoryRemedies, roomOnMachineBytes } from '../memory-remedies.ts'
import type { PatternSet } from '../pattern.ts'
import { nameOf } from '../victim.ts'

/** The words in a test's assertion are what it checks, and a compiler's complaint about a name is none of the kernel's. */
const QUOTED_IN_CODE = /_test\.go:\d|\.go:\d+:\d+: |\b(?:want|expected|actual|got)\b|^\s*(?:--- |=== )/i

const cgroupWords: PatternSet = {
  id: 'oom.cgroup',
  patterns: [
    {
      // Memory cgroup out of memory: Killed process 957 (compile) total-vm:1448644kB, …   (mm/oom_kill.c)
      name: 'kernel',
      anchor: [
        'CONSTRAINT_MEMCG',
        'Memory cgroup out of memory',
        'mem_cgroup_out_of_memory',
        'memory: usage ',
        'killed as a result of limit of'
      ],
      regex:
        /CONSTRAINT_MEMCG|Memory cgroup out of memory|mem_cgroup_out_of_memory|memory: usage \d+kB, limit \d+kB|Task in \S{1,500} killed as a result of limit of/,
      unless: QUOTED_IN_CODE
    },
    {
      // A printed memory.events or memory.oom_control: oom_kill 1
      name: 'counter',
      anchor: ['oom_kill ', 'oom_group_kill '],
      regex: /^\s*(?:oom_kill|oom_group_kill) [1-9]\d{0,9}$/
    },
    {
      // reason: OOMKilled · "reason": "OOMKilled" · "OOMKilled": true · Pod container was OOMKilled
      name: 'platform',
      anchor: ['OOMKilled', 'OOM killed', 'OOM Killed', 'OOM-killed', 'oom-killed'],
      regex: /\b(?:OOM[- ]?[Kk]illed|oom-killed)\b(?!["']?\s*[:=]\s*(?:["']?false|0))/,
      unless: QUOTED_IN_CODE
    },
    {
      // slurmstepd: error: Detected 1 oom-kill event(s) in step · Container 'Build' exceeded memory limit.   (Bitbucket Pipelines)
      name: 'scheduler',
      anchor: [
        'kill event',
        'emory limit',
        'TERM_MEMLIMIT',
        'cgroup out-of-memory handler',
        ' event was detected',
        'killed due to memory usage',
        'emory quota '
      ],
      // Slurm, Bitbucket Pipelines, PBS, LSF, Vercel, ECS, Heroku
      regex:
        /\d oom[-_]kill event|[Ee]xceeded (?:job|step) memory limit|^Container \S{1,100} exceeded memory limit|TERM_MEMLIMIT|cgroup out-of-memory handler|\("OOM"\) event was detected|[Cc]ontainer killed due to memory usage|Error R1[45] \(Memory quota/
    },
    {
      // ERROR: failed to solve: ResourceExhausted: process "/bin/sh -c go build" did not complete …: cannot allocate memory
      name: 'buildkit',
      anchor: ['ResourceExhausted', 'did not complete successfully'],
      regex: /(?:ResourceExhausted: |did not complete successfully: ).{0,4000}cannot allocate memory/
    }
  ]
}

/** A limit that a cgroup sets fired: the build's own cap, or one above it. */
export const oomCgroup: Definition = {
  ...cgroupWords,
  title: 'Out of memory at a cgroup limit',
  meaning:
    'A control group (cgroup) is how Linux, and with it Docker and Kubernetes, limits what a group of processes may use together. The build needed more memory than its group may have, and the kernel killed one of its processes, most often the largest: a compiler or the linker. Go then only reports `signal: killed`; the package that it names was being compiled at that moment and need not be at fault. The machine itself may have had memory to spare. The limit is the cap that this action set, or that of a container, pod or service around it, which can be invisible from inside.',
  judge: (of) => {
    const { endedBy, outOfMemory } = of.attribution
    // A limit that the build set for a part of itself is nobody's of the list, and a limit of a cgroup all the same.
    const isByLimit = ['kernel-oom-cap', 'kernel-oom-ancestor', 'unknown'].includes(endedBy)
    if (outOfMemory === 'true' && isByLimit && of.evidence.platform !== 'win32') return byCounters(of)
    return byWords(of, oomCgroup, cgroupWords, 'kernel-oom-ancestor')
  },
  rulesOut: ['machine', 'outsideSignal', 'stopped', 'disk'],
  remedies: (match, of) =>
    match.basis === 'counters' ? memoryRemedies(of, limitThatFired(of)) : unmeasuredRemedies('of the container or pod'),
  catches: [
    {
      log: 'oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/b,task_memcg=/b,task=compile,pid=7,uid=0\n',
      exitCode: 1
    },
    { log: '  lastState:\n    terminated:\n      exitCode: 137\n      reason: OOMKilled\n', exitCode: 137 },
    { log: 'ERROR: failed to solve: ResourceExhausted: process "/bin/sh -c go build" failed: cannot allocate memory\n' }
  ],
  ignores: [
    { log: '"OOMKilled": false,\n"ExitCode": 1\n', exitCode: 1 },
    { log: '--- FAIL: TestReason (0.00s)\n    pod_test.go:12: got OOMKilled, want Error\nFAIL\n', exitCode: 1 },
    { log: 'oom_kill 0\noom_group_kill 0\n', exitCode: 1 },
    { log: 'ERROR: failed to solve: ResourceExhausted: write /out: no space left on device\n', exitCode: 1 }
  ],
  links: [
    'https://docs.kernel.org/admin-guide/cgroup-v2.html',
    'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/'
  ]
}

const hostWords: PatternSet = {
  id: 'oom.host',
  patterns: [
    {
      // Out of memory: Killed process 710 (compile) total-vm:227272kB, …   (mm/oom_kill.c; `Kill process` before 4.20)
      name: 'kernel',
      anchor: ['Out of memory', 'global_oom', 'CONSTRAINT_NONE', 'Killed process ', ' was killed: '],
      regex:
        /(?<!cgroup out of memory: )Killed process \d{1,9} \(.{1,60}\),? .{0,80}total-vm:|\bpid \d{1,9} \(.{1,60}\).{0,60} was killed: (?:out of swap space|failed to reclaim memory)|Out of memory(?: \(oom_kill_allocating_task\))?: Kill(?:ed)? process \d|,global_oom,|CONSTRAINT_NONE|Out of memory and no killable processes/,
      unless: QUOTED_IN_CODE
    },
    {
      // systemd does not say whose limit it was. · memorystatus: killing largest compressed process compile [55572] 8658 MB   (macOS)
      name: 'told',
      anchor: ['killed by the OOM killer', "result 'oom-kill'", 'memorystatus: killing ', 'JETSAM_REASON_MEMORY'],
      regex:
        /A process of this unit has been killed by the OOM killer|Failed with result 'oom-kill'|memorystatus: killing (?:largest|top|all|specific|per-process)|memorystatus: killing_(?:top|largest|specific)|JETSAM_REASON_MEMORY(?!_IDLE)/,
      unless: QUOTED_IN_CODE
    },
    {
      name: 'invoked',
      anchor: ' invoked oom-killer',
      regex: /\S invoked oom-killer: gfp_mask=/,
      unless: QUOTED_IN_CODE
    }
  ]
}

/** The machine ran out, whoever used it up. */
export const oomHost: Definition = {
  ...hostWords,
  title: 'The machine ran out of memory',
  meaning:
    'The memory of the whole machine and its swap were used up, by the build or by others beside it, and the kernel killed a process to go on. It prefers large processes and those with a high `oom_score_adj`; a GitHub runner gives its steps 500, so the build goes first.',
  judge: (of) => {
    if (of.attribution.endedBy === 'kernel-oom-host') return byCounters(of)
    return wasHit(of.evidence.log, 'oom.cgroup', ['kernel']) ? null : byWords(of, oomHost, hostWords, 'kernel-oom-host')
  },
  rulesOut: ['ownCap', 'outsideSignal', 'stopped', 'disk'],
  remedies: (match, of) =>
    match.basis === 'counters' ? memoryRemedies(of, roomOnMachineBytes(of)) : unmeasuredRemedies('of the machine'),
  catches: [
    { log: '[651023.114021] Out of memory: Kill process 18204 (compile) score 801 or sacrifice child\n', exitCode: 1 },
    {
      log: 'oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/a,task=link,pid=9,uid=0\n',
      exitCode: 137
    }
  ],
  ignores: [
    {
      log: 'Memory cgroup out of memory: Killed process 957 (compile) total-vm:1448644kB, anon-rss:244992kB\n',
      exitCode: 1
    },
    { log: 'fatal error: runtime: out of memory\n', exitCode: 2 }
  ],
  links: [
    'https://docs.kernel.org/admin-guide/sysctl/vm.html',
    'https://man7.org/linux/man-pages/man5/proc_pid_oom_score_adj.5.html'
  ]
}

function byCounters(of: Case): Match {
  const { endedBy, confidence } = of.attribution
  const rows: readonly (Finding | null)[] =
    endedBy === 'kernel-oom-host'
      ? [HYPOTHESES.macKernel(of), HYPOTHESES.machine(of)]
      : [HYPOTHESES.ownCap(of), HYPOTHESES.limitAbove(of)]
  const evidence = rows.filter((row) => row !== null && (row.verdict === 'cause' || row.verdict === 'likely'))
  return { basis: 'counters', confidence, summary: summaryOf(of), evidence: evidence.filter((row) => row !== null) }
}

/**
 * What the log quotes of the kernel or a platform. The counters of this machine say more about it than a quotation; a
 * platform may speak of another machine.
 */
function byWords(of: Case, { title }: Definition, words: PatternSet, endedBy: Match['endedBy'] & string): Match | null {
  const { evidence, attribution, trace } = of
  const line = linesOf(evidence.log, words).find((one) => !isLoggedByTest(evidence.log, one))
  if (line === undefined || (attribution.outOfMemory === 'false' && of.isLive)) return null
  if (/^\s/.test(line.text) && showsTests(evidence.log) && !/kernel/.test(line.text)) return null
  const confidence: Confidence = trace === null ? 'likely' : 'certain'
  return {
    basis: 'refusal',
    confidence,
    summary: summaryOfWords(line, of),
    evidence: [quoted(title, line, confidence)],
    lineNumber: line.lineNumber,
    endedBy
  }
}

function summaryOf(of: Case): Prose {
  const { victim, attribution, evidence } = of
  const total = machineBytes(evidence)
  const cap = evidence.cage?.capBytes ?? null
  const where = {
    'kernel-oom-cap':
      cap === null ? 'the cap of the build was reached' : `the build had reached its cap of ${formatBytes(cap)}`,
    'kernel-oom-ancestor': `${limitAboveInWords(of)} was reached, not its own cap`,
    unknown: 'a limit that the build had set for a part of itself was reached',
    'kernel-oom-host':
      total === null ? 'the machine had no memory left' : `the machine (${formatBytes(total)}) had no memory left`
  }
  const reason = Object.entries(where).find(([id]) => id === attribution.endedBy)?.[1] ?? 'memory ran out'
  const held = victim === null || victim.bytes === null ? '' : ` (${formatBytes(victim.bytes)})`
  if (victim === null) return `The kernel killed a process of the build when ${reason}${endInWords(of)}.`
  if (victim.knownBy === 'sample') {
    return `The kernel killed a process of the build when ${reason}${endInWords(of)}. The largest at the last look was ${nameOf(victim)}${held}.`
  }
  return `The kernel killed ${nameOf(victim)}${held} when ${reason}${endInWords(of)}.`
}

/** "a limit above the build (2.0 GiB of `…/kubepods/pod1`)", as far as it is known which. */
function limitAboveInWords({ attribution: { level, record } }: Case): Prose {
  const directory = level?.directory ?? record?.limitCgroup ?? null
  if (directory === null) return 'a limit above the build'
  const limit = level?.limitBytes.kind === 'value' ? `${formatBytes(level.limitBytes.value)} of ` : 'of '
  return prose`a limit above the build (${figure(limit)}${code(endOfPath(directory, 1))})`
}

function summaryOfWords(line: LogLine, of: Case): Prose {
  const task = /(?:,task=|process \d{1,10} \()(?<task>[^,()]{1,15})/.exec(line.text)?.groups?.['task']
  const who = task === undefined ? 'a process' : prose`${code(task)}`
  return `The log says that ${who} was killed for memory${endInWords(of)}.`
}

function limitThatFired({ evidence, attribution }: Case): number | null {
  if (attribution.endedBy === 'kernel-oom-cap') return evidence.cage?.capBytes ?? null
  const fired = attribution.level?.limitBytes
  if (fired?.kind === 'value') return fired.value
  const binding = evidence.survey?.binding ?? null
  return binding === null || binding.source === 'host' ? null : binding.bytes
}

function unmeasuredRemedies(whose: string): ReturnType<Definition['remedies']> {
  return [
    advice(prose`raise the memory ${figure(whose)}, or run fewer build actions at once (${code('go build -p 1')}).`),
    advice(prose`run the build under this action: it measures what each package needs and plans by it.`)
  ]
}
