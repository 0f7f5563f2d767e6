import { formatBytes } from '../../model/bytes.ts'
import { code, figure, prose } from '../../model/prose.ts'
import type { Case } from '../case.ts'
import { advice, commands, type Definition, type Match, quoted } from '../definition.ts'
import { endInWords } from '../end-words.ts'
import { lowestAvailableBytes, machineBytes } from '../figures.ts'
import { HYPOTHESES } from '../hypotheses.ts'
import { firstLineOf, wasHit } from '../log-hits.ts'
import { nameOf } from '../victim.ts'

const SIGNAL_LINKS = ['https://man7.org/linux/man-pages/man7/signal.7.html', 'https://pkg.go.dev/os/exec#ExitError']

/** SIGKILL that was not for memory, or of which nothing but the status is known. */
export const signalKill: Definition = {
  id: 'signal.kill',
  title: 'Killed by SIGKILL, sender not visible',
  meaning:
    'A process was ended by SIGKILL, which it can neither catch nor explain, and Linux does not record the sender. Where the counters of the kernel were read and no out-of-memory kill was counted, it was not memory: then another process sent it, such as `kill -9`, `timeout -s KILL`, a container being removed, or a platform. Status 137 alone says only 128 + 9.',
  patterns: [
    {
      // + kill -9 4711   (a shell with `set -x`)
      name: 'sender',
      anchor: ['kill -9', 'kill -KILL', 'kill -s KILL', 'pkill', 'killall'],
      regex: /^\s*\++ (?:\S{0,100}\/)?(?:kill (?:-9|-KILL|-s KILL)|pkill|killall)\b/
    },
    {
      // [1]    88201 killed     ./app   (zsh) · ./run.sh: line 3: 42 Killed: 9   ./app   (bash on macOS)
      name: 'program',
      anchor: ['killed ', 'Killed: 9', 'zsh: killed'],
      regex: /^\s*\[\d{1,4}\]\s{1,10}[+-]?\s{0,10}\d{1,9} killed\s{2,}|^zsh: killed {2,}|(?:^|\s)Killed: 9(?:\s|$)/,
      unless: /terminated with signal/
    },
    {
      // returned a non-zero code: 137 · exit status 137 · exited with code 137
      name: 'status',
      anchor: '137',
      regex: /\b(?:exit(?:ed)?(?: with)?(?: status| code)?|non-zero code|returned)\b[ :=]{1,3}(?:code |status )?137\b/i
    }
  ],
  judge: (of) => measuredKill(of) ?? statedKill(of),
  rulesOut: ['ownCap', 'machine', 'limitAbove', 'userspaceKiller', 'stopped'],
  remedies: (match) =>
    match.basis === 'counters'
      ? [
          commands(prose`find the sender. A larger runner or a lower ${code('-p')} will not help.`, [
            "git grep -nE 'pkill|kill -9|-s *KILL'"
          ])
        ]
      : [
          advice(
            prose`look at what runs beside the build: a time limit, a container that was stopped, ${code('kill')} in a script.`
          ),
          advice(prose`memory is possible too: the kernel log of the machine (${code('journalctl -k')}) tells.`)
        ],
  catches: [
    { log: 'Building\n', exitCode: 137 },
    { log: "ERROR: The command '/bin/sh -c go build' returned a non-zero code: 137\n", exitCode: 1 },
    { log: '+ kill -9 4711\nKilled\n', exitCode: 137 }
  ],
  ignores: [
    { log: 'ok  \texample.com/a137\t0.137s\nFAIL\texample.com/b\t0.2s\n', exitCode: 1 },
    { log: 'compile: exit status 2\n', exitCode: 1 }
  ],
  links: SIGNAL_LINKS
}

function measuredKill(of: Case): Match | null {
  const { attribution, trace, victim, evidence } = of
  if (trace?.signal !== 'SIGKILL' || attribution.endedBy !== 'other') return null
  const lowest = lowestAvailableBytes(evidence)
  const total = machineBytes(evidence)
  const free =
    lowest === null
      ? ''
      : ` with at least ${formatBytes(lowest)}${total === null ? '' : ` of ${formatBytes(total)}`} available`
  const who =
    evidence.exit?.signal === 'SIGKILL'
      ? 'The command itself'
      : victim?.knownBy === 'log'
        ? `The process ${nameOf(victim)}`
        : 'A process of the build'
  const verdict =
    attribution.outOfMemory === 'false'
      ? 'No out-of-memory kill was counted, so the signal came from elsewhere; Linux does not record the sender'
      : 'The kernel counted no out-of-memory kill, but a memory daemon runs here whose kills it does not count'
  const row = HYPOTHESES.outsideSignal(of)
  return {
    basis: 'counters',
    confidence: attribution.outOfMemory === 'false' ? 'likely' : 'possible',
    summary: `${who} was killed${endInWords(of)}${free}. ${verdict}.`,
    evidence: row === null ? [] : [row]
  }
}

/** Without counters: a named sender, or nothing but the status. */
function statedKill(of: Case): Match | null {
  const { attribution, trace, evidence } = of
  if (attribution.outOfMemory === 'true' || !['unknown', 'itself'].includes(attribution.endedBy)) return null
  const sender = firstLineOf(evidence.log, signalKill, ['sender'])
  const line = sender ?? firstLineOf(evidence.log, signalKill)
  if (trace?.signal !== 'SIGKILL' && line === null) return null
  if (sender !== null && trace?.signal !== 'SIGKILL') return null
  return {
    basis: sender === null ? 'status' : 'stated',
    confidence: sender === null ? 'possible' : 'likely',
    summary: `A process was ended by SIGKILL${endInWords(of)}; ${sender === null ? 'nothing says by whom, and a status of 137 alone is no sign of memory' : 'a script of the log sends it'}.`,
    evidence: line === null ? [] : [quoted('Signal from outside', line, 'likely')],
    ...(line === null ? {} : { lineNumber: line.lineNumber }),
    endedBy: sender === null ? 'unknown' : 'other'
  }
}

/** SIGTERM and SIGINT: by the wait status, by 128+n, or in the words of Go and make. */
function askedToStop(of: Case, definition: Definition, signal: NodeJS.Signals): Match | null {
  const { trace, evidence } = of
  const line = firstLineOf(evidence.log, definition)
  const isBySignal = trace !== null && trace.signal === signal && trace.how !== 'words'
  if (evidence.stop !== null || (line === null && !isBySignal)) return null
  const row = HYPOTHESES.outsideSignal(of)
  return {
    basis: isBySignal ? 'stated' : 'wording',
    confidence: 'likely',
    summary: `${signal} ended the build${endInWords(of)}; it asks a process to stop, and its sender is not visible.`,
    evidence: line !== null ? [quoted('Signal from outside', line, 'likely')] : row === null ? [] : [row],
    ...(line === null ? {} : { lineNumber: line.lineNumber }),
    endedBy: 'other'
  }
}

export const signalTerm: Definition = {
  id: 'signal.term',
  title: 'Ended by SIGTERM, sender not visible',
  meaning:
    'Something asked the build to stop with SIGTERM: a supervisor, a container being stopped, a script with `kill`, or a time limit that does not say so. It is never the memory killer of the kernel, which sends SIGKILL.',
  patterns: [
    { name: 'go', anchor: 'signal: terminated', regex: /(?:^|\s)signal: terminated\s*$/, unless: /_test\.go:\d/ },
    { name: 'make', anchor: '] Terminated', regex: /make(?:\[\d{1,3}\])?: \*\*\* \[[^\]]{1,500}\] Terminated/ },
    {
      name: 'shell',
      anchor: 'Terminated',
      regex: /^(?:.{0,300}: line \d{1,6}:\s{1,20}\d{1,9} )?Terminated(?:$|\s{2,}|:)/
    }
  ],
  judge: (of) => askedToStop(of, signalTerm, 'SIGTERM'),
  rulesOut: ['ownCap', 'machine', 'stopped'],
  remedies: () => [
    advice(prose`look for the sender: a supervisor, ${code('kill')} in a script, a container or job that was stopped.`)
  ],
  catches: [
    { log: 'make: *** [Makefile:226: test] Terminated\n', exitCode: 143 },
    { log: 'example.com/app: signal: terminated\n', exitCode: 1 },
    { log: '=== RUN   TestWaits\n', exitCode: 143 }
  ],
  ignores: [
    { log: '    proc_test.go:9: got signal: terminated\n--- FAIL: TestStop\nFAIL\n', exitCode: 1 },
    { log: 'compilation terminated.\n', exitCode: 1 }
  ],
  links: SIGNAL_LINKS
}

export const signalInt: Definition = {
  id: 'signal.int',
  title: 'Interrupted by SIGINT',
  meaning:
    'The build was interrupted as with Ctrl-C. In automation a script or a supervisor sends it; when a GitHub workflow is cancelled, the runner sends it first and the answer is `cancelled`.',
  patterns: [
    { name: 'go', anchor: 'signal: interrupt', regex: /(?:^|\s)signal: interrupt\s*$/, unless: /_test\.go:\d/ }
  ],
  judge: (of) => askedToStop(of, signalInt, 'SIGINT'),
  rulesOut: ['ownCap', 'machine', 'stopped'],
  remedies: () => [advice(prose`run it again, unless a script interrupts it: look for ${code('kill -INT')}.`)],
  catches: [
    { log: '=== RUN   TestWaits\nsignal: interrupt\nFAIL\texample.com/slow\t5.440s\n', exitCode: 1 },
    { log: 'building\n', exitCode: 130 }
  ],
  ignores: [
    { log: '    run_test.go:7: want signal: interrupt\n--- FAIL: TestStop\nFAIL\n', exitCode: 1 },
    { log: 'signal: interrupted system call\n', exitCode: 1 }
  ],
  links: SIGNAL_LINKS
}

/** Statuses of Windows for an access violation, as Go and shells print them (ntstatus.h, STATUS_ACCESS_VIOLATION). */
const ACCESS_VIOLATION: readonly number[] = [3221225477, -1073741819]
const CRASH_STATUS: readonly number[] = [132, 134, 135, 136, 139]

export const signalCrash: Definition = {
  id: 'signal.crash',
  title: 'A process crashed',
  meaning:
    'A program of the build died of a fault of its own: a bad memory access, an illegal instruction, an abort. Go programs turn most faults into a panic with a trace; without one it was a C program, a compiler, cgo code, or a Go installation that does not fit the machine.',
  patterns: [
    {
      name: 'go',
      anchor: 'signal: ',
      regex:
        /(?:^|\s)signal: (?<signal>segmentation fault|illegal instruction|aborted|bus error|floating point exception|trace\/breakpoint trap)/,
      unless: /_test\.go:\d/
    },
    {
      name: 'shell',
      anchor: ['Segmentation fault', 'Illegal instruction', 'Aborted', 'Bus error'],
      regex:
        /^(?:.{0,300}: line \d{1,6}:\s{1,20}\d{1,9} )?(?<signal>Segmentation fault|Illegal instruction|Aborted|Bus error)(?: \(core dumped\)|:\s|\s{2,}|$)/
    },
    {
      name: 'windows',
      anchor: ['0xc0000005', '0xC0000005', '1073741819', '3221225477'],
      regex: /exit (?:status|code):? (?:0x[cC]0000005|-1073741819|3221225477)\b/
    }
  ],
  judge: crash,
  rulesOut: ['ownCap', 'machine', 'outsideSignal'],
  remedies: () => [
    advice(
      prose`see which program crashed and whether it does so alone; a version of Go or of the C compiler that does not fit the machine is the usual reason.`
    ),
    commands(prose`check the installation.`, ['go version', 'go env GOARCH GOAMD64 GOARM CC'])
  ],
  catches: [
    { log: '$ go get example.com/x\nSegmentation fault (core dumped)\n', exitCode: 139 },
    { log: 'exit status 0xc0000005\nFAIL\truntime\t18.512s\n', exitCode: 1 },
    { log: '/usr/local/go/pkg/tool/linux_amd64/compile: signal: illegal instruction\n', exitCode: 1 }
  ],
  ignores: [
    {
      log: 'panic: runtime error: invalid memory address\n[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x1]\n',
      exitCode: 2
    },
    { log: 'test2json: exit status 0xc0000135\n', exitCode: 1 }
  ],
  links: SIGNAL_LINKS
}

function crash(of: Case): Match | null {
  const { evidence, trace } = of
  const line = firstLineOf(evidence.log, signalCrash)
  const status = evidence.exit?.code ?? 0
  const isByStatus = ACCESS_VIOLATION.includes(status) || CRASH_STATUS.includes(status)
  const isBySignal = trace !== null && trace.how === 'signal' && of.attribution.endedBy === 'itself'
  if (line === null && !isByStatus && !isBySignal) return null
  if (wasHit(evidence.log, 'disk.full', ['mapped-output'])) return null
  return {
    basis: line === null ? 'status' : 'wording',
    confidence: line === null ? 'possible' : 'certain',
    summary: `${prose`A process of the build crashed: ${code(line === null ? (trace?.signal ?? `status ${status}`) : line.text.trim().slice(0, 200))}`}${endInWords(of)}.`,
    evidence: line === null ? [] : [quoted('A process crashed', line, 'certain')],
    ...(line === null ? {} : { lineNumber: line.lineNumber }),
    endedBy: 'itself'
  }
}
