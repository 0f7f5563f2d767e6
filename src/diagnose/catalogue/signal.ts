import { code, prose } from '../../model/prose.ts'
import type { Case } from '../case.ts'
import { advice, commands, type Definition, type Match, quoted } from '../definition.ts'
import { endInWords } from '../end-words.ts'
import { HYPOTHESES } from '../hypotheses.ts'
import { firstLineOf, wasHit } from '../log-hits.ts'
import { COMPARED, statusWords } from '../status-words.ts'
import { windowsStatus } from '../windows-status.ts'

const SIGNAL_LINKS = ['https://man7.org/linux/man-pages/man7/signal.7.html', 'https://pkg.go.dev/os/exec#ExitError']

/** SIGTERM and SIGINT: by the wait status, by 128+n, or in the words of Go and make. */
function askedToStop(of: Case, definition: Definition, signal: NodeJS.Signals): Match | null {
  const { trace, evidence } = of
  const line = firstLineOf(evidence.log, definition)
  // Ctrl-C has a status of its own on Windows, which has no signals.
  const isCtrlC = signal === 'SIGINT' && windowsStatus(evidence.exit?.code ?? 0)?.says === 'interrupted'
  const isBySignal = isCtrlC || (trace !== null && trace.signal === signal && trace.how !== 'words')
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
    {
      name: 'make',
      anchor: '] Terminated',
      regex: /make(?:\[\d{1,3}\])?: \*\*\* \[[^\]]{1,500}\] Terminated/
    },
    { name: 'status', anchor: '143', regex: new RegExp(statusWords('143'), 'i'), unless: COMPARED },
    {
      name: 'shell',
      anchor: ['Terminated', 'zsh: terminated'],
      regex: /^zsh: terminated |^(?:.{0,300}: line \d{1,6}:\s{1,20}\d{1,9} )?Terminated(?:$|\s{2,}|:)/
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
    { name: 'go', anchor: 'signal: interrupt', regex: /(?:^|\s)signal: interrupt\s*$/, unless: /_test\.go:\d/ },
    {
      name: 'make',
      anchor: ['] Interrupt', '] Error 130'],
      regex: /make(?:\[\d{1,3}\])?: \*\*\* \[[^\]]{1,500}\] (?:Interrupt|Error 130)/
    }
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
        /(?:^|\s)signal: (?<signal>segmentation fault|illegal instruction|aborted|bus error|floating point exception|trace\/(?:breakpoint|BPT) trap|abort trap)/,
      unless: /_test\.go:\d/
    },
    {
      name: 'shell',
      anchor: ['Segmentation fault', 'Illegal instruction', 'Aborted', 'Bus error'],
      regex:
        /^(?:.{0,300}: line \d{1,6}:\s{1,20}\d{1,9} )?(?<signal>Segmentation fault|Illegal instruction|Aborted|Bus error)(?: \(core dumped\)|:\s|\s{2,}|$)/
    },
    {
      // STATUS_ACCESS_VIOLATION, STATUS_ILLEGAL_INSTRUCTION, STATUS_STACK_OVERFLOW, STATUS_HEAP_CORRUPTION, STATUS_STACK_BUFFER_OVERRUN (ntstatus.h)
      name: 'windows',
      anchor: ['0xc0000', '0xC0000', '1073741819', '3221225477'],
      regex:
        /exit (?:status|code):? (?:0x[cC]00000(?:05|1[dD]|[fF][dD])|0x[cC]0000(?:374|409)|-1073741819|3221225477)\b/
    },
    {
      name: 'status',
      anchor: ['132', '134', '135', '136', '139'],
      regex: new RegExp(statusWords('13[24569]'), 'i'),
      unless: COMPARED
    },
    {
      // make: *** [Makefile:3: app] Segmentation fault · zsh: segmentation fault  ./app · terminated by signal SIGSEGV   (fish)
      name: 'named',
      anchor: [
        '] Segmentation fault',
        '] Aborted',
        '] Illegal instruction',
        '] Bus error',
        'zsh: ',
        'terminated by signal SIG'
      ],
      regex:
        /make(?:\[\d{1,3}\])?: \*\*\* \[[^\]]{1,500}\] (?:Segmentation fault|Aborted|Illegal instruction|Bus error)|^zsh: (?:segmentation fault|abort|illegal hardware instruction|bus error|trace trap)|terminated by signal SIG(?:SEGV|ABRT|ILL|BUS|FPE|TRAP)\b/
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
  const isByStatus = windowsStatus(status)?.says === 'crash' || CRASH_STATUS.includes(status)
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
